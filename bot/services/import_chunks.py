"""Turns a chunk of a file's records into papers ready for storage: pure work, in a thread or another process."""

import pickle
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.analysis import PaperTerms, PreparedPaper, prepare
from bot.domain.flat import FlatPaper
from bot.domain.links import find_links
from bot.domain.papers import NotAPaper, paper_from
from bot.domain.text import ABSTRACT_LIMIT
from bot.interfaces import Format, Record, RecordError, Rejection

GROUP = 250
"""Papers that are packed together: few enough to be unpacked between two turns of the event loop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedChunk:
    """What became of some records."""

    read: int
    links: int
    """Papers whose abstract holds a link."""
    unread_ids: int
    """Papers that came with an id, and not with one that can be read."""
    rejections: tuple[Rejection, ...]
    left_out: tuple[Rejection, ...]
    """What single values of papers could not be read; the papers are in without them."""
    groups: tuple[bytes, ...]
    """The papers, packed in groups."""


def prepare_chunk(kind: Format, records: Sequence[Record]) -> PreparedChunk:
    """Read, normalise and analyse these records."""
    papers: list[PreparedPaper] = []
    rejections: list[Rejection] = []
    left_out: list[Rejection] = []
    links = unread_ids = 0
    for record in records:
        try:
            found = kind.parse(record)
            paper = paper_from(found)
        except (RecordError, NotAPaper) as error:
            rejections.append(Rejection(place=record.place, reason=str(error)))
            continue
        links += bool(paper.links and (not found.comment or find_links(found.abstract[:ABSTRACT_LIMIT])))
        unread_ids += not paper.ids and any("://" not in each for each in found.ids)  # a link need not be an id
        left_out.extend(Rejection(place=record.place, reason=each) for each in found.left_out)
        papers.append(prepare(paper))
    groups = tuple(packed(papers[start : start + GROUP]) for start in range(0, len(papers), GROUP))
    return PreparedChunk(
        read=len(records),
        links=links,
        unread_ids=unread_ids,
        rejections=tuple(rejections),
        left_out=tuple(left_out),
        groups=groups,
    )


def packed(papers: Sequence[PreparedPaper]) -> bytes:
    """These papers as bytes: plain tuples, for dataclasses take four times as long to pickle themselves."""
    return pickle.dumps([(tuple(each.flat), tuple(each.terms), each.title_key) for each in papers], protocol=5)


def unpacked(group: bytes) -> list[PreparedPaper]:
    """The papers that `packed` made into bytes; only ever given what our own process made."""
    return [
        PreparedPaper(flat=FlatPaper._make(flat), terms=PaperTerms._make(terms), title_key=title_key)
        for flat, terms, title_key in pickle.loads(group)  # noqa: S301
    ]
