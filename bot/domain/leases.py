"""What each of several processes does for a while: decided from rows that all of them share. Reads no clock.

A lease is a name, whose it is and until when. A process that lives renews its own well before they are over, and does
nothing for one that is over by its own clock: then nobody else has it yet. Besides what is to be done, each process has
a lease that says that it is there. One that cannot hear Discord says so, and stands by where another can go on.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WORK = "work"
"""What is done once, whoever does it: asking sources, planning papers of the day, digests, cleaning up."""

_SHARD, _SHARER, _FIXED, _STANDBY = "shard ", "sharer ", "fixed ", "standby "


def shard_lease(shard: int) -> str:
    """The lease of a shard: who has it is connected to Discord for it."""
    return f"{_SHARD}{shard}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Something that one process does."""

    name: str
    owner: str
    until: datetime

    @property
    def shard(self) -> int | None:
        """Which shard it is of, if any."""
        return int(self.name.removeprefix(_SHARD)) if self.name.startswith(_SHARD) else None

    @property
    def is_presence(self) -> bool:
        """Whether it says no more than that its owner is there."""
        return self.name.startswith((_SHARER, _FIXED, _STANDBY))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a process wants: these shards of so many and no others, or, without, its fair share of them."""

    owner: str
    count: int
    shards: frozenset[int] | None = None
    is_cut_off: bool = False
    """Whether it has not heard from Discord for long."""

    @property
    def presence(self) -> str:
        """The lease that says that it is there."""
        return f"{_SHARER if self.shards is None else _FIXED}{self.owner}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseTiming:
    """How long things take. `lease` without `margin` is how long a process may do without the database."""

    lease: timedelta = timedelta(seconds=24)
    margin: timedelta = timedelta(seconds=3)
    """So long before its lease is over a process stops, which takes time."""
    look: timedelta = timedelta(seconds=4)
    """How often leases are renewed, and looked at."""
    identify_every: timedelta = timedelta(seconds=5.25)
    """From one identify to the next: Discord's five seconds, and how much faster the next one may travel."""
    silence: timedelta = timedelta(minutes=3)
    """After so long without a word from Discord a process stands by: its heartbeats are answered every 41 seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a process has after it has looked: new and renewed leases, of which it is to give up some."""

    has: frozenset[str]
    surplus: frozenset[int]
    """Shards it has and gives up as soon as it has disconnected them."""
    denied: frozenset[int]
    """Shards it wants and somebody else has."""
    processes: int
    """How many are there, this one among them."""
    stands_by: bool = False
    """Whether it has nothing because it cannot hear Discord, and others go on."""


def decide(leases: Sequence[Lease], wish: Wish, *, now: datetime, keep: Collection[int] = ()) -> Decision:
    """What the process with this wish may do from now on. Of its shards it keeps these, if it has to give up some."""
    living = [each for each in leases if each.until > now]
    gives_way = wish.is_cut_off and bool(_able(living, _SHARER, _FIXED) - {wish.owner})
    taken = {each.shard: each.owner for each in living if each.shard is not None and each.shard < wish.count}
    mine = {shard for shard, owner in taken.items() if owner == wish.owner}
    processes = len({each.owner for each in living if each.is_presence} | {wish.owner})
    if gives_way and wish.shards is None and _able(living, _SHARER) - {wish.owner}:
        return Decision(
            has=frozenset({f"{_STANDBY}{wish.owner}", *map(shard_lease, mine)}),
            surplus=frozenset(mine),
            denied=frozenset(),
            processes=processes,
            stands_by=True,
        )
    free = [each for each in range(wish.count) if each not in taken]
    if wish.shards is not None:
        claimed, surplus = [each for each in free if each in wish.shards], mine - wish.shards
        denied = wish.shards - mine - set(claimed)
    else:
        room = _fair_share(living, wish, taken) - len(mine)
        claimed, denied = free[: max(room, 0)], frozenset[int]()
        by_dearness = sorted(mine, key=lambda each: (each in keep, -each))
        surplus = set(by_dearness[: max(-room, 0)])
    has_work = all(each.owner == wish.owner for each in living if each.name == WORK)
    also = [f"{_STANDBY}{wish.owner}"] if gives_way else [WORK] if has_work else []
    return Decision(
        has=frozenset({wish.presence, *map(shard_lease, [*mine, *claimed]), *also}),
        surplus=frozenset(surplus),
        denied=frozenset(denied),
        processes=processes,
    )


def _able(living: Sequence[Lease], *presences: str) -> set[str]:
    """Those that are there in one of these ways and have not said that they cannot hear Discord."""
    cut_off = {each.owner for each in living if each.name.startswith(_STANDBY)}
    return {each.owner for each in living if each.name.startswith(presences)} - cut_off


def _fair_share(living: Sequence[Lease], wish: Wish, taken: Mapping[int, str]) -> int:
    """How many shards this process should have; those of all who share add up to what they have to share.

    Who has more already is given the one that is left over, so that as few as possible change hands.
    """
    sharers = _able(living, _SHARER) | {wish.owner}
    held = Counter(owner for owner in taken.values() if owner in sharers)
    pool = wish.count - sum(owner not in sharers for owner in taken.values())
    least, left_over = divmod(pool, len(sharers))
    in_order = sorted(sharers, key=lambda each: (-held[each], each))
    return least + (in_order.index(wish.owner) < left_over)
