"""/search: finds papers, page by page; shares a page only when asked to."""

import re

from discord import app_commands
from discord.ext import commands

from bot.client import PaperboyClient, custom_ids
from bot.services.completion import Completions
from bot.services.search import Search
from cogs._answers import Interaction, answer, choices, in_time, replace, require_speech, share
from cogs._cards import card
from cogs._custom_ids import asked, search_template
from cogs._markdown import clean
from cogs._results import all_results, results


class SearchCog(commands.Cog, name="search"):
    """The command and the buttons below its answer."""

    def __init__(self, search: Search, completions: Completions) -> None:
        self._search = search
        self._completions = completions

    @app_commands.command(name="search", description="Find papers by words, author or category")
    @app_commands.describe(
        query='What to look for, such as: diffusion guidance author:ho, or "graph networks" cat:cs.LG'
    )
    async def search(self, interaction: Interaction, query: app_commands.Range[str, 1, 200]) -> None:
        typed = clean(query).strip()
        page = await in_time(interaction, self._search.search(typed, page=0))
        if page.chosen is None:
            await answer(interaction, results(page, typed))
        else:
            await answer(interaction, card(page.chosen, more=all_results(typed) if page.total > 1 else ()))

    @search.autocomplete("query")
    async def suggest(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await choices(interaction, self._completions.suggest(current))

    async def turn(self, interaction: Interaction, match: re.Match[str]) -> None:
        wanted = asked(match.string, custom_ids(interaction.message))
        page = await in_time(interaction, self._search.search(wanted.query, page=wanted.page), quietly=True)
        await replace(interaction, results(page, wanted.query))

    async def browse(self, interaction: Interaction, match: re.Match[str]) -> None:
        wanted = asked(match.string, custom_ids(interaction.message))
        page = await in_time(interaction, self._search.search(wanted.query, page=wanted.page))
        await answer(interaction, results(page, wanted.query))

    async def share(self, interaction: Interaction, match: re.Match[str]) -> None:
        require_speech(interaction)
        wanted = asked(match.string, custom_ids(interaction.message))
        page = await in_time(interaction, self._search.search(wanted.query, page=wanted.page), quietly=True)
        await share(interaction, results(page, wanted.query, shared_by=interaction.user.id))


async def setup(bot: PaperboyClient) -> None:
    cog = SearchCog(bot.services.search, bot.services.completions)
    await bot.add_cog(cog)
    bot.answer_presses(search_template("prev", "next"), cog.turn)
    bot.answer_presses(search_template("browse"), cog.browse)
    bot.answer_presses(search_template("share"), cog.share)
