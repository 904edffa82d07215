"""OpenAlex: what is known of a paper under its DOI. Looks papers up, one at a time; it has no news to bring.

Its facts are from developers.openalex.org and from recorded answers.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar
from urllib.parse import quote

from bot.domain.papers import DateKind, FoundPaper
from bot.interfaces import Batch, Http, RecordError, SourceError, SourceTrouble
from bot.sources import dates
from bot.sources.loose_json import Row, malformed, mapping, read_json, sequence, sift, text, web_address
from bot.sources.record_fields import journal_reference, known_ids

MOST_WORDS = 5_000
"""The longest abstract that is put together from its index."""


class OpenAlex:
    """Fills in what other sources lack: above all abstracts, and the arXiv ids of papers known by DOI."""

    kind: ClassVar[str] = "openalex"
    host_family: ClassVar[str] = "openalex"
    scheme: ClassVar[str] = "doi"
    at_once: ClassVar[int] = 1

    def __init__(self, *, base_url: str = "https://api.openalex.org", api_key: str = "") -> None:
        self._base = base_url.rstrip("/")
        self._params = {"api_key": api_key} if api_key else None

    async def look_up(self, values: Sequence[str], http: Http) -> Sequence[FoundPaper]:
        """The papers with these DOIs, those left out that OpenAlex has not. Raises SourceError."""
        return [paper for doi in values for paper in await self._papers_of(doi, http)]

    async def _papers_of(self, doi: str, http: Http) -> Sequence[FoundPaper]:
        url = f"{self._base}/works/doi:{quote(doi, safe='', errors='replace')}"
        try:
            answer = await http.get(url, family=self.host_family, params=self._params)
        except SourceError as error:
            if error.reason is SourceTrouble.NOT_FOUND:
                return ()
            raise
        return (await asyncio.to_thread(parse, answer.body)).found[:1]


def parse(body: bytes) -> Batch:
    """Read one work, or a list of works. Raises SourceError when the answer holds something else."""
    answer = mapping(read_json(body, who="OpenAlex"))
    if isinstance(answer.get("results"), list):
        return sift(sequence(answer.get("results")), _work)
    if "doi" in answer:
        return sift([answer], _work)
    raise malformed("OpenAlex did not answer with papers.")


def _work(row: Row) -> FoundPaper:
    title = text(row.get("title")) or text(row.get("display_name"))
    if not title:
        raise RecordError("no title")
    place = mapping(row.get("primary_location"))
    published_at, published_kind = _published(row)
    return FoundPaper(
        title=title,
        abstract=_abstract(mapping(row.get("abstract_inverted_index"))),
        authors=tuple(name for each in sequence(row.get("authorships")) if (name := _author(mapping(each)))),
        ids=known_ids(row.get("doi"), *_arxiv_pages(row)),
        published_at=published_at,
        published_kind=published_kind,
        journal_ref=_journal_ref(row, published_at),
        page_url=web_address(place.get("landing_page_url")),
        pdf_url=web_address(mapping(row.get("best_oa_location")).get("pdf_url")),
        source="openalex",
        withdrawn=row.get("is_retracted") is True,
    )


def _author(authorship: Row) -> str:
    return text(mapping(authorship.get("author")).get("display_name")) or text(authorship.get("raw_author_name"))


def _arxiv_pages(row: Row) -> list[str]:
    """The arXiv pages among the places where the paper lies."""
    pages = [text(mapping(each).get("landing_page_url")) for each in sequence(row.get("locations"))]
    return [page for page in pages if "//arxiv.org/abs/" in page]


def _abstract(index: Row) -> str:
    """The text whose words this index lists, each with its places, counted from 0."""
    placed = [
        (place, word)
        for word, places in index.items()
        for place in sequence(places)[:MOST_WORDS]
        if isinstance(place, int)
    ]
    return " ".join(word for _, word in sorted(placed)[:MOST_WORDS])


def _published(row: Row) -> tuple[datetime | None, DateKind]:
    """The publication date; the first of a month or year stands for all of it, as recorded answers show."""
    date = dates.day(row.get("publication_date"))
    if date is None:
        return dates.publication_date(row.get("publication_year"))
    month = date.month if (date.month, date.day) != (1, 1) else None
    return dates.publication_date(date.year, month, date.day if date.day > 1 else None)


def _journal_ref(row: Row, published_at: datetime | None) -> str | None:
    """Where the paper appeared; a repository, which keeps preprints and copies, is no journal."""
    source = mapping(mapping(row.get("primary_location")).get("source"))
    numbers = mapping(row.get("biblio"))
    pages = [text(numbers.get("first_page")), text(numbers.get("last_page"))]
    return journal_reference(
        text(source.get("display_name")) if source.get("type") != "repository" else "",
        volume=text(numbers.get("volume")),
        issue=text(numbers.get("issue")),
        pages="–".join(dict.fromkeys(filter(None, pages))),
        published_at=published_at,
    )
