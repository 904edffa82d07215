"""Ids in any spelling are read as one, and nothing else is taken for an id."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.identifiers import (
    LONGEST_TEXT,
    ExternalId,
    arxiv_month,
    arxiv_version,
    find_identifiers,
    lists_ids,
    miscounted_id,
    miscounted_ids,
    page_url,
    parse_identifier,
    pdf_url,
)
from bot.domain.papers import Paper

SICI = "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2"

SPELLINGS = [
    ("2401.01234", "arxiv:2401.01234"),
    ("  2401.01234v12 ", "arxiv:2401.01234"),
    ("arXiv:0704.0001", "arxiv:0704.0001"),
    ("arxiv: 2401.01234v2 [cs.LG]", None),
    ("arxiv: 2401.01234v2", "arxiv:2401.01234"),
    ("oai:arXiv.org:2203.01250v3", "arxiv:2203.01250"),
    ("hep-th/9901001", "arxiv:hep-th/9901001"),
    ("HEP-TH/9901001v3", "arxiv:hep-th/9901001"),
    ("math.GT/0309136", "arxiv:math/0309136"),
    ("cond-mat.mtrl-sci/0309136", "arxiv:cond-mat/0309136"),
    ("https://arxiv.org/abs/2401.01234v1", "arxiv:2401.01234"),
    ("http://www.arxiv.org/pdf/2401.01234v2.pdf", "arxiv:2401.01234"),
    ("https://export.arxiv.org/abs/math.GT/0309136v1", "arxiv:math/0309136"),
    ("arxiv.org/html/2401.01234v1#S1", "arxiv:2401.01234"),
    ("https://alphaxiv.org/abs/2401.01234", "arxiv:2401.01234"),
    ("https://huggingface.co/papers/2401.01234", "arxiv:2401.01234"),
    ("<https://arxiv.org/abs/2401.01234?context=cs>", "arxiv:2401.01234"),
    ("10.48550/arXiv.2401.01234", "arxiv:2401.01234"),
    ("https://doi.org/10.48550/ARXIV.hep-th/9901001", "arxiv:hep-th/9901001"),
    ("10.1000/XYZ.", "doi:10.1000/xyz"),
    ("doi:10.1000/xyz", "doi:10.1000/xyz"),
    ("DOI: 10.1000/xyz,", "doi:10.1000/xyz"),
    ("https://dx.doi.org/10.1000%2FXyz?via=x", "doi:10.1000/xyz"),
    ("(10.1000/a(b)c)", "doi:10.1000/a(b)c"),
    (SICI, f"doi:{SICI}"),
    ("https://doi.org/10.1002/(SICI)1097-0258(19980815/30)17:15/16%3C1661::AID-SIM968%3E3.0.CO;2-2", f"doi:{SICI}"),
    ("https://dl.acm.org/doi/abs/10.1145/123.456", "doi:10.1145/123.456"),
    ("https://www.biorxiv.org/content/10.1101/2024.01.01.573838v1.full.pdf", "doi:10.1101/2024.01.01.573838"),
    ("", None),
    ("attention", None),
    ("2413.01234", None),
    ("2401.0123", None),
    ("0712.12345", None),
    ("0703.0001", None),
    ("math/9913001", None),
    ("10.1/x", None),
    ("10.1000/", None),
    ("10.1000/" + "x" * 600, None),
    ("see 2401.01234", None),
    ("2401.01234 10.1000/x", None),
    ("https://example.org/2401.01234/x", None),
    ("\u0662401.01234", None),
]


@pytest.mark.parametrize(("text", "expected"), SPELLINGS)
def test_an_id_is_read_from_any_spelling(text: str, expected: str | None) -> None:
    found = parse_identifier(text)
    assert (str(found) if found else None) == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1706.0376", "1706.0376 looks like an arXiv id with a digit missing: those of 2017 have five after the dot"),
        (" 1706.037622v2 ", "1706.037622 looks like an arXiv id with a digit too many: those of 2017 have five"),
        ("arXiv:1706.376", "1706.376 looks like an arXiv id with 2 digits missing"),
        ("https://arxiv.org/pdf/1706.0376v1.pdf", "1706.0376 looks like an arXiv id with a digit missing"),
        ("arXiv 1706.0376", "1706.0376 looks like an arXiv id with a digit missing"),
        ("1405.12345", "with a digit too many: those of 2014 have four after the dot"),
        ("arxiv: 1405.123", "with a digit missing: those of 2014 have four after the dot"),
        ("1713.03762", "no month is 13. Check it, or put it into quotes if it is a number in a text."),
        ("arXiv:1713.0376", "no month is 13. Check it."),
    ],
)
def test_an_arxiv_id_with_digits_missing_or_too_many_is_told(text: str, told: str) -> None:
    assert parse_identifier(text) is None
    assert told in miscounted_id(text)


@pytest.mark.parametrize("before", ["", "doi:", "https://doi.org/"])
def test_so_is_one_in_the_doi_that_arxiv_gives_its_papers(before: str) -> None:
    assert "with a digit missing" in miscounted_id(f"{before}10.48550/arXiv.1706.0376")
    assert miscounted_id(f"{before}10.48550/arXiv.1706.03762") == ""


@pytest.mark.parametrize(
    "text",
    [
        *("1405.1234", "1706.03762", "arXiv:1706.03762", "0601.1234", "see 1706.0376", "arXiv:zebra", "doi:1706.0376"),
        *(
            "3.14",
            "0.05",
            "2017",
            "2017.5",
            "1706.37",
            "1024.1234",
            "6022.1407",
            "1.1706.0376",
            "3141.59265",
            "9999.99999",
            "\u0661706.0376",
            "",
        ),
    ],
)
def test_what_is_an_id_or_a_number_is_no_miscounted_one(text: str) -> None:
    assert miscounted_id(text) == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("See 1706.03762, (2313.99999) and 1706.0376.", ["2313.99999 looks like", "1706.0376 looks like"]),
        ("arXiv:1706.0376!", ["1706.0376 looks like an arXiv id with a digit missing"]),
        ("1706.03762 costs 3.14, or 1706.37", []),
    ],
)
def test_mistyped_ids_in_a_running_text_are_told_in_a_sentence_each(text: str, told: list[str]) -> None:
    sentences = miscounted_ids(text)
    assert len(sentences) == len(told)
    assert all(sentence.startswith(begin) for sentence, begin in zip(sentences, told, strict=True))


@pytest.mark.parametrize(
    ("text", "is_list"),
    [
        ("1706.03762 2313.99999", True),
        ("1706.03762, 10.1000/xyz and https://arxiv.org/abs/2207.12598", True),
        ("1706.03762", False),
        ("arXiv: 1706.03762", False),
        ("1706.03762 attention", False),
        ("2017.5 3.14", False),
        ("graph networks", False),
        ("", False),
    ],
)
def test_several_ids_are_told_from_one_and_from_words(text: str, is_list: bool) -> None:
    assert lists_ids(text) is is_list


def test_a_text_gives_all_its_ids_once_in_order() -> None:
    text = (
        "See arXiv:2401.01234, (hep-th/9901001v2); doi:10.1000/ABC. And https://arxiv.org/abs/2401.01234v9 or "
        "10.48550/arXiv.2501.00001! It costs 1,302.4389 or 0.2401.01234 [2512.00001]"
    )
    found = ["arxiv:2401.01234", "arxiv:hep-th/9901001", "doi:10.1000/abc", "arxiv:2501.00001", "arxiv:2512.00001"]
    assert list(map(str, find_identifiers(text))) == found


@given(st.text(st.characters(exclude_categories=()), max_size=100))
def test_any_text_may_be_asked_and_what_is_found_is_an_id_again(text: str) -> None:
    parse_identifier(text)
    for each in find_identifiers(text + " 10.1000/x" + text):
        assert len(each.value) <= 512
        assert each.value.isprintable()
        assert parse_identifier(each.value) == each


@given(st.sampled_from(["0704.0001", "1412.9999", "1501.00001", "hep-th/9901001"]), st.integers(1, 99), st.booleans())
def test_versions_do_not_count(value: str, version: int, address: bool) -> None:
    spelled = f"https://arxiv.org/abs/{value}v{version}" if address else f"{value}v{version}"
    assert parse_identifier(spelled) == parse_identifier(value) == ExternalId("arxiv", value)
    assert arxiv_version(spelled) == version
    assert arxiv_version(value) is None


@pytest.mark.parametrize(
    ("value", "month"),
    [
        ("2401.01234", date(2024, 1, 1)),
        ("0704.0001", date(2007, 4, 1)),
        ("hep-th/9108001", date(1991, 8, 1)),
        ("math/0309136", date(2003, 9, 1)),
        ("2413.01234", None),
        ("10.1000/xyz", None),
    ],
)
def test_the_month_of_an_arxiv_id(value: str, month: date | None) -> None:
    assert arxiv_month(value) == month


def test_where_to_read_a_paper() -> None:
    both = (ExternalId("arxiv", "2401.01234"), ExternalId("doi", "10.1000/x"))
    assert page_url(Paper(title="A", ids=both, page_url="https://else.org/")) == "https://arxiv.org/abs/2401.01234"
    assert pdf_url(Paper(title="A", ids=both)) == "https://arxiv.org/pdf/2401.01234"
    doi = Paper(title="A", ids=(ExternalId("doi", SICI),), pdf_url="https://else.org/a.pdf")
    assert page_url(doi) == (
        "https://doi.org/10.1002/%28sici%291097-0258%2819980815/30%2917:15/16%3C1661::aid-sim968%3E3.0.co;2-2"
    )
    assert pdf_url(doi) == "https://else.org/a.pdf"
    assert page_url(Paper(title="A", page_url="https://else.org/")) == "https://else.org/"
    assert page_url(Paper(title="A")) is None
    assert pdf_url(Paper(title="A")) is None


@pytest.mark.parametrize(
    "piece", ["10.1234/", "10.1000/)", "math/", "arxiv.org/a/", "2401.01234 ", "10.", "a-", "arxiv:"]
)
def test_no_text_takes_long(piece: str) -> None:
    started = time.process_time()
    find_identifiers(piece * LONGEST_TEXT)
    assert time.process_time() - started < 0.25
