"""/search: finds papers, page by page; shares a page only when asked to."""

import re
from typing import Literal

from discord import app_commands
from discord.ext import commands

from bot.client import PaperboyClient, custom_ids
from bot.domain.identifiers import lists_ids
from bot.domain.ranking import Order
from bot.domain.references import resembled
from bot.services.completion import Completions
from bot.services.library import Library
from bot.services.search import Search, SearchPage
from bot.services.similar import Neighbours, Similar
from bot.services.voting import Voting
from cogs._answers import Interaction, answer, choices, in_time, replace, require_speech, share
from cogs._cards import card
from cogs._custom_ids import asked, search_template
from cogs._here import home_lines, known_here
from cogs._layout import Layout
from cogs._markdown import clean
from cogs._meant import listed
from cogs._results import all_results, results
from cogs._similar import similar
from cogs._targets import joined_server

_SINCE = [
    app_commands.Choice(name=name, value=value)
    for name, value in (
        ("the last 7 days", "7d"),
        ("the last 30 days", "30d"),
        ("the last 3 months", "3m"),
        ("the last year", "1y"),
        ("the last 5 years", "5y"),
    )
]


class SearchCog(commands.Cog, name="search"):
    """The command and the buttons below its answer."""

    def __init__(
        self, search: Search, completions: Completions, library: Library, similar: Similar, voting: Voting
    ) -> None:
        self._similar = similar
        self._voting = voting
        self._search = search
        self._completions = completions
        self._library = library

    @app_commands.command(name="search", description="Find papers by words, author or category")
    @app_commands.describe(
        query='What to look for, such as: graph networks author:kipf, or "object detection" cat:cs.CV',
        sort="Which papers come first; the most relevant unless you choose",
        since="Only papers published since then",
        category="Only papers in this arXiv category, such as: cs.CL, or cs.* for all of cs",
    )
    @app_commands.choices(since=_SINCE)
    async def search(
        self,
        interaction: Interaction,
        query: app_commands.Range[str, 1, 1000],
        sort: Literal["relevance", "newest", "popular"] = "relevance",
        since: app_commands.Choice[str] | None = None,
        category: app_commands.Range[str, 1, 40] = "",
    ) -> None:
        typed = _whole(clean(query).strip(), since.value if since else "", clean(category).strip())
        if lists_ids(typed):
            await answer(interaction, await in_time(interaction, listed(self._library, typed)))
            return
        if (like := resembled(typed)) and (found := await in_time(interaction, self._like(like))) and found.papers:
            await answer(interaction, similar(found))
            return
        page = await in_time(interaction, self._search.search(typed, page=0, order=Order(sort)))
        if page.chosen is None:
            await answer(interaction, await self._results(interaction, page, typed))
        else:
            here = await known_here(interaction, page.chosen.id, self._library, self._voting)
            more = all_results(typed) if page.total > 1 else ()
            await answer(interaction, card(page.chosen, more=more, here=here.line, votes=here.votes))

    async def _like(self, text: str) -> Neighbours | None:
        """Papers like the one that a text names; None where it names none."""
        known = await self._library.find(text)
        return None if known is None else await self._similar.like(known)

    @search.autocomplete("query")
    async def suggest(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await choices(interaction, self._completions.suggest(current))

    @search.autocomplete("category")
    async def suggest_category(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await choices(interaction, self._search.suggest_categories(current))

    async def turn(self, interaction: Interaction, match: re.Match[str]) -> None:
        page, typed = await self._again(interaction, match, quietly=True)
        await replace(interaction, await self._results(interaction, page, typed))

    async def browse(self, interaction: Interaction, match: re.Match[str]) -> None:
        page, typed = await self._again(interaction, match)
        await answer(interaction, await self._results(interaction, page, typed))

    async def share(self, interaction: Interaction, match: re.Match[str]) -> None:
        require_speech(interaction)
        page, typed = await self._again(interaction, match, quietly=True)
        await share(interaction, results(page, typed, shared_by=interaction.user.id))

    async def _results(self, interaction: Interaction, page: SearchPage, typed: str) -> Layout:
        """The page for whoever asked, with where this server has its papers already."""
        homes = await home_lines(interaction, [hit.known.id for hit in page.hits], self._library.homes)
        return results(page, typed, can_follow=joined_server(interaction) is not None, homes=homes)

    async def _again(
        self, interaction: Interaction, match: re.Match[str], *, quietly: bool = False
    ) -> tuple[SearchPage, str]:
        """The page that a button asks for, and the words it remembers."""
        wanted = asked(match.string, custom_ids(interaction.message))
        searching = self._search.search(wanted.query, page=wanted.page, order=wanted.order)
        return await in_time(interaction, searching, quietly=quietly), wanted.query


def _whole(query: str, since: str, category: str) -> str:
    """What was chosen, written as a query says it: buttons remember it, and people learn how to type it."""
    if not since and not category:
        return query
    query = f"({query})" if re.search(r"\bOR\b", query) else query
    return " ".join(filter(None, (query, f'cat:"{category}"' if category else "", f"after:{since}" if since else "")))


async def setup(bot: PaperboyClient) -> None:
    cog = SearchCog(
        bot.services.search,
        bot.services.completions,
        bot.services.library,
        bot.services.similar,
        bot.services.voting,
    )
    await bot.add_cog(cog)
    bot.answer_presses(search_template("prev", "next"), cog.turn)
    bot.answer_presses(search_template("browse"), cog.browse)
    bot.answer_presses(search_template("share"), cog.share)
