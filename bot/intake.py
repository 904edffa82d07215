"""Builds from the settings what asks sources and tells how they stand. It starts nothing."""

import importlib.metadata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from bot.config import Settings
from bot.domain.calendars import ARXIV_HOLIDAYS
from bot.domain.findings import LEAST_FREE, size_words
from bot.errors import OperatorError
from bot.interfaces import Source, Storage
from bot.services.ingest import Ingest
from bot.services.ledger import Ledger
from bot.services.look_ups import LookUps
from bot.sources.http import ANY_OTHER, PoliteHttp, authority, user_agent
from bot.upkeep_interfaces import Upkeep


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Everything by which papers arrive."""

    ingest: Ingest
    look_ups: LookUps
    ledger: Ledger
    upkeep: Upkeep | None = None
    """Tells how much room there is, where that is to be looked at."""

    async def run_due(self) -> None:
        """Ask the feeds whose time has come, and look up some of what papers lack.

        Raises OperatorError where the disk is nearly full: what room there is belongs to what is owed already.
        """
        free = (await self.upkeep.measure()).free if self.upkeep else None
        if free is not None and free < LEAST_FREE:
            raise OperatorError(
                f"only {size_words(free)} are free where the database is, so no source is asked: "
                f"make room for {size_words(LEAST_FREE)}"
            )
        if await self.ingest.run_due():
            await self.look_ups.run()


def intake_for(
    settings: Settings,
    storage: Storage,
    *,
    clock: Callable[[], datetime],
    sources: Sequence[Source] | None = None,
    is_live: bool = True,
    upkeep: Upkeep | None = None,
) -> Intake:
    """The intake of these settings, over all processes that use this storage.

    `sources` stand in for those of the settings. `is_live` says whether sources are asked by themselves, for whoever is
    told how they stand.
    """
    asked = settings.sources
    holidays = ARXIV_HOLIDAYS | frozenset(asked.extra_holidays)
    http = PoliteHttp(
        pace=storage,
        user_agent=user_agent(_release(), asked.contact),
        clock=clock,
        every={"arxiv": timedelta(seconds=asked.arxiv_pace), ANY_OTHER: timedelta(seconds=asked.pace)},
        trusted_hosts=frozenset(map(authority, asked.own_addresses())),
    )
    ingest = Ingest(storage, http, asked.sources() if sources is None else sources, clock=clock, holidays=holidays)
    look_ups = LookUps(storage, http, asked.look_up_services(), most=asked.most_look_ups, clock=clock)
    ledger = Ledger(storage, ingest.feeds, clock=clock, holidays=holidays, is_live=is_live)
    return Intake(ingest=ingest, look_ups=look_ups, ledger=ledger, upkeep=upkeep)


@cache
def _release() -> str:
    try:
        return importlib.metadata.version("paperboy")
    except importlib.metadata.PackageNotFoundError:
        return "0"
