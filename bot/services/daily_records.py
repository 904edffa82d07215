"""What became of a channel's dates and which papers it had, for whoever asks. Changes nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.daily_messages import daily_post_key
from bot.domain.daily_outcomes import DateOutcome, outcome_words, unrecorded_words
from bot.domain.local_days import today_in
from bot.domain.papers import KnownPaper
from bot.domain.planning import passed_through
from bot.domain.schedules import DailyPost, Schedule
from bot.interfaces import Storage

EXPLAINED = 14
"""Dates that `explained` tells of."""
PAGE = 10
"""Papers on a page of the history."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """Some of the papers that a channel had, the newest first."""

    outcomes: Sequence[DateOutcome]
    page: int
    """From 0."""
    pages: int
    total: int


class DailyRecords:
    """What is on record of all channels' dates. Every question names the server."""

    def __init__(self, storage: Storage, clock: Callable[[], datetime]) -> None:
        self._storage = storage
        self._clock = clock

    async def explained(self, channel_id: int, *, guild_id: int, days: int = EXPLAINED) -> list[DateOutcome]:
        """What became of each of the last dates, today's first; none where nothing was ever set up."""
        schedule = await self._storage.get_schedule(channel_id, guild_id=guild_id)
        if schedule is None:
            return []
        now = self._clock()
        today = today_in(schedule.zone, now)
        since = today - _DAY * (days - 1)
        posts = await self._storage.list_daily_posts(channel_id, guild_id=guild_id, since=since, until=today)
        told = {each.on: each for each in await self._outcomes(posts, guild_id) if each.post and each.post.number == 0}
        return [
            told.get(on) or _unrecorded(schedule, on, today, now)
            for on in (today - _DAY * back for back in range(days))
        ]

    async def history(self, channel_id: int, page: int, *, guild_id: int) -> HistoryPage:
        """A page of the papers that a channel had, those that people asked for among them."""
        total = await self._storage.count_daily_papers(channel_id, guild_id=guild_id)
        pages = max(1, -(-total // PAGE))
        page = min(max(page, 0), pages - 1)
        posts = await self._storage.list_daily_papers(channel_id, guild_id=guild_id, limit=PAGE, offset=page * PAGE)
        return HistoryPage(outcomes=await self._outcomes(posts, guild_id), page=page, pages=pages, total=total)

    async def _outcomes(self, posts: Sequence[DailyPost], guild_id: int) -> list[DateOutcome]:
        """These posts with their papers and how their messages stand."""
        wanted = list(dict.fromkeys(each.paper_id for each in posts if each.paper_id is not None))
        papers = dict(zip(wanted, await self._papers(wanted), strict=True))
        keys = {each: daily_post_key(each.channel_id, each.on, each.number) for each in posts if each.paper_id}
        deliveries = await self._storage.get_daily_deliveries(list(keys.values()), guild_id=guild_id)
        told = []
        for each in posts:
            delivery = deliveries.get(keys.get(each, ""))
            paper = papers.get(each.paper_id) if each.paper_id is not None else None
            words = outcome_words(each, delivery)
            told.append(DateOutcome(on=each.on, words=words, post=each, paper=paper, delivery=delivery))
        return told

    async def _papers(self, numbers: Sequence[int]) -> list[KnownPaper | None]:
        """The papers of these numbers, which may be former ones, one by one in order."""
        return [next(iter(await self._storage.get_papers([each])), None) for each in numbers]


def _unrecorded(schedule: Schedule, on: date, today: date, now: datetime) -> DateOutcome:
    words = unrecorded_words(
        on,
        began_on=today_in(schedule.zone, schedule.created_at),
        today=today,
        is_stopped=schedule.stopped_at is not None and on >= today_in(schedule.zone, schedule.stopped_at),
        is_due=passed_through(schedule, now) >= on,
    )
    return DateOutcome(on=on, words=words)
