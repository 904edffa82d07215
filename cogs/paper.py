"""/paper: one paper at a time, and the buttons on its card."""

import re

from discord import app_commands
from discord.ext import commands

from bot.client import PaperboyClient
from bot.services.library import Library, UnclearTitleError, UnknownIdError
from cogs._answers import Interaction, answer, choices, in_time, require_speech, share
from cogs._cards import card, whole_abstract
from cogs._custom_ids import paper_template
from cogs._markdown import clean
from cogs._unfound import unclear_title, unknown_id


class PaperCog(commands.GroupCog, name="paper", description="Look at one paper"):
    """The commands about one paper, and what its buttons do."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @app_commands.command(name="show", description="Show a paper's authors, abstract and links")
    @app_commands.describe(paper="Part of its title, an arXiv id, a DOI or a link, such as: 1706.03762")
    async def show(self, interaction: Interaction, paper: app_commands.Range[str, 1, 300]) -> None:
        typed = clean(paper).strip()
        try:
            shown = card(await in_time(interaction, self._library.resolve(paper)))
        except UnknownIdError as unknown:
            shown = unknown_id(unknown.identifier, typed)
        except UnclearTitleError as unclear:
            shown = unclear_title(unclear, typed)
        await answer(interaction, shown)

    @show.autocomplete("paper")
    async def suggest(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await choices(interaction, self._library.suggest(current))

    async def details(self, interaction: Interaction, match: re.Match[str]) -> None:
        known = await in_time(interaction, self._library.require(int(match["paper"])))
        await answer(interaction, card(known))

    async def abstract(self, interaction: Interaction, match: re.Match[str]) -> None:
        known = await in_time(interaction, self._library.require(int(match["paper"])))
        await answer(interaction, whole_abstract(known))

    async def share(self, interaction: Interaction, match: re.Match[str]) -> None:
        require_speech(interaction)
        known = await in_time(interaction, self._library.require(int(match["paper"])), quietly=True)
        await share(interaction, card(known, shared_by=interaction.user.id))


async def setup(bot: PaperboyClient) -> None:
    cog = PaperCog(bot.services.library)
    await bot.add_cog(cog)
    bot.answer_presses(paper_template("card"), cog.details)
    bot.answer_presses(paper_template("abstract"), cog.abstract)
    bot.answer_presses(paper_template("share"), cog.share)
