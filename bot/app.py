"""Builds the bot from its settings, starts it in order and stops it in reverse; holds no rules of its own."""

import asyncio
import gc
import importlib
import os
import pkgutil
import random
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import cogs
from bot.client import PaperboyClient, point_at
from bot.config import Settings
from bot.connecting import connected, log_in
from bot.connections import Gateway
from bot.domain.leases import WORK, LeaseTiming
from bot.domain.shards import parse_shards
from bot.errors import EX_CONFIG, OperatorError
from bot.intake import intake_for
from bot.interfaces import Storage
from bot.scheduler import Scheduler
from bot.services.bundle import Services
from bot.services.completion import Completions
from bot.services.daily import Daily
from bot.services.daily_previews import DailyPreviews
from bot.services.daily_records import DailyRecords
from bot.services.digests import Digests
from bot.services.holding import Holding
from bot.services.library import Library
from bot.services.nominating import Nominating
from bot.services.outbox import Outbox
from bot.services.picking import Picking
from bot.services.pictures import Pictures
from bot.services.planning import Planning
from bot.services.previews import Previews
from bot.services.privacy import Privacy
from bot.services.recaps import Recaps
from bot.services.search import Search
from bot.services.servers import Servers
from bot.services.similar import Similar
from bot.services.topics import Topics
from bot.services.trends import Trends
from bot.services.voting import Voting
from bot.services.why import Why
from bot.services.zones import Zones
from bot.shelf import starter_shelf
from bot.vital_signs import Running, VitalSigns
from bot.watching import Watch
from cogs._markdown import escape
from cogs._replies import Replies
from cogs._sender import DiscordSender
from storage import open_storage, upkeep_of

_WORK_SECONDS, _DELIVERY_SECONDS = 2, 8
"""How long each of the two alarm clocks and what is being sent may take when the bot stops; leaving Discord (4) and
closing the database (3) take the rest of the 20 seconds that a stop lasts at most.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The running bot."""

    client: PaperboyClient
    services: Services
    storage: Storage
    holding: Holding
    connection: asyncio.Task[None]
    deliveries: asyncio.Task[None]
    """Both end only when the bot cannot go on; their exceptions say why."""


def _now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    asks_sources: bool = True,
    is_always_the_same: bool = True,
    clock: Callable[[], datetime] = _now,
    timing: LeaseTiming | None = None,
) -> AsyncIterator[App]:
    """The bot, connected, ready and with its commands synced; stopped cleanly when the block ends.

    From then on it asks the sources whenever they are due by this clock, unless told not to. Raises OperatorError when
    the token is refused, another bot holds the database, or it is that of another bot and this one is always the same.
    Where Discord cannot be reached, keeps trying. Of a database for several processes it does its part, by leases of
    this `timing`.
    """
    timing = timing or LeaseTiming()
    storage = await open_storage(settings.database.url, exclusive=True)
    try:
        holding = _holding(settings, storage, timing)
        intake = intake_for(
            settings, storage, clock=clock, is_live=asks_sources, upkeep=upkeep_of(settings.database.url)
        )
        search = Search(storage, clock)
        picking = Picking(storage, starter_shelf)
        watch = Watch(_now)
        planning = Planning(storage, picking, clock, is_time_right=watch.is_time_right)
        recaps = Recaps(storage, clock, is_time_right=watch.is_time_right)
        daily = Daily(storage, picking, planning, recaps, clock)
        services = Services(
            search=search,
            completions=Completions(storage, search),
            library=Library(storage, clock),
            similar=Similar(storage),
            servers=Servers(storage, clock),
            ledger=intake.ledger,
            topics=Topics(storage, Previews(storage, clock), clock, most=settings.topics.most_per_channel),
            zones=Zones(clock),
            digests=Digests(storage, clock),
            why=Why(storage, clock),
            picking=picking,
            daily=daily,
            daily_previews=DailyPreviews(storage, daily, clock),
            daily_records=DailyRecords(storage, clock),
            recaps=recaps,
            voting=Voting(storage, clock),
            nominating=Nominating(storage, clock),
            trends=Trends(storage, clock),
            privacy=Privacy(storage, clock),
        )
        async with (
            _watched_over(settings, clock) as vital,
            _logged_in(settings, services, watch, is_always_the_same=is_always_the_same) as (client, gateway),
            connected(client, holding, storage, gateway, timing) as connection,
            _delivering(client, storage, clock, watch) as deliveries,
            _scheduled(
                Scheduler(intake.run_due, intake.ingest.next_at, clock=clock) if asks_sources else None, holding
            ),
            _scheduled(_chores(services, clock), holding),
        ):
            if vital is not None:
                tasks = {"connection": connection, "deliveries": deliveries}
                vital.running = Running(
                    client=client, holding=holding, storage=storage, ledger=intake.ledger, tasks=tasks
                )
            storage.begin_reading_spellings()
            yield App(
                client=client,
                services=services,
                storage=storage,
                holding=holding,
                connection=connection,
                deliveries=deliveries,
            )
    finally:
        await storage.close()


@asynccontextmanager
async def _watched_over(settings: Settings, clock: Callable[[], datetime]) -> AsyncIterator[VitalSigns | None]:
    """Tell whoever asks how the bot is, where the settings name a port for that."""
    if not settings.health.port:
        yield None
        return
    from bot.health import serving  # noqa: PLC0415 (a tenth of a second that only this needs)

    vital = VitalSigns(upkeep_of(settings.database.url), clock, backups=settings.backup.folder)
    async with serving(vital, settings.health.port):
        yield vital


def _chores(services: Services, clock: Callable[[], datetime]) -> Scheduler:
    """What is to be done at its time and asks no source: papers of the day, digests, deleting what is long over."""

    async def run() -> None:
        await services.daily.run_due()
        await services.digests.run_due()
        await services.servers.clean_up()

    async def next_at() -> datetime | None:
        times = [await services.daily.next_at(), await services.digests.next_at()]
        return min((each for each in times if each is not None), default=None)

    return Scheduler(run, next_at, clock=clock)


@asynccontextmanager
async def _scheduled(scheduler: Scheduler | None, holding: Holding) -> AsyncIterator[None]:
    """Let the alarm clock run while the block does, whenever its work is this process's to do.

    What it is at when the block ends is stopped, and kept so far.
    """
    if scheduler is None:
        yield
        return
    alarm = asyncio.create_task(holding.while_held(WORK, scheduler.run), name="alarm clock")
    try:
        yield
    finally:
        alarm.cancel()
        await asyncio.wait({alarm}, timeout=_WORK_SECONDS)


@asynccontextmanager
async def _delivering(
    client: PaperboyClient, storage: Storage, clock: Callable[[], datetime], watch: Watch
) -> AsyncIterator[asyncio.Task[None]]:
    """Deliver what is owed while the block runs; what is under way when it ends may take its time."""
    sender = DiscordSender(client, clock=clock, draw=Pictures().draw)
    outbox = Outbox(
        storage,
        sender,
        clock=clock,
        chance=random.SystemRandom().random,
        at_hand=lambda: client.connections.at_hand,
        is_time_right=watch.is_time_not_wrong,
    )
    delivering = asyncio.create_task(outbox.run(), name="outbox")
    try:
        yield delivering
    finally:
        outbox.stop()
        await asyncio.wait({delivering}, timeout=_DELIVERY_SECONDS)
        delivering.cancel()
        await asyncio.wait({delivering})
        if not delivering.cancelled():
            delivering.exception()  # taken here, so that it is not reported as never retrieved


@asynccontextmanager
async def _logged_in(
    settings: Settings, services: Services, watch: Watch, *, is_always_the_same: bool
) -> AsyncIterator[tuple[PaperboyClient, Gateway]]:
    """A client that is logged in."""
    point_at(settings.discord.api_url, settings.discord.gateway_url)
    client = PaperboyClient(services=services, escape=escape, watch=watch)
    services.recaps.count_replies = Replies(client).count
    for each in cog_names():
        await importlib.import_module(each).setup(client)
    async with client:
        gateway = await log_in(client, settings.discord.token.get_secret_value())
        if is_always_the_same:
            await services.servers.require_own(client.application_id or 0)
        yield client, gateway


def _holding(settings: Settings, storage: Storage, timing: LeaseTiming) -> Holding:
    """What this process is to hold. Raises OperatorError where the database is not one for several processes."""
    shards = parse_shards(settings.discord.shards)
    if shards is not None and not storage.is_shared:
        raise OperatorError(
            f"Shards ({shards}) can be named on PostgreSQL alone: one process runs all of a bot on SQLite. Leave "
            "--shards and discord.shards away, or name a PostgreSQL database in PAPERBOY_DATABASE_URL.",
            exit_code=EX_CONFIG,
        )
    owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(2)}"
    return Holding(storage, owner=owner, shards=shards, timing=timing)


@cache
def cog_names() -> tuple[str, ...]:
    """The modules of `cogs` that hold commands, as dotted names."""
    return tuple(f"cogs.{each.name}" for each in pkgutil.iter_modules(cogs.__path__) if not each.name.startswith("_"))


async def run_until(settings: Settings, stop: asyncio.Event) -> None:
    """Run the bot until `stop` is set, whatever it is doing then. Raises OperatorError when it cannot go on."""
    work = asyncio.create_task(_run(settings), name="bot")
    stopped = asyncio.create_task(stop.wait(), name="waiting for stop")
    try:
        await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()
        work.cancel()
        await asyncio.wait({work, stopped})
    if not work.cancelled():
        work.result()


async def _run(settings: Settings) -> None:
    async with running(settings) as app:
        settle_memory()
        ended, _ = await asyncio.wait({app.connection, app.deliveries}, return_when=asyncio.FIRST_COMPLETED)
        for each in ended:
            each.result()


def settle_memory() -> None:
    """Look for garbage again from now on, and not among what there is by now, which stays: it took 50 ms each time."""
    gc.freeze()
    gc.enable()
