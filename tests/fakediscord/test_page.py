"""The page's endpoints, called as the page in a browser calls them."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.fakediscord.people import Person
from bot.fakediscord.server import FakeDiscord
from bot.fakediscord.state import Channel, Guild
from tests.fakediscord.example_bot import ExampleBot


class Browser:
    """Looks at the page as one person."""

    def __init__(self, fake: FakeDiscord, session: aiohttp.ClientSession, person: Person) -> None:
        self._url = fake.page_url
        self._session = session
        self.person = person

    async def get(self, path: str, **query: Any) -> Any:
        async with self._session.get(f"{self._url}{path}", params={"person": self.person.id, **query}) as response:
            return await response.json()

    async def post(self, path: str, body: Any, **headers: str) -> tuple[int, Any]:
        url = f"{self._url}page/{path}?person={self.person.id}"
        async with self._session.post(url, json=body, headers=headers) as response:
            return response.status, await response.json()

    async def answer(self, path: str, **body: Any) -> Any:
        status, told = await self.post(path, body)
        assert status == 200, told
        return told


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def browser(fake: FakeDiscord, session: aiohttp.ClientSession, ada: Person) -> Browser:
    return Browser(fake, session, ada)


async def test_the_world(example: ExampleBot, fake: FakeDiscord, browser: Browser, lin: Person, guild: Guild) -> None:
    hidden = fake.add_channel(guild, "secret")
    fake.set_overwrite(hidden, guild.everyone, deny=1 << 10)
    fake.add_channel(guild, "news", "announcement", topic="What is new")
    fake.add_role(guild, "readers")
    world = await browser.get("page/world")
    assert world["person"] == {"id": str(browser.person.id), "name": "ada"}
    assert [each["name"] for each in world["people"]] == ["ada", "lin"]
    assert world["bot"] == {"id": str(fake.bot.id), "name": "Paperboy", "online": True}
    [told] = world["guilds"]
    assert [(each["name"], each["kind"], each["topic"]) for each in told["channels"]] == [
        ("papers", "text", None),
        ("news", "announcement", "What is new"),
    ]
    assert [each["name"] for each in told["roles"]] == ["everyone", "Paperboy", "readers"]
    assert {each["name"] for each in world["commands"]} >= {"echo", "paper", "Quote"}


async def test_acting_through_the_page(example: ExampleBot, browser: Browser, papers: Channel) -> None:
    room = str(papers.id)
    told = await browser.answer("slash", channel=room, command="echo", options={"text": "hi", "private": False})
    assert told == {"ok": True, "modal": None}
    [message] = await browser.get("page/messages", channel=room)
    assert (message["content"], message["author"]["bot"]) == ("hi", True)
    assert message["interaction_metadata"]["name"] == "echo"
    assert message["interaction_metadata"]["user"]["username"] == "ada"
    offered = await browser.answer(
        "complete", channel=room, command="paper show", option="paper", text="x", options={"paper": "x"}
    )
    assert offered["choices"][0] == {"name": "x 0", "value": "x0"}
    await browser.answer("menu", channel=room, message=message["id"], command="Quote")
    assert [each["content"] for each in await browser.get("page/messages", channel=room)] == [
        "hi",
        "Paperboy said hi",
    ]


async def test_components_through_the_page(example: ExampleBot, browser: Browser, papers: Channel) -> None:
    room = str(papers.id)
    for command in ("count", "menus"):
        await browser.answer("slash", channel=room, command=command, options={})
    counting, choosing = await browser.get("page/messages", channel=room)
    await browser.answer("press", channel=room, message=counting["id"], custom_id="count:0")
    menu = choosing["components"][0]["components"][0]
    await browser.answer("choose", channel=room, message=choosing["id"], custom_id=menu["custom_id"], values=["f"])
    counting, _, chosen = await browser.get("page/messages", channel=room)
    assert counting["components"][0]["components"][0]["label"] == "Pressed 1"
    assert chosen["content"] == "fruit f"


async def test_a_modal_through_the_page(example: ExampleBot, browser: Browser, papers: Channel) -> None:
    room = str(papers.id)
    modal = (await browser.answer("slash", channel=room, command="form", options={}))["modal"]
    row, label = modal["components"]
    name, colour = row["components"][0]["custom_id"], label["component"]["custom_id"]
    filled = {"channel": room, "custom_id": modal["custom_id"], "values": {name: "Ada", colour: "red"}}
    await browser.answer("submit", **filled)
    [message] = await browser.get("page/messages", channel=room)
    assert message["content"] == "Ada likes red"
    assert await browser.post("submit", filled) == (400, {"error": "This window is no longer open."})


async def test_each_person_sees_their_own(
    example: ExampleBot,
    fake: FakeDiscord,
    session: aiohttp.ClientSession,
    browser: Browser,
    lin: Person,
    papers: Channel,
) -> None:
    await browser.answer("slash", channel=str(papers.id), command="echo", options={"text": "psst"})
    other = Browser(fake, session, lin)
    assert len(await browser.get("page/messages", channel=papers.id)) == 1
    assert await other.get("page/messages", channel=papers.id) == []
    [hers] = papers.messages.values()
    status, told = await other.post("press", {"channel": str(papers.id), "message": str(hers.id), "custom_id": "x"})
    assert (status, told) == (400, {"error": "There is no such message any more."})


async def test_what_happens_is_told_at_once(
    example: ExampleBot, fake: FakeDiscord, session: aiohttp.ClientSession, lin: Person, ada: Person, papers: Channel
) -> None:
    async with session.get(f"{fake.page_url}page/events?person={lin.id}") as stream:
        assert stream.content_type == "text/event-stream"
        await stream.content.readline()
        await ada.slash("echo", text="psst")
        counting = await ada.slash("count")
        await ada.press(counting.message, "Pressed 0")
        shown = counting.message
        fake.delete_message(shown)
        await example.tree.sync()
        told = [await next_event(stream.content) for _ in range(4)]
    assert [name for name, _ in told] == ["message", "message_edited", "message_deleted", "commands"]
    assert told[0][1]["channel_id"] == str(papers.id)
    assert {each["message"]["id"] for _, each in told[:3]} == {str(shown.id)}


async def next_event(stream: aiohttp.StreamReader) -> tuple[str, Any]:
    async with asyncio.timeout(5):
        while not (line := (await stream.readline()).decode()).startswith("event: "):
            pass
        body = (await stream.readline()).decode()
    return line.removeprefix("event: ").strip(), json.loads(body.removeprefix("data: "))


async def test_a_bot_that_is_gone(fake: FakeDiscord, browser: Browser, papers: Channel) -> None:
    fake.world.commands[None][1] = {
        "id": "1",
        "name": "search",
        "type": 1,
        "contexts": [0],
        "default_member_permissions": None,
    }
    asked = {"channel": str(papers.id), "command": "search", "options": {}}
    assert await browser.post("slash", asked) == (504, {"error": "The application did not respond."})
    assert (await browser.get("page/world"))["bot"]["online"] is False


async def test_wrong_calls_are_explained(fake: FakeDiscord, browser: Browser, papers: Channel) -> None:
    room = str(papers.id)
    assert await browser.post("slash", []) == (400, {"error": "This is not an object."})
    assert await browser.post("say", {"channel": "1", "text": "a"}) == (400, {"error": "There is no such channel."})
    status, told = await browser.post("slash", {"channel": room, "command": "nope"})
    assert (status, told["error"]) == (400, "no command 'nope' is registered here; there are: none")
    assert await browser.post("say", {"channel": room, "text": "hello"}) == (200, {"ok": True})
    assert await browser.get("page/messages", channel="x") == {"error": "There is no such channel."}
    assert [each.text for each in papers.messages.values()] == ["hello"]


async def test_other_sites_are_kept_out(fake: FakeDiscord, session: aiohttp.ClientSession, browser: Browser) -> None:
    assert (await browser.post("say", {}, Origin="https://evil.example"))[0] == 403
    assert (await browser.post("say", {}, Host="evil.example"))[0] == 403
    assert (await browser.post("say", {}, Origin=fake.page_url.rstrip("/")))[0] == 400
    headers = {"Origin": "https://evil.example"}
    for url in (f"{fake.api_url}/users/@me", f"{fake.page_url}gateway/", f"{fake.page_url}page/world"):
        async with session.get(url, headers=headers) as response:
            assert response.status == 403


async def test_files_of_the_page(fake: FakeDiscord, session: aiohttp.ClientSession) -> None:
    async with session.get(fake.page_url) as response:
        assert response.status == 200
        assert response.content_type == "text/html"
        assert response.headers["Content-Security-Policy"] == "default-src 'self'"
        shown = (await response.text()).partition('id="log"')[2].partition("<form")[0]
        assert "Starting…" in shown, "until its script has drawn something"
        assert "needs JavaScript" in shown, "where that never happens"
    for path in ("web/none.js", "web/..%2fserver.py", "web/%2e%2e/server.py", "web/.hidden", "nowhere"):
        async with session.get(fake.page_url + path) as response:
            assert response.status == 404, path
