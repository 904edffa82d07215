"""Turns between real processes, one of which is killed; their clock runs faster than ours."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.domain.turns import LEASE
from storage import open_storage
from tests.fast_time import FastTime
from tests.sources.servers import LocalServer, drip, local_server, page

PACE = timedelta(seconds=3)
QUICK = page(b"here you are")
SLOW = drip(b"." * 1_000)

Start = Callable[[str, int], Coroutine[Any, Any, asyncio.subprocess.Process]]


@asynccontextmanager
async def askers(database: str, times: FastTime) -> AsyncIterator[Start]:
    """Starts processes that ask an address so many times; none is left when the block ends."""
    started: list[asyncio.subprocess.Process] = []

    async def start(url: str, requests: int) -> asyncio.subprocess.Process:
        arguments = (database, url, str(requests), str(times.times), str(times.began_at))
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.storage.asker", *arguments, cwd=Path(__file__).parents[2]
        )
        started.append(process)
        return process

    try:
        yield start
    finally:
        for each in started:
            if each.returncode is None:
                each.kill()
            await each.wait()


def assert_polite(server: LocalServer, times: FastTime) -> None:
    """One request at a time and one an interval; one that took a while to reach the server may seem late by a part."""
    pace = times.real(PACE).total_seconds()
    starts = [each.at for each in server.asked]
    assert server.most_connected == 1
    assert all(after - before > pace / 2 for before, after in pairwise(starts))
    assert starts[-1] - starts[0] > pace * (len(starts) - 1.5)


async def test_two_processes_ask_in_one_pace_and_one_of_them_killed_holds_up_the_other_for_its_lease(url: str) -> None:
    times = FastTime(times=25, began_at=time.time())
    await (await open_storage(url)).close()
    async with local_server() as server, askers(url, times) as start:
        ada = await start(server.on("/ada", QUICK, QUICK, QUICK, SLOW), 9)
        bob = await start(server.on("/bob", QUICK), 7)
        while len(hers := [each for each in server.asked if each.path == "/ada"]) < 4:
            await asyncio.sleep(0.005)
        ada.kill()
        assert [await ada.wait(), await bob.wait()] == [-9, 0]
        assert sorted(each.path for each in server.asked) == ["/ada"] * 4 + ["/bob"] * 7
        assert_polite(server, times)
        after = min(each.at for each in server.asked if each.at > hers[-1].at)
        assert 0 < after - hers[-1].at - times.real(LEASE).total_seconds() + 0.1 < 2
