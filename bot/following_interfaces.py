"""What matching and digests ask of a database: everything that is followed, and what topics held back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.arranging import HeldBack
from bot.domain.digests import MOST_AT_ONCE
from bot.domain.homes import Home
from bot.domain.posts import Posted
from bot.domain.subscriptions import Followed, Subscription


class FollowingTransaction(Protocol):
    """What is written while papers are matched."""

    async def get_followed(self, *, unless: int | None) -> Followed | None:
        """Everything that any channel follows, as it stands here; None where that is still the version `unless`."""
        ...

    async def count_posted(self, since: Mapping[int, datetime]) -> dict[int, int]:
        """How many messages each topic was owed since its own moment, or is owed still; those with none left out."""
        ...

    async def keys_ahead(self, papers: Collection[int]) -> dict[tuple[int, int], str]:
        """The key of what brings one of these papers, or brought it, by channel and paper: as paper of the day, say."""
        ...

    async def hold_back(self, held: Sequence[HeldBack]) -> None:
        """Keep what matched and is not posted at once; what a topic held back of a paper before stays as it was."""
        ...

    async def bring_held_back(self, topic: int, papers: Sequence[int], *, key: str) -> None:
        """Say which delivery brings these papers, which a topic held back."""
        ...

    async def drop_owed(self, topic: int, *, now: datetime) -> int:
        """Drop what a topic owes and nobody has tried to send, unless it speaks for others of its channel; how many.

        What a digest was to bring waits again.
        """
        ...

    async def bring_rest(self, topic: int, *, until: datetime, key: str, limit: int) -> int:
        """Say so of up to so many more that wait and matched before `until`; how many."""
        ...


class FollowingStorage(Protocol):
    """What is read before papers are matched, and before a digest is made."""

    async def get_followed(self, *, unless: int | None) -> Followed | None:
        """Everything that any channel follows; None where that is still the version `unless`."""
        ...

    async def list_homes(self, papers: Sequence[int], *, guild_id: int) -> list[Home]:
        """Where any of these papers was posted in this server, whoever asked for it, the latest first."""
        ...

    async def list_topics_waiting(self) -> list[Subscription]:
        """The topics of which something waits for a digest, by number; none paused, or owed its last one still."""
        ...

    async def list_waiting(self, topic: int, *, until: datetime, limit: int = MOST_AT_ONCE) -> list[HeldBack]:
        """What waits for the topic's next digest and matched before `until`, the earliest first."""
        ...

    async def count_waiting_until(self, topic: int, *, until: datetime) -> int:
        """How many those are."""
        ...

    async def keys_owed(self, keys: Sequence[str]) -> frozenset[str]:
        """Those of these keys of which a message is owed, or was, unless that is long ago."""
        ...

    async def posted_here(self, papers: Sequence[int], *, guild_id: int, channel_id: int) -> list[Posted]:
        """Which of these papers the channel got before, or is owed; the earliest message of each."""
        ...

    async def list_brought(
        self, topic: int, key: str, *, guild_id: int, limit: int = MOST_AT_ONCE, offset: int = 0
    ) -> list[int]:
        """The papers that one delivery of a topic of this server brought after they were held back, in order."""
        ...

    async def count_brought(self, topic: int, key: str, *, guild_id: int) -> int:
        """How many those are."""
        ...

    async def count_waiting(self, channel_id: int) -> dict[int, int]:
        """How many papers wait for the next digest of each topic that is posted in this channel."""
        ...
