"""The polite client against a server that behaves well, badly and worst."""

import asyncio
import gzip
import tracemalloc
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yarl import URL

from bot.interfaces import Http, Response, SourceError, SourceTrouble, Validators
from bot.sources.http import PoliteHttp, _Request, authority, user_agent
from bot.sources.troubles import retry_after
from tests.sources.pace import LocalPace
from tests.sources.servers import (
    LocalServer,
    Reply,
    bomb,
    cut,
    deflated,
    drip,
    endless,
    gzipped,
    head,
    local_server,
    page,
    raw,
    redirect,
    revalidated,
    silence,
    status,
    throttled,
    wrong_length,
)
from tests.sources.virtual_time import NOON, Hours


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
async def server(hours: Hours) -> AsyncIterator[LocalServer]:
    async with local_server(clock=hours.count) as running:
        yield running


@pytest.fixture
def http(server: LocalServer, hours: Hours) -> PoliteHttp:
    return client(server, hours)


def client(server: LocalServer, hours: Hours, *, seconds: float = 5) -> PoliteHttp:
    return PoliteHttp(
        pace=LocalPace(hours.count, hours.sleep),
        user_agent=user_agent("1.2.3", "mailto:ada@example.org"),
        clock=hours.now,
        every={"quick": timedelta(0)},
        trusted_hosts=frozenset({server.authority}),
        time_limit=timedelta(seconds=seconds),
        sleep=hours.sleep,
        random=lambda: 0.5,
    )


async def trouble(http: Http, url: str, *, family: str = "quick", max_bytes: int = 5_000_000) -> SourceError:
    with pytest.raises(SourceError) as caught:
        await http.get(url, family=family, max_bytes=max_bytes, params={"api_key": "hush"})
    assert "hush" not in str(caught.value), "a query may hold a key"
    assert str(caught.value).endswith(".")
    return caught.value


# --- what is asked and what comes back


async def test_a_page_is_fetched_by_somebody_who_says_who_asks(http: PoliteHttp, server: LocalServer) -> None:
    url = server.on("/rss/cs.AI+cs.CL", page(b"<rss/>", headers={"Content-Type": "text/xml", "ETag": '"1"'}))
    response = await http.get(url, family="arxiv", params={"q": "a&b c"}, headers={"Accept": "text/xml"})
    assert response == Response(
        url=f"{url}?q=a%26b+c",
        status=200,
        body=b"<rss/>",
        content_type="text/xml",
        validators=Validators(etag='"1"'),
        received_at=NOON,
    )
    (asked,) = server.asked
    assert (asked.path, asked.query) == ("/rss/cs.AI+cs.CL", {"q": "a&b c"})
    assert asked.headers["user-agent"] == "Paperboy/1.2.3 (+mailto:ada@example.org)"
    assert asked.headers["accept-encoding"] == "gzip, deflate"
    assert asked.headers["accept"] == "text/xml"


@pytest.mark.parametrize(
    ("contact", "name"),
    [
        ("https://example.org", "Paperboy/1 (+https://example.org)"),
        ("", "Paperboy/1"),
        ("a\r\nHost: evil)é", "Paperboy/1 (+aHost: evil)"),
    ],
)
def test_the_contact_cannot_break_a_header(contact: str, name: str) -> None:
    assert user_agent("1", contact) == name


async def test_an_unchanged_page_is_not_sent_again(http: PoliteHttp, server: LocalServer) -> None:
    url = server.on("/feed", revalidated(b"news", etag='W/"7"'))
    first = await http.get(url, family="quick")
    again = await http.get(url, family="quick", validators=first.validators)
    assert (first.status, first.body) == (200, b"news")
    assert (again.status, again.body, again.validators) == (304, b"", first.validators)


async def test_dates_of_change_are_sent_back_as_they_came(http: PoliteHttp, server: LocalServer) -> None:
    changed = "Mon, 01 Jun 2026 04:00:03 GMT"
    url = server.on("/feed", page(b"", headers={"Last-Modified": changed}), status(304))
    first = await http.get(url, family="quick")
    again = await http.get(url, family="quick", validators=first.validators)
    assert server.asked[1].headers["if-modified-since"] == changed
    assert again.validators == Validators(last_modified=changed)


async def test_headers_that_could_not_be_stored_are_left_out(http: PoliteHttp, server: LocalServer) -> None:
    url = server.on("/feed", raw(b"HTTP/1.1 200 OK\r\nETag: \xff\xfe\r\nContent-Type: \xed\xa0\x80\r\n\r\n"))
    response = await http.get(url, family="quick")
    assert (response.validators, response.content_type) == (Validators(), "")


async def test_nothing_is_kept_between_requests(
    http: PoliteHttp, server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9/")
    url = server.on("/", page(b"", headers={"Set-Cookie": "who=me"}))
    await http.get(url, family="quick")
    await http.get(url, family="quick")
    assert "cookie" not in server.asked[1].headers


PACKED: dict[str, Reply] = {
    "gzip": gzipped(b"paper" * 100_000),
    "gzip in two members": page(
        gzip.compress(b"paper" * 60_000) + gzip.compress(b"paper" * 40_000), headers={"Content-Encoding": "x-gzip"}
    ),
    "gzip with padding": page(gzip.compress(b"paper" * 100_000) + bytes(64), headers={"Content-Encoding": "GZIP"}),
    "deflate": deflated(b"paper" * 100_000),
    "deflate without its header": deflated(b"paper" * 100_000, bare=True),
    "as it is": page(b"paper" * 100_000, headers={"Content-Encoding": "identity"}),
}


@pytest.mark.parametrize("packing", PACKED)
async def test_packed_bodies_are_unpacked(http: PoliteHttp, server: LocalServer, packing: str) -> None:
    response = await http.get(server.on("/", PACKED[packing]), family="quick")
    assert response.body == b"paper" * 100_000


# --- what goes wrong, and how it is told

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
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_a_server_sends_is_a_page_or_a_sentence(content: bytes) -> None:
    hours = Hours()
    async with local_server() as server:
        url = server.on("/", raw(content))
        try:
            outcome = str((await client(server, hours).get(url, family="quick")).status)
        except SourceError as error:
            outcome = str(error)
    assert outcome == "200" or outcome.startswith("127.0.0.1/ ")


# --- trying again


async def test_what_passes_is_tried_again_after_growing_pauses(
    http: PoliteHttp, server: LocalServer, hours: Hours
) -> None:
    url = server.on("/", status(503), cut(b"page", after=2), page(b"page"))
    assert (await http.get(url, family="quick")).body == b"page"
    assert hours.slept == [2.0, 4.0]


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


# --- where it goes


async def test_five_redirects_are_followed(http: PoliteHttp, server: LocalServer) -> None:
    for number, code in enumerate([301, 302, 303, 307, 308]):
        server.on(
            f"/{number}", redirect(f"/{number + 1}#part" if number % 2 else server.url(f"/{number + 1}"), code=code)
        )
    server.on("/5", page(b"here"))
    response = await http.get(server.url("/0"), family="quick")
    assert (response.body, response.url) == (b"here", server.url("/5"))


REDIRECTED = {
    "http://127.0.0.1/x": "127.0.0.1/x leads to an address that is not public; I don't go there.",
    "http://localhost/x": "localhost/x leads to an address that is not public; I don't go there.",
    "http://127.0.0.1:6379/x": "127.0.0.1/x is on a port other than 80 and 443; I don't go there.",
    "https://10.1.2.3/": "10.1.2.3/ leads to an address that is not public; I don't go there.",
    "http://169.254.169.254/latest": "169.254.169.254/latest leads to an address that is not public; I don't go there.",
    "http://[::ffff:7f00:1]/": "[::ffff:7f00:1]/ leads to an address that is not public; I don't go there.",
    "http://[64:ff9b::a00:1]/": "[64:ff9b::a00:1]/ leads to an address that is not public; I don't go there.",
    "//0.0.0.0/": "0.0.0.0/ leads to an address that is not public; I don't go there.",
    "file:///etc/passwd": "file:/etc/passwd is not an http or https address; I don't go there.",
    "gopher://example.org/": "example.org/ is not an http or https address; I don't go there.",
    "http://ada:hush@example.org/": "example.org/ comes with a name or password in its address; I don't go there.",
    "http://2130706433/": "2130706433/ is not an address that can be looked up.",
    "http://a..b/": "a..b/ is not an address that can be looked up.",
}


@pytest.mark.parametrize("target", REDIRECTED)
async def test_a_redirect_leads_nowhere_inside(http: PoliteHttp, server: LocalServer, target: str) -> None:
    error = await trouble(http, server.on("/", redirect(target)))
    assert str(error) == REDIRECTED[target]


@pytest.mark.parametrize(
    ("url", "trusted"),
    [
        ("https://Export.arXiv.org/api/query?x=1", "export.arxiv.org:443"),
        ("http://127.0.0.1:8080/oai", "127.0.0.1:8080"),
        ("http://[::1]:8080/", "[::1]:8080"),
    ],
)
def test_trust_is_in_a_host_and_a_port(url: str, trusted: str) -> None:
    assert authority(url) == trusted


async def test_only_the_operators_own_host_and_port_are_trusted(server: LocalServer, hours: Hours) -> None:
    async with local_server() as other:
        url = server.on("/", redirect(other.url("/secret")))
        error = await trouble(client(server, hours), url)
        assert error.reason is SourceTrouble.FORBIDDEN_ADDRESS
        assert other.asked == []


def test_trust_that_was_left_does_not_come_back() -> None:
    # Only a server out on the internet could lead there, and a test has none.
    home, away = URL("http://127.0.0.1:8080/"), URL("https://example.org/")
    request = _Request(url=home, family="", headers={}, validators=Validators(), max_bytes=1, trusted=True)
    hosts = frozenset({authority(str(home))})
    assert request.moved_to(home, hosts).trusted
    assert not request.moved_to(away, hosts).moved_to(home, hosts).trusted


async def test_secrets_stay_with_their_host(server: LocalServer, hours: Hours) -> None:
    async with local_server() as other:
        http = PoliteHttp(
            pace=LocalPace(hours.count, hours.sleep),
            user_agent="Paperboy",
            clock=hours.now,
            trusted_hosts=frozenset({authority(server.url()), authority(other.url())}),
        )
        server.on("/same", redirect("/away"))
        server.on("/away", redirect(other.url("/end")))
        other.on("/end", page(b""))
        await http.get(server.url("/same"), family="quick", headers={"X-Api-Key": "hush", "Accept": "text/xml"})
    assert [asked.headers.get("x-api-key") for asked in server.asked] == ["hush", "hush"]
    assert [asked.headers.get("x-api-key") for asked in other.asked] == [None]
    assert other.asked[0].headers["accept"] == "text/xml"


@pytest.mark.parametrize("url", ["::::", "http:///x", "http://x:99999/", "http://\ud800/", "", "ftp://example.org/"])
async def test_what_is_no_web_address_is_not_asked(http: PoliteHttp, url: str) -> None:
    assert (await trouble(http, url)).reason in {SourceTrouble.MALFORMED, SourceTrouble.FORBIDDEN_ADDRESS}


# --- turns


async def test_arxiv_is_asked_every_three_seconds_on_one_connection(
    http: PoliteHttp, server: LocalServer, hours: Hours
) -> None:
    rss, api = server.on("/rss", page(b"")), server.on("/api", status(503), page(b""))
    await asyncio.gather(*(http.get(url, family="arxiv") for url in (rss, api, rss, rss)))
    starts = [asked.at for asked in server.asked]
    assert len(starts) == 5
    assert all(later - earlier >= 3 for earlier, later in pairwise(starts))
    assert server.most_connected == 1


async def test_redirects_wait_their_turn_too(http: PoliteHttp, server: LocalServer) -> None:
    server.on("/new", page(b""))
    await http.get(server.on("/old", redirect("/new")), family="arxiv")
    assert [asked.at for asked in server.asked] == [0, 3]


async def test_other_hosts_are_asked_every_second_and_do_not_wait_for_arxiv(
    http: PoliteHttp, server: LocalServer
) -> None:
    server.on("/", page(b""))
    for family in ("arxiv", "huggingface", "biorxiv", "huggingface"):
        await http.get(server.url(), family=family)
    assert [asked.at for asked in server.asked] == [0, 0, 0, 1]


async def test_stopping_a_request_stops_it_at_once(http: PoliteHttp, server: LocalServer) -> None:
    stopped = asyncio.create_task(http.get(server.on("/", silence), family="quick"))
    while not server.asked:
        await asyncio.sleep(0)
    stopped.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopped
    assert len(server.asked) == 1
