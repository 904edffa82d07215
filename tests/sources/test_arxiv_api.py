"""arXiv's query API: look-ups by id, and back-fills that lose nothing whatever goes wrong on the way."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.papers import DateKind, FoundPaper
from bot.interfaces import LookUp, Rejection, Source, SourceError, SourceTrouble
from bot.sources import backfill
from bot.sources.arxiv_api import ArxivApi, parse
from bot.sources.backfill import resumed
from tests.sources.arxiv_lab import Api, answer, arxiv, ids_in, taken
from tests.sources.servers import page

NOW = datetime(2026, 6, 9, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def papers_until(now: datetime, count: int, *, every: timedelta = HOUR) -> dict[str, datetime]:
    """So many papers, the last one submitted just before now."""
    return {f"2606.{number:05}": now - every * (count - number) for number in range(count)}


# --- reading an answer


def test_a_paper_is_read_whole() -> None:
    answered = parse(answer("arxiv_api/answer-cs.AI.xml"))
    assert answered.found[0] == FoundPaper(
        title="Kettles That Plan",
        abstract="We teach a kettle to plan.\nIt plans tea.",
        authors=("Ada Lovelace", "Charles Babbage"),
        categories=("cs.AI", "cs.CL", "68T05"),
        ids=("2606.00101", "10.1000/tea.41"),
        published_at=datetime(2026, 6, 5, 17, 59, 59, tzinfo=UTC),
        published_kind=DateKind.SUBMITTED,
        updated_at=datetime(2026, 6, 7, 8, 18, 33, tzinfo=UTC),
        version=2,
        comment="12 pages, 3 cups",
        journal_ref="Journal of Tea 4 (2026) 1",
        source="arxiv_api",
    )
    assert (answered.found[1].ids, answered.found[1].version) == (("hep-th/9901001",), 1)
    assert (answered.total, answered.count) == (2, 2)


def test_an_error_is_told_in_arxiv_s_words() -> None:
    with pytest.raises(SourceError) as caught:
        parse(answer("arxiv_api/error.xml"))
    assert str(caught.value) == "arXiv refused the query: incorrect id format for teapot."
    assert caught.value.reason is SourceTrouble.REFUSED


def test_a_paper_may_be_called_error() -> None:
    answered = parse(answer("arxiv_api/answer-cs.AI.xml").replace(b"<title>Strings</title>", b"<title>Error</title>"))
    assert [paper.title for paper in answered.found] == ["Kettles That Plan", "Error"]


def test_an_entry_without_a_paper_is_rejected_with_its_place() -> None:
    body = answer("arxiv_api/answer-cs.AI.xml").replace(b"<title>Strings</title>", b"<title> </title>")
    answered = parse(body.replace(b"abs/2606.00101v2", b"abs/teapot"))
    assert answered.rejected == (
        Rejection(place="item 1", reason="it has no arXiv id"),
        Rejection(place="item 2", reason="it has no title"),
    )
    assert answered.count == 2


@pytest.mark.parametrize("total", ["", "many", "-1", "9" * 40, "²"])
def test_an_answer_that_does_not_say_how_much_there_is_is_none(total: str) -> None:
    body = answer("arxiv_api/answer-cs.AI.xml").replace(
        b">2</opensearch:totalResults>", f">{total}</opensearch:totalResults>".encode()
    )
    with pytest.raises(SourceError, match="does not say how many"):
        parse(body)


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(0, 2_500), st.integers(0, 200))
def test_any_bytes_are_an_answer_or_a_sentence(noise: bytes, at: int, length: int) -> None:
    body = answer("arxiv_api/answer-cs.AI.xml")
    for hostile in (noise, body[:at] + noise + body[at + length :]):
        try:
            parse(hostile)
        except SourceError as error:
            assert str(error).endswith(".")  # noqa: PT017


# --- looking up ids


async def test_ids_are_looked_up_a_hundred_at_once() -> None:
    api = Api(papers_until(NOW, 250))
    async with arxiv() as (server, http):
        server.replies["/api/query"] = api.reply
        source = ArxivApi([], base_url=server.url("/api/query"))
        batches = await taken(source.fetch_ids(list(api.papers), http))
    assert ids_in(batches) == list(api.papers)
    assert [asked.query["max_results"] for asked in server.asked] == ["100", "100", "50"]
    assert [batch.complete for batch in batches] == [False, False, True]


async def test_what_is_no_id_and_what_arxiv_does_not_have_is_told() -> None:
    api = Api(papers_until(NOW, 3))
    asked = [
        "teapot",
        "https://arxiv.org/abs/2606.00001v2",
        "arXiv:2606.00002",
        "2606.00002",
        "2606.77777",
        "2606.00000v1",
    ]
    async with arxiv() as (server, http):
        server.replies["/api/query"] = api.reply
        source = ArxivApi([], base_url=server.url("/api/query"))
        [batch] = await taken(source.fetch_ids(asked, http))
    assert server.asked[0].query["id_list"] == "2606.00001v2,2606.00002,2606.77777,2606.00000v1"
    assert [(paper.ids[0], paper.version) for paper in batch.found] == [
        ("2606.00001", 2),
        ("2606.00002", 1),
        ("2606.00000", 1),
    ]
    assert batch.rejected == (
        Rejection(place="teapot", reason="it is not an arXiv id"),
        Rejection(place="2606.77777", reason="arXiv does not have it"),
    )


async def test_papers_are_looked_up_in_one_request_and_what_nobody_asked_for_is_left_out() -> None:
    api = Api(papers_until(NOW, 3))
    async with arxiv() as (server, http):
        server.replies["/api/query"] = api.reply
        place: LookUp = ArxivApi(base_url=server.url("/api/query"))
        found = await place.look_up(["2606.00002", "2606.77777", "2606.00000"], http)
        api.swapped["2606.00002"] = "2606.00001"
        others = await place.look_up(["2606.00002"], http)
    assert [(paper.ids, paper.abstract) for paper in found] == [
        (("2606.00002",), "About 2606.00002."),
        (("2606.00000",), "About 2606.00000."),
    ]
    assert list(others) == []
    assert [asked.query["id_list"] for asked in server.asked] == ["2606.00002,2606.77777,2606.00000", "2606.00002"]


async def test_asking_for_nothing_legible_asks_nobody() -> None:
    async with arxiv() as (server, http):
        source = ArxivApi([], base_url=server.url("/api/query"))
        [nothing] = await taken(source.fetch_ids([], http))
        [wrong] = await taken(source.fetch_ids(["teapot"], http))
    assert (nothing.found, nothing.rejected, len(wrong.rejected)) == ((), (), 1)
    assert server.asked == []


async def test_a_look_up_that_brings_too_few_is_incomplete() -> None:
    api = Api(papers_until(NOW, 4), faults=["too few"])
    async with arxiv() as (server, http):
        server.replies["/api/query"] = api.reply
        source = ArxivApi([], base_url=server.url("/api/query"))
        with pytest.raises(SourceError, match="promised 4 records and sent 2 of them") as caught:
            await taken(source.fetch_ids(list(api.papers), http))
    assert caught.value.reason is SourceTrouble.INCOMPLETE


# --- back-fills


async def test_a_back_fill_brings_everything_since_a_day_oldest_first() -> None:
    api = Api(papers_until(NOW, 70))
    async with arxiv() as (server, http):
        server.replies["/api/query"] = api.reply
        source = ArxivApi(["cs.AI"], base_url=server.url("/api/query"), page_size=25)
        batches = await taken(source.fetch("cs.AI", http, checkpoint=None, since=date(2026, 6, 8), now=NOW))
    midnight = datetime(2026, 6, 8, tzinfo=UTC)
    assert ids_in(batches) == [name for name, at in api.papers.items() if at >= midnight]
    assert [batch.expected for batch in batches] == [36, 36]
    assert [batch.complete for batch in batches] == [False, True]
    query = server.asked[0].query
    assert query["search_query"] == "cat:cs.AI AND submittedDate:[202606080000 TO 202606091200]"
    assert (query["sortBy"], query["sortOrder"], query["start"], query["max_results"]) == (
        "submittedDate",
        "ascending",
        "0",
        "25",
    )


async def test_an_empty_week_is_complete() -> None:
    api = Api({})
    async with arxiv() as (server, http):
        server.replies["/api/query"] = api.reply
        source: Source = ArxivApi(["cs.AI"], base_url=server.url("/api/query"))
        [batch] = await taken(source.fetch("cs.AI", http, checkpoint=None, since=None, now=NOW))
    assert (batch.found, batch.expected, batch.complete) == ((), 0, True)
    assert len(server.asked) == 1, "a week without papers is asked for once"


async def test_the_next_fetch_looks_a_week_further_back_for_what_was_held_up() -> None:
    api = Api(papers_until(NOW, 5))
    async with arxiv() as (server, http):
        server.replies["/api/query"] = api.reply
        source = ArxivApi(["cs.AI"], base_url=server.url("/api/query"))
        [first] = await taken(source.fetch("cs.AI", http, checkpoint=None, since=None, now=NOW))
        api.papers["2606.09000"] = NOW - timedelta(days=3)
        later = NOW + timedelta(days=2)
        [second] = await taken(source.fetch("cs.AI", http, checkpoint=first.checkpoint, since=None, now=later))
    assert "2606.09000" in ids_in([second])


async def test_a_back_fill_that_was_stopped_goes_on_where_it_was() -> None:
    api = Api(papers_until(NOW, 100))
    async with arxiv() as (server, http):
        server.replies["/api/query"] = api.reply
        source = ArxivApi(["cs.AI"], base_url=server.url("/api/query"), page_size=20)
        since = date(2026, 6, 1)
        before = await taken(source.fetch("cs.AI", http, checkpoint=None, since=since, now=NOW), 2)
        later = NOW + timedelta(days=1)
        api.papers["2606.09000"] = NOW + HOUR
        after = await taken(source.fetch("cs.AI", http, checkpoint=before[-1].checkpoint, since=since, now=later))
    assert ids_in(before + after) == list(api.papers)
    assert (after[0].expected, after[0].earlier) == (101, 40)
    assert len(server.asked) == 2 + 4


async def test_what_is_more_than_arxiv_pages_through_is_fetched_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backfill, "LARGEST_RESULT", 30)
    api = Api(papers_until(NOW, 150))
    async with arxiv() as (server, http):
        server.replies["/api/query"] = api.reply
        source = ArxivApi(["cs.AI"], base_url=server.url("/api/query"), page_size=20)
        batches = await taken(source.fetch("cs.AI", http, checkpoint=None, since=date(2026, 6, 1), now=NOW))
    assert ids_in(batches) == list(api.papers)
    assert {batch.expected for batch in batches} == {150}
    assert all(int(asked.query["start"]) <= 30 for asked in server.asked)


async def test_an_empty_page_that_should_not_be_is_asked_for_again_and_smaller() -> None:
    api = Api(papers_until(NOW, 60), faults=["", "empty page", "nothing at all"])
    async with arxiv() as (server, http):
        server.replies["/api/query"] = api.reply
        source = ArxivApi(["cs.AI"], base_url=server.url("/api/query"), page_size=40)
        batches = await taken(source.fetch("cs.AI", http, checkpoint=None, since=date(2026, 6, 1), now=NOW))
    assert ids_in(batches) == list(api.papers)
    assert [asked.query["max_results"] for asked in server.asked] == ["40", "40", "20", "10", "40"]


@pytest.mark.parametrize("fault", ["empty page", "nothing at all"])
async def test_a_page_that_stays_empty_is_never_a_success(fault: str) -> None:
    api = Api(papers_until(NOW, 60), faults=["", fault, fault, fault])
    async with arxiv() as (server, http):
        server.replies["/api/query"] = api.reply
        source = ArxivApi(["cs.AI"], base_url=server.url("/api/query"), page_size=40)
        batches = source.fetch("cs.AI", http, checkpoint=None, since=date(2026, 6, 1), now=NOW)
        first = await anext(batches)
        with pytest.raises(SourceError) as caught:
            await anext(batches)
        rest = await taken(source.fetch("cs.AI", http, checkpoint=first.checkpoint, since=None, now=NOW))
    assert str(caught.value) == "arXiv broke off a list after 40 records: the next page was empty 3 times."
    assert caught.value.reason is SourceTrouble.INCOMPLETE
    assert not first.complete
    assert ids_in([first, *rest]) == list(api.papers)


async def test_a_page_with_too_few_is_followed_by_the_rest() -> None:
    api = Api(papers_until(NOW, 60), faults=["too few", "too few"])
    async with arxiv() as (server, http):
        server.replies["/api/query"] = api.reply
        source = ArxivApi(["cs.AI"], base_url=server.url("/api/query"), page_size=40)
        batches = await taken(source.fetch("cs.AI", http, checkpoint=None, since=date(2026, 6, 1), now=NOW))
    assert ids_in(batches) == list(api.papers)


async def test_a_web_page_instead_of_an_answer_is_told() -> None:
    async with arxiv() as (server, http):
        server.on("/api/query", page(b"<!DOCTYPE html><html><body>Rate exceeded.</body></html>"))
        source = ArxivApi(["cs.AI"], base_url=server.url("/api/query"))
        with pytest.raises(SourceError, match=r"^arXiv sent a web page, not XML\.$"):
            await taken(source.fetch("cs.AI", http, checkpoint=None, since=None, now=NOW))


@pytest.mark.parametrize("checkpoint", ["", "teapot", '{"through": "teapot"}', '{"through": 7}', "[]"])
def test_a_checkpoint_that_cannot_be_read_is_as_good_as_none(checkpoint: str) -> None:
    assert resumed(checkpoint, since=None, now=NOW).interval == "[202606021200 TO 202606091200]"


@pytest.mark.parametrize(
    "rest",
    [
        {},
        {"last": "202605010000", "until": "202606090000", "start": 0},
        {"last": "202606080000", "until": "209906090000", "start": 0},  # the clock was put back
        {"last": "202606050000", "until": "202606090000", "start": -5},
        {"last": "202606050000", "until": "202606090000", "start": "many"},
    ],
)
def test_a_place_that_cannot_be_is_left_for_the_beginning(rest: dict[str, object]) -> None:
    checkpoint = json.dumps({"begin": "202605010000", "first": "202606010000", **rest})
    place = resumed(checkpoint, since=None, now=NOW)
    assert (place.interval, place.start) == ("[202605010000 TO 202606091200]", 0)


def test_no_way_begins_before_arxiv() -> None:
    assert resumed(None, since=date.min, now=NOW).interval == "[199108010000 TO 202606091200]"
    assert resumed('{"through": "000101010000"}', since=None, now=NOW).interval == "[199108010000 TO 202606091200]"


@pytest.mark.parametrize(
    ("since", "begin"),
    [
        (None, "202605250000"),
        (date(2026, 6, 5), "202605250000"),  # later than what is owed: nothing in between is left out
        (date(2026, 1, 1), "202601010000"),
        (date(2030, 1, 1), "202605250000"),
    ],
)
def test_a_day_given_by_hand_never_leaves_a_gap(since: date | None, begin: str) -> None:
    place = resumed('{"through": "202606010000"}', since=since, now=NOW)
    assert place.interval == f"[{begin} TO 202606091200]"


def test_a_part_that_grew_too_large_on_the_way_is_gone_to_its_end() -> None:
    """A shorter part would have its records in other places."""
    begun = resumed(None, since=None, now=NOW)
    assert begun.narrowed(30_001) is not None
    assert replace(begun, start=2_000).narrowed(30_001) is None


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 400), max_size=60),
    st.integers(1, 12),
    st.integers(1, 30),
    st.lists(st.booleans(), max_size=60),
)
def test_every_paper_is_passed_however_often_the_way_is_interrupted(
    minutes: list[int], page_size: int, largest: int, kills: list[bool]
) -> None:
    """A model of arXiv that pages through no more than `largest`, with one kill after each request that has one."""
    papers = sorted(NOW - timedelta(minutes=each) for each in minutes)
    place = resumed(None, since=None, now=NOW)
    passed: set[datetime] = set()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backfill, "LARGEST_RESULT", largest)
        for _ in range(3_000):
            inside = [each for each in papers if place.first <= each <= place.last]
            if narrower := place.narrowed(len(inside)):
                place = narrower
                continue
            shown = inside[place.start : place.start + page_size]
            passed |= set(shown)
            following = place.after(len(shown), total=len(inside))
            if following is None:
                break
            kill = kills.pop() if kills else False
            place = resumed(following.checkpoint(), since=None, now=NOW) if kill else following
        else:
            pytest.fail("it never ends")
    assert passed == set(papers)
