"""RIS files, as EndNote, Zotero, publishers and databases write them: two letters, two blanks, a dash, a value."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import BinaryIO

from bot.domain.authors import names_in
from bot.domain.papers import DateKind, FoundPaper
from bot.interfaces import Record, RecordError
from bot.sources import dates
from bot.sources.formats.pieces import Gathering, decoded, numbered_lines, require_size
from bot.sources.loose_json import web_address
from bot.sources.record_fields import journal_reference, known_ids, unaddressed, undated

_FIRST = re.compile(rb"[ \t]*TY {0,2}- ?")
_LAST = re.compile(rb"[ \t]*ER {0,2}-")
_FIELD = re.compile(r"[ \t]*([A-Z][A-Z0-9])(?:  -| -(?= |$))(.*)")
_DATES = ("DA", "PY", "Y1")
_DATE = re.compile(r"([0-9]{4})(?:[/-]([0-9]{0,2}))?(?:[/-]([0-9]{0,2}))?")
_BEGIN = re.compile(rb"(?:\xef\xbb\xbf)?(?:[^\n]{0,200}\n){0,20}?[ \t]*TY {1,2}- ?[A-Z]{2,8}")


class Ris:
    """Records go from `TY  -` to `ER  -`; one that has no end goes as far as the next."""

    name = "ris"

    def recognises(self, head: bytes) -> bool:
        """Whether one of the first lines begins a record."""
        return _BEGIN.match(head) is not None

    def records(self, stream: BinaryIO, *, today: date) -> Iterator[Record]:  # noqa: ARG002  # nothing depends on it
        record: Gathering | None = None
        for number, line, begins in numbered_lines(stream):
            if begins and _FIRST.match(line):
                if record:
                    yield record.record()
                record = Gathering(place=f"line {number}")
            if record:
                record.add(line)
                if begins and _LAST.match(line):
                    yield record.record()
                    record = None
        if record:
            yield record.record()

    def parse(self, record: Record) -> FoundPaper:
        require_size(record)
        return _paper(_fields(decoded(record.raw)))


def _fields(text: str) -> dict[str, list[str]]:
    """Each tag's values in order; a line without a tag goes on with the value before it."""
    values: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        tagged = _FIELD.match(line)
        if tagged:
            values.append((tagged[1], [tagged[2].strip()]))
        elif values and line.strip():
            values[-1][1].append(line.strip())
    fields: dict[str, list[str]] = {}
    for tag, lines in values:
        fields.setdefault(tag, []).append(" ".join(lines))
    return fields


def _paper(fields: dict[str, list[str]]) -> FoundPaper:
    title = _first(fields, "TI", "T1", "CT", "BT")
    if not title:
        raise RecordError("no title")
    published_at, published_kind = _published(fields)
    journal, url = _first(fields, "T2", "JF", "JO", "JA", "J2"), _first(fields, "UR")
    return FoundPaper(
        title=title,
        abstract=_first(fields, "AB", "N2"),
        authors=tuple(name for tag in ("AU", "A1") for each in fields.get(tag, []) for name in _names(each)),
        ids=known_ids(*(value for tag in ("DO", "UR", "AN", "M1", "N1") for value in fields.get(tag, [])), journal),
        published_at=published_at,
        published_kind=published_kind,
        journal_ref=journal_reference(
            journal,
            volume=_first(fields, "VL"),
            issue=_first(fields, "IS"),
            pages="–".join(filter(None, (_first(fields, "SP"), _first(fields, "EP")))),
            published_at=published_at,
        ),
        page_url=web_address(url),
        source=Ris.name,
        left_out=tuple(_left_out(fields)),
    )


def _names(author: str) -> tuple[str, ...]:
    """One name, family name first; some write several into one line, with semicolons."""
    return names_in(author) if ";" in author else (author,) if author else ()


def _left_out(fields: dict[str, list[str]]) -> Iterator[str]:
    for tag in _DATES:
        if written := _first(fields, tag):
            found = _DATE.match(written)
            yield from undated(tag, found.groups() if found else ())
    yield from unaddressed("UR", _first(fields, "UR"))


def _first(fields: dict[str, list[str]], *tags: str) -> str:
    """The first value that says something, of the first tag that has one."""
    return next((value for tag in tags for value in fields.get(tag, []) if value), "")


def _published(fields: dict[str, list[str]]) -> tuple[datetime | None, DateKind]:
    """The most exact of the dates, which are written `2017/06/12/`, with empty parts where nothing is known."""
    best: tuple[datetime | None, DateKind] = (None, DateKind.UNKNOWN)
    for tag in _DATES:
        written = _DATE.match(_first(fields, tag))
        found = dates.publication_date(*written.groups()) if written else best
        if best[0] is None or found[1] > best[1]:
            best = found
    return best
