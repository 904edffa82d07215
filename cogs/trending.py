"""/trending: which papers gain votes, everywhere or in this server; shares the list only when asked to."""

import re
from typing import Literal

from discord import app_commands
from discord.ext import commands

from bot.client import PaperboyClient
from bot.domain.trends import Period, Where
from bot.errors import UserError
from bot.services.ledger import Ledger
from bot.services.trends import Trending, Trends
from cogs._answers import Interaction, answer, in_time, replace, require_speech, share
from cogs._custom_ids import trending_template
from cogs._layout import Layout
from cogs._targets import joined_server
from cogs._trending import trending

_WHERE = [
    app_commands.Choice(name="everywhere", value=Where.EVERYWHERE.value),
    app_commands.Choice(name="this server", value=Where.HERE.value),
]


class TrendingCog(commands.Cog, name="trending"):
    """The command and the buttons below its answer. What a server votes for is told only there."""

    def __init__(self, trends: Trends, ledger: Ledger) -> None:
        self._trends = trends
        self._ledger = ledger

    @app_commands.command(name="trending", description="See which papers gain votes")
    @app_commands.describe(
        period="Over how long; a week unless you choose",
        where="Upvotes on Hugging Face, or votes of this server's people; everywhere unless you choose",
    )
    @app_commands.choices(where=_WHERE)
    async def trending(
        self,
        interaction: Interaction,
        period: Literal["today", "week", "month"] = "week",
        where: str | None = None,
    ) -> None:
        asked = (
            self._found(interaction, Period(period), Where(where)) if where else self._any(interaction, Period(period))
        )
        found = await in_time(interaction, asked)
        await answer(interaction, self._shown(interaction, found, instead=found.is_here and where is None))

    async def show(self, interaction: Interaction, match: re.Match[str]) -> None:
        found = await in_time(interaction, self._asked(interaction, match), quietly=True)
        await replace(interaction, self._shown(interaction, found))

    def _shown(self, interaction: Interaction, found: Trending, *, instead: bool = False) -> Layout:
        is_in_server = joined_server(interaction) is not None
        return trending(found, in_server=is_in_server, asks_sources=self._ledger.is_live, instead=instead)

    async def share(self, interaction: Interaction, match: re.Match[str]) -> None:
        require_speech(interaction)
        found = await in_time(interaction, self._asked(interaction, match), quietly=True)
        if not found.gains:
            raise UserError("Nothing of that is trending any more. Ask again with /trending.")
        await share(interaction, trending(found, in_server=True, shared_by=interaction.user.id))

    async def _asked(self, interaction: Interaction, match: re.Match[str]) -> Trending:
        return await self._found(interaction, Period(match["period"]), Where(match["where"]))

    async def _any(self, interaction: Interaction, period: Period) -> Trending:
        """What trends everywhere or, where that is nothing, in this server, should anything."""
        everywhere = await self._found(interaction, period, Where.EVERYWHERE)
        if everywhere.gains or joined_server(interaction) is None:
            return everywhere
        here = await self._found(interaction, period, Where.HERE)
        return here if here.gains else everywhere

    async def _found(self, interaction: Interaction, period: Period, where: Where) -> Trending:
        if where is Where.EVERYWHERE:
            return await self._trends.trending(period)
        guild = joined_server(interaction)
        if guild is None:
            raise UserError("I count votes only in servers that I was added to: ask in one, or choose everywhere.")
        return await self._trends.trending(period, guild_id=guild.id)


async def setup(bot: PaperboyClient) -> None:
    cog = TrendingCog(bot.services.trends, bot.services.ledger)
    await bot.add_cog(cog)
    bot.answer_presses(trending_template("show"), cog.show)
    bot.answer_presses(trending_template("share"), cog.share)
