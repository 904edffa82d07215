"""The pace of requests, in a time of its own: never too many in any second, and hardly fewer than there may be."""

import asyncio
from dataclasses import dataclass, field
from heapq import heappop, heappush

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.services.pacing import Pacer


@dataclass
class Time:
    now: float = 1_000.0
    late: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds + (self.late.pop() if self.late else 0.0)


async def granted(turns: int, time: Time) -> list[float]:
    pacer = Pacer(47, time=time, sleep=time.sleep)
    at = []
    for _ in range(turns):
        async with pacer.turn():
            at.append(time.now)
    return at


def most_in_a_second(at: list[float]) -> int:
    return max(sum(start <= each < start + 1 for each in at) for start in at)


@given(st.lists(st.floats(0, 0.5), max_size=150))
def test_no_second_has_more_than_it_may_however_late_one_wakes(late: list[float]) -> None:
    assert most_in_a_second(asyncio.run(granted(200, Time(late=late)))) <= 49


@dataclass
class Travel:
    """A time that goes on to whatever is waited for next."""

    now: float = 1_000.0
    waiting: list[tuple[float, int, asyncio.Future[None]]] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        until = asyncio.get_running_loop().create_future()
        heappush(self.waiting, (self.now + seconds, id(until), until))
        await until

    async def go_on(self, work: "asyncio.Future[list[None]]") -> None:
        while not work.done():
            for _ in range(4):  # what was waited for has its consequences
                await asyncio.sleep(0)
            if self.waiting:
                self.now, _, until = heappop(self.waiting)
                until.set_result(None)


async def arrived(journeys: list[tuple[float, float]], turns: int) -> list[float]:
    """When each request arrived whose ways there and back take this long, each in its turn."""
    time, at = Travel(), list[float]()
    pacer = Pacer(47, time=time, sleep=time.sleep)

    async def request(there: float, back: float) -> None:
        async with pacer.turn():
            await time.sleep(there)
            at.append(time.now)
            await time.sleep(back)

    await time.go_on(asyncio.gather(*(request(*journeys[each % len(journeys)]) for each in range(turns))))
    return sorted(at)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(0, 0.5), st.floats(0, 0.49)), min_size=1, max_size=60))
def test_no_second_sees_more_arrive_than_it_may_however_long_each_travels(journeys: list[tuple[float, float]]) -> None:
    assert most_in_a_second(asyncio.run(arrived(journeys, 150))) <= 49


async def test_usual_journeys_cost_no_pace() -> None:
    at = await arrived([(0.010, 0.020), (0.002, 0.002), (0.020, 0.010)], 600)
    assert (len(at) - 47) / (at[-1] - at[47]) > 45


async def test_what_is_never_answered_stops_nobody() -> None:
    at = await arrived([(0.01, 500.0)], 300)
    assert at[-1] - at[0] < 20


async def test_thousands_keep_close_to_the_pace() -> None:
    at = await granted(5_000, Time())
    assert 46 < len(at) / (at[-1] - at[0]) < 47


async def test_it_begins_slowly() -> None:
    at = await granted(100, Time())
    assert sum(each < at[0] + 1 for each in at) <= 27


async def test_several_who_share_a_rate_keep_to_it_together() -> None:
    for share in (1, 2, 4, 16):
        time, at = Travel(), list[float]()
        pacer = Pacer(47, time=time, sleep=time.sleep)
        pacer.keep_to(47 / share)

        async def request(pacer: Pacer = pacer, time: Travel = time, at: list[float] = at) -> None:
            async with pacer.turn():
                at.append(time.now)

        await time.go_on(asyncio.gather(*(request() for _ in range(120))))
        most = max(sum(began <= each < began + 1 for each in at) for began in at)
        assert most * share <= 50
        assert at[-1] - at[0] <= 120 * share / 47 + 2 * share
