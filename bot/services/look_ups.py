"""Fills in what papers lack from the places that know their ids: some after each run, each paper once by each scheme.

It adds no paper of its own accord; what a place does not know stays as it is.
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
    """The places to ask, in order, and how many papers they are asked for in one run.

    Each scheme of ids goes its own way through the papers, so that trouble with one never holds up another. A place
    that answers for many papers at once is asked for as many as it takes, should that be more.
    """

    def __init__(
        self, storage: Storage, http: Http, places: Sequence[LookUp], *, most: int, clock: Callable[[], datetime]
    ) -> None:
        self._storage = storage
        self._http = http
        self._places = tuple(places)
        self._most = most
        self._clock = clock

    async def run(self) -> LookUpReport:
        """Look up the next papers that lack an abstract, by the ids of each scheme that a place knows."""
        started_at = self._clock()
        schemes = dict.fromkeys(each.scheme for each in self._places) if self._most else {}
        parts = [await self._run_by(scheme) for scheme in schemes]
        report = LookUpReport(
            asked=sum(each.asked for each in parts),
            filled=sum(each.filled for each in parts),
            trouble=" ".join(each.trouble for each in parts if each.trouble) or None,
        )
        if report.asked or report.trouble:
            await self._record(report, started_at)
            _log.info("look_ups asked=%d filled=%d error=%r", report.asked, report.filled, report.trouble)
        return report

    async def _run_by(self, scheme: str) -> LookUpReport:
        """When a place is in trouble, the rest waits for another run.

        Trouble that the next paper does not have is the paper's own: it is passed by, and holds up nobody. To tell
        whose it is, papers that were asked for together are asked for apart.
        """
        places = [each for each in self._places if each.scheme == scheme]
        waiting = await self._lacking(scheme, at_once=min(each.at_once for each in places))
        asked, filled, trouble, is_passed_by = 0, 0, None, False
        while waiting:
            together = waiting.pop()
            try:
                found = await self._look_up(places, together)
            except SourceError as error:
                if len(together) > 1 and error.reason is not SourceTrouble.THROTTLED:
                    waiting += _apart(together)
                    continue
                trouble = str(error)
                if is_passed_by or error.reason is SourceTrouble.THROTTLED:
                    break
                is_passed_by = True
                continue
            is_passed_by = False
            asked += len(together)
            filled += await self._keep(scheme, together[-1], found)
        return LookUpReport(asked=asked, filled=filled, trouble=trouble)

    async def _lacking(self, scheme: str, *, at_once: int) -> list[Sequence[KnownPaper]]:
        """The next papers, as they are asked for together; the first are last."""
        place = (await self._storage.get_checkpoint(LOOK_UPS.source, scheme) or "").split()
        after = (datetime.fromisoformat(place[0]), int(place[1])) if len(place) == 2 else None
        limit = max(self._most, at_once)
        lacking = await self._storage.list_without_abstract(scheme, after=after, limit=limit)
        starts = reversed(range(0, len(lacking), at_once))
        return [lacking[start : start + at_once] for start in starts]

    async def _look_up(self, places: Sequence[LookUp], together: Sequence[KnownPaper]) -> list[ReadyPaper]:
        """Each paper as the first place has it that has an abstract, where one has. Raises SourceError."""
        found: list[ReadyPaper] = []
        for place in places:
            known = {each.value for ready in found for each in ready.prepared.paper.ids if each.scheme == place.scheme}
            values = [value for each in together if (value := each.paper.id_in(place.scheme)) and value not in known]
            found += await self._found(place, values) if values else []
        return found

    async def _found(self, place: LookUp, values: Sequence[str]) -> Sequence[ReadyPaper]:
        try:
            found = await place.look_up(values, self._http)
        except (SourceError, OperatorError):
            raise
        except Exception as error:
            if len(values) > 1:
                message = f"{place.kind} failed over {len(values)} papers."
                raise SourceError(message, reason=SourceTrouble.MALFORMED) from error
            _log.error("look_up_fault place=%s error=%r", place.kind, error)
            return ()
        ready, _ = await made_ready([each for each in found if each.abstract])
        return ready

    async def _keep(self, scheme: str, last: KnownPaper, found: Sequence[ReadyPaper]) -> int:
        """Commit what was found, and that no paper up to `last` need be looked up again; how many papers it filled."""
        async with self._storage.write() as transaction:
            put = await transaction.put_papers([each.prepared for each in found], now=self._clock()) if found else []
            await transaction.put_checkpoint(LOOK_UPS.source, scheme, f"{last.first_seen_at.isoformat()} {last.id}")
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


def _apart(together: Sequence[KnownPaper]) -> list[Sequence[KnownPaper]]:
    """The first paper, and the rest in halves; the first is last.

    A place that is away is known by two papers; one that stumbles over a paper, by the halves that hold it.
    """
    half = 1 + len(together) // 2
    return [each for each in (together[half:], together[1:half], together[:1]) if each]
