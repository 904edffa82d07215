"""Hugging Face's lists: what they say of a paper, and which days are asked for."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given

from bot.domain.papers import DateKind
from bot.interfaces import SourceError, SourceTrouble
from bot.sources.hf_daily import HfDaily, parse
from tests.sources.anything import any_rows
from tests.sources.asking import DATA, answering, asking, brought, brought_until_trouble
from tests.sources.servers import Asked, LocalServer, page, status

THURSDAY = datetime(2026, 8, 20, 9, tzinfo=UTC)
LIST = (DATA / "hf_daily" / "answer.json").read_bytes()


def source(server: LocalServer) -> HfDaily:
    return HfDaily(base_url=server.url(""))


def one_paper_a_day(asked: Asked) -> bytes:
    day = asked.query["date"]
    return json.dumps([{"paper": {"id": f"26{day[5:7]}.000{day[8:]}", "title": f"Of {day}"}}]).encode()


def test_a_list_brings_votes_code_and_the_day_it_was_listed() -> None:
    batch = parse(LIST, day=date(2026, 8, 20))
    first, second, third = batch.found
    assert (first.title, first.authors) == ("Looms That Weave Algebra", ("Ada Lovelace", "Grace Hopper"))
    assert (first.upvotes, first.code_url) == (42, "https://github.com/lovelace/looms")
    assert (first.ids, first.seen_on) == (("2608.10001",), date(2026, 8, 20))
    assert (first.published_at, first.published_kind) == (datetime(2026, 8, 19, tzinfo=UTC), DateKind.SUBMITTED)
    assert (second.upvotes, third.upvotes) == (0, None), "absent is not zero"
    assert third.title == "A Paper of Which Little Is Known"
    assert [(each.place, each.reason) for each in batch.rejected] == [
        ("item 4", "no title or no id"),
        ("item 5", "not an object"),
    ]


async def test_the_lists_of_a_week_are_read_again_but_none_of_a_weekend() -> None:
    async with asking() as (http, server):
        server.on("/api/daily_papers", answering(one_paper_a_day))
        batches = await brought(source(server), http, now=THURSDAY)
        days = [asked.query["date"] for asked in server.asked]
        assert days == ["2026-08-14", "2026-08-17", "2026-08-18", "2026-08-19", "2026-08-20"]
        assert [str(batch.day) for batch in batches] == days
        assert [batch.complete for batch in batches] == [False] * 4 + [True]
        again = await brought(source(server), http, checkpoint=batches[-1].checkpoint, now=THURSDAY)
        assert [batch.found for batch in again] == [batch.found for batch in batches]


async def test_a_day_that_is_not_over_is_never_taken_for_read() -> None:
    async with asking() as (http, server):
        server.on("/api/daily_papers", answering(one_paper_a_day))
        batches = await brought(source(server), http, now=THURSDAY)
        server.asked.clear()
        later = datetime(2026, 9, 30, tzinfo=UTC)
        await brought(source(server), http, checkpoint=batches[-1].checkpoint, now=later)
        assert server.asked[0].query["date"] == "2026-08-20"
        assert len(server.asked) == 30, "every weekday since"


async def test_a_back_fill_goes_on_where_it_was_cut() -> None:
    since, now = date(2026, 3, 2), datetime(2026, 3, 20, tzinfo=UTC)
    async with asking() as (http, server):
        server.on("/api/daily_papers", page(b"[]"), page(b"[]"), page(b"[]"), status(403))
        got = await brought_until_trouble(source(server), http, feed="daily", since=since, now=now)
        server.on("/api/daily_papers", page(b"[]"))
        server.asked.clear()
        await brought(source(server), http, checkpoint=got[-1].checkpoint, since=since, now=now)
        assert (server.asked[0].query["date"], server.asked[-1].query["date"]) == ("2026-03-05", "2026-03-20")


async def test_an_earlier_back_fill_begins_anew_but_not_before_the_first_list() -> None:
    since, now = date(1990, 1, 1), datetime(2023, 5, 20, tzinfo=UTC)
    async with asking() as (http, server):
        server.on("/api/daily_papers", page(b"[]"))
        batches = await brought(source(server), http, checkpoint="2023-05-10/2023-05-19", since=since, now=now)
        assert server.asked[0].query["date"] == "2023-05-04"
        server.asked.clear()
        await brought(source(server), http, checkpoint=batches[-1].checkpoint, since=since, now=now)
        assert server.asked[0].query["date"] == "2023-05-15", "what was read before is not read twice"


@pytest.mark.parametrize(
    "checkpoint", ["", "/", "garbage", "2026-08-01", "9999-12-31/9999-12-31", "0001-01-01/9999-12-31"]
)
async def test_a_checkpoint_that_nobody_can_read_loses_nothing(checkpoint: str) -> None:
    async with asking() as (http, server):
        server.on("/api/daily_papers", answering(one_paper_a_day))
        batches = await brought(source(server), http, checkpoint=checkpoint, now=THURSDAY)
        assert [str(batch.day) for batch in batches][-5:] == [
            "2026-08-14", "2026-08-17", "2026-08-18", "2026-08-19", "2026-08-20",
        ]  # fmt: skip


async def test_an_earlier_back_fill_is_asked_for_in_full_but_not_before_the_first_list() -> None:
    async with asking() as (http, server):
        server.on("/api/daily_papers", page(b"[]"))
        batches = await brought(source(server), http, since=date(1990, 1, 1), now=datetime(2023, 5, 20, tzinfo=UTC))
        assert server.asked[0].query["date"] == "2023-05-04"
        server.asked.clear()
        await brought(
            source(server),
            http,
            checkpoint=batches[-1].checkpoint,
            since=date(1990, 1, 1),
            now=datetime(2023, 5, 20, tzinfo=UTC),
        )
        assert server.asked[0].query["date"] == "2023-05-15", "what was read before is not read twice"


async def test_a_list_that_fills_its_page_is_turned_over() -> None:
    def pages(asked: Asked) -> bytes:
        number = int(asked.query["p"])
        size = 50 if number == 0 else 3 if number == 1 else 0
        rows = [{"paper": {"id": f"2608.1{number}{row:03}", "title": "T"}} for row in range(size)]
        return json.dumps(rows).encode()

    async with asking() as (http, server):
        server.on("/api/daily_papers", answering(pages))
        batches = await brought(source(server), http, now=THURSDAY)
        assert {len(batch.found) for batch in batches} == {53}


async def test_what_is_left_of_an_endless_list_is_told() -> None:
    def pages(asked: Asked) -> bytes:
        rows = [{"paper": {"id": f"2608.{asked.query['p']}{row:04}", "title": "T"}} for row in range(100)]
        return json.dumps(rows).encode()

    async with asking() as (http, server):
        server.on("/api/daily_papers", answering(pages))
        batches = await brought(source(server), http, checkpoint="2026-08-01/2026-08-19", now=THURSDAY)
    assert len(batches[-1].found) == 500
    assert [each.place for each in batches[-1].rejected] == ["the rest of the list"]


async def test_a_server_that_repeats_its_page_for_ever_is_left() -> None:
    rows = [{"paper": {"id": f"2608.10{row:03}", "title": "T"}} for row in range(50)]
    async with asking() as (http, server):
        server.on("/api/daily_papers", page(json.dumps(rows).encode()))
        batches = await brought(source(server), http, now=THURSDAY)
        assert {len(batch.found) for batch in batches} == {50}
        assert len(server.asked) == 2 * len(batches)


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"error": "no"}', b"[" * 100_000, b'[{"paper":', b"\xff\xfe\x00"])
def test_what_is_no_list_is_told_in_a_sentence(body: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        parse(body, day=date(2026, 8, 20))
    assert caught.value.reason is SourceTrouble.MALFORMED
    assert str(caught.value).startswith("Hugging Face did not answer")


def test_a_character_that_cannot_be_written_does_no_harm() -> None:
    (paper,) = parse(
        rb'[{"paper": {"id": "\ud800", "title": "\udfff", "summary": "\ud83d"}}]', day=date(2026, 8, 20)
    ).found
    assert paper.title == "\udfff", "readable text drops it later"
    assert str(paper.page_url).isascii()


FIELDS = ["id", "name", "title", "summary", "authors", "publishedAt", "submittedOnDailyAt", "upvotes", "githubRepo"]


@given(any_rows(FIELDS))
def test_each_row_is_a_paper_or_a_rejection_whatever_its_types(rows: list[object]) -> None:
    batch = parse(json.dumps([{"paper": row} for row in rows] + rows).encode(), day=date(2026, 8, 20))
    assert len(batch.found) + len(batch.rejected) == 2 * len(rows)
    assert all(paper.title and paper.ids[0] for paper in batch.found)
    assert all(paper.upvotes is None or paper.upvotes >= 0 for paper in batch.found)
