"""bioRxiv and medRxiv: versions, dates, and pages of a day."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given

from bot.domain.papers import Announcement, DateKind
from bot.interfaces import SourceError, SourceTrouble
from bot.sources.biorxiv import Biorxiv, parse
from tests.sources.anything import any_rows
from tests.sources.asking import DATA, answering, asking, brought, brought_until_trouble
from tests.sources.servers import Asked, LocalServer, Reply, page, status

NOW = datetime(2026, 8, 20, 9, tzinfo=UTC)
PAGE = (DATA / "biorxiv" / "answer-biorxiv.json").read_bytes()
NOTHING = b'{"messages": [{"status": "no posts found"}], "collection": []}'


def posts(day: str, numbers: range, *, total: int) -> bytes:
    rows = [{"title": f"Post {n}", "doi": f"10.1101/{day}.{n}", "version": "1", "date": day} for n in numbers]
    return json.dumps({"messages": [{"status": "ok", "total": str(total)}], "collection": rows}).encode()


def on_days(server: LocalServer, **answers: Reply) -> None:
    """Prepares `d18=…` and so on; the other days have no posts."""
    for day in range(1, 32):
        path = f"/details/biorxiv/2026-08-{day:02}/2026-08-{day:02}/0"
        server.on(path, answers.get(f"d{day:02}", page(NOTHING)))


def test_a_post_brings_its_version_its_doi_and_the_day_it_was_submitted() -> None:
    batch = parse(PAGE)
    first, second, third = batch.found
    assert first.authors == ("Hopper, G.", "Lovelace, A. K.")
    assert (first.ids, first.version, first.announcement) == (("10.1101/2026.08.17.100001",), 1, Announcement.NEW)
    assert (first.published_at, first.published_kind) == (datetime(2026, 8, 17, tzinfo=UTC), DateKind.SUBMITTED)
    assert first.page_url == "https://www.biorxiv.org/content/10.1101/2026.08.17.100001v1"
    assert second.ids == ("10.1101/031415", "10.1371/journal.pone.0300001"), "the journal's DOI names the same paper"
    assert (second.version, second.announcement) == (3, Announcement.REPLACE), "a new version is no news"
    assert (second.published_at, second.updated_at) == (None, datetime(2026, 8, 20, tzinfo=UTC))
    assert third.withdrawn
    assert not first.withdrawn
    assert str(third.page_url).startswith("https://www.medrxiv.org/")
    assert [each.place for each in batch.rejected] == ["item 4"]
    assert batch.expected == 4


async def test_a_day_is_read_page_by_page_and_remembered_when_it_ends() -> None:
    async with asking() as (http, server):
        on_days(server, d18=page(posts("2026-08-18", range(30), total=45)))
        server.on("/details/biorxiv/2026-08-18/2026-08-18/30", page(posts("2026-08-18", range(30, 45), total=45)))
        source = Biorxiv(["biorxiv"], base_url=server.url(""))
        first, second, *_, last = await brought(source, http, feed="biorxiv", now=NOW)
        assert (len(first.found), first.checkpoint, first.complete) == (30, None, False)
        assert (len(second.found), second.checkpoint, second.day) == (15, "2026-08-18/2026-08-18", date(2026, 8, 18))
        assert (first.expected, second.expected, last.expected) == (45, 45, 0), "of each day"
        assert last.complete


async def test_what_a_cut_fetch_brought_stays_and_its_day_is_asked_again() -> None:
    async with asking() as (http, server):
        on_days(server, d18=page(posts("2026-08-18", range(3), total=3)), d19=page(posts("x", range(3), total=5)))
        server.on("/details/biorxiv/2026-08-19/2026-08-19/3", status(403))
        got = await brought_until_trouble(Biorxiv(["biorxiv"], base_url=server.url("")), http, feed="biorxiv", now=NOW)
        assert [len(batch.found) for batch in got] == [3, 3]
        assert [batch.checkpoint for batch in got] == ["2026-08-18/2026-08-18", None]


async def test_medrxiv_is_a_feed_of_its_own() -> None:
    def nothing(asked: Asked) -> bytes:
        assert asked.path.startswith("/details/medrxiv/")
        return NOTHING

    async with asking() as (http, server):
        for day in (18, 19, 20):
            server.on(f"/details/medrxiv/2026-08-{day}/2026-08-{day}/0", answering(nothing))
        source = Biorxiv(["medrxiv"], base_url=server.url(""))
        assert source.feeds() == ("medrxiv",)
        batches = await brought(source, http, now=NOW)
        assert [(batch.expected, batch.complete) for batch in batches] == [(0, False), (0, False), (0, True)]


async def test_a_list_without_an_end_is_left() -> None:
    async with asking() as (http, server):
        for start in range(0, 200):
            server.on(f"/details/biorxiv/2026-08-18/2026-08-18/{start}", page(posts("x", range(1), total=10**6)))
        with pytest.raises(SourceError, match="has no end"):
            await brought(Biorxiv(["biorxiv"], base_url=server.url("")), http, feed="biorxiv", now=NOW)


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"<html>", b"{}", b'{"messages": [{"status": "error: bad interval"}], "collection": []}', PAGE[:400]],
)
def test_an_answer_that_is_no_list_is_never_a_quiet_day(body: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        parse(body)
    assert caught.value.reason is SourceTrouble.MALFORMED


def test_a_character_that_cannot_be_written_does_no_harm() -> None:
    page_of_one = rb'{"messages": [{"status": "ok"}], "collection": [{"doi": "10.1101/\ud800", "title": "\udfff"}]}'
    (paper,) = parse(page_of_one).found
    assert str(paper.page_url).isascii()


FIELDS = ["title", "doi", "authors", "date", "version", "type", "category", "abstract", "published", "server"]


@given(any_rows(FIELDS))
def test_each_row_is_a_paper_or_a_rejection_whatever_its_types(rows: list[object]) -> None:
    batch = parse(json.dumps({"messages": [{"status": "ok", "total": 1}], "collection": rows}).encode())
    assert len(batch.found) + len(batch.rejected) == len(rows)
