"""What the server that somebody asks from has to do with a paper: where it was posted, as far as they can see that
place, and how many people there vote for it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from bot.domain.homes import Home
from bot.services.library import Library
from bot.services.voting import Voting
from cogs._answers import Interaction
from cogs._targets import forums, joined_server, may_see
from cogs._votes import votes_line

Finding = Callable[[Sequence[int], int], Awaitable[Sequence[Home]]]
"""Where these papers were posted in the server of this number, the latest first."""


async def home_lines(interaction: Interaction, papers: Sequence[int], find: Finding) -> dict[int, str]:
    """For each paper the latest message of this channel, else server, that brought it, in a few words."""
    guild = joined_server(interaction)
    if guild is None or not papers:
        return {}
    told: dict[int, str] = {}
    found = await find(papers, guild.id)
    for home in sorted(found, key=lambda each: each.channel_id != interaction.channel_id):
        if home.paper_id not in told and may_see(interaction, home.channel_id):
            # A post of a forum is a thread, under the number of its first message.
            place = "" if home.channel_id in forums(interaction) else f"{home.channel_id}/"
            place = f"https://discord.com/channels/{guild.id}/{place}{home.message_id}"
            when = f"<t:{int(home.posted_at.timestamp())}:R>"
            told[home.paper_id] = f"[posted]({place}) {when} in <#{home.channel_id}>"
    return told


class Here(NamedTuple):
    """What a card tells of one server."""

    line: str = ""
    """Finished markdown; empty where there is nothing to tell."""
    votes: int | None = None
    """None where nobody's votes are counted."""


async def known_here(interaction: Interaction, paper_id: int, library: Library, voting: Voting) -> Here:
    """What the server where this happens has to do with a paper; nothing elsewhere."""
    guild = joined_server(interaction)
    if guild is None:
        return Here()
    votes = await voting.count(paper_id, guild.id)
    home = (await home_lines(interaction, [paper_id], library.homes)).get(paper_id, "")
    told = " · ".join(filter(None, [home, votes_line(votes) if votes else ""]))
    return Here(line=f"-# {told}" if told else "", votes=votes)
