"""The pace of requests, in a time of its own: never too many in any second, and hardly fewer than there may be."""

import asyncio
from dataclasses import dataclass, field

from hypothesis import given
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
        await pacer.turn()
        at.append(time.now)
    return at


def most_in_a_second(at: list[float]) -> int:
    return max(sum(start <= each < start + 1 for each in at) for start in at)


@given(st.lists(st.floats(0, 0.5), max_size=150))
def test_no_second_has_more_than_it_may_however_late_one_wakes(late: list[float]) -> None:
    assert most_in_a_second(asyncio.run(granted(200, Time(late=late)))) <= 47


async def test_thousands_keep_close_to_the_pace() -> None:
    at = await granted(5_000, Time())
    assert 46 < len(at) / (at[-1] - at[0]) < 47


async def test_it_begins_slowly() -> None:
    at = await granted(100, Time())
    assert sum(each < at[0] + 1 for each in at) <= 27
