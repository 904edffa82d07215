"""Builds the bot from its settings, starts it in order and stops it in reverse; holds no rules of its own."""

import asyncio
import gc
import importlib
import logging
import pkgutil
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus

import aiohttp
import discord
from discord import app_commands
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_exponential

import cogs
from bot.client import PaperboyClient, point_at
from bot.config import Settings
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

_log = logging.getLogger(__name__)

STOP_SECONDS = 20
"""The longest a stop may take before what is still open is abandoned."""

_LONGEST_PAUSE = 300
"""Seconds between two attempts to reach Discord, at most."""

_CLOSED = {
    4004: "Discord refuses the token now (code {}). Copy a new one from the Developer Portal and set it.",
    4013: "Discord refused our intents (code {}), which no setting changes: please report this.",
    4014: "Discord refused our intents (code {}), which no setting changes: please report this.",
}
_CLOSED_OTHERWISE = "Discord closed the connection for good (code {}). See its developer documentation for the code."
"""What each close code that ends the connection for good means (docs.discord.com, gateway close event codes)."""

_UNREACHABLE = (aiohttp.ClientError, discord.DiscordServerError, OSError, TimeoutError)


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The running bot."""

    client: PaperboyClient
    services: Services
    storage: Storage
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
) -> AsyncIterator[App]:
    """The bot, connected, ready and with its commands synced; stopped cleanly when the block ends.

    From then on it asks the sources whenever they are due by this clock, unless told not to. Raises OperatorError when
    the token is refused, another bot holds the database, or it is that of another bot and this one is always the same.
    Where Discord cannot be reached, keeps trying.
    """
    storage = await open_storage(settings.database.url, exclusive=True)
    try:
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
            _connected(settings, services, watch, is_always_the_same=is_always_the_same) as (client, connection),
            _delivering(client, storage, clock) as deliveries,
            _scheduled(Scheduler(intake.run_due, intake.ingest.next_at, clock=clock) if asks_sources else None),
            _scheduled(_chores(services, clock)),
        ):
            if vital is not None:
                tasks = {"connection": connection, "deliveries": deliveries}
                vital.running = Running(client=client, storage=storage, ledger=intake.ledger, tasks=tasks)
            yield App(client=client, services=services, storage=storage, connection=connection, deliveries=deliveries)
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
async def _scheduled(scheduler: Scheduler | None) -> AsyncIterator[None]:
    """Let the alarm clock run while the block does; what it is at when the block ends is stopped, and kept so far."""
    if scheduler is None:
        yield
        return
    alarm = asyncio.create_task(scheduler.run(), name="alarm clock")
    try:
        yield
    finally:
        alarm.cancel()
        await asyncio.wait({alarm}, timeout=STOP_SECONDS)


@asynccontextmanager
async def _delivering(
    client: PaperboyClient, storage: Storage, clock: Callable[[], datetime]
) -> AsyncIterator[asyncio.Task[None]]:
    """Deliver what is owed while the block runs; what is under way when it ends may take its time."""
    sender = DiscordSender(client, clock=clock, draw=Pictures().draw)
    outbox = Outbox(storage, sender, clock=clock, chance=random.SystemRandom().random)
    delivering = asyncio.create_task(outbox.run(), name="outbox")
    try:
        yield delivering
    finally:
        outbox.stop()
        await asyncio.wait({delivering}, timeout=STOP_SECONDS)
        delivering.cancel()
        await asyncio.wait({delivering})
        if not delivering.cancelled():
            delivering.exception()  # taken here, so that it is not reported as never retrieved


@asynccontextmanager
async def _connected(
    settings: Settings, services: Services, watch: Watch, *, is_always_the_same: bool
) -> AsyncIterator[tuple[PaperboyClient, asyncio.Task[None]]]:
    point_at(settings.discord.api_url, settings.discord.gateway_url)
    client = PaperboyClient(services=services, escape=escape, watch=watch)
    services.recaps.count_replies = Replies(client).count
    for each in cog_names():
        await importlib.import_module(each).setup(client)
    try:
        await _log_in(client, settings.discord.token.get_secret_value())
        if is_always_the_same:
            await services.servers.require_own(client.application_id or 0)
        connection = asyncio.create_task(_stay_connected(client), name="discord connection")
        try:
            await _until_ready(client, connection)
            yield client, connection
        finally:
            await _disconnect(client, connection)
    finally:
        await client.close()


@cache
def cog_names() -> tuple[str, ...]:
    """The modules of `cogs` that hold commands, as dotted names."""
    return tuple(f"cogs.{each.name}" for each in pkgutil.iter_modules(cogs.__path__) if not each.name.startswith("_"))


async def _log_in(client: PaperboyClient, token: str) -> None:
    retrying = AsyncRetrying(
        retry=retry_if_exception_type(_UNREACHABLE),
        wait=wait_exponential(max=_LONGEST_PAUSE),
        before_sleep=_tell_retry,
        reraise=True,
    )
    try:
        await retrying(_log_in_once, client, token)
    except discord.LoginFailure:
        raise OperatorError(
            "Discord refused the token. Copy it again from the Developer Portal (Bot, Reset Token) "
            "and set PAPERBOY_DISCORD_TOKEN.",
            exit_code=EX_CONFIG,
        ) from None
    except (discord.HTTPException, app_commands.CommandSyncFailure) as error:
        raise OperatorError(
            f"Discord did not let the bot start ({error}). Look the code up, or try again later."
        ) from None


async def _log_in_once(client: PaperboyClient, token: str) -> None:
    try:
        await client.login(token)
    except discord.RateLimited as limited:
        await _forget_session(client)
        raise TimeoutError(f"it asks for {limited.retry_after:.0f} s of patience") from limited
    except discord.HTTPException as error:
        await _forget_session(client)
        if error.status == HTTPStatus.TOO_MANY_REQUESTS:
            raise TimeoutError("it answers that we ask too often") from error
        raise
    except _UNREACHABLE:
        await _forget_session(client)
        raise


async def _forget_session(client: PaperboyClient) -> None:
    """Make ready for another login, which opens a session of its own but would use the connector that is closed now."""
    await client.http.close()
    client.http.clear()
    client.http.connector = discord.utils.MISSING  # as in a new client (seen in discord.py 2.7.1)


async def _stay_connected(client: PaperboyClient) -> None:
    retrying = AsyncRetrying(
        retry=retry_if_exception_type(_GatewayUnreachableError),
        wait=wait_exponential(multiplier=2, max=_LONGEST_PAUSE),
        before_sleep=_tell_retry,
        reraise=True,
    )
    await retrying(_connect, client)


async def _connect(client: PaperboyClient) -> None:
    """Be connected until closed. discord.py 2.7.1 resumes by itself, but not where it was never connected."""
    try:
        await client.connect(reconnect=True)
    except discord.ConnectionClosed as closed:
        raise OperatorError(
            _CLOSED.get(closed.code, _CLOSED_OTHERWISE).format(closed.code), exit_code=EX_CONFIG
        ) from None
    except AttributeError:
        if client.ws is not None:
            raise
        raise _GatewayUnreachableError("the gateway does not answer") from None


class _GatewayUnreachableError(Exception):
    """The gateway could not be reached at the first attempt."""


def _tell_retry(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    pause = state.next_action.sleep if state.next_action else 0
    _log.warning("Discord cannot be reached (%s); trying again in %.0f s", error or type(error).__name__, pause)


async def _until_ready(client: PaperboyClient, connection: asyncio.Task[None]) -> None:
    ready = asyncio.create_task(client.wait_until_ready(), name="waiting for ready")
    try:
        await asyncio.wait({ready, connection}, return_when=asyncio.FIRST_COMPLETED)
        if connection.done():
            connection.result()
    finally:
        ready.cancel()
        await asyncio.wait({ready})
    _log.info("ready guilds=%d", len(client.guilds))


async def _disconnect(client: PaperboyClient, connection: asyncio.Task[None]) -> None:
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await client.close()
            await asyncio.wait({connection})
    except TimeoutError:
        _log.warning("stopping took over %d s; what was open is abandoned", STOP_SECONDS)
        connection.cancel()
    if connection.done() and not connection.cancelled():
        connection.exception()  # taken here, so that it is not reported as never retrieved


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
