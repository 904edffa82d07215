"""Turns a chunk of a file's records into papers ready for storage: pure work, in a thread or another process."""

import io
import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, cast

from bot.domain.analysis import PaperTerms, PreparedPaper, prepare
from bot.domain.links import find_links
from bot.domain.papers import Author, DateKind, ExternalId, NotAPaper, Paper, paper_from
from bot.domain.text import ABSTRACT_LIMIT
from bot.interfaces import Format, Record, RecordError, Rejection

GROUP = 250
"""Papers that are packed together: few enough to be unpacked between two turns of the event loop."""
_AUTHORS_PER_PAPER = 20
"""Authors that are as much work as one more paper: some papers have thousands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedChunk:
    """What became of some records."""

    read: int
    links: int
    """Papers whose abstract holds a link."""
    rejections: tuple[Rejection, ...]
    groups: tuple[bytes, ...]
    """The papers, packed in groups."""


def prepare_chunk(kind: Format, records: Sequence[Record]) -> PreparedChunk:
    """Read, normalise and analyse these records."""
    papers: list[PreparedPaper] = []
    rejections: list[Rejection] = []
    links = 0
    for record in records:
        try:
            found = kind.parse(record)
            paper = paper_from(found)
        except (RecordError, NotAPaper) as error:
            rejections.append(Rejection(place=record.place, reason=str(error)))
            continue
        links += bool(paper.links and (not found.comment or find_links(found.abstract[:ABSTRACT_LIMIT])))
        papers.append(prepare(paper))
    groups = tuple(map(packed, _groups(papers)))
    return PreparedChunk(read=len(records), links=links, rejections=tuple(rejections), groups=groups)


def _groups(papers: Sequence[PreparedPaper]) -> Iterator[list[PreparedPaper]]:
    group: list[PreparedPaper] = []
    work = 0
    for each in papers:
        group.append(each)
        work += 1 + len(each.paper.authors) // _AUTHORS_PER_PAPER
        if work >= GROUP:
            yield group
            group, work = [], 0
    if group:
        yield group


def packed(papers: Sequence[PreparedPaper]) -> bytes:
    """These papers as bytes, in half the time that dataclasses take to pickle themselves."""
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, protocol=5)
    pickler.dispatch_table = _REDUCERS
    pickler.dump(list(papers))
    return buffer.getvalue()


def unpacked(group: bytes) -> list[PreparedPaper]:
    """The papers that `packed` made into bytes; only ever given what our own process made."""
    papers: list[PreparedPaper] = pickle.loads(group)  # noqa: S301
    return papers


def _rebuilt(kind: type[Any], *values: Any) -> Any:
    made = object.__new__(kind)
    for name, value in zip(kind.__slots__, values, strict=True):
        object.__setattr__(made, name, value)
    return made


def _reduced(value: Any) -> tuple[Any, ...]:
    kind = type(value)
    return _rebuilt, (kind, *_VALUES[kind](value))


def _rebuilt_paper(authors: list[tuple[str, str]], *values: Any) -> Paper:
    people = [_rebuilt(Author, *each) for each in authors]
    return cast(Paper, _rebuilt(Paper, *values[:_AUTHORS], tuple(people), *values[_AUTHORS:]))


def _reduced_paper(paper: Paper) -> tuple[Any, ...]:
    """Authors are most of what a paper consists of: they travel as plain tuples."""
    values = _VALUES[Paper](paper)
    people = [(each.family, each.given) for each in paper.authors]
    return _rebuilt_paper, (people, *values[:_AUTHORS], *values[_AUTHORS + 1 :])


_VALUES = {
    kind: attrgetter(*(each.name for each in fields(kind))) for kind in (ExternalId, Paper, PaperTerms, PreparedPaper)
}
_AUTHORS = [each.name for each in fields(Paper)].index("authors")
_REDUCERS: dict[type[Any], Any] = dict.fromkeys(_VALUES, _reduced) | {
    Paper: _reduced_paper,
    DateKind: lambda kind: (DateKind, (int(kind),)),
}
