"""arXiv's public metadata snapshot (`arxiv-metadata-oai-snapshot.json`), one JSON object a line; no other arXiv answer.

Its fields: https://www.kaggle.com/datasets/Cornell-University/arxiv
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any, BinaryIO

from bot.domain.papers import DateKind, FoundPaper
from bot.interfaces import Record
from bot.sources.arxiv_records import is_withdrawn
from bot.sources.formats.fields import Fields, fields_of, moment_of, text_of, texts_of, title_of
from bot.sources.formats.lines import lines_as_records

_BETWEEN_NAMES = re.compile(r"\s*(?:,\s*and\s|\sand\s|;|,)\s*")


class ArxivSnapshot:
    """`id`, `title`, `abstract`, `authors` as one text, `authors_parsed`, `categories` as one text, `versions`, `doi`,
    `comments`, `journal-ref`, `update_date`.
    """

    name = "arxiv-snapshot"

    def recognises(self, head: bytes) -> bool:
        return b'"authors_parsed"' in head and head.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{")

    def records(self, stream: BinaryIO, *, today: date) -> Iterator[Record]:  # noqa: ARG002 (no date lacks its year)
        return lines_as_records(stream)

    def parse(self, record: Record) -> FoundPaper:
        fields = fields_of(record)
        versions = _versions(fields)
        updated_at = versions[max(versions)] if versions else None
        abstract, comment = text_of(fields, "abstract") or "", text_of(fields, "comments")
        return FoundPaper(
            title=title_of(fields),
            abstract=abstract,
            authors=_authors(fields),
            categories=tuple(" ".join(texts_of(fields, "categories")).split()),
            ids=tuple(filter(None, (text_of(fields, "id"), text_of(fields, "doi")))),
            published_at=versions[min(versions)] if versions else None,
            published_kind=DateKind.SUBMITTED if versions and versions[min(versions)] else DateKind.UNKNOWN,
            updated_at=updated_at or moment_of(fields, "update_date"),
            version=max(versions, default=None),
            comment=comment,
            journal_ref=text_of(fields, "journal-ref"),
            source="arxiv",
            withdrawn=is_withdrawn(abstract, comment or ""),
            left_out=tuple(fields.left_out),
        )


def _versions(fields: Fields) -> dict[int, datetime | None]:
    """When each version came, by its number."""
    found: dict[int, datetime | None] = {}
    versions = fields.get("versions")
    for each in versions if isinstance(versions, list) else []:
        name = each.get("version") if isinstance(each, dict) else None
        number = re.fullmatch(r"v([1-9][0-9]{0,2})", name) if isinstance(name, str) else None
        if number:
            found[int(number[1])] = _moment(each.get("created"))
    if None in found.values():
        fields.leave_out("versions", "has one whose day cannot be read")
    return found


def _moment(value: Any) -> datetime | None:
    """A date as mail writes it (RFC 2822)."""
    if not isinstance(value, str):
        return None
    try:
        moment = parsedate_to_datetime(value[:64])
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _authors(fields: Fields) -> tuple[str, ...]:
    parsed = fields.get("authors_parsed")
    if isinstance(parsed, list) and parsed:
        lists = (each for each in parsed if isinstance(each, list))
        names = (", ".join(part for part in each[:3] if isinstance(part, str) and part) for each in lists)
        return tuple(filter(None, names))
    return tuple(filter(None, _BETWEEN_NAMES.split(text_of(fields, "authors") or "")))
