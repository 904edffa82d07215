"""/help and /about: what the bot can do, and what it is."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version

from discord import app_commands
from discord.ext import commands

from bot.client import PaperboyClient
from bot.services.library import Library
from cogs._answers import Interaction, answer, in_time
from cogs._layout import Layout, lines, link_buttons, row

THANKS = "Thank you to arXiv for use of its open access interoperability."
"""What arXiv asks to be shown, word for word (info.arxiv.org/help/api/tou)."""

_COMMANDS = """\
### What Paperboy can do
**Papers**
`/search` finds papers. Titles appear as you type, and names after `author:`; pick one, or press Enter to see all.
`/paper show` opens one by title, arXiv id, DOI or link; `/paper similar` finds papers like it, by the rare words they \
share; `/paper cite` cites it as BibTeX, RIS or CSL-JSON.
`/trending` lists what gains votes: today, this week or this month, on Hugging Face or in this server.
**Show papers**, among the apps in a message's menu, opens the papers that message names.
**Topics: new papers, as they arrive**
`/topic follow` posts those that match a query in this channel, after a preview; `/topic starters` offers some.
`/topic list` shows what a channel follows, `/topic show` one of them and what it brought. \
`/topic edit`, `/topic pause`, `/topic resume`, `/topic move` and `/topic unfollow` change it.
`/paper why` tells which topics a paper matches, which not and why, and what came of it.
**The paper of the day**
`/daily here` posts one in this channel, after a preview; `/daily status` says how it stands, \
`/daily history` what it had.
`/daily now` posts one more, `/daily skip` leaves a date out, `/daily stop` ends it.
`/daily nominate`, or **Nominate paper** among a message's apps, puts a paper in line; `/daily queue` shows the line; \
**Vote** on a card lifts a paper.
**This server, and you**
`/status` tells whether today's papers are in, what is late, and what this channel gets next.
`/settings` names a server's manager role, log channel and time zone, and whether nominations are approved first.
`/privacy export` gives you all that is kept of you, `/privacy erase` ends it; `/privacy erase-server` for a server.
`/about` tells where the papers come from."""

EXAMPLES = """\
### Searches to try
`diffusion guidance` papers that have both words
`"chain of thought"` these words side by side
`transform*` words that begin so
`(gpt OR bert) -survey` either word, but not the one after the minus
`title:attention abstract:translation` in the title, in the abstract
`author:"Geoffrey Hinton"` by this person, with or without initials
`cat:cs.LG` `cat:cs.*` in an arXiv category, in a whole archive
`after:2024 before:2025-06` from 2024 on, until the end of May 2025
`after:5y` in the last 5 years; also days, weeks and months, as in 7d, 2w, 3m
`has:code` with code; source: and a name, such as arxiv, for what was seen there
`1706.03762` that paper; also a DOI, a link to either, or a line of a bibliography
`papers by Hinton from 2015` as you would say it; also `Vaswani et al., 2017`"""

_SHARING = """\
### Who sees it
Only you see an answer, until you press **Share**: then everyone in the channel does, and nobody is pinged. \
Anyone can press **Details** or **Browse** below what was shared, and gets an answer of their own."""


class HelpCog(commands.Cog, name="help"):
    """The two commands that explain the others."""

    def __init__(self, library: Library, release: str) -> None:
        self._library = library
        self._release = release

    @app_commands.command(name="help", description="What I can do, with searches to try")
    async def help(self, interaction: Interaction) -> None:
        await answer(interaction, Layout(lines(_COMMANDS), lines(EXAMPLES), lines(_SHARING)))

    @app_commands.command(name="about", description="Which version I am and where the papers come from")
    async def about(self, interaction: Interaction) -> None:
        kept = await in_time(interaction, self._library.count())
        text = lines(
            f"### Paperboy {self._release}",
            "It brings research papers to the channels that care about them.",
            f"It keeps {kept:,} {'paper' if kept == 1 else 'papers'}. Try one with `/search`, or read `/help`.",
            f"-# {THANKS}",
        )
        links = link_buttons(arXiv="https://arxiv.org/", **{"Hugging Face papers": "https://huggingface.co/papers"})
        await answer(interaction, Layout(text, *row(links)))


async def setup(bot: PaperboyClient) -> None:
    await bot.add_cog(HelpCog(bot.services.library, _release()))


@cache
def _release() -> str:
    try:
        return version("paperboy")
    except PackageNotFoundError:
        return "from a checkout"
