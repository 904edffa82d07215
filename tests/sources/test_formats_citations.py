"""BibTeX, RIS and CSL-JSON: what a library becomes, and how little a broken or hostile one can do."""

import io
import json
import pickle
import time
import tracemalloc
from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.papers import DateKind, FoundPaper
from bot.interfaces import Format, Record, RecordError
from bot.sources.formats.bibtex import Bibtex
from bot.sources.formats.csl_json import CslJson
from bot.sources.formats.jsonl import Jsonl
from bot.sources.formats.pieces import LONGEST_RECORD
from bot.sources.formats.ris import Ris
from tests.sources.anything import AWKWARD, any_rows
from tests.sources.asking import DATA

TODAY = date(2026, 8, 21)
BIB = (DATA / "bibtex" / "library.bib").read_bytes()
RIS = (DATA / "ris" / "library.ris").read_bytes()
CSL = (DATA / "csl_json" / "library.json").read_bytes()
FORMATS: tuple[Format, ...] = (Bibtex(), Ris(), CslJson())


def read(kind: Format, content: bytes) -> list[tuple[str, FoundPaper | str]]:
    """Of each record, its place and the paper or why there is none."""
    outcome: list[tuple[str, FoundPaper | str]] = []
    for record in kind.records(io.BytesIO(content), today=TODAY):
        try:
            outcome.append((record.place, kind.parse(record)))
        except RecordError as error:
            outcome.append((record.place, str(error)))
    return outcome


def papers(kind: Format, content: bytes) -> list[FoundPaper]:
    return [outcome for _, outcome in read(kind, content) if isinstance(outcome, FoundPaper)]


def failures(kind: Format, content: bytes) -> list[tuple[str, str]]:
    return [(place, outcome) for place, outcome in read(kind, content) if isinstance(outcome, str)]


# --- what libraries become


def test_bibtex_becomes_papers_and_a_broken_entry_takes_no_other_along() -> None:
    engine, attention, scholar, last = papers(Bibtex(), BIB)
    assert engine.title == 'Notes on the {Analytical Engine}: $E = mc^2$ and "more"'
    assert engine.authors == ("Lovelace, Ada", "The Engine Collaboration", "Menabrea, Luigi F.")
    assert engine.journal_ref == "Taylor's Scientific Memoirs, vol.\\ {III} 3(29), 666–731 (1843)"
    assert (engine.published_at, engine.published_kind) == (datetime(1843, 9, 1, tzinfo=UTC), DateKind.MONTH)
    assert engine.abstract.endswith(r"with braces \{ and \} in it.")
    assert attention.title == "Attention (Is All You Need)"
    assert (attention.ids, attention.categories, attention.comment) == (("1706.03762",), ("cs.CL",), "15 pages")
    assert (attention.published_at, attention.published_kind) == (datetime(2017, 6, 12, tzinfo=UTC), DateKind.ANNOUNCED)
    assert (scholar.ids, scholar.journal_ref) == (("arxiv:2401.01234",), None)
    assert (last.title, last.ids) == ("Right after it", ("https://doi.org/10.5555/right.after",))
    assert failures(Bibtex(), BIB) == [("line 23", "a brace or quote that is never closed"), ("line 25", "no title")]


def test_ris_becomes_papers_and_a_record_without_an_end_ends_where_the_next_begins() -> None:
    engine, attention = papers(Ris(), RIS)
    assert engine.title == "Notes on the Analytical Engine"
    assert engine.abstract == "It weaves algebraic patterns. Two lines of it."
    assert engine.authors == ("Lovelace, Ada", "Menabrea, Luigi F.")
    assert engine.journal_ref == "Taylor's Scientific Memoirs 3(29), 666–731 (1843)"
    assert (engine.published_at, engine.published_kind) == (datetime(1843, 9, 1, tzinfo=UTC), DateKind.MONTH)
    assert engine.ids == ("10.5555/engines.42", "https://doi.org/10.5555/engines.42")
    assert (attention.ids, attention.journal_ref) == (("arxiv:1706.03762",), None)
    assert attention.published_at == datetime(2017, 6, 12, tzinfo=UTC)
    assert failures(Ris(), RIS) == [("line 19", "no title")]


def test_csl_json_becomes_papers_whatever_brackets_their_texts_hold() -> None:
    engine, attention = papers(CslJson(), CSL)
    assert engine.title == 'Notes on the "Analytical" Engine [1]'
    assert engine.authors == ("Lovelace, Ada", "van Gogh, Vincent", "The Engine Collaboration")
    assert engine.abstract == "Brackets in a text: { [ } and a backslash \\"
    assert engine.journal_ref == "Taylor's Scientific Memoirs 3(29), 666-731 (1843)"
    assert (attention.ids, attention.published_at) == (("arxiv:1706.03762",), datetime(2017, 6, 12, tzinfo=UTC))
    assert failures(CslJson(), CSL) == [
        ("item 3", "the title is not text"),
        ("item 4", "no title"),
        ("item 5", "not valid JSON"),
    ]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("abstract", ["A list"], "abstract is not text"),
        ("abstract", 5, "abstract is not text"),
        ("DOI", 10.5, "DOI is not text"),
        ("URL", {"a": 1}, "URL is not text"),
        ("volume", [3], "volume is not text"),
        ("container-title", {}, None),
        ("container-title", {"a": 1}, "container-title is not text"),
        ("author", 7, "author is not a list of names"),
        ("author", [7], "author is not a list of names"),
        ("author", [{"family": 7}], "author is not a list of names"),
        ("author", [], None),
        ("volume", 3, None),
    ],
)
def test_a_field_of_an_item_of_a_wrong_type_is_told_and_the_rest_kept(
    field: str, value: object, told: str | None
) -> None:
    (paper,) = papers(CslJson(), json.dumps({"type": "book", "title": "One", field: value}).encode())
    assert (paper.title, paper.abstract, paper.authors, paper.ids) == ("One", "", (), ())
    assert paper.left_out == ((told,) if told else ())


@pytest.mark.parametrize("written", ['{"type": "book", "title": "One"}', '[{"type": "book", "title": "One"}]'])
def test_one_item_may_stand_alone(written: str) -> None:
    assert [paper.title for paper in papers(CslJson(), written.encode())] == ["One"]


def test_items_may_follow_each_other_line_by_line() -> None:
    found = papers(CslJson(), b'{"title": "One"}\n{"title": "Two"}\n')
    assert [paper.title for paper in found] == ["One", "Two"]


@pytest.mark.parametrize(
    ("kind", "content", "told"),
    [
        (Bibtex(), b"@article{k, title = {One}, year = {in press}}", "year holds no date"),
        (Ris(), b"TY  - JOUR\nTI  - One\nPY  - soon\nER  -\n", "PY holds no date"),
        (CslJson(), b'{"type": "book", "title": "One", "issued": {"raw": "soon"}}', "issued holds no date"),
    ],
)
def test_a_date_that_cannot_be_read_is_told(kind: Format, content: bytes, told: str) -> None:
    (found,) = papers(kind, content)
    assert (found.published_at, found.left_out) == (None, (told,))


@pytest.mark.parametrize(
    ("kind", "content", "told"),
    [
        (Bibtex(), b"@article{k, title = {One}, year = {2017}, date = {soon}}", ["date holds no date"]),
        (Bibtex(), b"@article{k, title = {One}, year = {soon}, date = {2017}}", ["year holds no date"]),
        (Bibtex(), b"@article{k, title = {One}, date = {2017-13-45}}", ["date is a date only in part"]),
        (Bibtex(), b"@article{k, title = {One}, year = 2017, month = 13}", ["month cannot be read"]),
        (Bibtex(), b"@article{k, title = {One}, year = 2017, month = feb, day = 30}", ["day cannot be read"]),
        (Ris(), b"TY  - JOUR\nTI  - One\nPY  - 2017//\nDA  - soon\nER  -\n", ["DA holds no date"]),
        (Ris(), b"TY  - JOUR\nTI  - One\nPY  - 2017\nDA  - 2017/02/30\nER  -\n", ["DA is a date only in part"]),
        (
            CslJson(),
            b'{"type": "book", "title": "One", "issued": {"date-parts": [[2017]]}, "posted": {"raw": "soon"}}',
            ["posted holds no date"],
        ),
        (
            CslJson(),
            b'{"title": "One", "issued": {"date-parts": [["2017", 0]]}, "posted": {"date-parts": [[null]]}}',
            [],
        ),
        (
            CslJson(),
            b'{"type": "book", "title": "One", "issued": {"date-parts": [[2017, 2, 30]]}}',
            ["issued is a date"],
        ),
    ],
)
def test_a_broken_date_is_told_beside_one_that_can_be_read(kind: Format, content: bytes, told: list[str]) -> None:
    (found,) = papers(kind, content)
    assert found.published_at is not None
    assert found.published_at.year == 2017
    assert len(found.left_out) == len(told)
    assert all(said.startswith(wanted) for said, wanted in zip(found.left_out, told, strict=True))


@pytest.mark.parametrize(
    ("kind", "content", "name"),
    [
        (Bibtex(), "@article{{k, title = {{One}}, url = {{{}}}}}", "url"),
        (Ris(), "TY  - JOUR\nTI  - One\nUR  - {}\nER  -\n", "UR"),
        (CslJson(), '{{"type": "book", "title": "One", "URL": "{}"}}', "URL"),
        (Jsonl(), '{{"title": "One", "code_url": "{}"}}', "code_url"),
    ],
)
def test_an_address_that_is_none_is_told(kind: Format, content: str, name: str) -> None:
    told = {
        written: papers(kind, content.format(written).encode())[0].left_out
        for written in ("see page 3", "file:///tmp/a.pdf", "https://example.org/1", "10.1000/182", "")
    }
    no_address = (f"{name} is no address such as https://example.org/paper",)
    assert [told.pop("see page 3"), told.pop("file:///tmp/a.pdf")] == [no_address, no_address]
    assert set(told.values()) == {()}


# --- which kind a file is


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (BIB, "bibtex"),
        (RIS, "ris"),
        (CSL, "csl-json"),
        (b"\xef\xbb\xbf" + BIB, "bibtex"),
        (b"\xef\xbb\xbfTY  - JOUR\r\n", "ris"),
        (b"\r\n\r\nTY  - JOUR\r\n", "ris"),
        (b'\n{"type":"article-journal"}', "csl-json"),
        (b" @article{Key_1970, title={X}, DOI={10.1/x} }", "bibtex"),
        (b"@string{a = {b}}", "bibtex"),
        (b'{"id": "2401.01234", "title": "T", "abstract": "@article{x, TY  - JOUR"}', None),
        (b'[{"paper": {"type": "user"}}]', None),
        (b"<feed>@article{x,</feed>", None),
        (b"", None),
        (b"Mail ada@example.org (soon), please.", None),
    ],
)
def test_a_file_is_recognised_by_its_beginning_and_by_one_kind_only(head: bytes, kind: str | None) -> None:
    assert [each.name for each in FORMATS if each.recognises(head)] == ([kind] if kind else [])


def test_formats_can_be_sent_to_another_process() -> None:
    for kind in FORMATS:
        assert pickle.loads(pickle.dumps(kind)).name == kind.name  # noqa: S301


# --- details of each


@pytest.mark.parametrize(
    ("entry", "title"),
    [
        ("@article{k, title = {A} # { B} # 7}", "A B7"),
        ("@article{title = {No key}}", "No key"),
        ("@article{, title = {Empty key}}", "Empty key"),
        ("@article{k title, title = {Key of two words},,, year=2020}", "Key of two words"),
        ("@ARTICLE {k,\n  TITLE\t=\t{Shouted}\n  year = 2020 }", "Shouted"),
        ('@article{k, title = "Quotes {"} and {\\"o}"}', 'Quotes {"} and {\\"o}'),
        ("@article{k, title = {{BERT}: {Pre}-training}}", "BERT: Pre-training"),
        ("@article(k, title = {Round ) bracket}, note = \"a ) b\")", "Round ) bracket"),
        ("@article{k, title = {Ends with its file", None),
        ("@article{k, title = month # jan}", "monthjan"),
        ("@article{k, year = 2020}", None),
        ("@article{k}", None),
        ("@article{k, title = }", None),
    ],
)  # fmt: skip
def test_bibtex_is_understood_as_people_write_it(entry: str, title: str | None) -> None:
    ((_, outcome),) = read(Bibtex(), entry.encode())
    assert (outcome.title if isinstance(outcome, FoundPaper) else None) == title


def test_a_suffix_of_a_name_in_csl_json_is_kept() -> None:
    item = {"title": "One", "author": [{"family": "King", "given": "Martin Luther", "suffix": "Jr."}]}
    [paper] = papers(CslJson(), json.dumps(item).encode())
    assert paper.authors == ("King, Martin Luther, Jr.",)


@pytest.mark.parametrize(
    ("kind", "content", "authors"),
    [
        (Ris(), "TY  - JOUR\nTI  - T\nAU  - García Márquez, Gabriel José\nER  -\n", ("García Márquez, Gabriel José",)),
        (Ris(), "TY  - JOUR\nTI  - T\nAU  - Lee, Ann; Chen, Bo\nER  -\n", ("Lee, Ann", "Chen, Bo")),
        (CslJson(), '[{"title": "T", "author": "Ann Lee, Bo Chen"}]', ("Ann Lee", "Bo Chen")),
        (Bibtex(), "@book{a, title={T}, author={García Márquez, Gabriel José}}", ("García Márquez, Gabriel José",)),
        (Jsonl(), '{"title": "T", "authors": "García Márquez, Gabriel José"}', ("García Márquez, Gabriel José",)),
    ],
)
def test_authors_in_one_text_are_as_many_as_they_are(kind: Format, content: str, authors: tuple[str, ...]) -> None:
    (paper,) = papers(kind, content.encode())
    assert paper.authors == authors


def test_names_of_texts_hold_for_the_entries_after_them_only() -> None:
    found = papers(Bibtex(), b"@book{a, title=abc}\n@string{ABC={Known} # { now}}\n@book{b, title=abc # {!}}\n")
    assert [paper.title for paper in found] == ["abc", "Known now!"]


def test_old_files_are_read_in_windows_western_letters() -> None:
    (paper,) = papers(Bibtex(), "@book{a, title={Gödel, Escher}}".encode("cp1252"))
    assert paper.title == "Gödel, Escher"


# --- broken and hostile files


def test_a_record_that_is_too_long_is_told_and_the_next_one_read() -> None:
    long = b"x" * (2 * LONGEST_RECORD)
    files: dict[Format, bytes] = {
        Bibtex(): b"@book{a, title={" + long + b"}}\n@book{b, title={B}}",
        Ris(): b"TY  - BOOK\nTI  - " + long + b"\nER  - \nTY  - BOOK\nTI  - B\nER  - \n",
        CslJson(): b'[{"title": "' + long + b'"}, {"title": "B"}]',
    }
    for kind, content in files.items():
        assert [reason for _, reason in failures(kind, content)] == ["longer than 1,000,000 bytes"]
        assert [paper.title for paper in papers(kind, content)] == ["B"]


@pytest.mark.parametrize(
    "content",
    [
        b"@a{" * 100_000,
        b"@article{x," + b"{" * 300_000,
        b"@article{x, author = {" + b" " * 300_000 + b"}}",
        b"@article{x, title = {a}" + b" " * 300_000 + b"}",
        b"@article{x, " + b"a = {b}, " * 30_000 + b"}",
        b"@article{x, title = {a}, author = {" + b"a and " * 50_000 + b"}}",
        b"@article{x, title = " + b"a # " * 70_000 + b"}",
        b"@string{a = {b}}\n" * 15_000 + b"@article{x, title = a}",
        b"TY  - JOUR\n" + b"x\n" * 150_000,
        b"TY  - JOUR\n" * 30_000,
        b"TY  - JOUR\n" + b"AU  - A\n" * 37_000,
        b"[" * 300_000,
        b'{"a":' * 50_000,
        b'[{"title": "' + b"\\" * 300_000,
        b'[{"title": ' + b"9" * 300_000 + b"}]",
        b"{}" * 70_000,
    ],
    ids=lambda content: content[:16].decode(),
)
def test_hostile_files_are_read_in_a_moment(content: bytes) -> None:
    begun = time.process_time()
    for kind in FORMATS:
        kind.recognises(content[:65_536])
        read(kind, content)
    assert time.process_time() - begun < 3, "a time that grows with the square of the size would take minutes"


class _Repeated(io.RawIOBase):
    """The same piece again and again, so many times; never all in memory."""

    def __init__(self, piece: bytes, *, times: int) -> None:
        self._piece, self._left = piece, times * len(piece)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        at = -self._left % len(self._piece)
        size = min(len(buffer), self._left, len(self._piece) - at)
        buffer[:size] = self._piece[at : at + size]
        self._left -= size
        return size


@pytest.mark.parametrize(
    ("kind", "piece"),
    [
        (Bibtex(), b"@book{a, title = {A Book}, year = 2020}\n" * 100),
        (Ris(), b"TY  - BOOK\nTI  - A Book\nER  - \n" * 100),
        (CslJson(), b'{"type": "book", "title": "A Book"},' * 100),
        (Bibtex(), b"@book{a, title = {" + b"x" * 20_000),
        (Ris(), b"TY  - BOOK" + b"x" * 20_000),
        (CslJson(), b'{"title": "' + b"x" * 20_000),
    ],
)
def test_a_large_file_is_read_in_little_memory(kind: Format, piece: bytes) -> None:
    stream = io.BufferedReader(_Repeated(piece, times=8_000_000 // len(piece) if b"xx" in piece else 250))
    tracemalloc.start()
    for _ in kind.records(stream, today=TODAY):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4_000_000


_PIECES = [
    "@article{", "@string{", "a", "=", "{", "}", "(", ")", '"', "#", ",", "\\", "\n", " and ",
    "TY  - JOUR\n", "ER  - \n", "TI  - ", "DA  - 2024/02/31", '{"title": ', "[", "]", ":", "title", *AWKWARD,
]  # fmt: skip


@settings(max_examples=100)
@given(st.lists(st.sampled_from(_PIECES), max_size=30).map("".join) | st.text(), st.sampled_from(FORMATS))
def test_whatever_a_file_holds_each_record_is_a_paper_or_an_error_for_people(content: str, kind: Format) -> None:
    raw = content.encode("utf-8", "surrogatepass")
    kind.recognises(raw)
    for _, outcome in [*read(kind, raw), *read(kind, raw + BIB + RIS + CSL)]:
        assert outcome if isinstance(outcome, str) else outcome.title
    with suppress(RecordError):
        kind.parse(Record(place="line 1", raw=raw))


@given(any_rows(["title", "type", "author", "issued", "date-parts", "DOI", "URL", "page", "container-title"]))
def test_each_item_of_a_list_is_accounted_for_whatever_its_types(rows: list[object]) -> None:
    objects = [row for row in rows if isinstance(row, dict)]
    assert len(read(CslJson(), json.dumps(objects).encode())) == len(objects)
    assert len(read(CslJson(), json.dumps(objects, indent=3, ensure_ascii=True).encode())) == len(objects)
