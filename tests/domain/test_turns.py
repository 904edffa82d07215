"""Turns: one holder at a time, the pace kept, first come first served, and the dead do not hold up the living."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from itertools import count, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.turns import LEASE, LONGEST_TURN, LOOK, PATIENCE, SETTLING, SLACK, Place, Turn, ask, give_back

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
EVERY = timedelta(seconds=3)
NOW = timedelta()


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_the_first_goes_at_once() -> None:
    taken = Turn(started_at=NOON, holder="ada", lease_until=NOON + LEASE)
    assert ask(None, "ada", every=EVERY, now=NOON) == (taken, NOW)


def test_the_next_goes_when_the_pace_allows_counted_from_where_the_work_began() -> None:
    taken, _ = ask(None, "ada", every=EVERY, now=NOON)
    free = give_back(taken, "ada", started_at=at(0.5), now=at(0.8))
    waiting, wait = ask(free, "bob", every=EVERY, now=at(1))
    assert wait == timedelta(seconds=2.5)
    assert waiting.line == (Place(who="bob", until=at(3.5) + PATIENCE),)
    taken, wait = ask(waiting, "bob", every=EVERY, now=at(3.5))
    assert (taken, wait) == (Turn(started_at=at(3.5), holder="bob", lease_until=at(3.5) + LEASE), NOW)


def test_a_held_turn_is_looked_at_until_it_is_given_back() -> None:
    taken, _ = ask(None, "ada", every=EVERY, now=NOON)
    waiting, wait = ask(taken, "bob", every=EVERY, now=at(1))
    assert wait == timedelta(seconds=2)
    waiting, wait = ask(waiting, "bob", every=EVERY, now=at(10))
    assert wait == LOOK
    free = give_back(waiting, "ada", started_at=NOON, now=at(10))
    assert ask(free, "bob", every=EVERY, now=at(10.25))[1] == NOW


def test_a_place_in_line_is_kept_while_its_owner_asks_and_is_not_written_anew_each_time() -> None:
    turn, _ = ask(None, "ada", every=EVERY, now=NOON)
    written = []
    for look in range(40):
        turn, _ = ask(turn, "bob", every=EVERY, now=at(4 + look / 4))
        assert turn.line[0].until > at(4 + look / 4) + LOOK
        written.append(turn.line)
    assert len(set(written)) <= 10


def test_whoever_came_first_goes_first_and_the_last_holder_goes_to_the_end() -> None:
    turn, _ = ask(None, "ada", every=EVERY, now=NOON)
    turn, _ = ask(turn, "bob", every=EVERY, now=at(1))
    turn = give_back(turn, "ada", started_at=NOON, now=at(1))
    turn, _ = ask(turn, "ada", every=EVERY, now=at(2))
    turn, wait = ask(turn, "ada", every=EVERY, now=at(3))
    assert wait == LOOK
    turn, wait = ask(turn, "bob", every=EVERY, now=at(3.1))
    assert (turn.holder, wait) == ("bob", NOW)
    assert [each.who for each in turn.line] == ["ada"]


def test_the_dead_lose_their_turn_with_the_lease_and_their_place_soon() -> None:
    dead, _ = ask(None, "ada", every=EVERY, now=NOON)
    dead, _ = ask(dead, "bob", every=EVERY, now=at(1))
    waiting, wait = ask(dead, "cleo", every=EVERY, now=NOON + LEASE - LOOK)
    assert wait == LOOK
    assert [each.who for each in waiting.line] == ["cleo"]
    waiting, wait = ask(waiting, "cleo", every=EVERY, now=NOON + LEASE)
    assert (waiting.holder, wait) == (None, EVERY)
    assert ask(waiting, "cleo", every=EVERY, now=NOON + LEASE + SETTLING)[1] == NOW


def test_a_holder_who_slept_as_the_computer_did_has_time_to_notice() -> None:
    woken = NOON + timedelta(hours=8)
    turn, _ = ask(None, "ada", every=EVERY, now=NOON)
    turn, _ = ask(turn, "bob", every=EVERY, now=woken)
    turn = give_back(turn, "ada", started_at=NOON, now=woken + timedelta(seconds=1))
    assert ask(turn, "bob", every=EVERY, now=woken + SETTLING - LOOK)[1] == LOOK
    assert ask(turn, "bob", every=EVERY, now=woken + SETTLING)[1] == NOW


def test_nobody_gives_back_what_is_anothers() -> None:
    lost, _ = ask(None, "ada", every=EVERY, now=NOON)
    nobodys, _ = ask(lost, "bob", every=EVERY, now=NOON + LEASE)
    assert give_back(nobodys, "ada", started_at=NOON, now=NOON + LEASE) == nobodys
    taken, _ = ask(nobodys, "bob", every=EVERY, now=NOON + LEASE + SETTLING)
    assert give_back(taken, "ada", started_at=NOON, now=NOON + LEASE + SETTLING) == taken


def test_whoever_gives_up_waiting_leaves_the_line() -> None:
    turn, _ = ask(None, "ada", every=EVERY, now=NOON)
    waiting, _ = ask(turn, "bob", every=EVERY, now=at(1))
    assert give_back(waiting, "bob", started_at=None, now=at(1)) == turn


def test_a_turn_that_could_not_be_given_back_is_no_hindrance_to_its_holder() -> None:
    turn, _ = ask(None, "ada", every=EVERY, now=NOON)
    turn, wait = ask(turn, "ada", every=EVERY, now=at(1))
    assert (turn.holder, wait) == (None, timedelta(seconds=2))
    assert ask(turn, "ada", every=EVERY, now=at(3))[1] == NOW


def test_a_clock_set_back_a_day_costs_one_interval_and_not_a_day() -> None:
    free = give_back(ask(None, "ada", every=EVERY, now=NOON)[0], "ada", started_at=NOON, now=at(1))
    yesterday = NOON - timedelta(days=1)
    turn, wait = ask(free, "bob", every=EVERY, now=yesterday)
    assert wait == EVERY
    assert ask(turn, "bob", every=EVERY, now=yesterday + EVERY)[1] == NOW


def test_a_clock_set_back_between_two_who_wait_costs_nobody_the_place() -> None:
    turn, _ = ask(None, "ada", every=EVERY, now=NOON)
    turn, _ = ask(turn, "bob", every=EVERY, now=at(-5))
    turn = give_back(turn, "ada", started_at=NOON, now=at(-4))
    turn, _ = ask(turn, "ada", every=EVERY, now=at(-4))
    assert [each.who for each in turn.line] == ["bob", "ada"]


def test_a_clock_set_back_a_day_while_a_dead_one_holds_costs_one_lease() -> None:
    dead, _ = ask(None, "ada", every=EVERY, now=NOON)
    yesterday = NOON - timedelta(days=1)
    turn, wait = ask(dead, "bob", every=EVERY, now=yesterday)
    assert wait == EVERY
    assert ask(turn, "bob", every=EVERY, now=yesterday + LEASE - LOOK)[1] == LOOK
    turn, _ = ask(turn, "bob", every=EVERY, now=yesterday + LEASE)
    assert ask(turn, "bob", every=EVERY, now=yesterday + LEASE + SETTLING)[1] == NOW


class Fate(Enum):
    """What becomes of a process; where it is killed, another goes on with what it still had to do."""

    LIVES = auto()
    DIES_WAITING = auto()
    DIES_WORKING = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What one process does next, in seconds."""

    after: float
    """How long it does something else before."""
    lasts: float
    delay: float
    """Between taking the turn, or giving it back, and the same being known."""
    fate: Fate


@dataclass(slots=True)
class World:
    """Processes that take turns on one row, in a time that passes at once, by a clock that is set now and then."""

    jumps: Sequence[tuple[float, float]]
    """When the clock is set, and by how much."""
    turn: Turn | None = None
    now: float = 0.0
    working: list[tuple[float, float]] = field(default_factory=list)
    """When each request began and ended, whatever the clock said."""
    came: list[str] = field(default_factory=list)
    went: list[str] = field(default_factory=list)
    given_up: int = 0
    names: Iterator[int] = field(default_factory=count)

    def clock(self) -> datetime:
        return at(self.now + sum(change for when, change in self.jumps if when <= self.now))

    def run(self, scripts: Sequence[Sequence[Request]]) -> None:
        order = count()
        waking = [(0.0, next(order), self.process(script)) for script in scripts]
        while waking:
            self.now, _, process = heapq.heappop(waking)
            for pause in process:
                heapq.heappush(waking, (self.now + pause, next(order), process))
                break

    def ask(self, who: str) -> timedelta:
        self.turn, wait = ask(self.turn, who, every=EVERY, now=self.clock())
        return wait

    def process(self, script: Sequence[Request]) -> Iterator[float]:
        """Does its requests one after another; gives how long it waits each time."""
        who = str(next(self.names))
        for request in script:
            yield request.after
            self.came.append(who)
            by_clock = None
            while by_clock is None:
                if wait := self.ask(who):
                    if request.fate is Fate.DIES_WAITING:
                        break
                    yield wait.total_seconds()
                else:
                    taken_at = self.clock()
                    yield request.delay
                    by_clock = self.clock() if self.clock() - taken_at <= SLACK else None
            if by_clock is None:
                who = str(next(self.names))
                self.given_up += 1
                continue
            self.went.append(who)
            began = self.now
            while self.now < began + request.lasts and self.clock() - by_clock <= LONGEST_TURN:
                yield min(1.0, began + request.lasts - self.now)
            self.working.append((began, self.now))
            if request.fate is Fate.DIES_WORKING:
                who = str(next(self.names))
                continue
            yield request.delay
            assert self.turn is not None
            self.turn = give_back(self.turn, who, started_at=by_clock, now=self.clock())


def seconds(most: float) -> st.SearchStrategy[float]:
    return st.one_of(st.floats(0, most), st.floats(0, 1)).map(lambda each: round(each, 3))


def scripts(*fates: Fate, rest: float = 200) -> st.SearchStrategy[list[list[Request]]]:
    """What some processes do; between two requests each does something else for `rest` seconds at most."""
    longest = LONGEST_TURN.total_seconds()
    request = st.builds(
        Request,
        after=seconds(rest),
        lasts=seconds(longest),
        delay=seconds(2),
        fate=st.sampled_from(fates or list(Fate)),
    )
    return st.lists(st.lists(request, max_size=8), min_size=1, max_size=4)


def jumps(least: float, most: float) -> st.SearchStrategy[list[tuple[float, float]]]:
    return st.lists(st.tuples(st.floats(0, 500), st.floats(least, most)), max_size=3)


def too_soon(working: Sequence[tuple[float, float]]) -> int:
    """How many requests began before the one before them had ended, or before the pace allowed it."""
    pace = EVERY.total_seconds() - 0.001
    return sum(after[0] < before[1] - 0.001 or after[0] - before[0] < pace for before, after in pairwise(working))


@settings(max_examples=30, deadline=None)
@given(scripts(), jumps(-90_000, 0))
def test_one_connection_and_one_start_an_interval_whoever_dies_and_however_the_clock_is_set_back(
    plans: list[list[Request]], set_back: list[tuple[float, float]]
) -> None:
    world = World(jumps=set_back)
    world.run(plans)
    assert too_soon(world.working) == 0


@settings(max_examples=30, deadline=None)
@given(scripts(), jumps(-90_000, 90_000))
def test_a_clock_set_forward_costs_one_early_turn_at_most(
    plans: list[list[Request]], changes: list[tuple[float, float]]
) -> None:
    world = World(jumps=changes)
    world.run(plans)
    assert too_soon(world.working) <= sum(change > 0 for _, change in changes)


@settings(max_examples=30, deadline=None)
@given(
    scripts(Fate.LIVES, rest=2), st.lists(st.tuples(st.floats(0, 100), st.floats(60, 9_000)), min_size=1, max_size=4)
)
def test_however_long_the_computer_sleeps_nobody_begins_while_another_works(
    plans: list[list[Request]], slept: list[tuple[float, float]]
) -> None:
    world = World(jumps=slept)
    world.run(plans)
    assert all(after[0] >= before[1] - 0.001 for before, after in pairwise(sorted(world.working)))


@settings(max_examples=30, deadline=None)
@given(scripts(), jumps(-90_000, 90_000))
def test_everybody_gets_every_turn_in_the_time_that_work_and_deaths_explain(
    plans: list[list[Request]], changes: list[tuple[float, float]]
) -> None:
    world = World(jumps=changes)
    world.run(plans)
    requests = [each for plan in plans for each in plan]
    work = sum(each.after + each.lasts + 2 * each.delay for each in requests)
    looks = len(requests) * (EVERY + LOOK).total_seconds()
    lost = (sum(each.fate is not Fate.LIVES for each in requests) + len(changes)) * (
        LEASE + PATIENCE + EVERY
    ).total_seconds()
    assert len(world.working) + world.given_up == len(requests)
    assert world.now <= work + looks + lost


@settings(max_examples=30, deadline=None)
@given(scripts(Fate.LIVES), jumps(-90_000, 0))
def test_first_come_first_served(plans: list[list[Request]], set_back: list[tuple[float, float]]) -> None:
    world = World(jumps=set_back)
    world.run(plans)
    assert world.went == world.came
