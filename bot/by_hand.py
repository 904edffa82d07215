"""Asks sources when somebody types that, and reads how they stand; what it asks, it asks once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.config import Settings
from bot.domain.calendars import ARXIV_HOLIDAYS, arxiv_holidays_are_published
from bot.domain.ledger import FeedDay
from bot.errors import OperatorError
from bot.intake import intake_for
from bot.interfaces import Source
from bot.services.feeds import FeedReport, Progressed
from bot.services.ledger import FeedStanding
from bot.services.look_ups import LookUpReport
from storage import open_storage


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedByHand:
    """What one asking brought, and how each feed that was asked stands now, in the same order."""

    reports: Sequence[FeedReport]
    standings: Sequence[FeedStanding]
    look_ups: LookUpReport
    now: datetime

    @property
    def is_well(self) -> bool:
        """Whether every feed was read to its end."""
        return all(each.is_well for each in self.reports)


async def ask_sources(
    settings: Settings, names: Sequence[str], *, since: date | None, progress: Callable[[Progressed], None] | None
) -> AskedByHand:
    """Ask these sources, or all that are configured, each feed once. Raises OperatorError for names nobody knows."""
    sources = chosen(settings, names)
    async with await open_storage(settings.database.url) as storage:
        intake = intake_for(settings, storage, clock=_now, sources=sources)
        reports = await intake.ingest.run(since=since, progress=progress)
        look_ups = await intake.look_ups.run()
        return AskedByHand(
            reports=reports, standings=await intake.ledger.standings(), look_ups=look_ups, now=intake.ledger.now()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesNow:
    """How every configured feed stands, what was looked up today, and what its reader should know besides."""

    standings: Sequence[FeedStanding]
    look_ups: FeedDay | None
    notes: Sequence[str]
    now: datetime


async def source_standings(settings: Settings, *, days: int) -> SourcesNow:
    """How the sources stand now, with the accounts of so many days."""
    async with await open_storage(settings.database.url, is_made=False) as storage:
        ledger = intake_for(settings, storage, clock=_now).ledger
        standings, now = await ledger.standings(days=days), ledger.now()
        told = list(notes(settings, standings, now))
        return SourcesNow(standings=standings, look_ups=await ledger.look_ups(), notes=told, now=now)


def notes(settings: Settings, standings: Sequence[FeedStanding], now: datetime) -> Iterator[str]:
    """What whoever reads these standings should know besides, each as a sentence."""
    if not standings:
        yield "No source has feeds. Name some in the settings, under [sources.arxiv_rss] and so on."
    holidays = {*ARXIV_HOLIDAYS, *settings.sources.extra_holidays}
    asks_arxiv = any(each.rhythm.is_easterly for each in standings)
    if asks_arxiv and not arxiv_holidays_are_published(now.year, holidays):
        yield (
            f"I don't know arXiv's holidays of {now.year}: on one of them a feed would be told as late. "
            "Name them in sources.extra_holidays."
        )


def chosen(settings: Settings, names: Sequence[str]) -> list[Source]:
    """The sources of these names, such as `arxiv_rss`, or `arxiv_api:cs.AI` for one feed; without names, all."""
    if not names:
        sources = [each for each in settings.sources.sources() if each.feeds()]
        if not sources:
            raise OperatorError("No source has feeds. Name some in the settings, under [sources.arxiv_rss] and so on.")
        return sources
    wanted: dict[str, list[str]] = {}
    for name in names:
        kind, _, feed = name.partition(":")
        wanted.setdefault(kind, []).extend([feed] if feed else settings.sources.feeds_of(kind))
    return [_with_feeds(settings, kind, feeds) for kind, feeds in wanted.items()]


def _with_feeds(settings: Settings, kind: str, feeds: Sequence[str]) -> Source:
    if not feeds:
        raise OperatorError(
            f"{kind} has no feeds. Name one, as in {kind}:FEED, or set sources.{kind}.feeds.", exit_code=2
        )
    return settings.sources.source(kind, feeds)


def _now() -> datetime:
    return datetime.now(UTC)
