"""Files of papers are cut and read, and whatever else a file holds is refused record by record."""

import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.papers import DateKind, FoundPaper
from bot.interfaces import Format, Record, RecordError
from bot.sources.formats import FORMATS
from bot.sources.formats.lines import LONGEST
from tests.shared import shared

DATA = Path(__file__).parent.parent / "data"
TODAY = date(2026, 5, 21)
_ATOM, SNAPSHOT, JSONL, _CSL, _BIBTEX, _RIS, LISTING = FORMATS


def records(kind: Format, content: bytes) -> list[Record]:
    return list(kind.records(io.BytesIO(content), today=TODAY))


def read(kind: Format, content: bytes) -> list[FoundPaper | str]:
    """Every paper, or the reason why a record is none."""
    found: list[FoundPaper | str] = []
    for record in records(kind, content):
        try:
            found.append(kind.parse(record))
        except RecordError as error:
            found.append(f"{record.place}: {error}")
    return found


def only(kind: Format, content: bytes) -> FoundPaper:
    (paper,) = read(kind, content)
    assert isinstance(paper, FoundPaper)
    return paper


@pytest.mark.parametrize(
    ("file", "kind"), [("papers.jsonl", JSONL), ("arxiv-snapshot.json", SNAPSHOT), ("listing.txt", LISTING)]
)
def test_each_kind_of_file_is_recognised(file: str, kind: Format) -> None:
    for head in ((DATA / file).read_bytes(), b"\xef\xbb\xbf" + (DATA / file).read_bytes()[:600]):
        assert next(each for each in FORMATS if each.recognises(head)) is kind


@pytest.mark.parametrize(
    "head", [b"", b"\n", b"PK\x03\x04", b"\xff\xfe{\x00", b"Dear all,\n\nMay we?\n", b"[1, 2]", b"<html>"]
)
def test_other_files_are_not(head: bytes) -> None:
    assert not any(each.recognises(head) for each in FORMATS)


def test_a_line_of_json_is_a_paper() -> None:
    first, second, *rest = read(JSONL, (DATA / "papers.jsonl").read_bytes())
    assert first == FoundPaper(
        title="On Engines",
        abstract="We build $x^2$ engines.",
        authors=("Ada Lovelace", "Babbage, Charles"),
        categories=("cs.AR", "cs.LG"),
        ids=("2401.01234v2", "10.1000/X", "https://arxiv.org/abs/2401.01234"),
        published_at=datetime(2024, 1, 5, 12, tzinfo=UTC),
        published_kind=DateKind.SUBMITTED,
        updated_at=datetime(2024, 2, 1, tzinfo=UTC),
        version=2,
        comment="5 pages",
        journal_ref="J. Eng. 1",
        page_url="https://arxiv.org/abs/2401.01234",
        pdf_url="https://ada.org/a.pdf",
        code_url="https://github.com/ada/engine",
        source="arxiv+hf",
        upvotes=7,
    )
    assert second == FoundPaper(title="Only a Title")
    assert rest == ["line 4: no title", "line 5: not a JSON object", "line 6: not valid JSON"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (
            {"abstract": 5, "authors": {"a": 1}, "categories": [1, None], "id": 2401.1, "published": True},
            {"abstract is not text", "authors is not a list of texts", "categories is not a list of texts"}
            | {"id is not text", "published is not a date such as 2026-05-22"},
        ),
        (
            {"published": "yesterday", "updated": "2024-13-01", "upvotes": True, "url": [], "version": "2"},
            {"published is not a date such as 2026-05-22", "updated is not a date such as 2026-05-22"}
            | {"upvotes is not a whole number from 0 to 1,000,000,000", "url is not text"}
            | {"version is not a whole number from 1 to 999"},
        ),
        (
            {"published": "9" * 10_000, "published_kind": "guessed", "upvotes": -1, "withdrawn": "yes"},
            {"published is not a date such as 2026-05-22", "withdrawn is neither true nor false"}
            | {"published_kind is none of submitted, announced, id_month, month, listed"}
            | {"upvotes is not a whole number from 0 to 1,000,000,000"},
        ),
        ({"published": "", "source": None, "version": None, "authors": [], "upvotes": ""}, set()),
    ],
)
def test_a_field_of_a_wrong_type_is_an_absent_one_and_told(fields: dict[str, Any], told: set[str]) -> None:
    found = only(JSONL, json.dumps({"title": "A", **fields}).encode())
    assert replace(found, left_out=()) == FoundPaper(title="A")
    assert sorted(found.left_out) == sorted(told), "each once"


@pytest.mark.parametrize(
    ("written", "day", "kind", "told"),
    [
        ("2024-05", date(2024, 5, 1), DateKind.MONTH, ()),
        ("1950", date(1950, 1, 1), DateKind.UNKNOWN, ()),
        (1950, date(1950, 1, 1), DateKind.UNKNOWN, ()),
        ("2024-05-06", date(2024, 5, 6), DateKind.SUBMITTED, ()),
        ("2024-13", date(2024, 1, 1), DateKind.UNKNOWN, ("published is a date only in part",)),
        (9999, None, DateKind.UNKNOWN, ("published holds no date",)),
    ],
)
def test_a_month_or_a_year_is_a_date_as_in_other_files(
    written: object, day: date | None, kind: DateKind, told: tuple[str, ...]
) -> None:
    line = {"title": "A", "published": written, "published_kind": "submitted"}
    found = only(JSONL, json.dumps(line).encode())
    assert (found.published_at and found.published_at.date(), found.published_kind, found.left_out) == (day, kind, told)


def test_lines_are_cut_whatever_their_ends_and_bytes() -> None:
    content = b'\xef\xbb\xbf{"title": "A"}\r\n\n  \n{"title": "\xff\xed\xa0\x80B"}\n{"title": "C"'
    assert [each.place for each in records(JSONL, content)] == ["line 1", "line 4", "line 5"]
    first, second, last = read(JSONL, content)
    assert first == FoundPaper(title="A")
    assert isinstance(second, FoundPaper)
    assert second.title.endswith("B")
    assert last == "line 5: not valid JSON"


@pytest.mark.parametrize(
    "line", [b"[" * 100_000, b'{"a":' * 50_000, b'{"title": "A", "version": ' + b"9" * 5_000 + b"}", b"\x00", b"NaN"]
)
def test_hostile_json_is_one_refused_record(line: bytes) -> None:
    refused, paper = read(JSONL, line + b'\n{"title": "B"}')
    assert refused in ("line 1: not valid JSON", "line 1: not a JSON object")
    assert paper == FoundPaper(title="B")


class Endless(io.RawIOBase):
    """A stream of so many bytes without a line's end, then one good record."""

    def __init__(self, size: int) -> None:
        self.left = size
        self.tail = b'\n{"title": "B"}\n'

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = min(len(buffer), self.left or len(self.tail))
        buffer[:count] = b"x" * count if self.left else self.tail[:count]
        if self.left:
            self.left -= count
        else:
            self.tail = self.tail[count:]
        return count


def test_a_line_without_end_is_one_refused_record_in_little_memory() -> None:
    stream = io.BufferedReader(Endless(100_000_000), 1 << 16)
    first, second = JSONL.records(stream, today=TODAY)
    assert len(first.raw) == LONGEST + 1
    with pytest.raises(RecordError, match="longer than 8 MB"):
        JSONL.parse(first)
    assert JSONL.parse(second) == FoundPaper(title="B")


def test_the_arxiv_snapshot_is_read() -> None:
    first, second = read(SNAPSHOT, (DATA / "arxiv-snapshot.json").read_bytes())
    assert first == FoundPaper(
        title="On\n  Engines",
        abstract="  We build engines.\n",
        authors=("Lovelace, Ada, III", "Babbage, C.", "ATLAS Collaboration"),
        categories=("math.GT", "cs.LG"),
        ids=("math/0309136", "10.1000/X"),
        published_at=datetime(2003, 9, 5, 19, 18, 42, tzinfo=UTC),
        published_kind=DateKind.SUBMITTED,
        updated_at=datetime(2007, 4, 2, 0, 0, 1, tzinfo=UTC),
        version=2,
        comment="5 pages",
        journal_ref="J. Eng. 1",
        source="arxiv",
    )
    assert isinstance(second, FoundPaper)
    assert second.authors == ("A. Lovelace", "C. Babbage", "G. Boole")
    assert (second.published_at, second.published_kind, second.version) == (None, DateKind.UNKNOWN, None)
    assert second.updated_at == datetime(2008, 11, 26, tzinfo=UTC)
    assert (first.left_out, second.left_out) == ((), ())
    record = {"id": "0704.0002", "title": "On Logic", "versions": [{"version": "v1", "created": "soon"}]}
    assert only(SNAPSHOT, json.dumps(record).encode()).left_out == ("versions has one whose day cannot be read",)


@pytest.mark.parametrize(
    ("fields", "withdrawn"),
    [
        ({"comment": "This paper has been withdrawn by the authors", "comments": "Withdrawn by the author"}, True),
        ({"abstract": "This paper is withdrawn."}, True),
        ({"abstract": "The drug was withdrawn in 1999."}, False),
        ({"withdrawn": "yes"}, False),
    ],
)
def test_a_paper_that_says_it_is_withdrawn_is(fields: dict[str, Any], withdrawn: bool) -> None:
    record = json.dumps({"id": "2401.00001", "title": "A", **fields}).encode()
    assert [only(kind, record).withdrawn for kind in (JSONL, SNAPSHOT)] == [withdrawn] * 2
    assert only(JSONL, json.dumps({"title": "A", "withdrawn": True}).encode()).withdrawn


def test_a_listing_is_read() -> None:
    content = (DATA / "listing.txt").read_bytes()
    first, second, third, lone = read(LISTING, content)
    assert first == FoundPaper(
        title="On Looms",
        abstract="We build looms that compute on two lines.",
        published_at=datetime(2025, 5, 22, tzinfo=UTC),
        published_kind=DateKind.LISTED,
        source="listing",
    )
    assert isinstance(second, FoundPaper)
    assert second.title == "A Title That Spans Lines"
    assert isinstance(third, FoundPaper)
    assert third.published_at == datetime(2026, 5, 21, tzinfo=UTC)
    assert lone == "line 23: a title without an abstract after it"
    assert read(LISTING, content.replace(b"\n", b"\r\n")) == [first, second, third, lone]


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("May 22", date(2025, 5, 22)),
        ("May 21", date(2026, 5, 21)),
        ("Feb 29", date(2024, 2, 29)),
        ("22 May", date(2025, 5, 22)),
        ("Thu, May 22nd, 2014", date(2014, 5, 22)),
        ("22 September 2019", date(2019, 9, 22)),
        ("2019-09-22", date(2019, 9, 22)),
    ],
)
def test_the_year_of_a_listing_is_the_newest_that_is_not_in_the_future(line: str, day: date) -> None:
    paper = only(LISTING, f"header\n\n{line}\n\nTitle\n\nAbstract\n".encode())
    assert paper.published_at == datetime(day.year, day.month, day.day, tzinfo=UTC)


@pytest.mark.parametrize("line", ["Feb 30", "Smarch 13", "May", "May we?", "May 22 and more", "May \u0662\u0662\u0662"])
def test_other_lines_are_no_dates(line: str) -> None:
    assert read(LISTING, f"{line}\n\nTitle\n\nAbstract\n".encode()) == []


def test_a_paragraph_without_end_is_one_refused_record() -> None:
    content = b"May 22\n\nA\n\n" + b"word after word after word\n" * 320_000 + b"\n\nB\n\nAbstract\n"
    refused, paper = read(LISTING, content)
    assert refused == "line 3: longer than 8 MB"
    assert isinstance(paper, FoundPaper)
    assert paper.title == "B"


@given(st.one_of(st.binary(max_size=200), st.text().map(lambda text: text.encode("utf-8", "replace"))))
def test_no_bytes_are_too_much(content: bytes) -> None:
    for kind in FORMATS:
        kind.recognises(content)
        for prefix in (b"", b"May 22\n\n"):
            read(kind, prefix + content)


PLAIN_JSON = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5))
JSON = st.recursive(
    PLAIN_JSON,
    lambda part: st.one_of(st.lists(part, max_size=3), st.dictionaries(st.text(max_size=3), part, max_size=3)),
    max_leaves=6,
)


@given(JSON)
def test_no_json_is_too_much(value: Any) -> None:
    names = ["title", "abstract", "authors", "categories", "id", "published", "versions", "authors_parsed", "version"]
    for shape in (value, dict.fromkeys(names, value), {**dict.fromkeys(names, value), "title": "A"}):
        for kind in (JSONL, SNAPSHOT):
            read(kind, json.dumps(shape).encode())


def test_the_saved_trending_page_holds_71_papers() -> None:
    papers = read(LISTING, shared("seed/trending.txt").read_bytes())
    assert len(papers) == 71
    assert all(isinstance(each, FoundPaper) and each.title and len(each.abstract) > 1_000 for each in papers)
