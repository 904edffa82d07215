"""BibTeX files, as BibTeX, biber, reference managers, DBLP, arXiv and Crossref write them.

Read without a library: those there are want the whole file at once, and cutting it up safely is most of the work.
"""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from datetime import date, datetime
from typing import BinaryIO

from bot.domain.papers import DateKind, FoundPaper
from bot.interfaces import Record, RecordError
from bot.sources import dates
from bot.sources.formats.bibtex_blocks import BlockCutter
from bot.sources.formats.bibtex_fields import read_block, split_names, without_braces
from bot.sources.formats.pieces import LONGEST_RECORD, decoded, numbered_lines, require_size
from bot.sources.loose_json import web_address
from bot.sources.record_fields import journal_reference, known_ids, unaddressed, undated

MOST_MACROS, LONGEST_MACRO = 2_000, 500

_SIGN = re.compile(rb"^[ \t]*@[ \t]*[A-Za-z]{3,30}[ \t]*[{(][ \t]*[^\s{}()\"]{0,200}[ \t]*[,={\"]", re.MULTILINE)
_KIND = re.compile(rb"@[ \t]*([A-Za-z]{1,30})")
_NAMED = re.compile(rb"[=#]\s*([A-Za-z][^\s=,{}\"#()]{0,100})")
_YEAR = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2}))?(?:-([0-9]{1,2}))?")


class Bibtex:
    """Records are entries; the texts that `@string` names are put before the entries that use them."""

    name = "bibtex"

    def recognises(self, head: bytes) -> bool:
        """Whether a line begins with an entry, in what is no JSON and no XML."""
        return head.removeprefix(BOM_UTF8).lstrip()[:1] not in b"{[<" and _SIGN.search(head) is not None

    def records(self, stream: BinaryIO, *, today: date) -> Iterator[Record]:  # noqa: ARG002  # nothing depends on it
        macros: dict[str, str] = {}
        for block in _blocks(stream):
            kind = _KIND.match(block.raw)
            match kind[1].lower() if kind else b"":
                case b"comment" | b"preamble":
                    pass
                case b"string":
                    _learn(block.raw, macros)
                case _:
                    yield _with_macros(block, macros)

    def parse(self, record: Record) -> FoundPaper:
        require_size(record)
        return _paper(_fields(decoded(record.raw)))


def _blocks(stream: BinaryIO) -> Iterator[Record]:
    cutter = BlockCutter()
    for number, line, begins in numbered_lines(stream):
        yield from cutter.feed(line, number=number, begins=begins)
    yield from cutter.finish()


def _learn(block: bytes, macros: dict[str, str]) -> None:
    """Keep what a `@string` block names, unless it is broken or too much."""
    if len(block) <= LONGEST_RECORD and len(macros) < MOST_MACROS:
        try:
            _, named, _ = read_block(decoded(block), macros=macros)
        except RecordError:
            return
        macros |= {name: value for name, value in named.items() if len(value) <= LONGEST_MACRO}


def _with_macros(entry: Record, macros: dict[str, str]) -> Record:
    """The entry after the macros it uses, so that it can be read alone."""
    names = (
        dict.fromkeys(each.decode("ascii", "replace").lower() for each in _NAMED.findall(entry.raw)) if macros else {}
    )
    used = [f"@string{{{name} = {{{macros[name]}}}}}\n" for name in names if name in macros]
    return Record(place=entry.place, raw="".join(used).encode() + entry.raw)


def _fields(text: str) -> dict[str, str]:
    macros: dict[str, str] = {}
    at = 0
    while True:
        kind, fields, at = read_block(text, macros=macros, at=at)
        if kind != "string":
            return fields
        macros |= fields
        at += 1


def _paper(fields: dict[str, str]) -> FoundPaper:
    if not fields.get("title", "").strip():
        raise RecordError("no title")
    published_at, published_kind = _published(fields)
    journal = without_braces(fields.get("journal") or fields.get("journaltitle") or fields.get("booktitle") or "")
    kind = fields.get("primaryclass") or fields.get("eprintclass")
    return FoundPaper(
        title=without_braces(fields["title"]),
        abstract=without_braces(fields.get("abstract", "")),
        authors=tuple(map(without_braces, split_names(fields.get("author", "")))),
        categories=(kind,) if kind else (),
        ids=known_ids(*(fields.get(key) for key in ("doi", "eprint", "url", "number", "note")), journal),
        published_at=published_at,
        published_kind=published_kind,
        comment=fields.get("note"),
        journal_ref=journal_reference(
            journal,
            volume=fields.get("volume", ""),
            issue=fields.get("number", "") or fields.get("issue", ""),
            pages=fields.get("pages", "").replace("--", "–"),
            published_at=published_at,
        ),
        page_url=web_address(fields.get("url")),
        source=Bibtex.name,
        left_out=tuple(_left_out(fields)),
    )


def _left_out(fields: dict[str, str]) -> Iterator[str]:
    """What cannot be read, whether or not another field says the same."""
    year = _YEAR.findall(fields.get("year", ""))[:1]
    if written := fields.get("date", "").strip():
        found = _DATE.match(written)
        yield from undated("date", found.groups() if found else ())
    if fields.get("year", "").strip():
        yield from undated("year", year)
    if year and not dates.is_whole(year[0], fields.get("month")):
        yield "month cannot be read"
    elif year and not dates.is_whole(year[0], fields.get("month"), fields.get("day")):
        yield "day cannot be read"
    yield from unaddressed("url", fields.get("url"))


def _published(fields: dict[str, str]) -> tuple[datetime | None, DateKind]:
    """From biblatex' `date`, else from year, month and day."""
    written = _DATE.match(fields.get("date", "").strip())
    if written:
        return dates.publication_date(*written.groups())
    year = _YEAR.search(fields.get("year", ""))
    return dates.publication_date(year[0] if year else None, fields.get("month"), fields.get("day"))
