"""/settings: what a server settles for everyone: who may set up topics, where it is told what is wrong, its zone."""

from dataclasses import replace
from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PaperboyClient
from bot.domain.posting_words import written_zone
from bot.domain.servers import ServerSettings
from bot.errors import UserError
from bot.services.servers import Servers
from bot.services.zones import Zones
from cogs._answers import Interaction, answer, choices, in_time
from cogs._layout import Layout, lines
from cogs._markdown import cut
from cogs._targets import joined_server, require_postable

Clear = Literal["manager role", "log channel"]
_CLEARED = {"manager role": "manager_role_id", "log channel": "log_channel_id"}


class SettingsCog(commands.Cog, name="settings"):
    """What one server settles; and whether Paperboy is in it."""

    def __init__(self, servers: Servers, zones: Zones, bot: PaperboyClient) -> None:
        self._bot = bot
        self._servers = servers
        self._zones = zones

    @app_commands.command(name="settings", description="See or change this server's settings; you must manage it")
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.describe(
        manager_role="Who has this role may set up topics in every channel they see",
        log_channel="Where I say what is wrong; without it I tell whoever set a topic up",
        timezone="The zone that new topics have unless one is named; type a city",
        approve_nominations="Whether a nominated paper waits until somebody who may manage channels approves it",
        clear="Take one of these back",
    )
    async def settings(
        self,
        interaction: Interaction,
        manager_role: discord.Role | None = None,
        log_channel: discord.TextChannel | None = None,
        timezone: app_commands.Range[str, 1, 60] | None = None,
        approve_nominations: bool | None = None,
        clear: Clear | None = None,
    ) -> None:
        guild = _managed(interaction)
        if manager_role is not None and manager_role.is_default():
            raise UserError("Everyone has that role. Name one that only managers have.")
        if log_channel is not None:
            require_postable(log_channel)
        zone = await self._zones.require(timezone) if timezone else None
        settled = await in_time(
            interaction,
            self._servers.settle(
                guild.id,
                manager_role_id=manager_role.id if manager_role else None,
                log_channel_id=log_channel.id if log_channel else None,
                zone=zone,
                approves_nominations=approve_nominations,
                clear=[_CLEARED[clear]] if clear else [],
            ),
        )
        await answer(interaction, shown(settled))

    @settings.autocomplete("timezone")
    async def suggest_zone(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await choices(interaction, self._zones.suggest(current))

    @commands.Cog.listener()
    async def on_shard_ready(self, shard_id: int) -> None:
        at_hand = self._bot.connections.at_hand
        if shard_id in at_hand.ids:  # else its servers are forgotten again, and none of them is left
            this = replace(at_hand, ids=frozenset({shard_id}))
            await self._servers.are([each.id for each in self._bot.guilds], of=this)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self._servers.joined(guild.id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self._servers.left(guild.id)


def _managed(interaction: Interaction) -> discord.Guild:
    """The server, which this person may manage. Raises UserError."""
    guild = joined_server(interaction)
    if guild is None:
        raise UserError("Only servers that I was added to have settings. Add me to this server first.")
    if not interaction.permissions.manage_guild:
        raise UserError("You need the permission Manage Server for this.")
    return guild


def shown(settings: ServerSettings) -> Layout:
    """The settings as they are, each with what it does."""
    role = f"<@&{settings.manager_role_id}> and whoever" if settings.manager_role_id else "Whoever"
    where = f"in <#{settings.log_channel_id}>" if settings.log_channel_id else "privately to whoever set the topic up"
    waits = "wait until a moderator approves them" if settings.approves_nominations else "are in line at once"
    return Layout(
        lines(
            "### Settings of this server",
            f"**Who sets up topics**: {role} has Manage Channels in a channel.",
            f"**What is wrong** is told {where}.",
            f"**Time zone** of new topics: {cut(written_zone(settings.zone), 60)}.",
            f"**Nominations** for the paper of the day {waits}.",
            "-# Change them with `/settings` and its options.",
        )
    )


async def setup(bot: PaperboyClient) -> None:
    await bot.add_cog(SettingsCog(bot.services.servers, bot.services.zones, bot))
