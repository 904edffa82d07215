"""The Vote button of a card, and how many of a server's people voted for it, as the card says."""

from discord import ui

from cogs._answers import Interaction
from cogs._custom_ids import paper_id
from cogs._layout import Layout, button
from cogs._targets import joined_server


def vote_button(paper: int, votes: int, marker: str = "") -> ui.Button[Layout]:
    """The button; who presses it votes, or takes their vote back."""
    return button(vote_label(votes), paper_id(paper, "vote", marker))


def vote_label(votes: int) -> str:
    return f"Vote {votes:,}" if votes else "Vote"


def votes_line(votes: int) -> str:
    """The number in words."""
    return f"{votes:,} {'vote' if votes == 1 else 'votes'}"


def can_vote(interaction: Interaction) -> bool:
    """Whether this happens in a server that the bot is in: elsewhere nobody's votes are counted."""
    return joined_server(interaction) is not None
