"""The polite client: what it asks, what comes back, and in whose turn."""

import asyncio
import gzip
from itertools import pairwise

import pytest

from bot.interfaces import Response, Validators
from bot.sources.http import PoliteHttp, user_agent
from tests.sources.servers import (
    LocalServer,
    Reply,
    deflated,
    gzipped,
    page,
    raw,
    redirect,
    revalidated,
    silence,
    status,
)
from tests.sources.virtual_time import NOON, Hours


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
