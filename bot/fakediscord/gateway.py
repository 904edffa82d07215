"""The gateway: identifies bots, tells them what happens, and lets them resume what they missed.

Opcodes and close codes: docs.discord.com/developers/topics/opcodes-and-status-codes#gateway.
"""

import asyncio
import secrets
from collections.abc import Callable
from enum import IntEnum, IntFlag

from aiohttp import WSMessage, WSMsgType, web

from bot.fakediscord import render
from bot.fakediscord.links import Link, Session
from bot.fakediscord.starts import Starts
from bot.fakediscord.wire import Json, is_count, loads, snowflake
from bot.fakediscord.world import World

HEARTBEAT_MS = 41_250
_ACK_SECONDS = 0.05
"""A client on this machine would otherwise have its answer before it has noted when it asked."""
_CLOSING_SECONDS = 0.5
_LARGEST_PAYLOAD = 4096


class Intent(IntFlag):
    """Which events a bot asked for; the ones that this gateway tells them apart by."""

    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    DIRECT_MESSAGES = 1 << 12
    MESSAGE_CONTENT = 1 << 15


PRIVILEGED = Intent.GUILD_MEMBERS | Intent.PRESENCES | Intent.MESSAGE_CONTENT
_KNOWN_INTENTS = (1 << 26) - 1


class _Op(IntEnum):
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE = 3
    VOICE_STATE = 4
    RESUME = 6
    RECONNECT = 7
    REQUEST_MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class Gateway:
    """Every session of the bot. `identifies` and `resumes` count what bots did."""

    def __init__(self, world: World, *, accepts: Callable[[str], bool], privileged: int, starts: Starts) -> None:
        self.url = ""
        self.starts = starts
        self.identifies = 0
        self.resumes = 0
        self.on_change: Callable[[], None] = lambda: None
        """Called when the bot comes online or goes offline."""
        self.overlaps: list[tuple[float, int]] = []
        """When a session began for a shard that a connected bot had, and for which: both hear everything from then on.
        The time is that of the world."""
        self._world = world
        self._accepts = accepts
        self._privileged = privileged
        self._sessions: dict[str, Session] = {}
        self._links: set[Link] = set()

    @property
    def is_online(self) -> bool:
        return any(each.link for each in self._sessions.values())

    @property
    def shards(self) -> list[tuple[int, int]]:
        """The shards that some connected bot hears of, each as often as it does, with how many there are."""
        return sorted(each.shard for each in self._sessions.values() if each.link)

    @property
    def is_reachable(self) -> bool:
        """Whether some bot is connected, or may yet resume and hear what it missed."""
        return bool(self._sessions)

    def dispatch(self, event: str, body: Json, *, guild_id: int | None, intent: int = 0) -> None:
        """Tell an event to every session whose shard and intents it concerns."""
        for session in self._sessions.values():
            if session.owns(guild_id) and (not intent or session.intents & intent):
                session.dispatch(event, body)

    def close(self, code: int) -> None:
        """Close every connection with this code."""
        for link in self._links:
            link.close(code)

    def cut(self) -> None:
        """Break every connection without a word; sessions can be resumed."""
        for link in self._links:
            link.cut()

    def reconnect(self) -> None:
        """Ask every bot to reconnect and resume (opcode 7)."""
        for link in self._links:
            link.send(_Op.RECONNECT)

    def invalidate(self, *, resumable: bool = False) -> None:
        """Tell every bot that its session is no longer valid (opcode 9)."""
        if not resumable:
            self._sessions.clear()
        for link in self._links:
            link.send(_Op.INVALID_SESSION, resumable)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, from HELLO until either side closes it."""
        socket = web.WebSocketResponse(timeout=_CLOSING_SECONDS, max_msg_size=1 << 20)
        try:
            await socket.prepare(request)
        except ConnectionResetError:  # whoever asked is gone already
            return socket
        link = Link(socket, request.transport)
        self._links.add(link)
        pump = asyncio.create_task(link.pump(), name="gateway connection")
        try:
            self._greet(link, request)
            async for frame in socket:
                self._hear(link, frame)
        finally:
            if not link.is_closing:
                pump.cancel()
            await asyncio.wait({pump})
            self._leave(link)
        return socket

    def _greet(self, link: Link, request: web.Request) -> None:
        if request.query.get("v") != "10" or request.query.get("encoding") != "json":
            link.close(4012)
        else:
            link.send(_Op.HELLO, {"heartbeat_interval": HEARTBEAT_MS})

    def _leave(self, link: Link) -> None:
        self._links.discard(link)
        session = link.session
        if session is None or session.link is not link:
            return
        session.link = None
        if link.socket.close_code in (1000, 1001) and not link.is_closing:
            self._sessions.pop(session.id, None)  # the bot said goodbye, which ends the session
        self.on_change()

    def _hear(self, link: Link, frame: WSMessage) -> None:
        if frame.type is not WSMsgType.TEXT or len(frame.data) > _LARGEST_PAYLOAD:
            link.close(4002)
            return
        try:
            payload = loads(frame.data)
            op, body = payload["op"], payload.get("d")
        except (ValueError, TypeError, KeyError):
            link.close(4002)
            return
        self._obey(link, op, body)

    def _obey(self, link: Link, op: object, body: object) -> None:
        fields: Json = body if isinstance(body, dict) else {}
        match op:
            case _Op.HEARTBEAT:
                asyncio.get_running_loop().call_later(_ACK_SECONDS, link.send, _Op.HEARTBEAT_ACK)
            case _Op.IDENTIFY | _Op.RESUME if not fields:
                link.close(4002)
            case _Op.IDENTIFY | _Op.RESUME if link.session is not None:
                link.close(4005)
            case _Op.IDENTIFY:
                self._identify(link, fields)
            case _Op.RESUME:
                self._resume(link, fields)
            case _Op.PRESENCE | _Op.VOICE_STATE | _Op.REQUEST_MEMBERS if link.session is None:
                link.close(4003)
            case _Op.REQUEST_MEMBERS:
                self._tell_members(link.session, fields)
            case _Op.PRESENCE | _Op.VOICE_STATE:
                pass
            case _:
                link.close(4001)

    def _identify(self, link: Link, body: Json) -> None:
        shard = body.get("shard", [0, 1])
        intents = body["intents"] if is_count(body.get("intents")) else -1
        if not self._accepts(str(body.get("token") or "")):
            link.close(4004)
        elif not _is_shard(shard):
            link.close(4010)
        elif not 0 <= intents <= _KNOWN_INTENTS:
            link.close(4013)
        elif intents & PRIVILEGED & ~self._privileged:
            link.close(4014)
        elif self.starts.take(shard[0]):
            self._start(link, (shard[0], shard[1]), intents)
        else:
            link.send(_Op.INVALID_SESSION, False)

    def _start(self, link: Link, shard: tuple[int, int], intents: int) -> None:
        for other in [each for each in self._sessions.values() if each.shard == shard]:
            if other.link is None:
                del self._sessions[other.id]
            else:
                self.overlaps.append((self._world.now(), shard[0]))
        session = Session(id=secrets.token_hex(16), shard=shard, intents=intents, link=link)
        self._sessions[session.id] = link.session = session
        self.identifies += 1
        guilds = [each for each in self._world.bot_guilds() if session.owns(each.id)]
        session.dispatch("READY", self._ready(session, [each.id for each in guilds]))
        for guild in guilds if intents & Intent.GUILDS else ():
            me = guild.members[self._world.bot.id]
            session.dispatch("GUILD_CREATE", render.whole_guild(guild, me, now=self._world.now()))
        self.on_change()

    def _ready(self, session: Session, guild_ids: list[int]) -> Json:
        return {
            "v": 10,
            "user": {**render.user(self._world.bot), "verified": True, "mfa_enabled": False, "email": None},
            "guilds": [{"id": str(each), "unavailable": True} for each in guild_ids],
            "private_channels": [],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": list(session.shard),
            "application": {"id": str(self._world.bot.id), "flags": 0},
        }

    def _resume(self, link: Link, body: Json) -> None:
        session = self._sessions.get(str(body.get("session_id")))
        if not self._accepts(str(body.get("token") or "")):
            link.close(4004)
            return
        missed = session.missed_since(body["seq"]) if session and is_count(body.get("seq")) else None
        if session is None or missed is None:
            link.send(_Op.INVALID_SESSION, False)
            return
        if session.link is not None:
            session.link.close(4000)
        session.link = link
        link.session = session
        for text in missed:
            link.send_text(text)
        self.resumes += 1
        session.dispatch("RESUMED", {})
        self.on_change()

    def _tell_members(self, session: Session | None, asked: Json) -> None:
        """Answer with the members asked for by id; a bot without the members intent gets no others."""
        guild = self._world.guilds.get(snowflake(asked.get("guild_id")) or 0)
        if session is None or guild is None:
            return
        ids = [snowflake(each) or 0 for each in asked.get("user_ids") or ()]
        told: Json = {
            "guild_id": str(guild.id),
            "members": [render.member(guild.members[each]) for each in ids if each in guild.members],
            "not_found": [str(each) for each in ids if each not in guild.members],
            "chunk_index": 0,
            "chunk_count": 1,
        }
        session.dispatch("GUILD_MEMBERS_CHUNK", told | ({"nonce": asked["nonce"]} if asked.get("nonce") else {}))


def _is_shard(value: object) -> bool:
    match value:
        case [int(number), int(count)]:
            return 0 <= number < count
    return False
