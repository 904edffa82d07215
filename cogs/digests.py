"""What the menu and the buttons below a digest do. It has no commands."""

import re
from datetime import date

from discord.ext import commands

from bot.client import PaperboyClient, chosen
from bot.errors import UserError
from bot.services.digests import Digests
from bot.services.library import Library
from bot.services.voting import Voting
from cogs._answers import Interaction, answer, in_time, replace
from cogs._cards import card
from cogs._custom_ids import DIGEST_MENU, DIGEST_PAGE
from cogs._digests import digest_layout
from cogs._here import known_here
from cogs._layout import Layout

_GONE = "I no longer know that list. Look for the paper with /search."


class DigestCog(commands.Cog, name="digests"):
    """Shows people what a digest holds, to each alone."""

    def __init__(self, digests: Digests, library: Library, voting: Voting) -> None:
        self._digests = digests
        self._library = library
        self._voting = voting

    async def show(self, interaction: Interaction, _: re.Match[str]) -> None:
        """The paper that was chosen."""
        number = next(iter(chosen(interaction)), "")
        if not re.fullmatch(r"[1-9][0-9]{0,17}", number):
            raise UserError(_GONE)
        await answer(interaction, await in_time(interaction, self._card(interaction, int(number))))

    async def _card(self, interaction: Interaction, number: int) -> Layout:
        known = await self._library.require(number)
        here = await known_here(interaction, known.id, self._library, self._voting)
        return card(known, here=here.line, votes=here.votes)

    async def turn(self, interaction: Interaction, match: re.Match[str]) -> None:
        """A page of all that the digest brought; only where it was posted, its server, finds it."""
        try:
            on = date.fromisoformat(match["on"])
        except ValueError:
            raise UserError(_GONE) from None
        looking = self._digests.page(int(match["topic"]), on, int(match["page"]), guild_id=interaction.guild_id or 0)
        shown = await in_time(interaction, looking, quietly=True)
        await replace(interaction, digest_layout(shown, f"{match['topic']}:{match['on']}"))


async def setup(bot: PaperboyClient) -> None:
    cog = DigestCog(bot.services.digests, bot.services.library, bot.services.voting)
    await bot.add_cog(cog)
    bot.answer_presses(DIGEST_MENU, cog.show)
    bot.answer_presses(DIGEST_PAGE, cog.turn)
