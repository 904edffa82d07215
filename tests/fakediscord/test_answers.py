"""Answering interactions over plain HTTP: once, in time, with what fits, and afterwards by the token."""

from typing import Any

import pytest

from bot.fakediscord.interactions import InteractionKind, Reply
from bot.fakediscord.people import Person
from bot.fakediscord.server import FakeDiscord
from bot.fakediscord.state import COMPONENTS_V2, EPHEMERAL, Channel
from tests.fakediscord.api import QUIET, Api, waiting

FIELD = {"type": 4, "custom_id": "name", "style": 1, "label": "Name"}
LABEL = {"type": 18, "label": "Name", "component": {"type": 4, "custom_id": "name", "style": 1}}
ROW = {"type": 1, "components": [FIELD]}
ROLE = {"type": 6, "custom_id": "role"}


class Clock:
    """Time that passes only when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(fake: FakeDiscord) -> Clock:
    ticking = Clock()
    fake.clock = fake.interactions.clock = ticking
    return ticking


async def test_the_first_answer_tells_what_it_made(fake: FakeDiscord, api: Api, ada: Person, papers: Channel) -> None:
    asked = waiting(fake, ada, papers)
    reply = await api.answer(asked, Reply.MESSAGE, content="hi", flags=EPHEMERAL, allowed_mentions=QUIET)
    [message] = ada.sees(papers)
    assert reply.body["interaction"] == {
        "id": str(asked.id),
        "type": 2,
        "response_message_id": str(message.id),
        "response_message_loading": False,
        "response_message_ephemeral": True,
    }
    assert reply.body["resource"]["message"]["content"] == "hi"


@pytest.mark.parametrize(("waited", "status"), [(2.9, 200), (3.1, 404)])
async def test_three_seconds(
    fake: FakeDiscord, api: Api, ada: Person, papers: Channel, clock: Clock, waited: float, status: int
) -> None:
    asked = waiting(fake, ada, papers)
    clock.now += waited
    reply = await api.answer(asked, Reply.MESSAGE, content="hi", allowed_mentions=QUIET)
    assert reply.status == status
    if status == 404:
        assert reply.code == 10062
        assert ada.sees(papers) == []


async def test_one_answer(fake: FakeDiscord, api: Api, ada: Person, papers: Channel) -> None:
    asked = waiting(fake, ada, papers)
    await api.answer(asked, Reply.MESSAGE, content="one", allowed_mentions=QUIET)
    again = await api.answer(asked, Reply.MESSAGE, content="two", allowed_mentions=QUIET)
    assert (again.status, again.code) == (400, 40060)
    assert [each.text for each in papers.messages.values()] == ["one"]


async def test_an_unknown_interaction(fake: FakeDiscord, api: Api, ada: Person, papers: Channel) -> None:
    asked = waiting(fake, ada, papers)
    asked.token = "made-up"  # noqa: S105
    assert (await api.answer(asked, Reply.MESSAGE, content="a", allowed_mentions=QUIET)).code == 10062
    assert (await api.follow_up(asked, content="a")).code == 10015


async def test_nothing_follows_before_the_first_answer(
    fake: FakeDiscord, api: Api, ada: Person, papers: Channel
) -> None:
    asked = waiting(fake, ada, papers)
    assert (await api.follow_up(asked, content="a")).code == 10015
    assert (await api.edit_original(asked, content="a")).code == 10015


async def test_the_token_lives_a_quarter_of_an_hour(
    fake: FakeDiscord, api: Api, ada: Person, papers: Channel, clock: Clock
) -> None:
    asked = waiting(fake, ada, papers)
    await api.answer(asked, Reply.DEFERRED_MESSAGE)
    clock.now += 14 * 60
    assert (await api.edit_original(asked, content="late")).status == 200
    clock.now += 2 * 60
    reply = await api.edit_original(asked, content="too late")
    assert (reply.status, reply.code) == (401, 50027)


async def test_a_deferral_decides_who_sees_the_answer(
    fake: FakeDiscord, api: Api, ada: Person, lin: Person, papers: Channel
) -> None:
    asked = waiting(fake, ada, papers)
    await api.answer(asked, Reply.DEFERRED_MESSAGE, flags=EPHEMERAL)
    assert [each.is_loading for each in ada.sees(papers)] == [True]
    followed = await api.follow_up(asked, content="there")
    assert followed.body["flags"] == EPHEMERAL
    assert [each.text for each in ada.sees(papers)] == ["there"]
    assert lin.sees(papers) == []
    public = await api.follow_up(asked, content="for all")
    assert [each.text for each in lin.sees(papers)] == ["for all"]
    assert public.body["id"] != followed.body["id"]


async def test_answers_can_be_read_edited_and_deleted(
    fake: FakeDiscord, api: Api, ada: Person, papers: Channel
) -> None:
    asked = waiting(fake, ada, papers)
    await api.answer(asked, Reply.MESSAGE, content="one", flags=EPHEMERAL, allowed_mentions=QUIET)
    more = await api.follow_up(asked, content="two", flags=EPHEMERAL)
    base = f"/webhooks/{fake.bot.id}/{asked.token}/messages"
    assert (await api("GET", f"{base}/@original")).body["content"] == "one"
    edited = await api("PATCH", f"{base}/{more.body['id']}", {"content": "2", "allowed_mentions": QUIET})
    assert edited.body["content"] == "2"
    assert (await api("DELETE", f"{base}/@original")).status == 204
    assert (await api("GET", f"{base}/@original")).code == 10008
    assert [each.text for each in ada.sees(papers)] == ["2"]


async def test_ephemeral_messages_are_not_the_channels(
    fake: FakeDiscord, api: Api, ada: Person, papers: Channel
) -> None:
    asked = waiting(fake, ada, papers)
    await api.answer(asked, Reply.MESSAGE, content="one", flags=EPHEMERAL, allowed_mentions=QUIET)
    [message] = ada.sees(papers)
    assert (await api("GET", f"/channels/{papers.id}/messages")).body == []
    assert (await api("GET", f"/channels/{papers.id}/messages/{message.id}")).code == 10008
    assert (await api.edit(message, content="x")).code == 10008


async def test_a_layout_stays_one(fake: FakeDiscord, api: Api, ada: Person, papers: Channel) -> None:
    layout = {"flags": COMPONENTS_V2, "components": [{"type": 10, "content": "a"}]}
    asked = waiting(fake, ada, papers)
    await api.answer(asked, Reply.MESSAGE, allowed_mentions=QUIET, **layout)
    [message] = ada.sees(papers)
    assert (await api.edit(message, content="plain", components=[])).wrong == {
        "content": "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
    }
    assert (await api.edit(message, components=[{"type": 10, "content": "b"}])).status == 200
    plain = waiting(fake, ada, papers)
    await api.answer(plain, Reply.MESSAGE, content="plain", allowed_mentions=QUIET)
    assert plain.original is not None
    assert "content" in (await api.edit(plain.original, **layout)).wrong
    assert (await api.edit(plain.original, content=None, **layout)).status == 200
    assert plain.original.text == "a"
    assert len(fake.take_violations()) == 2


async def test_a_press_updates_its_message(fake: FakeDiscord, api: Api, ada: Person, papers: Channel) -> None:
    row = {"type": 1, "components": [{"type": 2, "style": 1, "label": "Go", "custom_id": "go"}]}
    sent = await api.send(papers, content="old", components=[row])
    message = papers.messages[int(sent.body["id"])]
    pressed = waiting(fake, ada, papers, InteractionKind.COMPONENT, message)
    reply = await api.answer(pressed, Reply.UPDATE, content="new", components=[], allowed_mentions=QUIET)
    assert reply.body["resource"]["message"]["content"] == "new"
    assert (message.text, message.buttons) == ("new", [])
    again = waiting(fake, ada, papers, InteractionKind.COMPONENT, message)
    assert (await api.answer(again, Reply.DEFERRED_UPDATE)).status == 200
    assert (await api.edit_original(again, content="newest")).body["id"] == str(message.id)


@pytest.mark.parametrize(
    ("kind", "reply"),
    [
        (InteractionKind.COMMAND, Reply.UPDATE),
        (InteractionKind.COMMAND, Reply.DEFERRED_UPDATE),
        (InteractionKind.COMMAND, Reply.AUTOCOMPLETE),
        (InteractionKind.AUTOCOMPLETE, Reply.MESSAGE),
        (InteractionKind.MODAL_SUBMIT, Reply.MODAL),
        (InteractionKind.COMMAND, 99),
    ],
)
async def test_answers_that_do_not_fit(
    unjudged: FakeDiscord, hands: Api, room: Channel, kind: InteractionKind, reply: int
) -> None:
    asked = waiting(unjudged, unjudged.add_person("ada", guild=room.guild), room, kind)
    assert (await hands.answer(asked, reply, content="a")).wrong == {"type": "BASE_TYPE_CHOICES"}


CHOICE = {"name": "A", "value": "a"}


@pytest.mark.parametrize(
    ("choices", "path", "code"),
    [
        ([CHOICE] * 26, "data.choices", "BASE_TYPE_MAX_LENGTH"),
        ([CHOICE | {"name": ""}], "data.choices.0.name", "BASE_TYPE_REQUIRED"),
        ([CHOICE | {"name": "a" * 101}], "data.choices.0.name", "BASE_TYPE_BAD_LENGTH"),
        ([CHOICE | {"value": "a" * 101}], "data.choices.0.value", "BASE_TYPE_BAD_LENGTH"),
        ([CHOICE | {"value": ""}], "data.choices.0.value", "BASE_TYPE_REQUIRED"),
        ([CHOICE | {"value": 5}], "data.choices.0.value", "STRING_TYPE_CONVERT"),
    ],
)
async def test_choices_that_are_refused(
    unjudged: FakeDiscord, hands: Api, room: Channel, choices: Any, path: str, code: str
) -> None:
    person = unjudged.add_person("ada", guild=room.guild)
    asked = waiting(unjudged, person, room, InteractionKind.AUTOCOMPLETE)
    assert (await hands.answer(asked, Reply.AUTOCOMPLETE, choices=choices)).wrong == {path: code}


@pytest.mark.parametrize(
    ("modal", "path", "code"),
    [
        ({"title": "a" * 46}, "data.title", "BASE_TYPE_BAD_LENGTH"),
        ({"title": ""}, "data.title", "BASE_TYPE_REQUIRED"),
        ({"custom_id": "a" * 101}, "data.custom_id", "BASE_TYPE_BAD_LENGTH"),
        ({"components": []}, "data.components", "BASE_TYPE_REQUIRED"),
        ({"components": [LABEL] * 6}, "data.components", "BASE_TYPE_BAD_LENGTH"),
        ({"components": [FIELD]}, "data.components.0.type", "UNION_TYPE_CHOICES"),
        ({"components": [LABEL | {"label": "a" * 46}]}, "data.components.0.label", "BASE_TYPE_BAD_LENGTH"),
        ({"components": [ROW | {"components": [FIELD] * 2}]}, "data.components.0.components", "BASE_TYPE_BAD_LENGTH"),
        (
            {"components": [ROW | {"components": [FIELD | {"label": None}]}]},
            "data.components.0.components.0.label",
            "BASE_TYPE_REQUIRED",
        ),
        (
            {"components": [LABEL | {"component": FIELD}]},
            "data.components.0.component.label",
            "TEXT_INPUT_LABEL_FORBIDDEN",
        ),
        ({"components": [ROW, LABEL]}, "data.components", "COMPONENT_CUSTOM_ID_DUPLICATED"),
        (
            {"components": [LABEL | {"component": ROLE | {"default_values": [{"id": "5", "type": "user"}]}}]},
            "data.components.0.component.default_values.0.type",
            "BASE_TYPE_CHOICES",
        ),
        (
            {"components": [LABEL | {"component": ROLE | {"default_values": [{"id": "5", "type": "role"}] * 2}}]},
            "data.components.0.component.default_values",
            "SELECT_COMPONENT_INVALID_DEFAULT_VALUES",
        ),
    ],
)
async def test_modals_that_are_refused(
    unjudged: FakeDiscord, hands: Api, room: Channel, modal: dict[str, Any], path: str, code: str
) -> None:
    asked = waiting(unjudged, unjudged.add_person("ada", guild=room.guild), room)
    sound = {"title": "Tell me", "custom_id": "tell", "components": [LABEL]}
    assert (await hands.answer(asked, Reply.MODAL, **(sound | modal))).wrong == {path: code}
    assert (await hands.answer(asked, Reply.MODAL, **sound)).status == 200
