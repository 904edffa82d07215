"""A paper as plain texts and numbers: how it crosses from process to process and fills a row. Knows no database."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from bot.domain.identifiers import ExternalId
from bot.domain.papers import Author, DateKind, Paper

NOTHING = "[]"
"""An empty list, as every list is written that has no members."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_decoded = json.JSONDecoder().raw_decode
"""Without the looks at kinds and blanks that take `json.loads` longer than such a short list."""
_tuple = tuple.__new__
"""Of a named tuple: its own constructor takes three times longer, and a page of papers makes hundreds."""


class FlatPaper(NamedTuple):
    """A `Paper`, field by field: lists are JSON, times are microseconds since 1970 in UTC, the long texts stand last.

    A tuple, and no dataclass: it is made and written a hundred million times, and rows are tuples already.
    """

    title: str
    authors: str
    """Pairs of family and given name."""
    categories: str
    ids: str
    """Pairs of scheme and value."""
    sources: str
    links: str
    published_at: int | None
    published_kind: int
    updated_at: int | None
    version: int | None
    upvotes: int | None
    page_url: str | None
    pdf_url: str | None
    code_url: str | None
    journal_ref: str | None
    comment: str | None
    withdrawn: int
    """1 where it is."""
    abstract: str

    def external_ids(self) -> tuple[ExternalId, ...]:
        """The paper's ids alone, without unfolding the rest."""
        return ids_of(self.ids)

    @property
    def is_at_arxiv(self) -> bool:
        """Whether it has an arXiv id, which comes first of all."""
        return self.ids.startswith('[["arxiv"')


def flat(paper: Paper) -> FlatPaper:
    """This paper as plain texts and numbers; `unfolded` gives it back, but for the character NUL, which a PostgreSQL
    database cannot keep and no text needs."""
    return FlatPaper(
        _without_nul(paper.title),
        _written(paper.authors),
        _written_often(paper.categories),
        _written(paper.ids),
        _written_often(paper.sources),
        _written(paper.links),
        None if paper.published_at is None else instant(paper.published_at),
        int(paper.published_kind),
        None if paper.updated_at is None else instant(paper.updated_at),
        paper.version,
        paper.upvotes,
        paper.page_url and _without_nul(paper.page_url),
        paper.pdf_url and _without_nul(paper.pdf_url),
        paper.code_url and _without_nul(paper.code_url),
        paper.journal_ref and _without_nul(paper.journal_ref),
        paper.comment and _without_nul(paper.comment),
        int(paper.withdrawn),
        _without_nul(paper.abstract),
    )


def _without_nul(text: str) -> str:
    return text.replace("\0", "") if "\0" in text else text


def unfolded(flat_paper: FlatPaper) -> Paper:
    """The paper that `flat` wrote down."""
    return Paper(
        title=flat_paper.title,
        abstract=flat_paper.abstract,
        authors=authors_of(flat_paper.authors),
        categories=_read_often(flat_paper.categories),
        ids=flat_paper.external_ids(),
        published_at=None if flat_paper.published_at is None else moment(flat_paper.published_at),
        published_kind=DateKind(flat_paper.published_kind),
        updated_at=None if flat_paper.updated_at is None else moment(flat_paper.updated_at),
        version=flat_paper.version,
        comment=flat_paper.comment,
        journal_ref=flat_paper.journal_ref,
        page_url=flat_paper.page_url,
        pdf_url=flat_paper.pdf_url,
        code_url=flat_paper.code_url,
        links=tuple(_read(flat_paper.links)),
        sources=_read_often(flat_paper.sources),
        upvotes=flat_paper.upvotes,
        withdrawn=bool(flat_paper.withdrawn),
    )


def authors_of(written: str) -> tuple[Author, ...]:
    """The people that the field `authors` of a flat paper names."""
    return tuple([_tuple(Author, (family, given)) for family, given in _read(written)])


def list_of(written: str) -> list[str]:
    """The texts that the field `categories` or `sources` of a flat paper holds."""
    return [*_read(written)]


def ids_of(written: str) -> tuple[ExternalId, ...]:
    """The ids that the field `ids` of a flat paper names."""
    return tuple([_tuple(ExternalId, (scheme, value)) for scheme, value in _read(written)])


def instant(moment: datetime) -> int:
    """Microseconds from 1970 to this aware time."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(instant: int) -> datetime:
    """The time, in UTC, so many microseconds after 1970."""
    return _EPOCH + instant * _MICROSECOND


def day_start(day: date) -> int:
    """Microseconds from 1970 to the first moment of a day in UTC."""
    return (day - _EPOCH.date()) // _MICROSECOND


def _written(items: Sequence[Any]) -> str:
    return _json(items) if items else NOTHING


_written_often = lru_cache(maxsize=1 << 10)(_written)
"""For lists that many papers share."""


def _read(written: str) -> list[Any]:
    items: list[Any] = [] if written == NOTHING else _decoded(written)[0]
    return items


@lru_cache(maxsize=1 << 12)
def _read_often(written: str) -> tuple[str, ...]:
    """A list that many papers share."""
    return tuple(_read(written))
