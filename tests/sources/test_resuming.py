"""Lists of many pages through the whole ingest: broken off and taken up again, nothing is lost or new twice."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest

from bot.domain.ledger import FeedState
from bot.interfaces import Source
from bot.sources.arxiv_api import ArxivApi
from bot.sources.arxiv_oai import ArxivOai
from bot.sources.biorxiv import Biorxiv
from bot.sources.hf_daily import HfDaily
from tests.empty import NewDatabase
from tests.sources.arxiv_lab import Api
from tests.sources.asking import answering
from tests.sources.ingesting import MONDAY, Bench, benched
from tests.sources.servers import Asked, LocalServer, Reply, status
from tests.sources.test_arxiv_oai import Oai
from tests.storage.kinds import any_database

ONE_BY_ONE = {f"2606.{number:05}": MONDAY - timedelta(hours=30 - number) for number in range(30)}


def hf_lists(asked: Asked) -> bytes:
    day = asked.query["date"]
    papers = [{"paper": {"id": f"26{day[5:7]}.{day[8:]}0{n:02}", "title": f"Paper {n} of {day}"}} for n in range(4)]
    return json.dumps(papers if asked.query["p"] == "0" else []).encode()


def posts(asked: Asked) -> bytes:
    """Four posts a day, three to a page."""
    *_, day, _, cursor = asked.path.split("/")
    rows = [
        {"title": f"Post {n} of {day}", "doi": f"10.1101/{day}.{n}", "version": 1, "date": day}
        for n in range(int(cursor), min(int(cursor) + 3, 4))
    ]
    return json.dumps({"messages": [{"status": "ok", "total": 4}], "collection": rows}).encode()


SOURCES: dict[str, tuple[Callable[[LocalServer], Source], Callable[[], Reply], int]] = {
    "arxiv_api": (
        lambda server: ArxivApi(["cs.AI"], base_url=server.url("/api"), page_size=7),
        lambda: Api(dict(ONE_BY_ONE)).reply,
        30,
    ),
    "arxiv_oai": (
        lambda server: ArxivOai(["cs.AI"], base_url=server.url("/oai")),
        lambda: Oai({f"2606.{number:05}": "2026-06-08" for number in range(10)}).reply,
        10,
    ),
    "hf_daily": (lambda server: HfDaily(base_url=server.url("")), lambda: answering(hf_lists), 5 * 4),
    "biorxiv": (lambda server: Biorxiv(["biorxiv"], base_url=server.url("")), lambda: answering(posts), 3 * 4),
}
"""Each with its server, and how many papers that has."""


@contextmanager
def failing_at(server: LocalServer, number: int, reply: Reply) -> Iterator[None]:
    """The server, but its answer to the request of this number."""

    async def reply_but_once(asked: Asked, writer: object) -> None:
        failing = len(server.asked) == before + number
        await (status(403) if failing else reply)(asked, writer)  # type: ignore[arg-type]

    before = len(server.asked)
    server.otherwise = reply_but_once
    yield
    server.otherwise = reply


async def all_accounts(bench: Bench) -> tuple[int, int]:
    """Papers that were new and papers that came, over all accounts."""
    days = await bench.storage.list_feed_days(since=date.min)
    return sum(each.new for each in days), sum(each.received for each in days)


@any_database
@pytest.mark.parametrize("kind", SOURCES)
async def test_a_list_that_breaks_off_is_taken_up_again(kind: str, new_database: NewDatabase) -> None:
    source_at, reply, papers = SOURCES[kind]
    async with benched(source_at, new_database()) as bench:
        await bench.asked(reply())
        requests = len(bench.server.asked)
        assert await all_accounts(bench) == (papers, papers)
    for number in range(1, requests + 1):
        async with benched(source_at, new_database()) as bench:
            with failing_at(bench.server, number, reply()):
                (report,) = await bench.ingest.run()
            assert report.day.last_error is not None
            assert report.day.state is not FeedState.NOT_YET
            assert await bench.storage.count_papers() == report.new
            (report,) = await bench.ingest.run()
            assert (report.day.state, report.day.last_error) == (FeedState.FRESH, None)
            assert await bench.storage.count_papers() == papers
            assert await all_accounts(bench) == (papers, papers)
