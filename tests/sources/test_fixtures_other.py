"""Every recorded answer of these sources holds the records its row states, or is refused in one clear sentence."""

import io
import json
import re
from collections import Counter
from datetime import UTC, date, datetime

import pytest

from bot.domain.papers import FoundPaper
from bot.interfaces import Batch, SourceError
from bot.sources import biorxiv, crossref, feed, hf_daily, openalex
from bot.sources.feed_child import take_apart
from bot.sources.formats.bibtex import Bibtex
from bot.sources.formats.csl_json import CslJson
from tests.shared import shared
from tests.sources.test_fixtures_arxiv import READERS

NOW = datetime(2026, 9, 1, tzinfo=UTC)
FOLDERS = ("huggingface", "biorxiv", "crossref", "crossref_conneg", "generic_feeds", "openalex")


def recorded(folder: str) -> list[tuple[str, bytes, int | None]]:
    """Name, content and stated number of records of each answer in this folder."""
    rows = json.loads(shared("fixtures/index.json").read_text(encoding="utf-8"))
    names = [(row["file"], row["records"]) for row in rows if row["file"].startswith(f"fixtures/{folder}/")]
    return [(name, shared(name).read_bytes(), records) for name, records in names]


async def read(folder: str, body: bytes) -> Batch:
    match folder:
        case "huggingface":
            return hf_daily.parse(body, day=date(2026, 9, 1))
        case "biorxiv":
            return biorxiv.parse(body)
        case "crossref" | "crossref_conneg":
            return crossref.parse(body)
        case "openalex":
            return openalex.parse(body)
        case _:
            taken_apart = await take_apart(body)
            return feed.parse(taken_apart, url="https://example.org/feed", known=frozenset(), now=NOW)[0]


@pytest.mark.parametrize("folder", FOLDERS)
async def test_no_recorded_answer_loses_a_record(folder: str) -> None:
    refused: Counter[str] = Counter()
    for name, body, records in recorded(folder):
        try:
            batch = await read(folder, body)
        except SourceError as error:
            refused[str(error)] += 1
            continue
        assert len(batch.found) + len(batch.rejected) == records, name
        assert all(paper.title for paper in batch.found)
    assert refused == REFUSED.get(folder, {})
    assert all(re.fullmatch(r"[A-Z][^.\n]{10,100}\.", sentence) for sentence in refused), "one clear sentence"


REFUSED = {
    "huggingface": {"Hugging Face did not answer with a list of papers.": 1},
    "openalex": {"OpenAlex did not answer in JSON.": 1},
    "crossref_conneg": {"Crossref did not answer in JSON.": 4},
    "crossref": {
        "Crossref did not answer in JSON.": 32,
        "Crossref did not understand the question.": 13,
        "Crossref answered with DOI prefixes, not with papers.": 2,
        "Crossref answered with funders, not with papers.": 3,
        "Crossref answered with journals, not with papers.": 4,
        "Crossref answered with kinds of works, not with papers.": 4,
        "Crossref answered with licences, not with papers.": 2,
        "Crossref answered with members, not with papers.": 4,
        "Crossref answered with registration agencies, not with papers.": 1,
        "Crossref answered with something else, not with papers.": 1,
    },
}


def test_citations_that_a_doi_answers_with_are_read_as_files() -> None:
    outcomes: Counter[str] = Counter()
    for _, body, _ in recorded("crossref"):
        for kind in (Bibtex(), CslJson()):
            if b"message-type" not in body and kind.recognises(body[:65_536]):
                (record,) = kind.records(io.BytesIO(body), today=NOW.date())
                try:
                    paper = kind.parse(record)
                except ValueError as error:
                    outcomes[f"{kind.name}: {error}"] += 1
                else:
                    assert isinstance(paper, FoundPaper)
                    assert paper.ids
                    outcomes[kind.name] += 1
    assert outcomes == {"bibtex": 14, "bibtex: no title": 2, "csl-json": 1}


UNSUPPORTED = {"other_apis", "pubmed", "semantic_scholar"}


def test_every_folder_of_a_supported_source_is_read_by_a_test() -> None:
    rows = json.loads(shared("fixtures/index.json").read_text(encoding="utf-8"))
    folders = {row["file"].split("/")[1] for row in rows}
    assert folders == {*FOLDERS, *READERS, *UNSUPPORTED}
