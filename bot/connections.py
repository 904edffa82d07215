"""The connections of the bot to Discord's gateway, one a shard; which shards are its own, others say.

discord.py keeps the shards of one process for as long as that runs. Here they come and go, and each is ended for good
where its task is: that takes `DiscordWebSocket` itself, how a state forgets guilds and is told the count of shards.
All of it is undocumented (seen in discord.py 2.7.1), used nowhere else, and the reason why pyproject.toml pins it.
"""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
import discord
from discord.ext import commands
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from discord.http import INTERNAL_API_VERSION, Route

from bot.domain.shards import ALL, Shards

_log = logging.getLogger(__name__)

_CONNECT_SECONDS = 180.0
"""So long a connection may take to be made, its turn to identify with it."""
_CLOSE_SECONDS = 2.0
"""So long Discord may take to say goodbye."""
_LASTING = 10.0
"""Seconds after which a connection that ends is made anew at once, whatever came before."""
_LONGEST_PAUSE = 300.0
_FRESH = 30.0
"""For so many seconds it is believed how many sessions may yet begin."""
_FEW = 50
"""So few sessions that may yet begin are asked for each time: other processes begin some as well."""
_UNREACHABLE = (aiohttp.ClientError, discord.HTTPException, discord.GatewayNotFound, OSError, TimeoutError)
_GREETING_SECONDS = 10.0
"""So long Discord may take to answer who only asks whether it is there."""
_GOODBYE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """What Discord says of a bot's connections (`GET /gateway/bot`)."""

    shards: int
    """How many it recommends."""
    at_once: int
    """How many may identify in the same five seconds: `max_concurrency`."""
    sessions_left: int
    """How many sessions may yet begin, until `resets_after` they are all there again."""
    resets_after: timedelta


class _NotOursError(Exception):
    """The shard is another process's by now."""


class _Socket(DiscordWebSocket):
    """A connection that hears nothing any more once its shard is not ours, and is closed when it is given up."""

    async def identify(self) -> None:
        try:
            await super().identify()
        except BaseException:
            await self.close(_GOODBYE)
            raise

    async def poll_event(self) -> None:
        try:
            await super().poll_event()
        except (asyncio.CancelledError, _NotOursError):
            await self.close(_GOODBYE)
            raise

    async def received_message(self, msg: Any, /) -> None:
        connections: Connections = self._connection._get_client().connections  # type: ignore[attr-defined]
        if not connections.holds(self.shard_id or 0):
            raise _NotOursError
        connections.note_heard()
        await super().received_message(msg)


class Connections:
    """The connections of one client. A shard is *at hand* when all its servers are known and it is still ours."""

    def __init__(self, client: commands.AutoShardedBot) -> None:
        self._client = client
        self._count = ALL.count
        self._held: Callable[[int], bool] = lambda _: True
        self._turn: Callable[[int], Awaitable[None]] = _at_once
        self._sockets: dict[int, DiscordWebSocket] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._known: set[int] = set()
        self._first = asyncio.Event()
        self._ended = asyncio.Event()
        self._error: BaseException | None = None
        self._left, self._asked_at = 0, -math.inf
        self._heard_at = -math.inf

    async def ask(self) -> Gateway:
        """What Discord says of our connections."""
        told = await self._client.http.request(Route("GET", "/gateway/bot"))
        limit = told["session_start_limit"]
        self._left, self._asked_at = int(limit["remaining"]), asyncio.get_running_loop().time()
        return Gateway(
            shards=max(1, int(told["shards"])),
            at_once=max(1, int(limit["max_concurrency"])),
            sessions_left=int(limit["remaining"]),
            resets_after=timedelta(milliseconds=limit["reset_after"]),
        )

    def begin(self, count: int, *, held: Callable[[int], bool], turn: Callable[[int], Awaitable[None]]) -> None:
        """Say of how many shards, which of them are ours at any moment, and what waits for a shard's turn to identify.

        discord.py identifies in the same step of the event loop in which `turn` is done.
        """
        self._count, self._held, self._turn = count, held, turn
        self._client.shard_count = self._client._connection.shard_count = count
        self.note_heard()

    async def run(self, *, greet_every: timedelta) -> None:
        """Wait until a connection has ended for good. Raises what ended it: ConnectionClosed where Discord did.

        Where no shard hears anything, look whether Discord is there every so often.
        """
        greeting = asyncio.create_task(self._greet(greet_every), name="greeting Discord")
        ended = asyncio.create_task(self._ended.wait(), name="end of a connection")
        try:
            await asyncio.wait({greeting, ended}, return_when=asyncio.FIRST_COMPLETED)
            if greeting.done():
                greeting.result()
        finally:
            for each in (greeting, ended):
                each.cancel()
            await asyncio.wait({greeting, ended})
        if self._error is not None:
            raise self._error

    @property
    def silence(self) -> timedelta:
        """How long Discord has not been heard, on any shard or when it was greeted."""
        return timedelta(seconds=asyncio.get_running_loop().time() - self._heard_at)

    def note_heard(self) -> None:
        """Take note that Discord said something."""
        self._heard_at = asyncio.get_running_loop().time()

    async def _greet(self, every: timedelta) -> None:
        """A connection that is closed after Discord's first word: no session begins, and no limit counts it."""
        while True:
            await asyncio.sleep(every.total_seconds())
            if self.silence < every:
                continue
            with suppress(*_UNREACHABLE):
                async with asyncio.timeout(_GREETING_SECONDS):
                    address = DiscordWebSocket.DEFAULT_GATEWAY.with_query(v=INTERNAL_API_VERSION, encoding="json")
                    socket = await self._client.http.ws_connect(str(address))
                    if (await socket.receive()).type is aiohttp.WSMsgType.TEXT:
                        self.note_heard()
                    await socket.close(code=_GOODBYE)

    async def until_one_is_at_hand(self) -> None:
        """Wait for the first shard to be at hand."""
        await self._first.wait()

    def holds(self, shard: int) -> bool:
        """Whether the shard is ours at this moment."""
        return shard in self._tasks and self._held(shard)

    @property
    def at_hand(self) -> Shards:
        """The shards whose servers are all known, and which are ours at this moment."""
        return Shards(ids=frozenset(each for each in self._known if self.holds(each)), count=self._count)

    @property
    def connected(self) -> frozenset[int]:
        """The shards with a connection, as far as it is known."""
        return frozenset(each for each, socket in self._sockets.items() if socket.open and each in self._known)

    @property
    def joined(self) -> frozenset[int]:
        """The shards that are connected, or are to be."""
        return frozenset(self._tasks)

    @property
    def round_trip(self) -> timedelta | None:
        """How long the last heartbeats took there and back at most; None where there were none."""
        seconds = [each.latency for each in self._sockets.values() if math.isfinite(each.latency)]
        return timedelta(seconds=max(seconds)) if seconds else None

    def join(self, shard: int) -> None:
        """Connect a shard, and keep it connected until it is left."""
        task = self._tasks[shard] = asyncio.create_task(self._stay(shard), name=f"shard {shard}")
        task.add_done_callback(lambda done: self._note_end(shard, done))

    async def leave(self, shards: Collection[int]) -> None:
        """Disconnect these and forget their servers; what they are at is given two seconds."""
        leaving = [self._tasks.pop(each) for each in shards if each in self._tasks]
        self._known -= set(shards)
        for patience in (_CLOSE_SECONDS, None):
            for task in leaving:
                task.cancel()
            if leaving := [each for each in leaving if not each.done()]:
                await asyncio.wait(leaving, timeout=patience)
        for each in shards:
            self._forget(each)

    def note_known(self, shard: int) -> None:
        """Take note that Discord has told all servers of a shard."""
        if shard in self._tasks:
            self._known.add(shard)
            self._first.set()

    async def before_identify(self, shard: int) -> None:
        """Wait for the shard's turn. All its servers are told anew then: one that was left meanwhile must not stay."""
        await self._turn(shard)
        if not self.holds(shard):
            raise _NotOursError
        self._left -= 1
        self._known.discard(shard)
        self._forget(shard)

    def _forget(self, shard: int) -> None:
        for guild in self._client.guilds:
            if guild.shard_id == shard:
                self._client._connection._remove_guild(guild)

    def _note_end(self, shard: int, task: asyncio.Task[None]) -> None:
        self._sockets.pop(shard, None)
        if self._tasks.get(shard) is task:  # it was not ours for a moment: it is to be joined anew
            del self._tasks[shard]
            self._known.discard(shard)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._error = self._error or error
            self._ended.set()

    async def _stay(self, shard: int) -> None:
        """Be connected until cancelled, or the shard is not ours. Raises ConnectionClosed where Discord ends it."""
        resumed: dict[str, Any] = {}
        failures = 0
        while True:
            began = asyncio.get_running_loop().time()
            try:
                if not resumed:
                    await self._may_begin()
                resumed = await self._connect(shard, resumed)
                is_away = False
            except _NotOursError:
                return
            except discord.ConnectionClosed as closed:
                if closed.code != _GOODBYE:
                    raise
                is_away, resumed = True, {}
            except _UNREACHABLE:
                is_away = True
            lasted = asyncio.get_running_loop().time() - began
            failures = 0 if lasted > _LASTING else failures + 1
            await _pause(shard, failures, is_away=is_away)

    async def _may_begin(self) -> None:
        """Wait while Discord lets no more sessions begin, which is so after a thousand in a day."""
        fresh = asyncio.get_running_loop().time() - self._asked_at < _FRESH
        while not fresh or self._left < _FEW:
            told = await self.ask()
            if told.sessions_left > 0:
                return
            seconds = told.resets_after.total_seconds() + 1
            _log.warning("Discord lets no session begin for %.0f min: too many began today", seconds / 60)
            await asyncio.sleep(seconds)
            fresh = False

    async def _connect(self, shard: int, resumed: dict[str, Any]) -> dict[str, Any]:
        """One connection, until it ends: with what to resume it, or nothing where it has to begin anew."""
        socket: DiscordWebSocket | None = None
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                socket = await _Socket.from_client(self._client, shard_id=shard, **resumed)
            self._sockets[shard] = socket
            while True:
                await socket.poll_event()
        except ReconnectWebSocket as again:
            if not again.resume:
                return {}
            return resumed if socket is None else _to_resume(socket)
        except OSError:  # reset by the other side, say
            if socket is None:
                raise
            return _to_resume(socket)


def _to_resume(socket: DiscordWebSocket) -> dict[str, Any]:
    """What takes a session up where it broke off; nothing where it had not begun."""
    if not socket.session_id:
        return {}
    return {
        "resume": True,
        "session": socket.session_id,
        "sequence": socket.sequence,
        "gateway": socket.gateway,
    }


async def _pause(shard: int, failures: int, *, is_away: bool) -> None:
    """Wait before the next attempt, longer after each that failed; a connection that broke is made anew at once."""
    if failures <= 1 and not is_away:
        return
    seconds = min(2.0 ** max(failures - 1, 0), _LONGEST_PAUSE)
    _log.warning(
        "Discord cannot be reached (the gateway does not answer) shard=%d; trying again in %.0f s", shard, seconds
    )
    await asyncio.sleep(seconds)


async def _at_once(_: int) -> None:
    """The turn of one who need not wait."""
