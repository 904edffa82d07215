"""Finds papers like one that is known."""

from dataclasses import dataclass

from bot.domain.papers import KnownPaper
from bot.interfaces import Storage


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """A paper and those most like it, the most alike first."""

    known: KnownPaper
    papers: tuple[KnownPaper, ...]
    """None where nothing alike is kept."""
    is_alone: bool = False
    """Whether there is no other paper at all."""


class Similar:
    """Finds papers that are about the same."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def like(self, known: KnownPaper, *, limit: int = 5) -> Neighbours:
        """The papers most like this one."""
        found = await self._storage.similar_papers(known, limit=limit)
        alone = not found and await self._storage.count_papers() <= 1
        return Neighbours(known=known, papers=tuple(found), is_alone=alone)
