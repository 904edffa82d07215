"""Makes what a source found ready for storage, in a thread and in small pieces, so that nobody waits for it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.analysis import PreparedPaper, prepare
from bot.domain.papers import Announcement, FoundPaper, NotAPaper, paper_from
from bot.interfaces import Rejection

PIECE = 50
"""Papers of one piece: a few milliseconds of work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyPaper:
    """A paper ready to be put, with what its source said that is no part of the paper."""

    prepared: PreparedPaper
    announcement: Announcement
    upvotes: int | None


async def made_ready(found: Sequence[FoundPaper]) -> tuple[list[ReadyPaper], list[Rejection]]:
    """These papers in order, and for each that is none why."""
    ready: list[ReadyPaper] = []
    rejections: list[Rejection] = []
    for start in range(0, len(found), PIECE):
        some, refused = await asyncio.to_thread(_ready, found[start : start + PIECE])
        ready += some
        rejections += refused
    return ready, rejections


def _ready(found: Sequence[FoundPaper]) -> tuple[list[ReadyPaper], list[Rejection]]:
    ready: list[ReadyPaper] = []
    rejections: list[Rejection] = []
    for each in found:
        try:
            paper = paper_from(each)
        except NotAPaper as error:
            rejections.append(Rejection(place=next(iter(each.ids), "a paper without an id")[:80], reason=str(error)))
        else:
            told = ReadyPaper(prepared=prepare(paper), announcement=each.announcement, upvotes=paper.upvotes)
            ready.append(told)
    return ready, rejections
