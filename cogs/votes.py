"""What the Vote button of a card does: one vote a person and server, and a second press takes it back."""

import asyncio
import re
from weakref import WeakValueDictionary

from discord.ext import commands

from bot.client import PaperboyClient
from bot.errors import UserError
from bot.services.library import Library
from bot.services.voting import Voting
from cogs._answers import Interaction, in_time, relabel
from cogs._custom_ids import paper_template
from cogs._votes import can_vote, vote_label

_ONLY_IN_SERVERS = "Votes are counted a server: press this again in one that I was added to."


class VoteCog(commands.Cog, name="votes"):
    """Counts votes, and writes the number on the button that was pressed. It has no commands."""

    def __init__(self, library: Library, voting: Voting) -> None:
        self._library = library
        self._voting = voting
        self._lines: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def vote(self, interaction: Interaction, match: re.Match[str]) -> None:
        """Whoever presses last writes the number last, and it is counted after all votes before: it is right then."""
        guild, message = interaction.guild, interaction.message
        if guild is None or message is None or not can_vote(interaction):
            raise UserError(_ONLY_IN_SERVERS)
        number = int(match["paper"])
        voting = self._toggle(number, guild.id, interaction.user.id)
        await in_time(interaction, voting, quietly=True)
        line = self._lines.setdefault(message.id, asyncio.Lock())
        async with line:
            votes = await self._voting.count(number, guild.id)
            await relabel(interaction, vote_label(votes))

    async def _toggle(self, number: int, guild_id: int, person_id: int) -> None:
        known = await self._library.require(number)
        await self._voting.toggle(known.id, guild_id=guild_id, person_id=person_id)


async def setup(bot: PaperboyClient) -> None:
    cog = VoteCog(bot.services.library, bot.services.voting)
    await bot.add_cog(cog)
    bot.answer_presses(paper_template("vote"), cog.vote)
