"""arXiv's OAI-PMH: three forms of records, and harvests that lose nothing when tokens expire or lists end too early."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.papers import Announcement, DateKind, FoundPaper
from bot.interfaces import Rejection, Source, SourceError, SourceTrouble
from bot.sources.arxiv_oai import ArxivOai, TokenError, parse
from bot.sources.oai_records import set_of
from tests.sources.arxiv_lab import answer, arxiv, ids_in, taken
from tests.sources.servers import Asked, page

NOW = datetime(2026, 6, 9, 4, tzinfo=UTC)
LATER = datetime(2026, 6, 14, 4, tzinfo=UTC)


def document(content: str, *, responded: str = "2026-06-09T03:00:41Z") -> bytes:
    return f'<OAI-PMH xmlns="http://x/"><responseDate>{responded}</responseDate>{content}</OAI-PMH>'.encode()


def error(code: str, words: str = "") -> bytes:
    return document(f'<error code="{code}">{words}</error>')


@dataclass(slots=True)
class Oai:
    """arXiv's OAI-PMH over these ids and the days on which they changed; `faults` go wrong first, one a request."""

    papers: dict[str, str]
    page_size: int = 3
    states_size: bool = True
    responded: str = "2026-06-09T03:00:41Z"
    faults: list[str] = field(default_factory=list)

    async def reply(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        begin, _, skip = asked.query.get("resumptionToken", "").partition("|")
        begin, start = begin or asked.query["from"], int(skip or 0)
        names = [name for name, day in self.papers.items() if day >= begin]
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "expired" or (fault == "expired token" and skip):
            await page(error("badResumptionToken", "It expired."))(asked, writer)
        elif not names[start:]:
            await page(error("noRecordsMatch"))(asked, writer)
        else:
            await page(self._list(names, begin, start, cut=fault == "ends early"))(asked, writer)

    def _list(self, names: list[str], begin: str, start: int, *, cut: bool) -> bytes:
        end = start + self.page_size
        token = f"{begin}|{end}" if end < len(names) and not cut else ""
        size = f' completeListSize="{len(names)}" cursor="{start}"' if self.states_size else ""
        records = "".join(map(self._record, names[start:end]))
        content = f"<ListRecords>{records}<resumptionToken{size}>{token}</resumptionToken></ListRecords>"
        return document(content, responded=self.responded)

    def _record(self, name: str) -> str:
        return (
            f"<record><header><identifier>oai:arXiv.org:{name}</identifier><datestamp>{self.papers[name]}</datestamp>"
            f"</header><metadata><arXivRaw><id>{name}</id><title>Paper {name}</title></arXivRaw></metadata></record>"
        )


def changed(count: int, day: str = "2026-06-08") -> dict[str, str]:
    return {f"2606.{number:05}": day for number in range(count)}


# --- reading an answer


def test_arxivraw_brings_every_version() -> None:
    answered = parse(answer("arxiv_oai/raw.xml"))
    assert answered.found[0] == FoundPaper(
        title="Kettles That Plan",
        abstract="We teach a kettle to plan.\nIt plans tea.",
        authors=("Ada Lovelace", "Charles Babbage"),
        categories=("cs.AI", "cs.CL"),
        ids=("2606.00101", "10.1000/tea.41"),
        published_at=datetime(2026, 6, 5, 17, 59, 59, tzinfo=UTC),
        published_kind=DateKind.SUBMITTED,
        updated_at=datetime(2026, 6, 7, 8, 18, 33, tzinfo=UTC),
        version=2,
        comment="12 pages,\n  3 cups",
        journal_ref="Journal of Tea 4 (2026) 1",
        source="arxiv_oai",
    )
    assert (answered.token, answered.size, answered.responded_on) == (
        "verb%3DListRecords%26skip%3D4",
        6,
        date(2026, 6, 9),
    )


def test_a_change_of_something_old_is_no_news() -> None:
    young, old, *_ = parse(answer("arxiv_oai/raw.xml")).found
    assert (young.announcement, old.announcement) == (Announcement.UNSTATED, Announcement.REPLACE)


def test_withdrawn_and_deleted_papers_are_known_as_such() -> None:
    answered = parse(answer("arxiv_oai/raw.xml"))
    assert [(paper.ids[0], paper.title, paper.withdrawn) for paper in answered.found] == [
        ("2606.00101", "Kettles That Plan", False),
        ("hep-th/9901001", "Strings", True),
        ("2606.00077", "", True),
    ]


def test_a_record_in_another_form_is_rejected_by_its_name() -> None:
    answered = parse(answer("arxiv_oai/raw.xml"))
    assert answered.rejected == (
        Rejection(place="oai:arXiv.org:2606.00078", reason="it has no metadata in a form I know"),
    )
    assert answered.count == 4


def test_the_form_arxiv_has_its_names_in_parts() -> None:
    answered = parse(answer("arxiv_oai/arxiv.xml"))
    [paper] = answered.found
    assert paper.authors == ("Tea Collaboration", "Davis Jr, Sammy")
    assert paper.ids == ("2606.00102", "10.1000/tea.43", "10.1000/tea.44")
    assert (paper.published_at, paper.updated_at) == (
        datetime(2026, 6, 5, tzinfo=UTC),
        datetime(2026, 6, 7, tzinfo=UTC),
    )
    assert (answered.token, answered.size) == (None, 5)


def test_dublin_core_is_read_as_arxiv_fills_it() -> None:
    [paper] = parse(answer("arxiv_oai/dublin_core.xml")).found
    assert paper == FoundPaper(
        title="Spoons",
        abstract="They stir.",
        authors=("Lovelace, Ada", "Hopper, Grace"),
        categories=("cs.AI", "astro-ph.HE", "hep-th"),
        ids=("2606.00103", "http://arxiv.org/abs/2606.00103", "doi:10.1000/tea.45"),
        published_at=datetime(2026, 6, 5, tzinfo=UTC),
        published_kind=DateKind.SUBMITTED,
        updated_at=datetime(2026, 6, 7, tzinfo=UTC),
        comment="4 pages",
        journal_ref="Journal of Tea 4 (2026) 3",
        source="arxiv_oai",
    )


@pytest.mark.parametrize(
    "code",
    [
        "badArgument",
        "badVerb",
        "cannotDisseminateFormat",
        "idDoesNotExist",
        "noMetadataFormats",
        "noSetHierarchy",
        "badResumptionToken",
        "undefinedError",
    ],
)
def test_what_the_server_complains_about_is_told(code: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse(error(code, " Not\n today "))
    assert str(caught.value) == f"arXiv refused the question: {code} (Not today)."
    assert caught.value.reason is SourceTrouble.REFUSED
    assert isinstance(caught.value, TokenError) == (code == "badResumptionToken")


def test_no_match_is_an_empty_answer() -> None:
    answered = parse(error("noRecordsMatch"))
    assert (answered.found, answered.rejected, answered.token) == ((), (), None)


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(0, 4_000), st.integers(0, 200))
def test_any_bytes_are_an_answer_or_a_sentence(noise: bytes, at: int, length: int) -> None:
    body = answer("arxiv_oai/raw.xml")
    for hostile in (noise, body[:at] + noise + body[at + length :]):
        try:
            parse(hostile)
        except SourceError as caught:
            assert str(caught).endswith(".")  # noqa: PT017


@pytest.mark.parametrize(
    ("feed", "name"),
    [
        ("cs.AI", "cs:cs:AI"),
        ("stat.ML", "stat:stat:ML"),
        ("q-bio.NC", "q-bio:q-bio:NC"),
        ("hep-th", "physics:hep-th"),
        ("astro-ph.HE", "physics:astro-ph:HE"),
        ("physics.ins-det", "physics:physics:ins-det"),
        ("cs", "cs"),
        ("math:math:NT", "math:math:NT"),
    ],
)
def test_a_category_is_a_set(feed: str, name: str) -> None:
    assert set_of(feed) == name


# --- harvests


async def test_a_harvest_follows_the_tokens_to_the_end() -> None:
    oai = Oai(changed(7))
    async with arxiv() as (server, http):
        server.replies["/oai"] = oai.reply
        source: Source = ArxivOai(["cs.AI"], base_url=server.url("/oai"))
        batches = await taken(source.fetch("cs.AI", http, checkpoint=None, since=None, now=NOW))
    assert ids_in(batches) == list(oai.papers)
    assert [batch.complete for batch in batches] == [False, False, True]
    assert {batch.expected for batch in batches} == {7}
    assert [asked.query for asked in server.asked] == [
        {"verb": "ListRecords", "metadataPrefix": "arXivRaw", "set": "cs:cs:AI", "from": "2026-06-06"},
        {"verb": "ListRecords", "resumptionToken": "2026-06-06|3"},
        {"verb": "ListRecords", "resumptionToken": "2026-06-06|6"},
    ]


async def test_the_next_harvest_begins_on_the_day_of_the_first_answer() -> None:
    oai = Oai(changed(4))
    async with arxiv() as (server, http):
        server.replies["/oai"] = oai.reply
        source = ArxivOai(["cs.AI"], base_url=server.url("/oai"))
        first = await taken(source.fetch("cs.AI", http, checkpoint=None, since=None, now=NOW), 1)
        oai.responded = "2026-06-10T00:00:01Z"
        rest = await taken(source.fetch("cs.AI", http, checkpoint=first[0].checkpoint, since=None, now=LATER))
        oai.papers["2606.00900"] = "2026-06-09"
        late = await taken(source.fetch("cs.AI", http, checkpoint=rest[-1].checkpoint, since=None, now=LATER))
    assert server.asked[-1].query["from"] == "2026-06-09"
    assert "until" not in server.asked[-1].query
    assert ids_in(late) == ["2606.00900"]


async def test_a_harvest_that_was_stopped_goes_on_with_its_token() -> None:
    oai = Oai(changed(8))
    async with arxiv() as (server, http):
        server.replies["/oai"] = oai.reply
        source = ArxivOai(["cs.AI"], base_url=server.url("/oai"))
        before = await taken(source.fetch("cs.AI", http, checkpoint=None, since=None, now=NOW), 1)
        after = await taken(source.fetch("cs.AI", http, checkpoint=before[0].checkpoint, since=None, now=NOW))
    assert ids_in(before + after) == list(oai.papers)
    assert (after[0].expected, after[0].earlier) == (8, 3)


async def test_an_expired_token_begins_again_and_loses_nothing() -> None:
    oai = Oai(changed(8))
    async with arxiv() as (server, http):
        server.replies["/oai"] = oai.reply
        source = ArxivOai(["cs.AI"], base_url=server.url("/oai"))
        first = await taken(source.fetch("cs.AI", http, checkpoint=None, since=date(2026, 6, 1), now=NOW), 2)
        oai.faults, oai.papers["2606.00900"] = ["expired token"], "2026-06-07"
        after = await taken(source.fetch("cs.AI", http, checkpoint=first[1].checkpoint, since=None, now=NOW))
    assert ids_in(after) == list(oai.papers)
    assert server.asked[3].query["from"] == "2026-06-01"
    assert after[-1].complete


async def test_tokens_that_never_work_are_not_tried_for_ever() -> None:
    oai = Oai(changed(8), faults=["", "expired token", "", "expired token"])
    async with arxiv() as (server, http):
        server.replies["/oai"] = oai.reply
        source = ArxivOai(["cs.AI"], base_url=server.url("/oai"))
        with pytest.raises(TokenError):
            await taken(source.fetch("cs.AI", http, checkpoint=None, since=None, now=NOW))
        oai.faults = ["expired"]
        with pytest.raises(TokenError):
            await taken(source.fetch("cs.AI", http, checkpoint=None, since=None, now=NOW))
    assert len(server.asked) == 4 + 1


async def test_nothing_changed_is_complete_and_remembered() -> None:
    async with arxiv() as (server, http):
        server.replies["/oai"] = Oai({}).reply
        source = ArxivOai(["cs.AI"], base_url=server.url("/oai"))
        [batch] = await taken(source.fetch("cs.AI", http, checkpoint=None, since=None, now=NOW))
        await taken(source.fetch("cs.AI", http, checkpoint=batch.checkpoint, since=None, now=NOW))
    assert (batch.found, batch.complete) == ((), True)
    assert server.asked[-1].query["from"] == "2026-06-09"


async def test_a_list_that_ends_too_early_is_never_a_success() -> None:
    oai = Oai(changed(8), faults=["", "ends early"])
    async with arxiv() as (server, http):
        server.replies["/oai"] = oai.reply
        source = ArxivOai(["cs.AI"], base_url=server.url("/oai"))
        batches = source.fetch("cs.AI", http, checkpoint=None, since=date(2026, 6, 1), now=NOW)
        _, last = await anext(batches), await anext(batches)
        with pytest.raises(SourceError, match="ended a list of 8 records after 6") as caught:
            await anext(batches)
        again = await taken(source.fetch("cs.AI", http, checkpoint=last.checkpoint, since=None, now=NOW))
    assert caught.value.reason is SourceTrouble.INCOMPLETE
    assert not last.complete
    assert ids_in(again) == list(oai.papers)


async def test_arxiv_says_nothing_of_the_size_and_ends_without_a_token() -> None:
    """As github.com/arXiv/oaipmh does: no completeListSize, and noRecordsMatch where a list ends on a full page."""
    oai = Oai(changed(6), states_size=False)
    async with arxiv() as (server, http):
        server.replies["/oai"] = oai.reply
        source = ArxivOai(["cs.AI"], base_url=server.url("/oai"))
        batches = await taken(source.fetch("cs.AI", http, checkpoint=None, since=None, now=NOW))
        del oai.papers["2606.00005"], oai.papers["2606.00004"], oai.papers["2606.00003"]
        rest = await taken(source.fetch("cs.AI", http, checkpoint=batches[0].checkpoint, since=None, now=NOW))
    assert ids_in(batches) == list(changed(6))
    assert {batch.expected for batch in batches} == {None}
    assert [(batch.found, batch.complete) for batch in rest] == [((), True)]


async def test_a_list_that_leads_to_itself_is_left() -> None:
    looping = document("<ListRecords><resumptionToken>again</resumptionToken></ListRecords>")
    async with arxiv() as (server, http):
        server.on("/oai", page(looping))
        source = ArxivOai(["cs.AI"], base_url=server.url("/oai"))
        with pytest.raises(SourceError, match="leads to itself"):
            await taken(source.fetch("cs.AI", http, checkpoint=None, since=None, now=NOW))
    assert len(server.asked) == 2


@pytest.mark.parametrize("responded", ["2099-01-01T00:00:00Z", "teapot", ""])
async def test_a_clock_that_is_wrong_never_leaves_a_gap(responded: str) -> None:
    oai = Oai(changed(2), responded=responded)
    async with arxiv() as (server, http):
        server.replies["/oai"] = oai.reply
        source = ArxivOai(["cs.AI"], base_url=server.url("/oai"))
        [batch] = await taken(source.fetch("cs.AI", http, checkpoint=None, since=date(2026, 6, 5), now=NOW))
        await taken(source.fetch("cs.AI", http, checkpoint=batch.checkpoint, since=None, now=LATER))
    assert server.asked[-1].query["from"] <= "2026-06-09"


@pytest.mark.parametrize(
    ("checkpoint", "since", "begin"),
    [
        (None, None, "2026-06-06"),
        (None, date(2020, 1, 1), "2020-01-01"),
        (None, date(2030, 1, 1), "2026-06-09"),
        ("teapot", None, "2026-06-06"),
        ('{"from": 7}', None, "2026-06-06"),
        ('{"from": "2026-06-03"}', None, "2026-06-03"),
        ('{"from": "2026-06-03", "token": 7, "done": []}', None, "2026-06-03"),
        ('{"from": "2026-06-03"}', date(2026, 6, 8), "2026-06-03"),  # nothing in between is left out
        ('{"from": "2026-06-03", "token": "t", "done": 3}', date(2026, 5, 1), "2026-05-01"),
        ('{"from": "2099-06-03"}', None, "2026-06-09"),
    ],
)
async def test_where_a_harvest_begins(checkpoint: str | None, since: date | None, begin: str) -> None:
    async with arxiv() as (server, http):
        server.replies["/oai"] = Oai({}).reply
        source = ArxivOai(["cs.AI"], base_url=server.url("/oai"), prefix="oai_dc")
        await taken(source.fetch("cs.AI", http, checkpoint=checkpoint, since=since, now=NOW))
    assert server.asked[0].query["from"] == begin
    assert server.asked[0].query["metadataPrefix"] == "oai_dc"
