"""Turns a chunk of a file's records into papers ready for storage: pure work, in a thread or another process."""

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.domain.analysis import PaperTerms, PreparedPaper, prepare
from bot.domain.flat import FlatPaper
from bot.domain.links import find_links
from bot.domain.papers import FoundPaper, NotAPaper, Paper, paper_from
from bot.domain.text import ABSTRACT_LIMIT
from bot.interfaces import Format, Record, RecordError, Rejection

GROUP = 250
"""Papers that are packed together: few enough to be unpacked between two turns of the event loop."""
_DAY_AHEAD, _ISSUE_AHEAD = timedelta(days=7), timedelta(days=366)
"""How far ahead of now a day may be, and an issue's month or year, which is read as its first day: journals date
their issues long before they are out.
"""
_LONGEST_ID_TOLD = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedChunk:
    """What became of some records."""

    read: int
    links: int
    """Papers whose abstract holds a link."""
    rejections: tuple[Rejection, ...]
    left_out: tuple[Rejection, ...]
    """What single values of papers could not be read; the papers are in without them."""
    groups: tuple[bytes, ...]
    """The papers, packed in groups."""


def prepare_chunk(kind: Format, records: Sequence[Record], now: datetime) -> PreparedChunk:
    """Read, normalise and analyse these records."""
    papers: list[PreparedPaper] = []
    rejections: list[Rejection] = []
    left_out: list[Rejection] = []
    links = 0
    for record in records:
        try:
            found, paper = read_paper(kind, record, now=now)
        except (RecordError, NotAPaper) as error:
            rejections.append(Rejection(place=record.place, reason=str(error)))
            continue
        links += bool(paper.links and (not found.comment or find_links(found.abstract[:ABSTRACT_LIMIT])))
        left_out.extend(Rejection(place=record.place, reason=each) for each in _left_out(found, paper))
        papers.append(prepare(paper))
    groups = tuple(packed(papers[start : start + GROUP]) for start in range(0, len(papers), GROUP))
    return PreparedChunk(
        read=len(records),
        links=links,
        rejections=tuple(rejections),
        left_out=tuple(left_out),
        groups=groups,
    )


def read_paper(kind: Format, record: Record, *, now: datetime) -> tuple[FoundPaper, Paper]:
    """What a record says, without dates far in the future, and the paper it is. Raises RecordError or NotAPaper."""
    found = kind.parse(record)
    ahead = [each for each in (found.published_at, found.updated_at) if each and _is_ahead(each, now)]
    if ahead:
        told = dict.fromkeys(f"the date {each:%Y-%m-%d} is in the future" for each in ahead)
        found = replace(
            found,
            published_at=None if found.published_at in ahead else found.published_at,
            updated_at=None if found.updated_at in ahead else found.updated_at,
            left_out=(*found.left_out, *told),
        )
    return found, paper_from(found)


def _is_ahead(moment: datetime, now: datetime) -> bool:
    known = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return known > now + (_ISSUE_AHEAD if known.day == 1 else _DAY_AHEAD)


def _left_out(found: FoundPaper, paper: Paper) -> Iterator[str]:
    yield from found.left_out
    if not paper.ids:
        unread = (each for each in found.ids if "://" not in each)  # a link need not be an id
        yield from (f"the id {each[:_LONGEST_ID_TOLD]!r} is no arXiv id or DOI" for each in unread)


def packed(papers: Sequence[PreparedPaper]) -> bytes:
    """These papers as bytes: plain tuples, for dataclasses take four times as long to pickle themselves."""
    return pickle.dumps([(tuple(each.flat), tuple(each.terms), each.title_key) for each in papers], protocol=5)


def unpacked(group: bytes) -> list[PreparedPaper]:
    """The papers that `packed` made into bytes; only ever given what our own process made."""
    return [
        PreparedPaper(flat=FlatPaper._make(flat), terms=PaperTerms._make(terms), title_key=title_key)
        for flat, terms, title_key in pickle.loads(group)  # noqa: S301
    ]
