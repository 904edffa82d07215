"""Schedules on a clock that is told, with as many papers to pick from as are needed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, cast

from bot.domain.analysis import prepare
from bot.domain.papers import paper_from
from bot.domain.picks import Picked
from bot.domain.schedules import DailyPost, Origin, Schedule
from bot.interfaces import Storage
from bot.services.daily import Daily
from bot.services.daily_records import DailyRecords
from bot.services.picking import Picking
from bot.services.planning import Planning
from bot.services.recaps import Recaps
from tests.lab.papers import found_paper

GUILD, CHANNEL, PERSON = 1, 10, 20
DAYS_KEPT = date(1990, 1, 1), date(2100, 1, 1)


class InLine:
    """Picks the papers of a library in their order, each once a channel."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.papers: list[int] = []
        self.has_any = True

    async def pick(
        self, schedule: Schedule, on: date, *, now: datetime, avoiding: Collection[int] = ()
    ) -> Picked | None:
        del on, now
        had = await self._storage.had_here(self.papers, guild_id=schedule.guild_id, channel_id=schedule.channel_id)
        left = [each for each in self.papers if each not in had | frozenset(avoiding)] if self.has_any else []
        known = await self._storage.get_papers(left[:1])
        return Picked(paper=known[0], origin=Origin.PICK, because="It is next.") if known else None


@dataclass(kw_only=True)
class Days:
    """A database, and whoever plans there, at a time that is told."""

    storage: Storage
    now: datetime = datetime(2026, 5, 26, 6, tzinfo=UTC)
    is_time_right: bool = True
    replies: dict[int, int] = field(default_factory=dict)
    """How many there are in the thread of each message that has one."""
    picks: InLine = field(init=False)

    def __post_init__(self) -> None:
        self.picks = InLine(self.storage)

    @property
    def daily(self) -> Daily:
        picking = cast(Picking, self.picks)
        planning = Planning(self.storage, picking, self.clock, is_time_right=self._asked)
        return Daily(self.storage, picking, planning, self.recaps, self.clock)

    @property
    def recaps(self) -> Recaps:
        return Recaps(self.storage, self.clock, is_time_right=self._asked, count_replies=self._counted)

    @property
    def records(self) -> DailyRecords:
        return DailyRecords(self.storage, self.clock)

    def clock(self) -> datetime:
        return self.now

    async def _asked(self) -> bool:
        return self.is_time_right

    async def _counted(self, _: int, messages: Sequence[int]) -> dict[int, int]:
        return {each: self.replies[each] for each in messages if each in self.replies}

    async def stock(self, count: int) -> None:
        """Have so many papers."""
        found = [found_paper(title=f"Paper {each}", ids=(f"2605.{each:05}",)) for each in range(1, count + 1)]
        async with self.storage.write() as transaction:
            put = await transaction.put_papers(
                [prepare(paper_from(each)) for each in found], now=datetime(2026, 1, 1, tzinfo=UTC)
            )
        self.picks.papers += [each.paper_id for each in put]

    async def set_up(self, **chosen: Any) -> Schedule:
        return await self.daily.set_up(schedule(**chosen))

    async def run(self, at: datetime | None = None) -> int:
        """Look what is due at a time; how many papers that owed."""
        self.now = at or self.now
        return await self.daily.run_due()

    async def dates(self, channel: int = CHANNEL) -> dict[date, DailyPost]:
        """What became of each date of a channel."""
        first, last = DAYS_KEPT
        posts = await self.storage.list_daily_posts(channel, guild_id=GUILD, since=first, until=last)
        return {each.on: each for each in reversed(posts) if each.number == 0}

    async def told(self, channel: int = CHANNEL) -> list[str]:
        """The same, in short: `26 May paper 1`, `27 May outage`."""
        found = (await self.dates(channel)).items()
        return [f"{on.day} {on:%b} {each.skipped or self._named(each)}" for on, each in found]

    def _named(self, post: DailyPost) -> str:
        return f"paper {self.picks.papers.index(post.paper_id or 0) + 1}"


def schedule(**chosen: Any) -> Schedule:
    """Every day at nine in Berlin, unless something else is said."""
    usual: dict[str, Any] = {
        "guild_id": GUILD,
        "channel_id": CHANNEL,
        "zone": "Europe/Berlin",
        "created_by": PERSON,
        "created_at": datetime(2026, 5, 1, tzinfo=UTC),
        "planned_through": date(2026, 5, 1),
    }
    return Schedule(**(usual | chosen))
