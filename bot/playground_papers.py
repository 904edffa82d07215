"""How the starter shelf comes to a playground: over a month that is past, and its last papers while one looks.

So a preview of a topic has a month to tell of, and what is followed brings something soon.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import ClassVar

from bot.domain.papers import Announcement, FoundPaper
from bot.domain.rhythms import Rhythm
from bot.errors import OperatorError
from bot.interfaces import Batch, Http, Response, Storage
from bot.services.ingest import Ingest
from bot.services.preparing import made_ready

_STRIDE = 7
"""Papers stand on the shelf by subject. Every seventh in turn mixes them; those of the last turn have yet to arrive."""
_DAYS = 30
_A_MINUTE = timedelta(minutes=1)  # the last day's have arrived already


async def fill_shelf(storage: Storage, shelf: Sequence[FoundPaper], *, now: datetime) -> list[FoundPaper]:
    """Put these papers there as though some had arrived on each of the last days, and those that have yet to arrive.

    The latter are what it answers, for `bring`: all are there at once, but no source has announced these.
    """
    turns = [shelf[start::_STRIDE] for start in range(_STRIDE)]
    mixed, to_come = [each for turn in turns for each in turn], list(turns[-1])
    ready, _ = await made_ready(mixed)
    prepared = [each.prepared for each in ready]
    arrived = len(mixed) - len(to_come)
    async with storage.write() as transaction:
        for day in range(_DAYS):
            some = prepared[arrived * day // _DAYS : arrived * (day + 1) // _DAYS]
            await transaction.put_papers(some, now=now - timedelta(_DAYS - 1 - day) - _A_MINUTE)
        put = await transaction.put_papers(prepared[arrived:], now=now)
        await transaction.add_unannounced([each.paper_id for each in put])
    return to_come


async def bring(storage: Storage, papers: Sequence[FoundPaper], *, clock: Callable[[], datetime], every: float) -> None:
    """Announce these papers one after the other, each so many seconds after the one before, as a source would."""
    for each in papers:
        await asyncio.sleep(every)
        await Ingest(storage, _Nobody(), [_Shelf(replace(each, announcement=Announcement.NEW))], clock=clock).run()


@dataclass(frozen=True, slots=True)
class _Shelf:
    """A source that has one paper to announce, and asks nobody for it."""

    found: FoundPaper
    kind: ClassVar[str] = "starter_shelf"
    host_family: ClassVar[str] = "starter_shelf"
    label: ClassVar[str] = "Starter shelf"
    rhythm: ClassVar[Rhythm] = Rhythm.STEADY

    def feeds(self) -> tuple[str, ...]:
        return ("papers",)

    async def fetch(
        self,
        feed: str,  # noqa: ARG002 (the protocol's)
        http: Http,  # noqa: ARG002
        *,
        checkpoint: str | None,  # noqa: ARG002
        since: date | None,  # noqa: ARG002
        now: datetime,  # noqa: ARG002
    ) -> AsyncIterator[Batch]:
        yield Batch(found=(self.found,))


class _Nobody:
    """The network of a source that needs none."""

    async def get(self, url: str, **_: object) -> Response:
        raise OperatorError(f"the shelf asks nobody, and certainly not {url}")
