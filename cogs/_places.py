"""The option by which people name a channel that papers can be posted in."""

from typing import Any

import discord
from discord import app_commands

from cogs._targets import Target


class PlaceTransformer(app_commands.Transformer):
    """Takes text, announcement and forum channels and threads.

    discord.py would offer media channels with forums, which Discord's own description of commands does not know.
    """

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        kinds = discord.ChannelType
        return [kinds.text, kinds.news, kinds.news_thread, kinds.public_thread, kinds.private_thread, kinds.forum]

    async def transform(
        self, _: discord.Interaction[Any], value: app_commands.AppCommandChannel | app_commands.AppCommandThread, /
    ) -> Target:
        """The channel itself. Raises TransformerError where the bot cannot see it."""
        found = value.resolve()
        if not isinstance(found, Target):
            raise app_commands.TransformerError(value, self.type, self)
        return found


Place = app_commands.Transform[Target, PlaceTransformer]
