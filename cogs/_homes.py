"""Tells where a paper was posted in the server somebody asks from, of the channels that they can see."""

from collections.abc import Awaitable, Callable, Sequence

from bot.domain.homes import Home
from cogs._answers import Interaction
from cogs._targets import may_see

Finding = Callable[[Sequence[int], int], Awaitable[Sequence[Home]]]
"""Where these papers were posted in the server of this number, the latest first."""


async def home_line(interaction: Interaction, paper_id: int, find: Finding) -> str:
    """The latest message of this server that brought the paper, as a line of a card; empty where there is none."""
    if interaction.guild is None:
        return ""
    for home in await find([paper_id], interaction.guild.id):
        if may_see(interaction, home.channel_id):
            place = f"https://discord.com/channels/{interaction.guild.id}/{home.channel_id}/{home.message_id}"
            when = f"<t:{int(home.posted_at.timestamp())}:R>"
            return f"-# [posted]({place}) {when} in <#{home.channel_id}>"
    return ""
