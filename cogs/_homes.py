"""Tells where a paper was posted in the server somebody asks from, of the channels that they can see."""

from collections.abc import Awaitable, Callable, Sequence

from bot.domain.homes import Home
from cogs._answers import Interaction
from cogs._targets import forums, joined_server, may_see

Finding = Callable[[Sequence[int], int], Awaitable[Sequence[Home]]]
"""Where these papers were posted in the server of this number, the latest first."""


async def home_lines(interaction: Interaction, papers: Sequence[int], find: Finding) -> dict[int, str]:
    """For each paper the latest message of this server that brought it, in a few words; others are left out."""
    guild = joined_server(interaction)
    if guild is None or not papers:
        return {}
    told: dict[int, str] = {}
    for home in await find(papers, guild.id):
        if home.paper_id not in told and may_see(interaction, home.channel_id):
            # A post of a forum is a thread, under the number of its first message.
            place = "" if home.channel_id in forums(interaction) else f"{home.channel_id}/"
            place = f"https://discord.com/channels/{guild.id}/{place}{home.message_id}"
            when = f"<t:{int(home.posted_at.timestamp())}:R>"
            told[home.paper_id] = f"[posted]({place}) {when} in <#{home.channel_id}>"
    return told


async def home_line(interaction: Interaction, paper_id: int, find: Finding) -> str:
    """The same of one paper as a line of its card; empty where there is none."""
    told = await home_lines(interaction, [paper_id], find)
    return f"-# {told[paper_id]}" if told else ""
