"""Compares the pretend Discord with Discord's own description of itself, where that lies beside the checkout."""

from typing import Any

import pytest

from bot.fakediscord.interactions import Reply
from bot.fakediscord.people import Person
from bot.fakediscord.permissions import Permission
from bot.fakediscord.routes import ROUTES
from bot.fakediscord.server import FakeDiscord
from bot.fakediscord.state import COMPONENTS_V2, EPHEMERAL, Channel, Guild
from tests.fakediscord.api import QUIET, Api, waiting
from tests.fakediscord.api import Reply as Answered
from tests.fakediscord.example_bot import ExampleBot, card
from tests.lab.judge import complaints, read_description, response_validator
from tests.shared import shared


def test_every_route_is_discords() -> None:
    shared("discord/openapi.json")
    description = read_description()
    assert description is not None
    unknown = [each for each in ROUTES if each.method.lower() not in description["paths"].get(each.template, {})]
    assert unknown == []


def layout_of(view: Any) -> list[Any]:
    """The components of a view; discord.py leaves the method without types."""
    components: list[Any] = view.to_components()
    return components


@pytest.fixture
async def asked(
    fake: FakeDiscord, api: Api, example: ExampleBot, guild: Guild, papers: Channel, ada: Person
) -> dict[str, Any]:
    """The ids of one thing of every kind, for the paths."""
    fake.set_overwrite(papers, fake.bot, allow=Permission.PIN_MESSAGES)
    sent = await api.send(papers, components=layout_of(card()), flags=COMPONENTS_V2)
    plain = await api.send(papers, content="a", embeds=[{"title": "a", "url": "https://example.org/"}])
    await api("PUT", f"/channels/{papers.id}/messages/pins/{sent.body['id']}")
    await api("POST", f"/channels/{papers.id}/messages/{plain.body['id']}/threads", {"name": "talk"})
    interaction = waiting(fake, ada, papers)
    await api.answer(interaction, Reply.MESSAGE, content="a", flags=EPHEMERAL, allowed_mentions=QUIET)
    return {
        "application_id": fake.bot.id,
        "channel_id": papers.id,
        "command_id": next(iter(fake.world.commands[None])),
        "guild_id": guild.id,
        "message_id": sent.body["id"],
        "role_id": guild.id,
        "user_id": ada.id,
        "webhook_id": fake.bot.id,
        "webhook_token": interaction.token,
    }


@pytest.mark.parametrize("template", [each.template for each in ROUTES if each.method == "GET"])
async def test_what_is_read_is_shaped_as_described(api: Api, asked: dict[str, Any], template: str) -> None:
    shared("discord/openapi.json")
    if "/messages/{message_id}" in template and "webhook_token" in template:
        path = template.format(**asked).rpartition("/")[0] + "/@original"
    elif template.startswith("/applications/{application_id}/guilds"):
        body = [{"name": "here", "description": "In this server"}]
        listing = "/applications/{application_id}/guilds/{guild_id}/commands".format(**asked)
        asked["command_id"] = (await api("PUT", listing, body)).body[0]["id"]
        path = template.format(**asked)
    else:
        path = template.format(**asked)
    assert_described("GET", template, await api("GET", path))


def assert_described(method: str, template: str, answer: Answered) -> None:
    validator = response_validator(method, template, answer.status)
    assert answer.status == 200, answer.body
    assert validator is not None
    assert complaints(validator, answer.body) == []


async def test_what_is_made_is_shaped_as_described(fake: FakeDiscord, api: Api, ada: Person, papers: Channel) -> None:
    shared("discord/openapi.json")
    assert_described("POST", "/channels/{channel_id}/messages", await api.send(papers, content="a"))
    callback = "/interactions/{interaction_id}/{interaction_token}/callback"
    for reply, data in ((Reply.MESSAGE, {"content": "a", "allowed_mentions": QUIET}), (Reply.DEFERRED_MESSAGE, {})):
        answered = await api.answer(waiting(fake, ada, papers), reply, **data)
        assert_described("POST", callback, answered)
