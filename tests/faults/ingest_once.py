"""One whole ingest, as a process of its own does it; the fault runs start it and kill it."""

import asyncio
import logging
import sys

from bot.domain.turns import LONGEST_TURN
from bot.errors import OperatorError
from bot.interfaces import Source
from bot.services.ingest import Ingest
from bot.sources.arxiv_oai import ArxivOai
from bot.sources.arxiv_rss import ArxivRss
from bot.sources.http import PoliteHttp, authority
from storage import open_storage
from tests.fast_time import FastTime
from tests.faults.arxiv_days import FEEDS, HARVESTED


def ingest_once(database: str, base_url: str, time: FastTime) -> None:
    """Ask every feed of the made-up arXiv at this address once, in a time that runs faster."""
    logging.basicConfig(level=logging.WARNING)
    try:
        asyncio.run(_ingest(database, base_url, time))
    except OperatorError:  # the database's server fell: it is over, as if it had been killed
        sys.exit(1)


async def _ingest(database: str, base_url: str, time: FastTime) -> None:
    async with await open_storage(database, clock=time.now, sleep=time.sleep) as storage:
        http = PoliteHttp(
            pace=storage,
            user_agent="Paperboy/test",
            clock=time.now,
            trusted_hosts=frozenset({authority(base_url)}),
            time_limit=time.real(LONGEST_TURN),
            sleep=time.sleep,
        )
        sources: list[Source] = [
            ArxivRss(FEEDS, base_url=f"{base_url}/rss"),
            ArxivOai([HARVESTED], base_url=f"{base_url}/oai"),
        ]
        await Ingest(storage, http, sources, clock=time.now).run()
