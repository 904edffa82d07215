"""OpenAlex: abstracts out of their index, arXiv ids, and dates that say less than they seem to."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.papers import DateKind
from bot.interfaces import LookUp, SourceError, SourceTrouble
from bot.sources.openalex import MOST_WORDS, OpenAlex, parse
from tests.sources.anything import any_rows
from tests.sources.asking import DATA, asking
from tests.sources.servers import page

WORK = (DATA / "openalex" / "work.json").read_bytes()


def test_a_work_brings_its_abstract_its_arxiv_id_and_its_pdf() -> None:
    (paper,) = parse(WORK).found
    assert paper.abstract == "A loom weaves flowers and patterns"
    assert paper.authors == ("Ada Lovelace", "G. Hopper")
    assert paper.ids == ("https://doi.org/10.5555/looms.1", "http://arxiv.org/abs/2608.10001"), "no copy elsewhere"
    assert paper.pdf_url == "https://looms.example.org/1.pdf"
    assert paper.journal_ref == "Journal of Looms 7, 12 (2026)"


@pytest.mark.parametrize(
    ("written", "kind"),
    [("2026-08-14", DateKind.ANNOUNCED), ("2026-08-01", DateKind.MONTH), ("2026-01-01", DateKind.UNKNOWN)],
)
def test_the_first_of_a_month_or_year_stands_for_all_of_it(written: str, kind: DateKind) -> None:
    (paper,) = parse(json.dumps({"doi": None, "title": "T", "publication_date": written}).encode()).found
    assert (paper.published_at, paper.published_kind) == (datetime.fromisoformat(written).replace(tzinfo=UTC), kind)


@given(st.lists(st.text(min_size=1, max_size=5), max_size=30))
def test_an_index_gives_back_the_words_it_was_made_of(words: list[str]) -> None:
    index: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        index.setdefault(word, []).append(place)
    (paper,) = parse(json.dumps({"doi": None, "title": "T", "abstract_inverted_index": index}).encode()).found
    assert paper.abstract == " ".join(words)


def test_an_index_that_claims_endless_places_stays_small() -> None:
    index = {f"w{number}": [10**18 + number] * 9_000 for number in range(5)}
    (paper,) = parse(json.dumps({"doi": None, "title": "T", "abstract_inverted_index": index}).encode()).found
    assert len(paper.abstract.split()) == MOST_WORDS


async def test_a_doi_is_looked_up_with_the_operators_key_and_may_be_unknown() -> None:
    async with asking() as (http, server):
        server.on("/works/doi:10.5555%2Flooms.1", page(WORK))
        openalex: LookUp = OpenAlex(base_url=server.url(""), api_key="hush")
        (paper,) = await openalex.look_up(["10.5555/looms.1"], http)
        assert paper.source == "openalex"
        assert server.asked[0].query == {"api_key": "hush"}
        assert list(await openalex.look_up(["10.5555/nowhere"], http)) == []


@pytest.mark.parametrize("body", [b"<!doctype html>", b"{}", b'{"results": null}', b"[1]", WORK[:200]])
def test_what_is_no_paper_is_refused_in_one_sentence(body: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        parse(body)
    assert caught.value.reason is SourceTrouble.MALFORMED
    assert str(caught.value).startswith("OpenAlex did not answer")


FIELDS = [
    "title", "display_name", "doi", "abstract_inverted_index", "authorships", "author", "raw_author_name", "locations",
    "primary_location", "best_oa_location", "landing_page_url", "pdf_url", "source", "biblio", "publication_date",
]  # fmt: skip


@given(any_rows(FIELDS))
def test_each_row_is_a_paper_or_a_rejection_whatever_its_types(rows: list[object]) -> None:
    batch = parse(json.dumps({"results": rows}).encode())
    assert len(batch.found) + len(batch.rejected) == len(rows)
