"""Round trips: what is cited reads back, through `paperboy import` and through another's parser, as the same paper."""

import gzip
import io
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

import pytest
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors, SplitNameParts
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.citations import Style, cite
from bot.domain.papers import Author, DateKind, FoundPaper, NotAPaper, Paper, paper_from
from bot.interfaces import Format, Record
from bot.sources.formats.bibtex import Bibtex
from bot.sources.formats.csl_json import CslJson
from bot.sources.formats.jsonl import Jsonl
from bot.sources.formats.ris import Ris
from tests.cogs.samples import paper
from tests.shared import shared

FORMATS: dict[Style, Format] = {Style.BIBTEX: Bibtex(), Style.RIS: Ris(), Style.CSL_JSON: CslJson()}

fragments = st.sampled_from([
    *"αΓ–—°ö{}\\$_^~&%#`'|²₁⁻ℝ≤→Д研𝒩\"- \n", "Erdős", "''", "--", "<b>", "GAN", "Of", "and", "TY  - ", "ER  - ",
    "@misc{x,", "https://a.org/b_c--d", "e\u0301\u0302", "12", "\\alpha", "$x$",
])  # fmt: skip
texts = st.lists(fragments | st.text(max_size=3), min_size=1, max_size=12).map("".join)
given_names = st.sampled_from(
    ["Ada", "J. K.", "Nguyễn Anh", "Md", "V.", "D'Arcy", "And", "Jean-Paul", "X.-Y.", "伟", "JR"]
)
families = st.sampled_from(
    [
        "van den Oord",
        "King",
        "de la Cruz",
        "'t Hooft",
        "al-Khalili",
        "and",
        "and Sons",
        "García Márquez",
        "Łoś",
        "王",
        "V",
    ]
)
names = st.builds(
    "{1}{2}, {0}".format, given_names, families, st.sampled_from(["", "", " Jr.", " III"])
) | st.sampled_from(["ATLAS Collaboration", "The Loom Team", "Plato", "others", "Institute for Birds and Bees"])
ids = st.sampled_from([
    (), ("1706.03762",), ("hep-th/9901001", "10.1000/a(b)[c]_d*e"), ("10.5555/a%2Fb#c&d",),
    ("10.1002/(SICI)1097-0258(19970315)16:5<1::AID>3.0.CO;2-K",),
])  # fmt: skip
dates = st.none() | st.builds(datetime, st.integers(1901, 2099), st.just(7), st.just(14), tzinfo=st.just(UTC))
found_papers = st.builds(
    FoundPaper,
    title=texts,
    abstract=texts,
    authors=st.lists(names, max_size=4).map(tuple),
    ids=ids,
    published_at=dates,
    published_kind=st.sampled_from(DateKind),
    categories=st.just(("cs.LG",)),
)


def read_back(cited: Paper, style: Style) -> Paper:
    """The paper that an import of its citation makes."""
    text = cite([cited], style).text.encode()
    assert [each.name for each in FORMATS.values() if each.recognises(text)] == [style.value]
    [record] = FORMATS[style].records(io.BytesIO(text), today=date(2026, 8, 21))
    return paper_from(FORMATS[style].parse(record))


def assert_same(read: Paper, cited: Paper) -> None:
    assert read.title == cited.title
    assert [each.name for each in read.authors] == [each.name for each in cited.authors]
    assert [each for each in read.authors if each.given] == [each for each in cited.authors if each.given]
    assert [read.id_in(scheme) for scheme in ("arxiv", "doi")] == [cited.id_in(scheme) for scheme in ("arxiv", "doi")]
    assert (read.published_at and read.published_at.year) == (cited.published_at and cited.published_at.year)


@given(found_papers, st.sampled_from(Style))
def test_a_citation_is_imported_as_the_paper_it_cites(found: FoundPaper, style: Style) -> None:
    try:
        cited = paper_from(found)
    except NotAPaper:
        return
    assert_same(read_back(cited, style), cited)


def test_real_papers_are_imported_as_the_papers_they_are() -> None:
    with gzip.open(shared("corpus/arxiv_papers.jsonl.gz")) as lines:
        for line in islice(lines, 0, 20_000, 250):
            cited = paper_from(Jsonl().parse(Record(place="", raw=line)))
            for style in Style:
                assert_same(read_back(cited, style), cited)


@pytest.mark.parametrize("style", Style)
def test_a_journal_reference_of_ours_comes_back_as_it_was(style: Style) -> None:
    cited = paper(journal_ref="Science 169(3946), 635–641 (2022)")
    expected = cited.journal_ref if style is not Style.CSL_JSON else "Science 169(3946), 635-641 (2022)"
    assert read_back(cited, style).journal_ref == expected


# --- another's parser


def parsed(cited: Paper, *more: Any) -> dict[str, Any]:
    """The fields of the one entry, as bibtexparser reads them."""
    library = parse_string(cite([cited], Style.BIBTEX).text, append_middleware=[*more])
    assert library.failed_blocks == []
    [entry] = library.entries
    return {each.key: each.value for each in entry.fields}


@given(found_papers)
def test_another_parser_sees_the_fields_that_were_written(found: FoundPaper) -> None:
    try:
        cited = paper_from(found)
    except NotAPaper:
        return
    written = cite([cited], Style.BIBTEX).text.splitlines()[1:-1]
    assert [f"  {key} = {{{value}}}," for key, value in parsed(cited).items() if key != "month"] == [
        line for line in written if not line.startswith("  month")
    ]


def test_another_parser_decodes_titles_and_parts_names_as_we_do() -> None:
    authors = (
        Author(family="van den Oord", given="Aäron"),
        Author(family="King Jr.", given="Martin Luther"),
        Author(family="ATLAS Collaboration"),
        Author(family="Łoś", given="Žofia M."),
    )
    title = "On Erdős–Rényi graphs & 50% of CO_2 for Schrödinger’s GANs at Åbo"
    cited = paper(title=title, authors=authors)
    decoded = parsed(cited, LatexDecodingMiddleware(keep_braced_groups=False))
    assert decoded["title"] == title
    assert decoded["author"].endswith("ATLAS Collaboration and Łoś, Žofia M.")
    names = parsed(cited, SeparateCoAuthors(), SplitNameParts())["author"]
    assert [tuple(" ".join(part) for part in (each.first, each.von, each.last, each.jr)) for each in names] == [
        (r"A{\"a}ron", "van den", "Oord", ""),
        ("Martin Luther", "", "King", "Jr."),
        ("", "", "{ATLAS Collaboration}", ""),
        (r"{\v{Z}}ofia M.", "", r"{\L}o{\'s}", ""),
    ]
