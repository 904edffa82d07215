"""What several processes do, by leases: each shard and the work by one at a time, in fair shares, whatever happens."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.leases import WORK, Decision, Lease, LeaseTiming, Wish, decide, shard_lease

START = datetime(2026, 6, 2, 12, tzinfo=UTC)
LEASE = LeaseTiming().lease
LOOK = LeaseTiming().look


@dataclass
class Table:
    """The rows that all share, and what each process that lives believes to have."""

    count: int
    now: datetime = START
    rows: dict[str, Lease] = field(default_factory=dict)
    has: dict[str, frozenset[int]] = field(default_factory=dict)
    deaf: set[str] = field(default_factory=set)
    """Those that cannot hear Discord."""

    def look(self, owner: str, shards: frozenset[int] | None = None) -> Decision:
        """One round of a process, as storage and `Holding` do it."""
        wish = Wish(owner=owner, count=self.count, shards=shards, is_cut_off=owner in self.deaf)
        rows = list(self.rows.values())
        found = decide(rows, wish, now=self.now, keep=self.has.get(owner, frozenset()))
        for name in found.has:
            before = self.rows.get(name)
            assert before is None or before.until <= self.now or before.owner == owner
            self.rows[name] = Lease(name=name, owner=owner, until=self.now + LEASE)
        self.has[owner] = frozenset(each for each in range(self.count) if shard_lease(each) in found.has)
        self.has[owner] -= found.surplus
        for each in found.surplus:
            del self.rows[shard_lease(each)]
        return found

    def leave(self, owner: str) -> None:
        """A clean stop."""
        self.rows = {name: each for name, each in self.rows.items() if each.owner != owner}
        self.has.pop(owner, None)

    def owners(self) -> Counter[str]:
        """How many shards everybody has who lives."""
        return Counter({owner: len(shards) for owner, shards in self.has.items()})


@given(
    st.integers(1, 32),
    st.lists(st.sampled_from(["join", "die", "leave", "look", "cut off", "heal"]), max_size=30),
    st.integers(),
)
def test_every_shard_is_had_by_one_at_most_and_in_the_end_by_one_in_fair_shares(
    count: int, happenings: list[str], seed: int
) -> None:
    chance, table = Random(seed), Table(count)
    living: list[str] = []
    made = 0
    for each in ["join", *happenings]:
        table.now += LOOK * chance.random()
        if each == "join":
            made += 1
            living.append(f"p{made:03}")
            table.look(living[-1])
        elif living and each in {"die", "leave"}:
            gone = living.pop(chance.randrange(len(living)))
            table.has.pop(gone, None)
            if each == "leave":
                table.leave(gone)
        elif living and each == "cut off":
            table.deaf.add(chance.choice(living))
        elif each == "heal":
            table.deaf.clear()
        for process in chance.sample(living, len(living)):
            if chance.random() < 0.9:
                table.look(process)
        everybody = [shard for shards in table.has.values() for shard in shards]
        assert len(everybody) == len(set(everybody))
    if not living:
        return
    table.now += LEASE
    for _ in range(14):
        table.now += LOOK
        order = chance.sample(living, len(living))
        decided = [table.look(process) for process in order]
    assert sorted(shard for shards in table.has.values() for shard in shards) == list(range(count))
    at_work = [each for each in living if each not in table.deaf]
    idle = [each for each in living if not table.has[each]]
    shares = [table.owners()[each] for each in at_work] or [count]
    assert max(shares) - min(shares) <= 1
    assert len([each for each in living if table.has[each] and each in table.deaf]) <= (not at_work)
    assert {each for each in idle if each in table.deaf} == {
        each for each, found in zip(order, decided, strict=True) if found.stands_by
    }
    assert sum(WORK in each.has for each in decided) == 1
    assert {each.processes for each in decided} == {len(living)}
    before = dict(table.has)
    for process in living:
        assert not table.look(process).surplus
    assert table.has == before


def test_one_that_gives_up_keeps_what_is_connected() -> None:
    table = Table(4)
    table.look("a")
    table.look("b")
    assert not table.has["b"]
    table.has["a"] = frozenset({2, 3})
    assert table.look("a").surplus == {0, 1}
    table.look("b")
    assert (table.has["a"], table.has["b"]) == (frozenset({2, 3}), frozenset({0, 1}))


def test_exactly_these_shards_are_waited_for_and_never_shared() -> None:
    table, some = Table(4), frozenset({0, 1})
    table.look("a")
    assert table.look("fixed", some).denied == some
    table.leave("a")
    assert not table.look("fixed", some).denied
    table.look("a")
    table.look("b")
    for _ in range(3):
        for each in ("a", "b"):
            table.look(each)
        assert not table.look("fixed", some).surplus
    assert (table.has["fixed"], len(table.has["a"]), len(table.has["b"])) == (some, 1, 1)


def test_the_work_is_taken_over_when_its_lease_is_over_and_not_before() -> None:
    table = Table(2)
    assert WORK in table.look("a").has
    table.now += LEASE - timedelta(seconds=1)
    assert WORK not in table.look("b").has
    table.now += timedelta(seconds=1)
    assert WORK in table.look("b").has
    assert WORK not in table.look("a").has


@pytest.mark.parametrize("shards", [frozenset({0, 1}), None])
def test_what_is_done_once_is_done_where_nobody_hears_discord(shards: frozenset[int] | None) -> None:
    table, rest = Table(4), frozenset({2, 3})
    table.look("a", shards)
    table.deaf = {"a", "b"}
    table.now += LOOK
    table.look("b", rest)
    for deaf, at_work in (({"a", "b"}, "a"), ({"b"}, "a"), ({"a"}, "b"), ({"a", "b"}, "b"), (set[str](), "b")):
        table.deaf = deaf
        for _ in range(14):
            table.now += LOOK
            found = {"a": table.look("a", shards), "b": table.look("b", rest)}
        assert [name for name, each in found.items() if WORK in each.has] == [at_work], deaf
        assert (table.has["a"] | table.has["b"]) == frozenset(range(4))
        assert not any(each.stands_by or each.surplus for each in found.values())
