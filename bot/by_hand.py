"""Asks sources when somebody types that, and reads how they stand; what it asks, it asks once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.config import Settings
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


async def source_standings(settings: Settings, *, days: int) -> tuple[list[FeedStanding], datetime]:
    """How every configured feed stands, with its last days, and the time by which it does."""
    async with await open_storage(settings.database.url) as storage:
        ledger = intake_for(settings, storage, clock=_now).ledger
        return await ledger.standings(days=days), ledger.now()


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
