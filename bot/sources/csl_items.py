"""Reads citation items in the shape of CSL-JSON, which Crossref's works share. Refuses what has no title."""

import re
from collections.abc import Iterator
from datetime import datetime

from bot.domain.authors import names_in
from bot.domain.papers import DateKind, FoundPaper
from bot.interfaces import RecordError
from bot.sources import dates
from bot.sources.loose_json import Row, first_text, mapping, sequence, text, web_address
from bot.sources.record_fields import journal_reference, known_ids, unaddressed, undated

_DATES = ("published", "posted", "published-online", "published-print", "issued")
_TEXTS = ("abstract", "DOI", "URL", "note")
_TEXTS_OR_NUMBERS = ("volume", "issue", "page", "number")
_TEXTS_OR_LISTS = ("container-title", "subtitle")
_NOTHING: tuple[object, ...] = (None, "", [], [""], {})
"""How files say that there is none."""
_WRITTEN_DATE = re.compile(r"([0-9]{4})(?:[-/]([0-9]{1,2}))?(?:[-/]([0-9]{1,2}))?(?![0-9])")
_TAKEN_BACK = frozenset({"retraction", "withdrawal", "removal"})


def read_item(row: Row, *, source: str) -> FoundPaper:
    """The paper an item describes. Raises RecordError when it has no title, or one that is not text."""
    title = _title(row.get("title"))
    subtitle = first_text(row.get("subtitle"))
    journal = first_text(row.get("container-title"))
    published_at, published_kind = _published(row)
    return FoundPaper(
        title=f"{title}: {subtitle}" if subtitle and subtitle not in title else title,
        abstract=_text(row.get("abstract")),
        authors=_authors(row.get("author")),
        ids=known_ids(*(row.get(key) for key in ("DOI", "number", "URL", "note")), journal),
        published_at=published_at,
        published_kind=published_kind,
        journal_ref=journal_reference(
            journal,
            volume=text(row.get("volume")),
            issue=text(row.get("issue")),
            pages=text(row.get("page")),
            published_at=published_at,
        ),
        page_url=web_address(row.get("URL")),
        source=source,
        left_out=tuple(_left_out(row)),
        withdrawn=_is_withdrawn(row),
    )


def _title(value: object) -> str:
    """The text or, as Crossref has it, the first of a list. Raises RecordError where there is none."""
    first = value[0] if isinstance(value, list) and value else value
    title = _text(first)
    if not title:
        raise RecordError("no title" if first in (None, "", []) or isinstance(first, str) else "the title is not text")
    return title


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _left_out(row: Row) -> Iterator[str]:
    unread = [each for each in _TEXTS if not isinstance(row.get(each), str)]
    unread += [each for each in _TEXTS_OR_NUMBERS if not isinstance(row.get(each), str | int | float)]
    unread += [each for each in _TEXTS_OR_LISTS if not first_text(row.get(each))]
    yield from (f"{each} is not text" for each in unread if row.get(each) not in _NOTHING)
    people = row.get("author")
    if people not in _NOTHING and not isinstance(people, str) and not _are_named(people):
        yield "author is not a list of names"
    for each in _DATES:
        parts = _date_parts(row.get(each))
        if row.get(each) and parts != [None]:  # how Crossref says that it knows none
            yield from undated(each, parts)
    yield from unaddressed("URL", _text(row.get("URL")))


def _are_named(people: object) -> bool:
    return isinstance(people, list) and all(_author(mapping(each)) for each in people)


def _authors(value: object) -> tuple[str, ...]:
    """Those of a list, or of one text, which CSL does not know and some write."""
    if isinstance(value, str):
        return names_in(value)
    return tuple(name for each in sequence(value) if (name := _author(mapping(each))))


def _author(name: Row) -> str:
    """`Lovelace, Ada` or `King, Martin Luther, Jr.`, or the name of a group; empty where there is none."""
    family, given = _text(name.get("family")), _text(name.get("given"))
    if not family:
        return given or _text(name.get("literal")) or _text(name.get("name"))
    particle = _text(name.get("non-dropping-particle"))
    return ", ".join(filter(None, [f"{particle} {family}".strip(), given, _text(name.get("suffix"))]))


def _published(row: Row) -> tuple[datetime | None, DateKind]:
    """The first date that can be read; Crossref's `published` is the earlier of print and online."""
    for each in _DATES:
        parts = _date_parts(row.get(each))
        published_at, kind = dates.publication_date(*parts) if parts else (None, DateKind.UNKNOWN)
        if published_at:
            return published_at, kind
    return None, DateKind.UNKNOWN


def _date_parts(value: object) -> list[object]:
    """Year, month and day, as far as given: as parts, or written out as `2024-05-06`."""
    fields = mapping(value)
    parts = sequence(fields.get("date-parts"))
    if parts:
        return sequence(parts[0])[:3]
    written = _WRITTEN_DATE.match(text(value) or text(fields.get("raw")) or text(fields.get("literal")))
    return list(written.groups()) if written else []


def _is_withdrawn(row: Row) -> bool:
    """Whether Crossref knows of a notice that takes the paper back (crossref.org/documentation/crossmark)."""
    notices = {text(mapping(each).get("type")) for each in sequence(row.get("updated-by"))}
    return not notices.isdisjoint(_TAKEN_BACK)
