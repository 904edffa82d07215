"""/paper: one paper at a time, and the buttons on its card."""

import asyncio
import re
from functools import partial

from discord import app_commands
from discord.ext import commands

from bot.client import PaperboyClient
from bot.domain.citations import Citation, Style, cite
from bot.domain.identifiers import lists_ids
from bot.domain.papers import KnownPaper
from bot.services.library import Library
from bot.services.similar import Neighbours, Similar
from bot.services.voting import Voting
from bot.services.why import PaperStory, Why
from cogs._answers import Interaction, answer, choices, in_time, replace, require_speech, share
from cogs._cards import card, whole_abstract
from cogs._citations import STYLE_ACTIONS, STYLE_NAMES, citation
from cogs._custom_ids import WHY_TEMPLATE, paper_id, paper_template, why_id
from cogs._entries import Then
from cogs._here import known_here
from cogs._layout import Layout
from cogs._markdown import clean
from cogs._meant import listed, meant
from cogs._similar import similar
from cogs._targets import forums, may_see, require_server
from cogs._why import why

_WHICH = "Part of its title, an arXiv id, a DOI or a link, such as: 1706.03762"
_CITE = Then(label="Cite", custom_id=partial(paper_id, action="cite"))
_SIMILAR = Then(label="Similar", custom_id=partial(paper_id, action="similar"))
_WHY = Then(label="Why", custom_id=partial(why_id, page=0))
_STYLES = [app_commands.Choice(name=name, value=style.value) for style, name in STYLE_NAMES.items()]


class PaperCog(commands.GroupCog, name="paper", description="Look at one paper"):
    """The commands about one paper, and what its buttons do."""

    def __init__(self, library: Library, similar: Similar, why: Why, voting: Voting) -> None:
        self._library = library
        self._voting = voting
        self._why = why
        self._similar = similar

    async def suggest(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await choices(interaction, self._library.suggest(current))

    @app_commands.command(name="show", description="Show a paper's authors, abstract and links")
    @app_commands.describe(paper=_WHICH)
    @app_commands.autocomplete(paper=suggest)
    async def show(self, interaction: Interaction, paper: app_commands.Range[str, 1, 1000]) -> None:
        if lists_ids(clean(paper)):
            await answer(interaction, await in_time(interaction, listed(self._library, clean(paper))))
        elif known := await meant(interaction, self._library, paper):
            await answer(interaction, await in_time(interaction, self._told(interaction, known)))

    @app_commands.command(name="cite", description="Cite a paper: an entry to copy, and as a file")
    @app_commands.describe(paper=_WHICH, style="BibTeX, unless you choose another")
    @app_commands.autocomplete(paper=suggest)
    @app_commands.choices(style=_STYLES)
    async def cite(
        self, interaction: Interaction, paper: app_commands.Range[str, 1, 1000], style: str = Style.BIBTEX.value
    ) -> None:
        if known := await meant(interaction, self._library, paper, _CITE):
            await self._cite(interaction, known, Style(style))

    @app_commands.command(name="similar", description="Find papers like this one")
    @app_commands.describe(paper=_WHICH)
    @app_commands.autocomplete(paper=suggest)
    async def similar(self, interaction: Interaction, paper: app_commands.Range[str, 1, 1000]) -> None:
        if known := await meant(interaction, self._library, paper, _SIMILAR):
            await answer(interaction, similar(await in_time(interaction, self._similar.like(known))))

    @app_commands.command(name="why", description="Tell why a paper was posted in this server, or why not")
    @app_commands.describe(paper=_WHICH)
    @app_commands.autocomplete(paper=suggest)
    async def why(self, interaction: Interaction, paper: app_commands.Range[str, 1, 1000]) -> None:
        require_server(interaction)
        if known := await meant(interaction, self._library, paper, _WHY):
            told = await in_time(interaction, self._story(interaction, known))
            await answer(interaction, why(told, page=0, forums=forums(interaction)))

    async def _cite(self, interaction: Interaction, known: KnownPaper, style: Style) -> None:
        layout, file = citation(known, await in_time(interaction, _cited(known, style)))
        await answer(interaction, layout, files=[file])

    async def details(self, interaction: Interaction, match: re.Match[str]) -> None:
        await answer(interaction, await in_time(interaction, self._details(interaction, int(match["paper"]))))

    async def _details(self, interaction: Interaction, number: int) -> Layout:
        return await self._told(interaction, await self._library.require(number))

    async def _told(self, interaction: Interaction, known: KnownPaper) -> Layout:
        """The paper on its card, and what this server has to do with it."""
        here = await known_here(interaction, known.id, self._library, self._voting)
        return card(known, here=here.line, votes=here.votes)

    async def abstract(self, interaction: Interaction, match: re.Match[str]) -> None:
        known = await in_time(interaction, self._library.require(int(match["paper"])))
        await answer(interaction, whole_abstract(known))

    async def cite_shown(self, interaction: Interaction, match: re.Match[str]) -> None:
        known = await in_time(interaction, self._library.require(int(match["paper"])))
        await self._cite(interaction, known, Style.BIBTEX)

    async def restyle(self, interaction: Interaction, match: re.Match[str], *, style: Style) -> None:
        known = await in_time(interaction, self._library.require(int(match["paper"])), quietly=True)
        layout, file = citation(known, await in_time(interaction, _cited(known, style), quietly=True))
        await replace(interaction, layout, files=[file])

    async def similar_shown(self, interaction: Interaction, match: re.Match[str]) -> None:
        found = await in_time(interaction, self._like(int(match["paper"])))
        await answer(interaction, similar(found))

    async def share_similar(self, interaction: Interaction, match: re.Match[str]) -> None:
        require_speech(interaction)
        found = await in_time(interaction, self._like(int(match["paper"])), quietly=True)
        await share(interaction, similar(found, shared_by=interaction.user.id))

    async def _like(self, number: int) -> Neighbours:
        return await self._similar.like(await self._library.require(number))

    async def turn_why(self, interaction: Interaction, match: re.Match[str]) -> None:
        require_server(interaction)
        known = await self._library.require(int(match["paper"]))
        told = await in_time(interaction, self._story(interaction, known), quietly=True)
        await replace(interaction, why(told, page=int(match["page"]), forums=forums(interaction)))

    async def _story(self, interaction: Interaction, known: KnownPaper) -> PaperStory:
        guild = require_server(interaction)
        sees = partial(may_see, interaction)
        return await self._why.tell(known, guild_id=guild.id, channel_id=interaction.channel_id, may_see=sees)

    async def share(self, interaction: Interaction, match: re.Match[str]) -> None:
        require_speech(interaction)
        shared = await in_time(interaction, self._shared(interaction, int(match["paper"])), quietly=True)
        await share(interaction, shared)

    async def _shared(self, interaction: Interaction, number: int) -> Layout:
        known = await self._library.require(number)
        here = await known_here(interaction, known.id, self._library, self._voting)
        return card(known, shared_by=interaction.user.id, votes=here.votes)


async def _cited(known: KnownPaper, style: Style) -> Citation:
    """The citation, made beside the event loop: thousands of authors take a while."""
    return await asyncio.to_thread(cite, [known.paper], style)


async def setup(bot: PaperboyClient) -> None:
    cog = PaperCog(bot.services.library, bot.services.similar, bot.services.why, bot.services.voting)
    await bot.add_cog(cog)
    bot.answer_presses(paper_template("card"), cog.details)
    bot.answer_presses(paper_template("abstract"), cog.abstract)
    bot.answer_presses(paper_template("share"), cog.share)
    bot.answer_presses(paper_template("similar"), cog.similar_shown)
    bot.answer_presses(paper_template("share-similar"), cog.share_similar)
    bot.answer_presses(paper_template("cite"), cog.cite_shown)
    bot.answer_presses(WHY_TEMPLATE, cog.turn_why)
    for style, action in STYLE_ACTIONS.items():
        bot.answer_presses(paper_template(action), partial(cog.restyle, style=style))
