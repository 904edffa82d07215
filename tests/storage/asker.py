"""A process that asks a server politely, as the bot does; the tests of turns start two at once and kill one."""

import asyncio
from datetime import timedelta

from bot.domain.turns import LONGEST_TURN
from bot.sources.http import PoliteHttp, authority
from storage import open_storage
from tests.fast_time import FastTime


def ask(database: str, url: str, requests: int, time: FastTime) -> None:
    """Ask this address so many times, in a time that runs faster."""
    asyncio.run(_ask(database, url, requests, time))


async def _ask(database: str, url: str, requests: int, time: FastTime) -> None:
    async with await open_storage(database, clock=time.now, sleep=time.sleep) as storage:
        http = PoliteHttp(
            pace=storage,
            user_agent="Paperboy/test",
            clock=time.now,
            every={"arxiv": timedelta(seconds=3)},
            trusted_hosts=frozenset({authority(url)}),
            time_limit=time.real(LONGEST_TURN),
            sleep=time.sleep,
        )
        for _ in range(requests):
            await http.get(url, family="arxiv")
