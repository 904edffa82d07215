"""The polite client against a server that behaves badly and worst: how it is told, and what is tried again."""

import asyncio
import gzip
import socket
import tracemalloc
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.interfaces import SourceError, SourceTrouble
from bot.sources.http import PoliteHttp
from bot.sources.troubles import retry_after
from tests.sources.polite import client, trouble
from tests.sources.servers import (
    LocalServer,
    Reply,
    bomb,
    cut,
    drip,
    endless,
    head,
    local_server,
    page,
    raw,
    redirect,
    silence,
    status,
    throttled,
    wrong_length,
)
from tests.sources.virtual_time import NOON, Hours

WRONG: dict[str, tuple[Reply, SourceTrouble, str]] = {
    "nobody there": (status(404), SourceTrouble.NOT_FOUND, "does not exist (404)"),
    "gone": (status(410), SourceTrouble.NOT_FOUND, "does not exist (410)"),
    "forbidden": (status(403), SourceTrouble.REFUSED, "refuses to answer (403)"),
    "bad question": (status(400), SourceTrouble.REFUSED, "refuses to answer (400)"),
    "nothing": (status(204), SourceTrouble.MALFORMED, "answers 204, which brings no page"),
    "unasked 304": (status(304), SourceTrouble.MALFORMED, "answers 304, which brings no page"),
    "strange status": (status(599), SourceTrouble.UNAVAILABLE, "is out of order (599)"),
    "down": (status(500), SourceTrouble.UNAVAILABLE, "is out of order (500)"),
    "slow client": (status(408), SourceTrouble.UNAVAILABLE, "is out of order (408)"),
    "cut": (cut(b"<rss>", after=3), SourceTrouble.UNREACHABLE, "broke off in the middle"),
    "hung up": (raw(b""), SourceTrouble.UNREACHABLE, "broke off in the middle"),
    "cut while packed": (
        page(gzip.compress(bytes(9_000))[:-9], headers={"Content-Encoding": "gzip"}),
        SourceTrouble.UNREACHABLE,
        "broke off in the middle",
    ),
    "not gzip": (
        page(b"hello", headers={"Content-Encoding": "gzip"}),
        SourceTrouble.MALFORMED,
        "sends a body that is not gzip, although it says so",
    ),
    "unasked packing": (
        page(b"hello", headers={"Content-Encoding": "br"}),
        SourceTrouble.MALFORMED,
        "sends a body that is packed in a way that was not asked for",
    ),
    "not http": (raw(b"220 mail.example.org ready\r\n\r\n"), SourceTrouble.MALFORMED, "does not answer in HTTP"),
    "huge header": (
        raw(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n"),
        SourceTrouble.MALFORMED,
        "does not answer in HTTP",
    ),
    "gzip bomb": (bomb(), SourceTrouble.TOO_LARGE, "sends more than 5 MB"),
    "deflate bomb": (bomb(coding="deflate"), SourceTrouble.TOO_LARGE, "sends more than 5 MB"),
    "endless": (endless(), SourceTrouble.TOO_LARGE, "sends more than 5 MB"),
    "large": (page(bytes(5_000_001)), SourceTrouble.TOO_LARGE, "sends more than 5 MB"),
    "said to be large": (wrong_length(b"", claimed=6_000_000), SourceTrouble.TOO_LARGE, "sends more than 5 MB"),
    "lost": (status(302), SourceTrouble.MOVED, "redirects without saying where to"),
    "lost in brackets": (redirect("http://[::1"), SourceTrouble.MOVED, "redirects without saying where to"),
    "in circles": (redirect("/page"), SourceTrouble.MOVED, "is behind more than five redirects"),
}


@pytest.mark.parametrize("case", WRONG)
async def test_every_trouble_is_one_sentence(http: PoliteHttp, server: LocalServer, case: str) -> None:
    reply, reason, words = WRONG[case]
    error = await trouble(http, server.on("/page", reply))
    assert str(error) == f"127.0.0.1/page {words}."
    assert error.reason is reason


@pytest.mark.parametrize("reply", [silence, drip(b"x" * 10_000, every=0.001)], ids=["silence", "drip"])
async def test_the_time_of_a_request_is_limited_as_a_whole(server: LocalServer, hours: Hours, reply: Reply) -> None:
    error = await trouble(client(server, hours, seconds=0.2), server.on("/slow", reply))
    assert (error.reason, str(error)) == (SourceTrouble.TIMEOUT, "127.0.0.1/slow takes too long.")
    assert len(server.asked) == 3


async def test_a_source_may_allow_more_and_gets_exactly_that(http: PoliteHttp, server: LocalServer) -> None:
    url = server.on("/", page(bytes(5_000_001)))
    assert len((await http.get(url, family="quick", max_bytes=5_000_001)).body) == 5_000_001


async def test_a_bomb_does_not_use_memory(http: PoliteHttp, server: LocalServer) -> None:
    url = server.on("/", bomb(megabytes=3_000))
    tracemalloc.start()
    try:
        await trouble(http, url)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000


async def test_what_unpacks_to_nothing_is_limited_too(http: PoliteHttp, server: LocalServer) -> None:
    url = server.on("/", raw(head(200, {"Content-Encoding": "gzip"}) + gzip.compress(b"") * 1_000))
    assert (await trouble(http, url, max_bytes=10_000)).reason is SourceTrouble.TOO_LARGE


async def test_nobody_listens(http: PoliteHttp, server: LocalServer, hours: Hours) -> None:
    async with local_server() as closed:
        http = client(closed, hours)
        url = closed.url("/x")
    error = await trouble(http, url)
    assert (error.reason, str(error)) == (SourceTrouble.UNREACHABLE, "127.0.0.1 accepts no connection.")


@given(content=st.one_of(st.binary(max_size=300), st.binary(max_size=200).map(lambda tail: head(200, {}) + tail)))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_a_server_sends_is_a_page_or_a_sentence(content: bytes) -> None:
    hours = Hours()
    async with local_server() as server:
        url = server.on("/", raw(content))
        try:
            outcome = str((await client(server, hours).get(url, family="quick")).status)
        except SourceError as error:
            outcome = str(error)
    assert outcome == "200" or outcome.startswith("127.0.0.1/ ")


async def test_what_passes_is_tried_again_after_growing_pauses(
    http: PoliteHttp, server: LocalServer, hours: Hours
) -> None:
    url = server.on("/", status(503), cut(b"page", after=2), page(b"page"))
    assert (await http.get(url, family="quick")).body == b"page"
    assert hours.slept == [2.0, 4.0]


class Resolver:
    """Looks names up as a machine does whose network comes and goes: it says this a few times, each after so long."""

    def __init__(self, hours: Hours, address: tuple[str, int], *, fails: int, says: int, seconds: float) -> None:
        self.asked = 0
        self._hours, self._address = hours, address
        self._fails, self._says, self._seconds = fails, says, seconds

    async def __call__(self, *_: object, **__: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        self.asked += 1
        self._hours.seconds += self._seconds
        if self.asked <= self._fails:
            raise socket.gaierror(self._says, "not now")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", self._address)]


@pytest.mark.parametrize(
    ("fails", "says", "seconds", "slept"),
    [
        (1, socket.EAI_AGAIN, 0.0, [0.5]),
        (2, socket.EAI_AGAIN, 0.0, [0.5, 1.5]),
        (3, socket.EAI_AGAIN, 0.0, [0.5, 1.5]),
        (3, socket.EAI_AGAIN, 5.0, []),
        (3, socket.EAI_NONAME, 0.0, []),
    ],
    ids=["once", "twice", "offline", "offline and slow", "no such name"],
)
async def test_a_name_that_cannot_be_looked_up_just_now_is_looked_up_again(
    server: LocalServer,
    hours: Hours,
    monkeypatch: pytest.MonkeyPatch,
    fails: int,
    says: int,
    seconds: float,
    slept: list[float],
) -> None:
    port = int(server.authority.rpartition(":")[2])
    resolver = Resolver(hours, ("127.0.0.1", port), fails=fails, says=says, seconds=seconds)
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolver)
    server.on("/rss", page(b"page"))
    http = client(server, hours, trusting=f"papers.example:{port}")
    url = f"http://papers.example:{port}/rss"
    if fails < 3:
        assert (await http.get(url, family="quick")).body == b"page"
    else:
        with pytest.raises(SourceError, match=r"^papers\.example cannot be found: is this machine online\?$"):
            await http.get(url, family="quick")
    assert hours.slept == slept
    assert resolver.asked == len(slept) + 1


@pytest.mark.parametrize(
    ("reply", "requests"),
    [(status(503), 3), (raw(b""), 3), (status(404), 1), (status(403), 1), (bomb(megabytes=6), 1), (throttled(), 1)],
    ids=["503", "hung up", "404", "403", "bomb", "429"],
)
async def test_only_what_passes_is_tried_again(
    http: PoliteHttp, server: LocalServer, reply: Reply, requests: int
) -> None:
    await trouble(http, server.on("/", reply))
    assert len(server.asked) == requests


@pytest.mark.parametrize(
    ("reply", "wait"),
    [
        (throttled(seconds=90), timedelta(seconds=90)),
        (throttled(until=NOON + timedelta(minutes=5)), timedelta(minutes=5)),
        (throttled(until=NOON - timedelta(minutes=5)), timedelta(0)),
        (throttled(seconds=10**12), timedelta(days=1)),
        (throttled(), None),
    ],
)
async def test_a_server_that_is_asked_too_often_says_when_to_come_back(
    http: PoliteHttp, server: LocalServer, reply: Reply, wait: timedelta | None
) -> None:
    error = await trouble(http, server.on("/", reply))
    assert (error.reason, error.retry_after) == (SourceTrouble.THROTTLED, wait)


async def test_a_short_rest_is_taken_and_a_long_one_left_to_the_caller(
    http: PoliteHttp, server: LocalServer, hours: Hours
) -> None:
    url = server.on("/", throttled(code=503, seconds=20), page(b"rested"))
    assert (await http.get(url, family="quick")).body == b"rested"
    assert hours.slept == [20.0]
    error = await trouble(http, server.on("/long", throttled(code=503, seconds=600)))
    assert (error.reason, error.retry_after) == (SourceTrouble.UNAVAILABLE, timedelta(minutes=10))
    assert hours.slept == [20.0]


@given(st.one_of(st.text(max_size=60), st.integers().map(str), st.datetimes().map(lambda each: f"{each:%c}")))
def test_any_retry_after_is_between_nothing_and_a_day(value: str) -> None:
    wait = retry_after(value, now=NOON)
    assert wait is None or timedelta(0) <= wait <= timedelta(days=1)
