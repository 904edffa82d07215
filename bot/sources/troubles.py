"""What can go wrong between asking a server and having its answer, told in one sentence each.

The sentences hold host and path, never a query, which may hold a key; and never what the server wrote.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp
from yarl import URL

from bot.domain.ledger_words import UNFOUND
from bot.interfaces import SourceError, SourceTrouble
from bot.sources.addresses import PublicSockets
from bot.sources.decoding import CutBodyError, PackedBodyError

LONGEST_PAUSE = timedelta(seconds=30)
"""A server that asks for a longer rest than this gets it from the caller, not within one `get`."""

LONGEST_RETRY_AFTER = timedelta(days=1)
_LONGEST_PLACE = 200


class PassingError(SourceError):
    """Trouble that may be over in a moment: worth another attempt."""


def place_of(url: URL) -> str:
    """Host and path, in ASCII and not long."""
    return f"{url.host_subcomponent or f'{url.scheme}:'}{url.raw_path}"[:_LONGEST_PLACE]


def refusal(url: URL, answer: aiohttp.ClientResponse, *, now: datetime) -> SourceError:
    """What a status that brings no page means."""
    status, place = answer.status, place_of(url)
    asked = retry_after(answer.headers.get("Retry-After", ""), now=now)
    if status == 429:
        message = f"{place} asks for fewer requests (429)."
        return SourceError(message, reason=SourceTrouble.THROTTLED, retry_after=asked)
    if status >= 500 or status == 408:
        kind = PassingError if asked is None or asked <= LONGEST_PAUSE else SourceError
        return kind(f"{place} is out of order ({status}).", reason=SourceTrouble.UNAVAILABLE, retry_after=asked)
    if status in {404, 410}:
        return SourceError(f"{place} does not exist ({status}).", reason=SourceTrouble.NOT_FOUND)
    if status >= 400:
        return SourceError(f"{place} refuses to answer ({status}).", reason=SourceTrouble.REFUSED)
    return SourceError(f"{place} answers {status}, which brings no page.", reason=SourceTrouble.MALFORMED)


def retry_after(value: str, *, now: datetime) -> timedelta | None:
    """What a Retry-After header asks for, from 0 to a day; None if unreadable (RFC 9110, 10.2.3: seconds or a date)."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(timedelta(seconds=int(value[:9])), LONGEST_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(value)
        wait = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return min(max(wait, timedelta(0)), LONGEST_RETRY_AFTER)


def too_large(url: URL, limit: int) -> SourceError:
    message = f"{place_of(url)} sends more than {limit / 1_000_000:g} MB."
    return SourceError(message, reason=SourceTrouble.TOO_LARGE)


@contextmanager
def told(url: URL, sockets: PublicSockets) -> Iterator[None]:
    """Turn whatever the network does into a SourceError. The originals are dropped: they quote the query."""
    try:
        yield
    except TimeoutError:
        raise PassingError(f"{place_of(url)} takes too long.", reason=SourceTrouble.TIMEOUT) from None
    except CutBodyError:
        raise _broken_off(url) from None
    except PackedBodyError as error:
        message = f"{place_of(url)} sends a body that is {error}."
        raise SourceError(message, reason=SourceTrouble.MALFORMED) from None
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise _network_trouble(error, url, sockets) from None


def _network_trouble(error: Exception, url: URL, sockets: PublicSockets) -> SourceError:
    place, host = place_of(url), url.host_subcomponent
    match error:
        case aiohttp.ClientConnectorError() if sockets.refused:
            message = f"{place} leads to an address that is not public; I don't go there."
            return SourceError(message, reason=SourceTrouble.FORBIDDEN_ADDRESS)
        case aiohttp.ClientSSLError() | aiohttp.ClientConnectorCertificateError():
            message = f"{host} cannot be trusted: its certificate or its encryption is not valid."
            return SourceError(message, reason=SourceTrouble.UNREACHABLE)
        case aiohttp.ClientConnectorError():
            known = not isinstance(error, aiohttp.ClientConnectorDNSError)
            message = f"{host} accepts no connection." if known else f"{host}{UNFOUND}"
            kind = PassingError if known else SourceError  # what is not found rarely is a moment later
            return kind(message, reason=SourceTrouble.UNREACHABLE)
        case aiohttp.InvalidURL() | UnicodeError():
            message = f"{place} is not an address that can be looked up."
            return SourceError(message, reason=SourceTrouble.MALFORMED)
        case aiohttp.ServerConnectionError() | aiohttp.ClientPayloadError() | OSError():
            return _broken_off(url)
        case _:
            return SourceError(f"{place} does not answer in HTTP.", reason=SourceTrouble.MALFORMED)


def _broken_off(url: URL) -> SourceError:
    return PassingError(f"{place_of(url)} broke off in the middle.", reason=SourceTrouble.UNREACHABLE)
