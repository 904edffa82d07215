"""What people look at before a paper of the day is set up, or one is posted at once. It posts and sets up nothing.

Who may do so, its callers have made sure of.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.daily_messages import asked_post
from bot.domain.local_days import today_in
from bot.domain.papers import KnownPaper
from bot.domain.parsing import parse_query
from bot.domain.planning import DueDate
from bot.domain.posts import Post
from bot.domain.schedules import Schedule
from bot.errors import UserError
from bot.interfaces import Storage
from bot.services.daily import Daily

BY_HAND = "Somebody who looks after this channel chose it."
"""Why a paper is posted at once that was named, or that is the best no more."""

_EVERYTHING = frozenset({"", "*", "all", "any", "anything", "everything"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A schedule as it would be, under a number; with its message as it would look by now, and its next dates."""

    number: int
    schedule: Schedule
    is_new: bool
    """Whether the channel has none at the moment."""
    post: Post | None
    """None: there would be no paper."""
    dates: Sequence[DueDate]
    recap: DueDate | None
    """When the first recap comes, if any is to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneMore:
    """A paper that may be posted at once, and its message."""

    paper: KnownPaper
    post: Post


class DailyPreviews:
    """Previews of papers of the day. Each call names the server, and nothing of another one is ever seen."""

    def __init__(self, storage: Storage, daily: Daily, clock: Callable[[], datetime]) -> None:
        self._storage = storage
        self._daily = daily
        self._clock = clock

    def today(self, schedule: Schedule) -> date:
        """The date it is for this schedule."""
        return today_in(schedule.zone, self._clock())

    async def begun(self, channel_id: int, *, guild_id: int, person_id: int) -> Schedule:
        """What the channel has or had; else what is usual, in the server's zone."""
        known = await self._daily.get(channel_id, guild_id=guild_id)
        if known is not None:
            return known
        now = self._clock()
        return Schedule(
            guild_id=guild_id,
            channel_id=channel_id,
            zone=(await self._storage.get_server(guild_id)).zone,
            created_by=person_id,
            created_at=now,
            planned_through=now.date(),
        )

    async def draft(self, schedule: Schedule, *, person_id: int) -> Drafted:
        """The schedule as it would be, kept for this person to save. Raises UserError for a query without sense."""
        known = await self._daily.get(schedule.channel_id, guild_id=schedule.guild_id)
        wanted = replace(schedule, query=_written(schedule.query), stopped_at=None)
        preview = await self._daily.preview(wanted)
        return Drafted(
            number=await self._daily.keep_draft(wanted, person_id=person_id),
            schedule=wanted,
            is_new=known is None or known.stopped_at is not None,
            post=preview.post,
            dates=preview.dates,
            recap=preview.recap,
        )

    async def one_more(
        self, schedule: Schedule, *, paper: KnownPaper | None = None, avoiding: Collection[int] = ()
    ) -> OneMore:
        """What would be posted at once: this paper, else the best by now. Raises UserError where there is none."""
        because = BY_HAND
        if paper is None:
            picked = await self._daily.choose_now(schedule.channel_id, guild_id=schedule.guild_id, avoiding=avoiding)
            if picked is None:
                raise UserError("I find no other paper that is good enough by now. Name one: /daily now paper: …")
            paper, because = picked.paper, picked.because
        elif paper.id in await self._storage.papers_given(schedule.channel_id):
            raise UserError("That channel has had this paper of the day already: /daily history tells when.")
        return OneMore(paper=paper, post=asked_post(schedule, self.today(schedule), paper, because))

    async def because(self, schedule: Schedule, paper: KnownPaper, *, avoiding: Collection[int]) -> str:
        """Why this paper is posted at once that was offered in place of those avoided: the words of its preview."""
        picked = await self._daily.choose_now(schedule.channel_id, guild_id=schedule.guild_id, avoiding=avoiding)
        return picked.because if picked is not None and picked.paper.id == paper.id else BY_HAND


def _written(query: str) -> str:
    return "" if query.strip().casefold() in _EVERYTHING else str(parse_query(query))
