"""The polite HTTP client: every request waits its turn, says who asks, and is bounded in time, size and reach.

It refuses to go where the public internet does not, and keeps nothing between requests: no cookies, no connections.
"""

import asyncio
import logging
import random as chance
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

import aiohttp
from multidict import CIMultiDictProxy
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt
from yarl import URL

from bot.domain.turns import LONGEST_TURN
from bot.interfaces import Pace, Response, SourceError, SourceTrouble, Validators
from bot.sources.addresses import PublicSockets
from bot.sources.decoding import unpacker
from bot.sources.time_limit import time_limit
from bot.sources.troubles import PassingError, place_of, refusal, told, too_large

ANY_OTHER = "*"
FAMILY_PACES: Mapping[str, timedelta] = MappingProxyType(
    {"arxiv": timedelta(seconds=3), ANY_OTHER: timedelta(seconds=1)}
)
"""Least time between requests of a family; arXiv's is for all its services together (info.arxiv.org/help/api/tou)."""

_FAMILY_DOMAINS: Mapping[str, str] = MappingProxyType({"arxiv.org": "arxiv"})
"""Whose pace is kept at every host of a domain, whoever asks for it and whatever led there."""

MOST_REDIRECTS = 5
MOST_ATTEMPTS = 3
_LOOK_UP_PAUSES = (0.5, 1.5)
"""Seconds before a name is looked up again that cannot be just now: short, for the turn is held meanwhile."""
_QUICK = timedelta(seconds=2)
"""A look-up that takes longer to fail has been tried again by the system itself."""
_LONGEST_HEADER = 512

_log = logging.getLogger(__name__)


def user_agent(version: str, contact: str) -> str:
    """What the client calls itself: who, which version and where a server's owner can complain."""
    plain = "".join(each for each in contact if each.isascii() and each.isprintable() and each not in "()").strip()
    return f"Paperboy/{version} (+{plain[:200]})" if plain else f"Paperboy/{version}"


def authority(url: str) -> str:
    """The `host:port` of a base URL, as `trusted_hosts` wants it."""
    return _authority(URL(url))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    url: URL
    family: str
    headers: Mapping[str, str]
    validators: Validators
    max_bytes: int
    trusted: bool

    def all_headers(self, agent: str) -> dict[str, str]:
        """What is sent: the caller's headers, and ours over them."""
        ours = {
            "User-Agent": agent,
            "Accept-Encoding": "gzip, deflate",
            "If-None-Match": self.validators.etag,
            "If-Modified-Since": self.validators.last_modified,
        }
        return {**self.headers, **{name: value for name, value in ours.items() if value}}

    def moved_to(self, target: URL, trusted_hosts: frozenset[str]) -> "_Request":
        """The request that follows a redirect: no secrets to another host, and trust once left is lost."""
        headers = self.headers
        if _authority(target) != _authority(self.url):
            headers = {name: value for name, value in headers.items() if name.lower() == "accept"}
        trusted = self.trusted and _authority(target) in trusted_hosts
        return replace(self, url=target, family=_family_at(target, self.family), headers=headers, trusted=trusted)


class PoliteHttp:
    """The `Http` of this program.

    `trusted_hosts` are the `host:port` of base URLs that the operator configured: those may be on any port and
    at any address, also inside. `every` overrides the pace of a family, and under ANY_OTHER that of all
    others. `time_limit` is for one request, from looking up its host to the last byte; a turn of the pace is held no
    longer. `random` gives numbers in [0, 1).
    """

    def __init__(
        self,
        *,
        pace: Pace,
        user_agent: str,
        clock: Callable[[], datetime],
        every: Mapping[str, timedelta] = FAMILY_PACES,
        trusted_hosts: frozenset[str] = frozenset(),
        time_limit: timedelta = LONGEST_TURN,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        random: Callable[[], float] = chance.random,
    ) -> None:
        self._pace = pace
        self._user_agent = user_agent
        self._clock = clock
        self._every = {**FAMILY_PACES, **every}
        self._trusted_hosts = trusted_hosts
        self._time_limit = time_limit
        self._sleep = sleep
        self._random = random

    async def get(
        self,
        url: str,
        *,
        family: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        validators: Validators | None = None,
        max_bytes: int = 5_000_000,
    ) -> Response:
        """Fetch one page. Raises SourceError, and nothing else of the network's making.

        What passes (5xx, a cut or slow connection) is tried three times, a 429 once. Every attempt and every
        redirect is a request of its own and waits for a turn of its own; a name that cannot be looked up just now is
        looked up three times in the same turn.
        """
        target = _parsed(url, params)
        request = _Request(
            url=target,
            family=_family_at(target, family),
            headers=headers or {},
            validators=validators or Validators(),
            max_bytes=max_bytes,
            trusted=_authority(target) in self._trusted_hosts,
        )
        attempts = AsyncRetrying(
            stop=stop_after_attempt(MOST_ATTEMPTS),
            retry=retry_if_exception_type(PassingError),
            wait=self._pause_before_retry,
            before_sleep=_log_retry,
            sleep=self._sleep,
            reraise=True,
        )
        return await attempts(self._follow, request)

    async def _follow(self, request: _Request) -> Response:
        start = request.url
        for _ in range(MOST_REDIRECTS + 1):
            answer = await self._in_turn(request)
            if isinstance(answer, Response):
                return answer
            request = request.moved_to(answer, self._trusted_hosts)
        raise SourceError(f"{place_of(start)} is behind more than five redirects.", reason=SourceTrouble.MOVED)

    async def _in_turn(self, request: _Request) -> Response | URL:
        """One request on one connection; the answer, or where to look instead."""
        _check_target(request)
        sockets = PublicSockets(trusted=request.trusted)
        every = self._every.get(request.family, self._every[ANY_OTHER])
        async with self._pace.turn(request.family, every=every):
            with told(request.url, sockets):
                async with time_limit(self._time_limit, self._clock):
                    return await self._looked_up(request, sockets)

    async def _looked_up(self, request: _Request, sockets: PublicSockets) -> Response | URL:
        """The exchange, begun again where the name cannot be looked up just now: no server has heard of it."""
        for pause in _LOOK_UP_PAUSES:
            began_at = self._clock()
            try:
                return await self._exchange(request, sockets)
            except aiohttp.ClientConnectorDNSError as error:
                if error.errno != socket.EAI_AGAIN or self._clock() - began_at > _QUICK:
                    raise
            await self._sleep(pause)
        return await self._exchange(request, sockets)

    async def _exchange(self, request: _Request, sockets: PublicSockets) -> Response | URL:
        headers = request.all_headers(self._user_agent)
        async with (
            _session(sockets) as session,
            session.get(request.url, headers=headers, allow_redirects=False) as answer,
        ):
            if answer.status in {301, 302, 303, 307, 308}:
                return _redirect_target(request.url, answer.headers)
            unchanged = answer.status == 304 and request.validators != Validators()
            if answer.status != 200 and not unchanged:
                raise refusal(request.url, answer, now=self._clock())
            return Response(
                url=str(request.url),
                status=answer.status,
                body=b"" if unchanged else await _read_body(answer, request),
                content_type=_plain_header(answer.headers, "Content-Type") or "",
                validators=_validators(answer.headers, known=request.validators if unchanged else Validators()),
                received_at=self._clock(),
            )

    def _pause_before_retry(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, SourceError) else None
        backoff = 2.0**state.attempt_number * (0.5 + self._random())
        return max(backoff, asked.total_seconds() if asked else 0.0)


def _session(sockets: PublicSockets) -> aiohttp.ClientSession:
    """A session for one request, which leaves nothing behind and does nothing by itself."""
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(socket_factory=sockets, force_close=True),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(),
        auto_decompress=False,
        trust_env=False,
    )
    # aiohttp would ask at once again when a server hangs up, without waiting for a turn. It has no public switch;
    # a test counts the requests.
    session._retry_connection = False
    return session


def _log_retry(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    wait = state.next_action.sleep if state.next_action else 0.0
    _log.warning("source_retry attempt=%d wait_seconds=%.1f error=%r", state.attempt_number, wait, str(error))


def _parsed(url: str, params: Mapping[str, str] | None) -> URL:
    try:
        parsed = URL(url)
        return parsed.update_query(params) if params else parsed
    except ValueError:
        raise SourceError("The address of this source is not a URL.", reason=SourceTrouble.MALFORMED) from None


def _family_at(url: URL, otherwise: str) -> str:
    """Whose pace a request for this address keeps."""
    host = (url.host or "").rstrip(".")
    return next((name for domain, name in _FAMILY_DOMAINS.items() if f".{host}".endswith(f".{domain}")), otherwise)


def _authority(url: URL) -> str:
    return f"{url.host_subcomponent}:{url.port}"


def _check_target(request: _Request) -> None:
    """Refuse what no look-up could make right; where the host leads is judged when its socket is made."""
    url = request.url
    if url.scheme not in {"http", "https"} or not url.raw_host:
        complaint = "is not an http or https address"
    elif url.user is not None or url.password is not None:
        complaint = "comes with a name or password in its address"
    elif url.port not in {80, 443} and not request.trusted:
        complaint = "is on a port other than 80 and 443"
    else:
        return
    raise SourceError(f"{place_of(url)} {complaint}; I don't go there.", reason=SourceTrouble.FORBIDDEN_ADDRESS)


def _redirect_target(url: URL, headers: CIMultiDictProxy[str]) -> URL:
    try:
        return url.join(URL(headers["Location"])).with_fragment(None)
    except (KeyError, ValueError):
        message = f"{place_of(url)} redirects without saying where to."
        raise SourceError(message, reason=SourceTrouble.MOVED) from None


async def _read_body(answer: aiohttp.ClientResponse, request: _Request) -> bytes:
    """The unpacked body; given up as soon as it is too large, packed or unpacked."""
    received, body = 0, bytearray()
    unpack = unpacker(answer.headers.get("Content-Encoding", ""))
    if (answer.content_length or 0) > request.max_bytes:
        raise too_large(request.url, request.max_bytes)
    async for chunk in answer.content.iter_chunked(65_536):
        received += len(chunk)
        for piece in unpack.feed(chunk):
            body += piece
            if max(received, len(body)) > request.max_bytes:
                raise too_large(request.url, request.max_bytes)
            await asyncio.sleep(0)  # a packed body may be long work: let others in between
    return bytes(body + unpack.finish())


def _validators(headers: CIMultiDictProxy[str], *, known: Validators) -> Validators:
    return Validators(
        etag=_plain_header(headers, "ETag") or known.etag,
        last_modified=_plain_header(headers, "Last-Modified") or known.last_modified,
    )


def _plain_header(headers: CIMultiDictProxy[str], name: str) -> str | None:
    """A header that may be stored and sent back, or None: never control characters or broken Unicode."""
    value = headers.get(name, "").strip()
    return value if value.isascii() and value.isprintable() and 0 < len(value) <= _LONGEST_HEADER else None
