"""Picks the paper of a date for a channel: something new, else what people nominated, else a classic. Posts nothing."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime

from bot.domain.papers import FoundPaper, KnownPaper
from bot.domain.picks import Picked
from bot.domain.schedules import Fallback, Origin, Schedule
from bot.interfaces import Storage
from bot.services.preparing import ReadyPaper, made_ready


class Picking:
    """Says which paper a channel gets on a date. The same papers, votes and posts give the same paper."""

    def __init__(self, storage: Storage, shelf: Callable[[], Sequence[FoundPaper]]) -> None:
        """`shelf` reads the classics, those to be posted first standing first; it is called in a thread."""
        self._storage = storage
        self._read_shelf = shelf
        self._shelf: list[ReadyPaper] | None = None

    async def pick(
        self, schedule: Schedule, on: date, *, now: datetime, avoiding: Collection[int] = ()
    ) -> Picked | None:
        """The paper of this local date, as things stand now: none that the channel ever had, nor one of `avoiding`.

        None where nothing is good enough. It may put a classic into storage, but no row about the date.
        """
        del on
        if schedule.fallback is Fallback.SHELF:
            return await self._classic(schedule, now, frozenset(avoiding))
        return None

    async def _classic(self, schedule: Schedule, now: datetime, avoiding: frozenset[int]) -> Picked | None:
        if self._shelf is None:
            self._shelf, _ = await made_ready(await asyncio.to_thread(self._read_shelf))
        had = avoiding | await self._storage.papers_had(schedule.channel_id)
        for each in self._shelf:
            known = await self._kept(each, now)
            if known.id not in had:
                return Picked(paper=known, origin=Origin.SHELF, because="A classic: nothing new stood out.")
        return None

    async def _kept(self, classic: ReadyPaper, now: datetime) -> KnownPaper:
        """The classic as storage keeps it. It is put there as by an import: it is no news for anybody's topic."""
        for identifier in classic.prepared.paper.ids:
            known = await self._storage.find_paper(identifier)
            if known is not None:
                return known
        async with self._storage.write() as transaction:
            await transaction.add_import(now)
            (put,) = await transaction.put_papers([classic.prepared], now=now)
        (known,) = await self._storage.get_papers([put.paper_id])
        return known
