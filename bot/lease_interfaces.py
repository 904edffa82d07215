"""The contract of sharing work out over processes: who remembers what is whose, and for how long."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.leases import Decision, Lease
from bot.errors import OperatorError


class RecountedError(OperatorError):
    """While a process was out of touch for longer than its leases, others have begun with another count of shards."""

    def __init__(self, count: int, agreed: int) -> None:
        super().__init__(f"Other processes run shards of {agreed} by now, and this one of {count}. Start it again.")


class LeaseStorage(Protocol):
    """Remembers leases, by one clock for all processes. Every change is one short transaction."""

    @property
    def is_shared(self) -> bool:
        """Whether several bots may work on it at once; else the one that has opened it does everything."""
        ...

    async def agree_on_count(self, count: int, presence: str, *, owner: str, lease: timedelta) -> int:
        """Be there, by the lease of this name; of how many shards everybody is: of so many, where nobody else is."""
        ...

    async def look_after_leases(
        self, owner: str, decide: Callable[[Sequence[Lease], datetime], Decision], *, count: int, lease: timedelta
    ) -> Decision:
        """Have `decide` look at all leases, and take or renew for so long what it says that `owner` has.

        Raises RecountedError where everybody is of another count of shards by now.
        """
        ...

    async def release_leases(self, owner: str, names: Collection[str] | None = None) -> None:
        """Give these leases of an owner back, or all of them."""
        ...

    async def list_leases(self) -> list[Lease]:
        """The leases that are not over."""
        ...

    async def take_moment(self, family: str, *, every: timedelta) -> None:
        """Wait for a moment that comes `every` so long at most, over all processes; it is now when this returns."""
        ...
