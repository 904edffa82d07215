"""Notices when a server changes who may do what: what waited for a permission is tried at once. It has no commands."""

import discord
from discord.ext import commands

from bot.client import PaperboyClient
from bot.services.servers import Servers


class ReopeningCog(commands.Cog, name="reopening"):
    """Listens to what can open a closed channel again; whether it did, the next attempt shows."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers

    @commands.Cog.listener()
    async def on_guild_channel_update(self, _: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        await self._servers.reopen(after.guild.id)

    @commands.Cog.listener()
    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        if before.permissions != after.permissions:
            await self._servers.reopen(after.guild.id)

    @commands.Cog.listener()
    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        """Of members only the bot itself is told of without a privileged intent (docs.discord.com, gateway intents)."""
        if after == after.guild.me and before.roles != after.roles:
            await self._servers.reopen(after.guild.id)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self._servers.reopen(guild.id)


async def setup(bot: PaperboyClient) -> None:
    await bot.add_cog(ReopeningCog(bot.services.servers))
