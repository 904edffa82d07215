"""What every registered source keeps to, whatever its server does: an account of the day, a clear line, no lost paper.

Each case goes through the real client, ingest service and storage. A new source is found here by itself.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest

from bot.domain.accounting import growing_pause
from bot.domain.ledger import FeedState
from bot.sources.http import FAMILY_PACES
from tests.empty import NewDatabase
from tests.sources.ingesting import Bench, benched
from tests.sources.recorded import KINDS, answer, empty, pointed_at
from tests.sources.servers import (
    Asked,
    Reply,
    bomb,
    cut,
    drip,
    gzipped,
    in_turn,
    page,
    redirect,
    silence,
    status,
    throttled,
)

FINE = {FeedState.FRESH}
QUIET = {FeedState.NOT_YET, FeedState.STALE}
FAILED = {FeedState.BROKEN, FeedState.PARTIAL}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def bench(
    request: pytest.FixtureRequest, kind: str, new_database: NewDatabase, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Bench]:
    """One source on an empty library; for the slow servers it is in a hurry."""
    is_hurried = "slow_server" in request.node.name
    with caplog.at_level(logging.INFO):
        async with benched(partial(pointed_at, kind=kind), new_database(), is_hurried=is_hurried) as made:
            yield made
    assert "Traceback" not in caplog.text
    assert "source_fault" not in caplog.text


async def test_papers_arrive_and_asking_again_adds_none(bench: Bench, kind: str) -> None:
    report = await bench.asked(page(answer(kind)))
    assert (report.day.state, report.day.last_error) == (FeedState.FRESH, None)
    kept = await bench.storage.count_papers()
    assert 0 < kept <= report.received
    again = await bench.asked(page(answer(kind)))
    assert (again.day.state, again.new) == (FeedState.FRESH, 0)
    assert await bench.storage.count_papers() == kept


async def test_its_requests_are_polite(bench: Bench, kind: str) -> None:
    await bench.asked(gzipped(answer(kind)))
    await bench.asked(gzipped(answer(kind)))
    asked = bench.server.asked
    assert {each.headers.get("user-agent") for each in asked} == {"Paperboy/1.0 (+ada@example.org)"}
    pace = FAMILY_PACES.get(bench.source.host_family, timedelta(seconds=1)).total_seconds()
    assert all(later.at - earlier.at >= pace for earlier, later in pairwise(asked))
    assert bench.server.most_connected == 1
    assert "cookie" not in {name for each in asked for name in each.headers}


async def test_an_empty_answer_is_a_quiet_day(bench: Bench, kind: str) -> None:
    nothing = empty(kind)
    if nothing is None:
        pytest.skip("no empty answer was recorded")
    report = await bench.asked(page(nothing))
    assert report.day.state in QUIET
    assert (report.day.received, report.day.last_error) == (0, None)
    assert report.day.next_at is not None


def troubles(body: bytes) -> dict[str, tuple[Reply, str]]:
    """What a server may do at once, and what the clear line says of it."""
    return {
        "truncated": (page(body[: len(body) // 2]), "."),
        "garbage": (page(bytes(range(1, 256)) * 40), "."),
        "a web page": (page(b"<!DOCTYPE html><html><body>Sign in to the hotel's network</body></html>"), "."),
        "nothing at all": (page(b""), "."),
        "cut off": (cut(body, after=len(body) // 2), r"broke off in the middle"),
        "404": (status(404), r"does not exist \(404\)"),
        "503": (status(503), r"is out of order \(503\)"),
        "gzip bomb": (bomb(megabytes=70), r"sends more than [0-9.]+ MB"),
        "redirect to loopback": (redirect("http://127.0.0.1/secret"), r"leads to an address that is not public"),
    }


async def assert_told(bench: Bench, trouble: str, reply: Reply, words: str) -> None:
    """This reply ends as an account of the day, is told in one clear line, and is asked again."""
    report = await bench.asked(reply)
    assert report.day.state in FAILED, trouble
    assert report.day.next_at is not None
    pause = growing_pause(report.day.attempts)
    assert bench.now() < report.day.next_at <= bench.now() + pause + timedelta(minutes=1)
    line = await bench.sentence()
    assert re.search(words, line), trouble
    assert re.fullmatch(r"[^\n]{20,300}\.", line), trouble
    assert "Traceback" not in line


async def test_trouble_is_told_in_one_line_and_asked_again(bench: Bench, kind: str) -> None:
    for trouble, (reply, words) in troubles(answer(kind)).items():
        await assert_told(bench, trouble, reply, words)
    assert await bench.storage.count_papers() == 0


async def test_a_slow_server_is_given_up_and_told(bench: Bench, kind: str) -> None:
    for trouble, reply in {"slow drip": drip(answer(kind), every=0.05), "silence": silence}.items():
        await assert_told(bench, trouble, reply, r"takes too long")


async def test_what_was_in_trouble_heals(bench: Bench, kind: str) -> None:
    await bench.asked(page(answer(kind)[: len(answer(kind)) // 2]))
    healed = await bench.asked(page(answer(kind)))
    assert (healed.day.state, healed.day.last_error) == (FeedState.FRESH, None)


async def test_what_is_kept_survives_any_trouble(bench: Bench, kind: str) -> None:
    await bench.asked(page(answer(kind)))
    kept = await bench.storage.count_papers()
    for reply in (status(503), page(b"\x00" * 99), page(answer(kind)[:-20])):
        report = await bench.asked(reply)
        assert report.day.state in FINE | FAILED
        assert await bench.storage.count_papers() == kept


async def test_a_server_that_asks_for_rest_gets_it(bench: Bench) -> None:
    report = await bench.asked(throttled(seconds=7_200))
    assert len(bench.server.asked) == 1
    assert report.day.state is FeedState.BROKEN
    assert report.day.next_at is not None
    assert report.day.next_at >= bench.now() + timedelta(hours=2)
    assert "asks for fewer requests (429)" in await bench.sentence()


async def test_trouble_in_the_middle_loses_nothing(bench: Bench, kind: str) -> None:
    """Fails at the second request, and at each later one in turn, until it comes to the end."""
    await bench.asked(page(answer(kind)))
    needed = len(bench.server.asked)
    whole = await bench.storage.count_papers()
    for fine in range(1, needed):
        with_trouble = in_turn(*[page(answer(kind))] * fine, status(403))
        report = await bench.asked(with_trouble)
        assert report.day.last_error is not None
        assert await bench.storage.count_papers() == whole


async def test_stopping_in_the_middle_loses_nothing(bench: Bench, kind: str) -> None:
    reached = asyncio.Event()

    async def reply(asked: Asked, writer: asyncio.StreamWriter) -> None:
        if len(bench.server.asked) > 1:
            reached.set()
            await silence(asked, writer)
        await page(answer(kind))(asked, writer)

    bench.server.otherwise = reply
    running = asyncio.create_task(bench.ingest.run())
    waiting = asyncio.create_task(reached.wait())
    await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
    for each in (running, waiting):
        each.cancel()
    await asyncio.gather(running, waiting, return_exceptions=True)
    report = await bench.asked(page(answer(kind)))
    assert (report.day.state, report.day.last_error) == (FeedState.FRESH, None)


def test_every_source_says_what_it_is() -> None:
    for name, made in KINDS.items():
        source = made()
        assert re.fullmatch(r"[a-z][a-z_]{1,30}", name)
        assert source.label.strip()
        assert source.host_family
        assert all(isinstance(each, str) for each in source.feeds())
