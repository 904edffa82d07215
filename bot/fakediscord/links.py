"""One bot's connection to the gateway, and the session that outlives it. Knows nothing of what the events mean."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from aiohttp import web

from bot.fakediscord.wire import Json, dumps

_REMEMBERED = 1000
"""Events a session can replay; a bot that missed more must identify again."""


class Link:
    """An open connection; what goes out waits its turn here, so that sending never waits."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        self.socket = socket
        self.session: Session | None = None
        self.is_closing = False
        self._transport = transport
        self._outgoing: asyncio.Queue[str | int] = asyncio.Queue()

    def send(self, op: int, body: object = None) -> None:
        self.send_text(dumps({"op": op, "d": body, "s": None, "t": None}))

    def send_text(self, text: str) -> None:
        self._outgoing.put_nowait(text)

    def close(self, code: int) -> None:
        """Close in an orderly way, once everything before it has gone out."""
        self._outgoing.put_nowait(code)

    def cut(self) -> None:
        """Break the connection as a pulled cable would."""
        if self._transport is not None:
            self._transport.abort()

    async def pump(self) -> None:
        """Send until the connection closes."""
        while True:
            item = await self._outgoing.get()
            try:
                if isinstance(item, str):
                    await self.socket.send_str(item)
                    continue
                self.is_closing = True
                await self.socket.close(code=item)
            except ConnectionError:
                pass  # the bot has gone; the reading side sees it too
            return


@dataclass(slots=True, kw_only=True, eq=False)
class Session:
    """What a bot identified as, and the latest events it was owed, whether or not it is connected."""

    id: str
    shard: tuple[int, int]
    intents: int
    link: Link | None
    seq: int = 0
    log: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=_REMEMBERED), repr=False)

    def dispatch(self, event: str, body: Json) -> None:
        self.seq += 1
        text = dumps({"op": 0, "d": body, "s": self.seq, "t": event})
        self.log.append((self.seq, text))
        if self.link is not None:
            self.link.send_text(text)

    def owns(self, guild_id: int | None) -> bool:
        """Whether this shard hears of the guild; direct messages are heard by the first."""
        return (0 if guild_id is None else (guild_id >> 22) % self.shard[1]) == self.shard[0]

    def missed_since(self, seq: int) -> list[str] | None:
        """The events after `seq`, or None when they are not all remembered."""
        if seq > self.seq or (self.log and seq < self.log[0][0] - 1):
            return None
        return [text for number, text in self.log if number > seq]
