"""Fills in what papers lack from the places that know them by DOI: a few after each run, each paper once.

It adds no paper; what a place does not know stays as it is.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.ledger import FeedDay, FeedState
from bot.domain.papers import KnownPaper
from bot.domain.rhythms import Rhythm, occasion_at
from bot.errors import OperatorError
from bot.interfaces import Http, LookUp, PutOutcome, SourceError, SourceTrouble, Storage
from bot.services.feeds import LOOK_UPS
from bot.services.preparing import ReadyPaper, made_ready

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUpReport:
    """What one run of look-ups did."""

    asked: int = 0
    filled: int = 0
    trouble: str | None = None


class LookUps:
    """The places to ask, in order, and how many papers they are asked for in one run."""

    def __init__(
        self, storage: Storage, http: Http, places: Sequence[LookUp], *, most: int, clock: Callable[[], datetime]
    ) -> None:
        self._storage = storage
        self._http = http
        self._places = tuple(places)
        self._most = most
        self._clock = clock

    async def run(self) -> LookUpReport:
        """Look up the next papers that lack an abstract. When a place is in trouble, the rest waits for another run.

        Trouble that the next paper does not have is the paper's own: it is passed by, and holds up nobody.
        """
        lacking = await self._lacking() if self._places and self._most else []
        started_at, asked, filled, trouble, is_passed_by = self._clock(), 0, 0, None, False
        for known in lacking:
            try:
                found = await self._look_up(known)
            except SourceError as error:
                trouble = str(error)
                if is_passed_by or error.reason is SourceTrouble.THROTTLED:
                    break
                is_passed_by = True
                continue
            is_passed_by = False
            asked += 1
            filled += await self._keep(known, found)
        report = LookUpReport(asked=asked, filled=filled, trouble=trouble)
        if asked or trouble:
            await self._record(report, started_at)
            _log.info("look_ups asked=%d filled=%d error=%r", asked, filled, trouble)
        return report

    async def _lacking(self) -> list[KnownPaper]:
        place = (await self._storage.get_checkpoint(*LOOK_UPS) or "").split()
        after = (datetime.fromisoformat(place[0]), int(place[1])) if len(place) == 2 else None
        return await self._storage.list_without_abstract(after=after, limit=self._most)

    async def _look_up(self, known: KnownPaper) -> ReadyPaper | None:
        """The paper as the first place has it that has an abstract. Raises SourceError."""
        doi = known.paper.id_in("doi")
        for place in self._places if doi else ():
            found = await self._found(place, str(doi))
            if found is not None:
                return found
        return None

    async def _found(self, place: LookUp, doi: str) -> ReadyPaper | None:
        try:
            found = await place.look_up(doi, self._http)
        except (SourceError, OperatorError):
            raise
        except Exception as error:
            _log.error("look_up_fault place=%s error=%r", place.kind, error)
            return None
        ready, _ = await made_ready([found] if found and found.abstract else [])
        return next(iter(ready), None)

    async def _keep(self, known: KnownPaper, found: ReadyPaper | None) -> int:
        """Commit what was found, and that this paper need not be looked up again; how many papers it filled."""
        async with self._storage.write() as transaction:
            put = await transaction.put_papers([found.prepared], now=self._clock()) if found else []
            await transaction.put_checkpoint(*LOOK_UPS, f"{known.first_seen_at.isoformat()} {known.id}")
        return sum(each.outcome is PutOutcome.REVISED for each in put)

    async def _record(self, report: LookUpReport, started_at: datetime) -> None:
        """Add this run to the account of the day."""
        today = occasion_at(Rhythm.STEADY, started_at).day
        async with self._storage.write() as transaction:
            before = await transaction.get_feed_day(*LOOK_UPS, today)
            before = before or FeedDay(source=LOOK_UPS.source, feed=LOOK_UPS.feed, day=today, state=FeedState.NOT_YET)
            received, revised = before.received + report.asked, before.revised + report.filled
            state = FeedState.FRESH if revised else FeedState.NOT_YET
            if report.trouble:
                state = FeedState.PARTIAL if received else FeedState.BROKEN
            await transaction.put_feed_day(
                FeedDay(
                    source=before.source,
                    feed=before.feed,
                    day=today,
                    state=state,
                    received=received,
                    revised=revised,
                    known=received - revised,
                    attempts=before.attempts + 1,
                    asked_at=started_at,
                    took=max(self._clock() - started_at, timedelta()),
                    last_error=report.trouble,
                )
            )
