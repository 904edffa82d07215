"""Where the polite client goes, where it is led to, and what it takes along."""

import pytest
from yarl import URL

from bot.interfaces import SourceTrouble, Validators
from bot.sources.http import PoliteHttp, _Request, authority
from tests.sources.pace import LocalPace
from tests.sources.polite import client, trouble
from tests.sources.servers import (
    LocalServer,
    local_server,
    page,
    redirect,
)
from tests.sources.virtual_time import Hours


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


@pytest.mark.parametrize(
    ("url", "family"),
    [
        ("https://arxiv.org/rss/cs.AI", "arxiv"),
        ("https://Export.ArXiv.org./api/query", "arxiv"),
        ("https://notarxiv.org/", "blog.example"),
        ("https://arxiv.org.example/", "blog.example"),
    ],
)
def test_arxiv_keeps_its_pace_whatever_led_there(url: str, family: str) -> None:
    home = URL("https://blog.example/feed")
    request = _Request(url=home, family="blog.example", headers={}, validators=Validators(), max_bytes=1, trusted=False)
    assert request.moved_to(URL(url), frozenset()).family == family


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
