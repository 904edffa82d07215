"""A web server on localhost that answers what a test tells it to, well or badly, and remembers what it was asked."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it arrived."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """Names in lower case."""
    at: float
    """Seconds on the server's clock, when the connection was made."""


Reply = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]
"""Writes an answer, or something worse; the connection is closed afterwards."""


@dataclass(slots=True, kw_only=True)
class LocalServer:
    """A running server. An address nobody prepared is answered with `otherwise`: 404 unless a test says more."""

    host: str
    port: int
    clock: Callable[[], float]
    replies: dict[str, Reply] = field(default_factory=dict)
    otherwise: Reply | None = None
    asked: list[Asked] = field(default_factory=list)
    connected: int = 0
    most_connected: int = 0

    @property
    def authority(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def url(self, path: str = "/") -> str:
        return f"http://{self.authority}{path}"

    def on(self, path: str, *replies: Reply) -> str:
        """Answer requests for `path` with these in turn, the last one for good. Gives the URL."""
        self.replies[path] = in_turn(*replies)
        return self.url(path)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connected += 1
        self.most_connected = max(self.most_connected, self.connected)
        try:
            asked = await _read_request(reader, at=self.clock())
            self.asked.append(asked)
            await self.replies.get(asked.path, self.otherwise or status(404))(asked, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client left
        finally:
            self.connected -= 1
            writer.close()


@asynccontextmanager
async def local_server(host: str = "127.0.0.1", clock: Callable[[], float] | None = None) -> AsyncIterator[LocalServer]:
    """Run a server on a free port until the block ends; answers still being written are stopped.

    `clock` tells when requests arrive; without it, the event loop does.
    """
    answering: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(running.serve(reader, writer))
        answering.add(task)
        task.add_done_callback(answering.discard)

    server = await asyncio.start_server(accept, host, 0)
    port = server.sockets[0].getsockname()[1]
    running = LocalServer(host=host, port=port, clock=clock or asyncio.get_running_loop().time)
    try:
        yield running
    finally:
        server.close()
        unfinished = list(answering)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)


async def _read_request(reader: asyncio.StreamReader, *, at: float) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    target = urlsplit(first.split(" ")[1])
    pairs = (line.split(":", 1) for line in lines)
    return Asked(
        path=target.path,
        query=dict(parse_qsl(target.query, keep_blank_values=True)),
        headers={name.strip().lower(): value.strip() for name, value in pairs},
        at=at,
    )


def in_turn(*replies: Reply) -> Reply:
    """The first reply to the first request, and so on; the last one from then on."""
    left = list(replies)

    async def reply(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(asked, writer)

    return reply


def raw(content: bytes) -> Reply:
    """Exactly these bytes."""

    async def reply(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(content)
        await writer.drain()

    return reply


def head(code: int, headers: Mapping[str, str]) -> bytes:
    """Status line and headers, up to the empty line."""
    phrase = HTTPStatus(code).phrase if code in list(HTTPStatus) else "Whatever"
    lines = [f"HTTP/1.1 {code} {phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def page(body: bytes, *, code: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """A whole, honest answer."""
    return raw(head(code, {"Content-Length": str(len(body)), **(headers or {})}) + body)


def status(code: int, headers: Mapping[str, str] | None = None) -> Reply:
    """An answer that brings no page; 204 and 304 have no body at all."""
    return raw(head(code, headers or {})) if code in {204, 304} else page(b"no page here", code=code, headers=headers)


def throttled(*, code: int = 429, seconds: int | None = None, until: datetime | None = None) -> Reply:
    """429, or 503, that asks to be left alone: for seconds, until a date, or without saying how long."""
    wait = str(seconds) if seconds is not None else format_datetime(until, usegmt=True) if until else None
    return status(code, {"Retry-After": wait} if wait else None)


def revalidated(body: bytes, *, etag: str) -> Reply:
    """The page for whoever does not have this version of it, 304 for whoever has."""

    async def reply(asked: Asked, writer: asyncio.StreamWriter) -> None:
        known = asked.headers.get("if-none-match") == etag
        answer = status(304, {"ETag": etag}) if known else page(body, headers={"ETag": etag})
        await answer(asked, writer)

    return reply


def gzipped(body: bytes) -> Reply:
    return page(gzip.compress(body), headers={"Content-Encoding": "gzip"})


def deflated(body: bytes, *, bare: bool = False) -> Reply:
    """Deflate with the zlib header, as the standard says, or bare, as some servers send it."""
    stream = zlib.compressobj(wbits=-15 if bare else 15)
    return page(stream.compress(body) + stream.flush(), headers={"Content-Encoding": "deflate"})


def bomb(*, coding: str = "gzip", megabytes: int = 1_000) -> Reply:
    """About a thousandth of what it unpacks to: zeros. Only its end is wrong, which nobody should live to see."""
    stream = zlib.compressobj(9, wbits=31 if coding == "gzip" else 15)
    start = stream.compress(bytes(1_000_000)) + stream.flush(zlib.Z_FULL_FLUSH)
    more = stream.compress(bytes(1_000_000)) + stream.flush(zlib.Z_FULL_FLUSH)
    return page(start + more * (megabytes - 1), headers={"Content-Encoding": coding})


def cut(body: bytes, *, after: int) -> Reply:
    """Promises the whole body and hangs up after some bytes of it."""
    return wrong_length(body[:after], claimed=len(body))


def wrong_length(body: bytes, *, claimed: int) -> Reply:
    """Says that the body is longer, or shorter, than it is."""
    return raw(head(200, {"Content-Length": str(claimed)}) + body)


def redirect(location: str, *, code: int = 302) -> Reply:
    return status(code, {"Location": location})


def endless(piece: bytes = b"x" * 65_536) -> Reply:
    """A body without a stated length that never ends."""

    async def reply(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(head(200, {"Connection": "close"}))
        while True:
            writer.write(piece)
            await writer.drain()

    return reply


def drip(body: bytes, *, every: float = 0.01) -> Reply:
    """One byte at a time, with pauses of so many seconds."""

    async def reply(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(head(200, {"Content-Length": str(len(body))}))
        for byte in body:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(every)

    return reply


async def silence(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Never answers."""
    await asyncio.Event().wait()
