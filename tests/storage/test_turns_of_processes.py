"""Turns between real processes, one of which is killed; their clock runs faster than ours."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from multiprocessing.context import ForkServerProcess

from bot.domain.turns import LEASE
from tests.fast_time import FastTime
from tests.processes import begun, stop
from tests.sources.servers import LocalServer, drip, local_server, page
from tests.storage.asker import ask

PACE = timedelta(seconds=3)
QUICK = page(b"here you are")
SLOW = drip(b"." * 1_000)

Start = Callable[[str, int], ForkServerProcess]


@contextmanager
def askers(database: str, times: FastTime) -> Iterator[Start]:
    """Starts processes that ask an address so many times; none is left when the block ends."""
    started: list[ForkServerProcess] = []

    def start(url: str, requests: int) -> ForkServerProcess:
        started.append(begun(ask, database, url, requests, times))
        return started[-1]

    try:
        yield start
    finally:
        for each in started:
            stop(each)


def assert_polite(server: LocalServer, times: FastTime) -> None:
    """One request at a time and one an interval; one that took a while to reach the server may seem late by a part."""
    pace = times.real(PACE).total_seconds()
    starts = [each.at for each in server.asked]
    assert server.most_connected == 1
    assert all(after - before > pace / 2 for before, after in pairwise(starts))
    assert starts[-1] - starts[0] > pace * (len(starts) - 1.5)


def asked_for(server: LocalServer, path: str) -> list[float]:
    return [each.at for each in server.asked if each.path == path]


async def test_two_processes_ask_in_one_pace_and_one_of_them_killed_holds_up_the_other_for_its_lease(
    empty: str,
) -> None:
    times = FastTime(times=25, began_at=time.time())
    async with local_server() as server, asyncio.timeout(60):
        with askers(empty, times) as start:
            ada, _ = start(server.on("/ada", QUICK, QUICK, SLOW), 3), start(server.on("/bob", QUICK), 1_000)
            while len(asked_for(server, "/ada")) < 3:
                await asyncio.sleep(0.005)
            ada.kill()
            killed_at = asked_for(server, "/ada")[-1]
            while not (later := [at for at in asked_for(server, "/bob") if at > killed_at])[1:]:
                await asyncio.sleep(0.005)
        assert len(asked_for(server, "/ada")) == 3
        assert_polite(server, times)
        assert 0 < later[0] - killed_at - times.real(LEASE).total_seconds() + 0.1 < 2
