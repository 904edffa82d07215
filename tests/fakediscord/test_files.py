"""Files: sent with messages and answers, shown by components, refused as Discord refuses them, kept on the page."""

import io
import json
from typing import Any

import aiohttp
import discord
import pytest
from discord import ui

from bot.fakediscord.interactions import Reply
from bot.fakediscord.people import Person
from bot.fakediscord.server import FakeDiscord
from bot.fakediscord.state import COMPONENTS_V2, EPHEMERAL, Channel
from bot.fakediscord.uploads import cleansed
from tests.fakediscord.api import QUIET, Api, waiting
from tests.fakediscord.api import Reply as Answered
from tests.fakediscord.example_bot import ExampleBot

BIB = b"@misc{a, title = {A}}"


def file(url: str = "attachment://cite.bib") -> dict[str, Any]:
    return {"type": 13, "file": {"url": url}}


def layout(*components: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"flags": COMPONENTS_V2, "components": [*components], "allowed_mentions": QUIET, **more}


def form(body: object, *parts: tuple[str, str, bytes]) -> aiohttp.FormData:
    """A request of several parts: the JSON, and files as (name of the part, name of the file, content)."""
    made = aiohttp.FormData()
    made.add_field("payload_json", json.dumps(body), content_type="application/json")
    for part, name, content in parts:
        made.add_field(part, content, filename=name, content_type="application/octet-stream")
    return made


async def post(hands: Api, room: Channel, body: object, *parts: tuple[str, str, bytes]) -> Answered:
    return await hands("POST", f"/channels/{room.id}/messages", data=form(body, *parts))


async def test_an_answer_carries_a_file_that_a_component_shows(
    fake: FakeDiscord, api: Api, ada: Person, papers: Channel
) -> None:
    asked = waiting(fake, ada, papers)
    data = layout(file(), attachments=[{"id": 0, "filename": "cite.bib", "description": "An entry"}])
    path = f"/interactions/{asked.id}/{asked.token}/callback?with_response=1"
    body = {"type": int(Reply.MESSAGE), "data": {**data, "flags": COMPONENTS_V2 | EPHEMERAL}}
    told = (await api("POST", path, data=form(body, ("files[0]", "x", BIB)))).body["resource"]["message"]
    [message] = ada.sees(papers)
    [stored] = message.attachments
    assert (stored.filename, stored.content, stored.description) == ("cite.bib", BIB, "An entry")
    [shown] = told["components"]
    assert (shown["name"], shown["size"], shown["file"]["url"]) == ("cite.bib", len(BIB), stored.url)
    assert shown["file"]["attachment_id"] == str(stored.id)
    assert told["attachments"] == []


async def test_an_edit_of_an_answer_replaces_its_file(
    fake: FakeDiscord, api: Api, ada: Person, papers: Channel
) -> None:
    asked = waiting(fake, ada, papers)
    await api.answer(asked, Reply.DEFERRED_MESSAGE, flags=EPHEMERAL)
    path = f"/webhooks/{fake.bot.id}/{asked.token}"
    first = form(layout(file(), attachments=[{"id": 0}]), ("files[0]", "cite.bib", BIB))
    assert (await api("POST", path, data=first)).status == 200
    second = form(layout(file("attachment://cite.ris"), attachments=[{"id": 7}]), ("files[7]", "cite.ris", b"TY  - "))
    assert (await api("PATCH", f"{path}/messages/@original", data=second)).status == 200
    [message] = ada.sees(papers)
    assert [each.filename for each in message.attachments] == ["cite.ris"]


async def test_discord_py_sends_and_reads_files(example: ExampleBot, papers: Channel) -> None:
    view = ui.LayoutView(timeout=None).add_item(ui.File("attachment://my_cite.bib"))
    upload = discord.File(io.BytesIO(BIB), "my cite.bib", description="An entry")
    sent = await example.get_partial_messageable(papers.id).send(view=view, file=upload)
    [shown] = sent.components
    assert isinstance(shown, discord.FileComponent)
    assert (shown.name, shown.size) == ("my_cite.bib", len(BIB))
    plain = await example.get_partial_messageable(papers.id).send("look", file=discord.File(io.BytesIO(BIB), "a.png"))
    [attached] = plain.attachments
    assert (attached.filename, attached.size, attached.content_type) == ("a.png", len(BIB), "image/png")


REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    (
        "a file that did not come",
        layout(file("attachment://other.bib")),
        "components.0.file.url",
        "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
    ),
    (
        "a picture that did not come, deep inside",
        layout({"type": 17, "components": [{"type": 12, "items": [{"media": {"url": "attachment://no.png"}}]}]}),
        "components.0.components.0.items.0.media.url",
        "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
    ),
    ("a file elsewhere", layout(file("https://a.org/x.bib")), "components.0.file.url", "URL_TYPE_INVALID_SCHEME"),
    ("words on no file", {"content": "a", "attachments": [{"id": 1}]}, "attachments.0", "ATTACHMENT_NOT_FOUND"),
    (
        "a long description",
        {"content": "a", "attachments": [{"id": 0, "description": "a" * 1025}]},
        "attachments.0.description",
        "BASE_TYPE_MAX_LENGTH",
    ),
]


@pytest.mark.parametrize(("name", "body", "path", "code"), REFUSED, ids=[each[0] for each in REFUSED])
async def test_discord_refuses(
    unjudged: FakeDiscord, room: Channel, hands: Api, name: str, body: dict[str, Any], path: str, code: str
) -> None:
    reply = await post(hands, room, {"allowed_mentions": QUIET, **body}, ("files[0]", "cite.bib", BIB))
    assert (reply.status, reply.wrong) == (400, {path: code})
    assert room.messages == {}


async def test_eleven_files_are_too_many_and_parts_have_their_names(
    unjudged: FakeDiscord, room: Channel, hands: Api
) -> None:
    said = {"content": "a", "allowed_mentions": QUIET}
    eleven = await post(hands, room, said, *((f"files[{number}]", "a.bib", BIB) for number in range(11)))
    assert (eleven.status, eleven.code) == (400, 30015)
    assert (await post(hands, room, said, ("cite", "a.bib", BIB))).wrong == {"": "STRICT_FILE_PART"}
    assert (await post(hands, room, {"allowed_mentions": QUIET}, ("files[0]", "a.bib", BIB))).status == 200
    assert len(unjudged.take_violations()) == 2


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("cite.bib", "cite.bib"),
        ("my new cite (1).bib", "my_new_cite_1.bib"),
        ("../../etc/passwd", "etc_passwd"),
        ("Erdős–Rényi.bib", "ErdosRenyi.bib"),
        ("_hidden.mp4", "hidden.mp4"),
        ("研究", "unknown"),
    ],
)
def test_names_are_cleansed(name: str, kept: str) -> None:
    assert cleansed(name) == kept


async def test_the_page_gives_files_away(fake: FakeDiscord, api: Api, papers: Channel) -> None:
    body = {"content": "a", "allowed_mentions": QUIET}
    sent = await api("POST", f"/channels/{papers.id}/messages", data=form(body, ("files[0]", "a.html", b"<script>")))
    address = sent.body["attachments"][0]["url"].removeprefix("https://cdn.discordapp.com/")
    async with aiohttp.ClientSession() as session:
        async with session.get(fake.page_url + address) as response:
            assert (response.status, await response.read()) == (200, b"<script>")
            assert response.headers["Content-Disposition"] == "attachment"
            assert response.headers["X-Content-Type-Options"] == "nosniff"
        async with session.get(fake.page_url + address.replace("a.html", "b.html")) as response:
            assert response.status == 404
