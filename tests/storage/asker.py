"""A process that asks a server politely, as the bot does; the tests of turns start two at once and kill one.

`python -m tests.storage.asker DATABASE URL REQUESTS TIMES BEGAN_AT`, the last two being those of `FastTime`.
"""

import asyncio
import sys
from datetime import timedelta

from bot.domain.turns import LONGEST_TURN
from bot.sources.http import PoliteHttp, authority
from storage import open_storage
from tests.fast_time import FastTime


async def ask(database: str, url: str, requests: int, time: FastTime) -> None:
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


if __name__ == "__main__":
    database, url, requests, times, began_at = sys.argv[1:]
    asyncio.run(ask(database, url, int(requests), FastTime(times=float(times), began_at=float(began_at))))
