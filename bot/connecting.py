"""Logs in to Discord, has the shards connected that are this process's, and disconnects them. Builds nothing else."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

import aiohttp
import discord
from discord import app_commands
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_exponential

from bot.client import PaperboyClient, unreached_because
from bot.connections import Gateway
from bot.domain.leases import LeaseTiming, shard_lease
from bot.domain.shards import ranges
from bot.errors import EX_CONFIG, OperatorError
from bot.lease_interfaces import LeaseStorage
from bot.services.holding import Holding

_log = logging.getLogger(__name__)

LEAVE_SECONDS = 4
"""How long shards may take to be given up when the bot stops."""

_LONGEST_PAUSE = 300
"""Seconds between two attempts to reach Discord, at most."""

_CLOSED = {
    4004: "Discord refuses the token now (code {}). Copy a new one from the Developer Portal and set it.",
    4011: "The bot is in too many servers for its shards (code {}). Stop all its processes, and start them again: "
    "unless shards are named, they run as many as Discord recommends.",
    4013: "Discord refused our intents (code {}), which no setting changes: please report this.",
    4014: "Discord refused our intents (code {}), which no setting changes: please report this.",
}
_TOO_FEW_SHARDS = 4011
_CLOSED_OTHERWISE = "Discord closed the connection for good (code {}). See its developer documentation for the code."
"""What each close code that ends the connection for good means (docs.discord.com, gateway close event codes)."""

_UNREACHABLE = (aiohttp.ClientError, discord.DiscordServerError, OSError, TimeoutError)


async def log_in(client: PaperboyClient, token: str) -> Gateway:
    """Log in, and ask what Discord recommends. Raises OperatorError where the token is refused.

    Where Discord cannot be reached, keeps trying.
    """
    retrying = AsyncRetrying(
        retry=retry_if_exception_type(_UNREACHABLE),
        wait=wait_exponential(max=_LONGEST_PAUSE),
        before_sleep=_tell_retry,
        reraise=True,
    )
    try:
        told: Gateway = await retrying(_log_in_once, client, token)
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
    return told


async def _log_in_once(client: PaperboyClient, token: str) -> Gateway:
    try:
        await client.login(token)
        return await client.connections.ask()
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


@asynccontextmanager
async def connected(
    client: PaperboyClient, holding: Holding, storage: LeaseStorage, gateway: Gateway, timing: LeaseTiming
) -> AsyncIterator[asyncio.Task[None]]:
    """Have the shards connected that are held, while the block runs; it begins when the first of them is at hand.

    The task ends only when the bot cannot go on, and says why.
    """

    doors: dict[str, asyncio.Lock] = {}

    async def turn(shard: int) -> None:
        family = f"identify:{shard % gateway.at_once}"
        async with doors.setdefault(family, asyncio.Lock()):
            while not await may_identify(family, shard):
                pass

    async def may_identify(family: str, shard: int) -> bool:
        try:
            await storage.take_moment(family, every=timing.identify_every)
        except OperatorError as error:
            _log.warning("turn to identify not noted shard=%d error=%r", shard, str(error))
            await asyncio.sleep(max(1.0, timing.identify_every.total_seconds()))
            return not storage.is_shared  # nobody else identifies: a full disk need not keep the bot from answering
        return True

    count = await holding.begin(gateway.shards)
    client.connections.begin(count, held=lambda shard: holding.holds(shard_lease(shard)), turn=turn)
    connection = asyncio.create_task(_stay_connected(client, holding, timing), name="discord connection")
    try:
        await _until_ready(client, holding, connection)
        yield connection
    finally:
        await _disconnect(client, holding, connection)


async def _stay_connected(client: PaperboyClient, holding: Holding, timing: LeaseTiming) -> None:
    """Be connected for what is held. Raises OperatorError where Discord ends that for good."""
    listening = client.connections.run(greet_every=timing.silence / 3)
    both = [asyncio.create_task(each) for each in (holding.run(client.connections), listening)]
    try:
        ended, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for each in ended:
            each.result()
    except discord.ConnectionClosed as closed:
        raise OperatorError(
            _CLOSED.get(closed.code, _CLOSED_OTHERWISE).format(closed.code),
            exit_code=1 if closed.code == _TOO_FEW_SHARDS else EX_CONFIG,  # one that is alone need only start again
        ) from None
    finally:
        for each in both:
            each.cancel()
        await asyncio.wait(both)


def _tell_retry(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    pause = state.next_action.sleep if state.next_action else 0
    advice = ": check the network connection" if isinstance(error, aiohttp.ClientConnectorError) else ""
    _log.warning("Discord cannot be reached (%s)%s; trying again in %.0f s", unreached_because(error), advice, pause)


async def _until_ready(client: PaperboyClient, holding: Holding, connection: asyncio.Task[None]) -> None:
    """Wait for the first shard, or until it is known that there is none for this process."""
    ready = asyncio.create_task(_at_hand(client, holding), name="waiting for ready")
    try:
        await asyncio.wait({ready, connection}, return_when=asyncio.FIRST_COMPLETED)
        if connection.done():
            connection.result()
    finally:
        ready.cancel()
        await asyncio.wait({ready})
    at_hand = client.connections.at_hand
    _log.info("ready shards=%s of=%d guilds=%d", ranges(at_hand.ids) or "none", at_hand.count, len(client.guilds))


async def _at_hand(client: PaperboyClient, holding: Holding) -> None:
    await holding.has_looked.wait()
    if holding.shards:
        await client.connections.until_one_is_at_hand()


async def _disconnect(client: PaperboyClient, holding: Holding, connection: asyncio.Task[None]) -> None:
    """Give every shard up, and then say so: whoever takes it over is not kept waiting."""
    try:
        async with asyncio.timeout(LEAVE_SECONDS):
            connection.cancel()
            await asyncio.wait({connection})
            await client.connections.leave(client.connections.joined)
            await holding.let_go()
    except TimeoutError:
        _log.warning("leaving Discord took over %d s; what was open is abandoned", LEAVE_SECONDS)
    if connection.done() and not connection.cancelled():
        connection.exception()  # taken here, so that it is not reported as never retrieved
