"""What arXiv writes by hand: lists of authors, times, and that a paper is withdrawn."""

import gzip
import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sources.arxiv_records import authors_of, day_of, id_and_version, is_withdrawn, time_of
from tests.shared import shared


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ()),
        ("Ada Lovelace", ("Ada Lovelace",)),
        ("Ada Lovelace, Grace Hopper and Alan Turing", ("Ada Lovelace", "Grace Hopper", "Alan Turing")),
        ("A. Lovelace, and G. Hopper", ("A. Lovelace", "G. Hopper")),
        ("A. Lovelace & G. Hopper", ("A. Lovelace", "G. Hopper")),
        ("A. Lovelace; G. Hopper", ("A. Lovelace", "G. Hopper")),
        ("Sammy Davis, Jr., Cab Calloway, III", ("Sammy Davis Jr.", "Cab Calloway III")),
        (
            "A. Lovelace (1 and 2), G. Hopper (3) ((1) Engine Works (London), (2) Home, (3) Navy)",
            ("A. Lovelace", "G. Hopper"),
        ),
        ("R. Cesaroni )", ("R. Cesaroni",)),
        ("NVIDIA,  :, Aaron Blakeman", ("NVIDIA", "Aaron Blakeman")),
        (r"Andr\'es P\'aez, J.\,P. Serre", (r"Andr\'es P\'aez", r"J.\,P. Serre")),
        ('<a href="http://arxiv.org/find/1/au:+X_Y/0/1/0/all/0/1">Ye, J</a>', ("Ye", "J")),
        ("Akshansh <last>, Mark Whiting", ("Akshansh", "Mark Whiting")),
        ("Sandy Anderson, Orlando Band", ("Sandy Anderson", "Orlando Band")),
    ],
)
def test_a_line_of_authors_is_parted(text: str, names: tuple[str, ...]) -> None:
    assert authors_of(text) == names


@pytest.mark.parametrize("hostile", ["(" * 100_000, "a," * 100_000, " " * 200_000 + "x", "<" * 100_000, "(a)" * 60_000])
def test_hostile_authors_take_no_time(hostile: str) -> None:
    authors_of(hostile)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("oai:arXiv.org:2203.01250v3", ("2203.01250", 3)),
        ("http://arxiv.org/abs/hep-th/9901001v1", ("hep-th/9901001", 1)),
        ("arXiv:0704.0001", ("0704.0001", None)),
        ("https://arxiv.org/abs/2606.00002", ("2606.00002", None)),
        ("10.1000/tea", None),
        ("teapot", None),
        ("", None),
    ],
)
def test_an_id_and_its_version(text: str, expected: tuple[str, int | None] | None) -> None:
    assert id_and_version(text) == expected


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("Mon, 08 Jun 2026 00:00:00 -0400", datetime(2026, 6, 8, 4, tzinfo=UTC)),
        ("Fri, 5 Jun 2026 17:59:59 GMT", datetime(2026, 6, 5, 17, 59, 59, tzinfo=UTC)),
        ("Tue, 09 Jun 2026 03:10:00 -0000", datetime(2026, 6, 9, 3, 10, tzinfo=UTC)),
        ("2023-07-06T20:30:00-05:00", datetime(2023, 7, 7, 1, 30, tzinfo=UTC)),
        ("2026-06-05", datetime(2026, 6, 5, tzinfo=UTC)),
        ("Mon, 08 Jun 1399 00:00:00 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 -1200", None),
        ("Mon, 31 Feb 2026 00:00:00 GMT", None),
        ("Mon, 08 Jun 2026 25:61:00 GMT", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_times_are_read_as_feeds_write_them(text: str, time: datetime | None) -> None:
    assert time_of(text) == time


@settings(deadline=None)
@given(st.text(max_size=80) | st.from_regex(r"[A-Z][a-z]{2}, \d{1,3} [A-Z][a-z]{2} -?\d{1,5} \d+:\d+(:\d+)? [+-]?\w+"))
def test_any_text_is_a_time_or_none(text: str) -> None:
    read = time_of(text)
    assert read is None or read.tzinfo is UTC


def test_the_day_at_arxiv_is_new_york_s() -> None:
    assert day_of(datetime(2026, 6, 9, 3, 59, tzinfo=UTC)) == date(2026, 6, 8)
    assert day_of(datetime(2026, 1, 9, 5, tzinfo=UTC)) == date(2026, 1, 9)
    assert day_of(None) is None


@pytest.mark.parametrize(
    "text",
    [
        "This paper has been withdrawn",
        "This paper\n  has been withdrawn by the authors due to an error in Lemma 1",
        "12 pages. Withdrawn because of an error",
        "Paper withdrawn",
        "Admin note: withdrawn by arXiv admin",
        "This article was withdrawn by the author",
        "This submission has been temporarily withdrawn from arXiv",
    ],
)
def test_a_withdrawn_paper_says_so(text: str) -> None:
    assert is_withdrawn("A fine abstract.", text)


@pytest.mark.parametrize(
    "text",
    [
        "Shortened version of a previous (withdrawn from arXiv) article",
        "The drug was withdrawn in 1999",
        "2 pages. Withdrawn from the proceedings because the authors could not travel",
        "We study withdrawal and bank runs",
        "",
    ],
)
def test_what_else_is_withdrawn_is_not_the_paper(text: str) -> None:
    assert not is_withdrawn(text)


def test_nearly_every_withdrawn_paper_is_known_as_such() -> None:
    with gzip.open(shared("corpus/withdrawn.jsonl.gz")) as file:
        papers = [json.loads(line) for line in file]
    missed = [each["id"] for each in papers if not is_withdrawn(each["abstract"] or "", each["comment"] or "")]
    assert len(missed) <= 6, missed
