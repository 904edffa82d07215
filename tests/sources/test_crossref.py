"""Crossref: what it knows of a paper, and what it answers that is no paper."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given

from bot.domain.papers import DateKind
from bot.interfaces import LookUp, SourceError, SourceTrouble
from bot.sources.crossref import Crossref, parse
from tests.sources.anything import any_rows
from tests.sources.asking import DATA, asking
from tests.sources.servers import page, status

WORK = (DATA / "crossref" / "work.json").read_bytes()
WORKS = (DATA / "crossref" / "works.json").read_bytes()


def test_a_work_brings_people_journal_date_and_retraction() -> None:
    (paper,) = parse(WORK).found
    assert paper.title == "Notes on the Engine: A Translation"
    assert paper.authors == ("Lovelace, Ada", "The Engine Collaboration")
    assert paper.abstract == "<jats:p>It weaves <jats:italic>algebraic</jats:italic> patterns.</jats:p>"
    assert paper.journal_ref == "Taylor's Scientific Memoirs 3(29), 666-731 (1843)"
    assert (paper.published_at, paper.published_kind) == (datetime(1843, 9, 1, tzinfo=UTC), DateKind.MONTH)
    assert paper.ids == ("10.5555/engines.42", "https://doi.org/10.5555/engines.42")
    assert paper.withdrawn


def test_of_a_list_of_works_the_papers_are_kept_and_the_rest_is_named() -> None:
    batch = parse(WORKS)
    first, second = batch.found
    assert (first.title, first.published_at) == ("A paper", None)
    assert (second.published_at, second.published_kind) == (datetime(2024, 2, 1, tzinfo=UTC), DateKind.MONTH)
    assert [each.reason for each in batch.rejected] == ["a journal issue, not a paper", "no title", "not an object"]


async def test_a_doi_is_looked_up_under_its_own_address_whatever_is_in_it() -> None:
    async with asking() as (http, server):
        server.on("/works/10.5555%2Fengines.42", page(WORK))
        server.on("/works/10.5555%2F..%2F%3Fa=%231", page(WORK))
        crossref: LookUp = Crossref(base_url=server.url(""))
        for doi in ("10.5555/engines.42", "10.5555/../?a=#1"):
            (paper,) = await crossref.look_up([doi], http)
            assert paper.source == "crossref"


async def test_an_unknown_doi_is_left_out_and_trouble_is_trouble() -> None:
    async with asking() as (http, server):
        crossref = Crossref(base_url=server.url(""))
        assert list(await crossref.look_up(["10.5555/nowhere", "10.5555/\ud800"], http)) == []
        server.on("/works/10.5555%2Fa-journal", page(b'{"message-type": "work", "message": {"type": "journal"}}'))
        assert list(await crossref.look_up(["10.5555/a-journal"], http)) == []
        server.on("/works/10.5555%2Fforbidden", status(403))
        with pytest.raises(SourceError):
            await crossref.look_up(["10.5555/forbidden"], http)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"Resource not found.", "Crossref did not answer in JSON."),
        (b"[]", "Crossref answered with something else, not with papers."),
        (
            b'{"message-type": "journal-list", "message": {"items": []}}',
            "Crossref answered with journals, not with papers.",
        ),
        (b'{"message-type": "member", "message": {}}', "Crossref answered with members, not with papers."),
        (b'{"message-type": "validation-failure", "message": []}', "Crossref did not understand the question."),
        (b'{"message-type": "work-list", "message": null}', "Crossref answered with something else, not with papers."),
    ],
)
def test_what_is_no_paper_is_refused_in_one_sentence(body: bytes, sentence: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse(body)
    assert (str(caught.value), caught.value.reason) == (sentence, SourceTrouble.MALFORMED)


FIELDS = [
    "title", "subtitle", "type", "DOI", "author", "family", "given", "literal", "name", "issued", "published", "raw",
    "date-parts", "container-title", "volume", "page", "abstract", "updated-by", "URL", "number", "note",
]  # fmt: skip


@given(any_rows(FIELDS))
def test_each_row_is_a_paper_or_a_rejection_whatever_its_types(rows: list[object]) -> None:
    batch = parse(json.dumps({"message-type": "work-list", "message": {"items": rows}}).encode())
    assert len(batch.found) + len(batch.rejected) == len(rows)
    assert all(paper.title for paper in batch.found)
