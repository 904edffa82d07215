"""Papers as JSON, one object a line, with the names our own fields have. It knows no other shape of JSON."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import BinaryIO

from bot.domain.authors import names_in
from bot.domain.papers import HIGHEST_VERSION, MOST_UPVOTES, DateKind, FoundPaper
from bot.interfaces import Record
from bot.sources import dates
from bot.sources.arxiv_records import is_withdrawn
from bot.sources.formats.fields import Fields, fields_of, moment_of, number_of, text_of, texts_of, title_of
from bot.sources.formats.lines import lines_as_records
from bot.sources.record_fields import unaddressed, undated

_OBJECT = re.compile(rb"^\s*\{", re.MULTILINE)
_IN_PART = re.compile(r"([0-9]{4})(?:-([0-9]{1,2}))?")
_KINDS = {
    "submitted": DateKind.SUBMITTED,
    "announced": DateKind.ANNOUNCED,
    "id_month": DateKind.MONTH,
    "month": DateKind.MONTH,
    "listed": DateKind.LISTED,
}


class Jsonl:
    """`id`, `title`, `abstract`, `authors`, `categories` (the primary one first), `published`, `published_kind`
    (submitted, announced, id_month or listed), `updated`, `version`, `doi`, `comment`, `journal_ref`, `url`, `pdf_url`,
    `code_url`, `source`, `upvotes`, `withdrawn`. Only `title` must be there; `published` may be a month or a
    year.
    """

    name = "jsonl"

    def recognises(self, head: bytes) -> bool:
        return b'"title"' in head and _OBJECT.search(head) is not None

    def records(self, stream: BinaryIO, *, today: date) -> Iterator[Record]:  # noqa: ARG002 (no date lacks its year)
        return lines_as_records(stream)

    def parse(self, record: Record) -> FoundPaper:
        fields = fields_of(record)
        abstract, comment = text_of(fields, "abstract") or "", text_of(fields, "comment")
        published_at, published_kind = _published(fields)
        return FoundPaper(
            title=title_of(fields),
            abstract=abstract,
            authors=_authors(fields),
            categories=texts_of(fields, "categories"),
            ids=tuple(filter(None, (text_of(fields, each) for each in ("id", "doi", "url")))),
            published_at=published_at,
            published_kind=published_kind,
            updated_at=moment_of(fields, "updated"),
            version=number_of(fields, "version", least=1, most=HIGHEST_VERSION),
            comment=comment,
            journal_ref=text_of(fields, "journal_ref"),
            page_url=_address(fields, "url"),
            pdf_url=_address(fields, "pdf_url"),
            code_url=_address(fields, "code_url"),
            source=text_of(fields, "source") or "",
            upvotes=number_of(fields, "upvotes", least=0, most=MOST_UPVOTES),
            withdrawn=_says_withdrawn(fields) or is_withdrawn(abstract, comment or ""),
            left_out=tuple(fields.left_out),
        )


def _authors(fields: Fields) -> tuple[str, ...]:
    value = fields.get("authors")
    return names_in(value) if isinstance(value, str) else texts_of(fields, "authors")


def _address(fields: Fields, name: str) -> str | None:
    value = text_of(fields, name)
    fields.left_out.extend(unaddressed(name, value))
    return value


def _published(fields: Fields) -> tuple[datetime | None, DateKind]:
    """A day or time of the kind that is said, else a month or a year, which is also read as a number."""
    kind, value = _kind(fields), fields.get("published")
    is_number = isinstance(value, int) and not isinstance(value, bool)
    written = _IN_PART.fullmatch(str(value).strip()) if is_number or isinstance(value, str) else None
    if written is None:
        return moment_of(fields, "published"), kind
    fields.left_out.extend(undated("published", written.groups()))
    return dates.publication_date(*written.groups())


def _kind(fields: Fields) -> DateKind:
    kind = _KINDS.get(text_of(fields, "published_kind") or "")
    if kind is None and isinstance(fields.get("published_kind"), str):
        fields.leave_out("published_kind", f"is none of {', '.join(_KINDS)}")
    return DateKind.UNKNOWN if kind is None else kind


def _says_withdrawn(fields: Fields) -> bool:
    value = fields.get("withdrawn")
    if not isinstance(value, bool):
        fields.leave_out("withdrawn", "is neither true nor false")
    return value is True
