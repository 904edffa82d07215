"""Crossref: what is known of a paper under its DOI. Looks papers up, one at a time; it has no news to bring.

Its facts are from api.crossref.org and from recorded answers.
"""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar
from urllib.parse import quote

from bot.domain.papers import FoundPaper
from bot.interfaces import Batch, Http, RecordError, SourceError, SourceTrouble
from bot.sources.csl_items import read_item
from bot.sources.loose_json import Row, malformed, mapping, read_json, sequence, sift, text

_NO_WORKS = {
    "funder": "funders",
    "journal": "journals",
    "license": "licences",
    "member": "members",
    "prefix": "DOI prefixes",
    "type": "kinds of works",
    "work-agency": "registration agencies",
}
"""What the other routes of the API answer with, by `message-type`, and how people call it."""

_NO_PAPERS = {
    "book-series": "series of books",
    "book-set": "set of books",
    "component": "part of a paper",
    "database": "database",
    "dataset": "data set",
    "grant": "grant",
    "journal": "journal",
    "journal-issue": "journal issue",
    "journal-volume": "journal volume",
    "peer-review": "review of a paper",
    "proceedings": "volume of proceedings",
    "proceedings-series": "series of proceedings",
    "report-component": "part of a report",
    "report-series": "series of reports",
    "standard-series": "series of standards",
}
"""The kinds of works (api.crossref.org/types) that are no papers."""

_HEADING = re.compile(r"\s*<jats:title>\s*abstract\s*</jats:title>\s*", re.IGNORECASE)


class Crossref:
    """Fills in what other sources lack."""

    kind: ClassVar[str] = "crossref"
    host_family: ClassVar[str] = "crossref"
    scheme: ClassVar[str] = "doi"
    at_once: ClassVar[int] = 1

    def __init__(self, *, base_url: str = "https://api.crossref.org") -> None:
        self._base = base_url.rstrip("/")

    async def look_up(self, values: Sequence[str], http: Http) -> Sequence[FoundPaper]:
        """The papers with these DOIs, those left out that Crossref has not. Raises SourceError."""
        return [paper for doi in values for paper in await self._papers_of(doi, http)]

    async def _papers_of(self, doi: str, http: Http) -> Sequence[FoundPaper]:
        try:
            answer = await http.get(
                f"{self._base}/works/{quote(doi, safe='', errors='replace')}", family=self.host_family
            )
        except SourceError as error:
            if error.reason is SourceTrouble.NOT_FOUND:
                return ()
            raise
        return (await asyncio.to_thread(parse, answer.body)).found[:1]


def parse(body: bytes) -> Batch:
    """Read one work, or a list of works. Raises SourceError when the answer holds something else."""
    answer = mapping(read_json(body, who="Crossref"))
    kind, message = text(answer.get("message-type")), mapping(answer.get("message"))
    if kind == "work":
        return sift([message], _work)
    if kind == "work-list" and isinstance(message.get("items"), list):
        return sift(sequence(message.get("items")), _work)
    if kind in {"validation-failure", "resource-failure"}:
        raise malformed("Crossref did not understand the question.")
    what = _NO_WORKS.get(kind.removesuffix("-list"), "something else")
    raise malformed(f"Crossref answered with {what}, not with papers.")


def _work(row: Row) -> FoundPaper:
    kind = text(row.get("type"))
    if kind in _NO_PAPERS:
        raise RecordError(f"a {_NO_PAPERS[kind]}, not a paper")
    paper = read_item(row, source="crossref")
    return replace(paper, abstract=_HEADING.sub("", paper.abstract, count=1))
