"""Registering commands: what is kept, what keeps its id, and what is refused."""

from typing import Any

import pytest

from bot.fakediscord.filling import commands_in
from bot.fakediscord.people import Person
from bot.fakediscord.server import FakeDiscord
from bot.fakediscord.state import Channel, Guild
from tests.fakediscord.api import Api

SLASH = {"name": "search", "description": "Find papers"}
TEXT = {"type": 3, "name": "query", "description": "What"}


def slash(**more: Any) -> dict[str, Any]:
    return SLASH | more


def option(**more: Any) -> dict[str, Any]:
    return slash(options=[TEXT | more])


async def test_a_command_keeps_its_id_by_its_name(fake: FakeDiscord, api: Api) -> None:
    path = f"/applications/{fake.bot.id}/commands"
    first = (await api("PUT", path, [SLASH, {"name": "Show", "type": 3}])).body
    second = (await api("PUT", path, [slash(description="Look for papers")])).body
    assert second[0]["id"] == first[0]["id"]
    assert second[0]["version"] != first[0]["version"]
    assert [each["name"] for each in (await api("GET", path)).body] == ["search"]
    one = f"{path}/{first[0]['id']}"
    assert (await api("PATCH", one, {"description": "Anew"})).body["description"] == "Anew"
    assert (await api("DELETE", one)).status == 204
    assert (await api("GET", one)).code == 10063
    assert (await api("POST", path, SLASH)).body["contexts"] == [0, 1, 2]


async def test_a_guilds_command_hides_the_global_one(
    fake: FakeDiscord, api: Api, guild: Guild, papers: Channel, ada: Person
) -> None:
    await api("PUT", f"/applications/{fake.bot.id}/commands", [SLASH])
    own = await api("PUT", f"/applications/{fake.bot.id}/guilds/{guild.id}/commands", [slash(description="Here")])
    assert [each["description"] for each in commands_in(fake.world, papers)] == ["Here"]
    assert [each["description"] for each in commands_in(fake.world, ada.dm)] == ["Find papers"]
    assert own.body[0]["guild_id"] == str(guild.id)


NAME, OPTIONS = "APPLICATION_COMMAND_INVALID_NAME", "0.options"

REFUSED: list[tuple[str, Any, str, str]] = [
    ("capitals", slash(name="Search"), "0.name", NAME),
    ("blanks", slash(name="a b"), "0.name", NAME),
    ("an emoji", slash(name="\U0001f600"), "0.name", NAME),
    ("33 characters", slash(name="a" * 33), "0.name", "BASE_TYPE_BAD_LENGTH"),
    ("no description", slash(description=""), "0.description", "BASE_TYPE_REQUIRED"),
    ("a long description", slash(description="a" * 101), "0.description", "BASE_TYPE_BAD_LENGTH"),
    ("26 options", slash(options=[TEXT | {"name": f"o{n}"} for n in range(26)]), OPTIONS, "BASE_TYPE_MAX_LENGTH"),
    ("an option's name", option(name="Query"), f"{OPTIONS}.0.name", NAME),
    ("an option's type", option(type=12), f"{OPTIONS}.0.type", "BASE_TYPE_CHOICES"),
    ("an option twice", slash(options=[TEXT, TEXT]), f"{OPTIONS}.1.name", "APPLICATION_COMMAND_OPTIONS_NAME_INVALID"),
    (
        "required last",
        slash(options=[TEXT, TEXT | {"name": "b", "required": True}]),
        f"{OPTIONS}.1",
        "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
    ),
    ("26 choices", option(choices=[{"name": "a", "value": "a"}] * 26), f"{OPTIONS}.0.choices", "BASE_TYPE_MAX_LENGTH"),
    (
        "a choice's value",
        option(choices=[{"name": "a", "value": 1}]),
        f"{OPTIONS}.0.choices.0.value",
        "STRING_TYPE_CONVERT",
    ),
    (
        "completed yes or no",
        option(type=5, autocomplete=True),
        f"{OPTIONS}.0.autocomplete",
        "APPLICATION_COMMAND_AUTOCOMPLETE_INVALID",
    ),
    (
        "choices and autocomplete",
        option(autocomplete=True, choices=[{"name": "a", "value": "a"}]),
        f"{OPTIONS}.0.choices",
        "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID",
    ),
    (
        "a subcommand beside an option",
        slash(options=[TEXT, {"type": 1, "name": "sub", "description": "a"}]),
        OPTIONS,
        "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
    ),
    (
        "a group in a group",
        slash(
            options=[
                {"type": 2, "name": "a", "description": "a", "options": [{"type": 2, "name": "b", "description": "b"}]}
            ]
        ),
        f"{OPTIONS}.0.options.0.type",
        "BASE_TYPE_CHOICES",
    ),
    (
        "8,000 characters in all",
        slash(
            options=[
                TEXT | {"name": f"o{n}", "choices": [{"name": "a" * 80, "value": "b" * 80}] * 5} for n in range(10)
            ]
        ),
        "0",
        "APPLICATION_COMMAND_TOO_LARGE",
    ),
    (
        "a menu with a description",
        {"name": "Show", "type": 3, "description": "a"},
        "0.description",
        "APPLICATION_COMMAND_INVALID_DESCRIPTION",
    ),
    ("a menu's name", {"name": "a" * 33, "type": 3}, "0.name", "BASE_TYPE_BAD_LENGTH"),
    ("a kind", slash(type=9), "0.type", "BASE_TYPE_CHOICES"),
]


@pytest.mark.parametrize(("name", "command", "path", "code"), REFUSED, ids=[each[0] for each in REFUSED])
async def test_commands_that_are_refused(
    unjudged: FakeDiscord, hands: Api, name: str, command: Any, path: str, code: str
) -> None:
    reply = await hands("PUT", f"/applications/{unjudged.bot.id}/commands", [command])
    assert reply.wrong.get(path) == code, reply.wrong
    assert unjudged.take_violations()


async def test_lists_that_are_refused(unjudged: FakeDiscord, hands: Api) -> None:
    path = f"/applications/{unjudged.bot.id}/commands"
    assert (await hands("PUT", path, [SLASH, SLASH])).wrong == {"1.name": "APPLICATION_COMMANDS_DUPLICATE_NAME"}
    many = [slash(name=f"c{number}") for number in range(101)]
    assert (await hands("PUT", path, many)).wrong == {"": "APPLICATION_COMMAND_TOO_MANY"}
