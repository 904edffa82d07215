"""`paperboy invite`: the address asks for what posting takes, and for nothing else."""

import asyncio
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import discord

from bot.domain.invitations import NEEDED, invitation, permissions
from cogs._targets import lacking_of
from tests.command_line import paperboy
from tests.lab import Lab


def test_each_permission_is_the_one_of_that_name_and_is_needed_by_something() -> None:
    for each in NEEDED:
        assert discord.Permissions(1 << each.bit) == discord.Permissions(**{each.name: True})
    both = {"pins": True, "has_pictures": True}
    ways = [{"in_thread": thread, "has_threads": not thread, **both} for thread in (True, False)]
    assert [lacking_of(discord.Permissions(permissions()), **way) for way in ways] == [[], []]
    for each in NEEDED:
        without = discord.Permissions(permissions() & ~(1 << each.bit))
        assert {name for way in ways for name in lacking_of(without, **way)} == {each.words}


def test_the_address_is_one_that_discord_knows(tmp_path: Path) -> None:
    done = paperboy(tmp_path, "invite", "--application", "1234")
    address = done.stdout.splitlines()[0]
    assert address == invitation(1234)
    asked = {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}
    assert asked == {"client_id": "1234", "permissions": str(permissions()), "scope": "bot applications.commands"}
    expected = discord.utils.oauth_url(
        1234, permissions=discord.Permissions(permissions()), scopes=asked["scope"].split()
    )
    assert parse_qs(urlsplit(expected).query) == parse_qs(urlsplit(address).query)
    assert "Pin Messages: to pin the paper of the day" in done.stdout


async def test_whose_the_token_is_discord_tells(lab: Lab, tmp_path: Path) -> None:
    told = {"PAPERBOY_DISCORD_TOKEN": "token.of.lab", "PAPERBOY_DISCORD_API_URL": lab.discord.api_url}
    done = await asyncio.to_thread(paperboy, tmp_path, "invite", **told)
    assert f"client_id={lab.app.client.application_id}&" in done.stdout
    lab.discord.faults.next("GET", "/users/@me", status=401)
    done = await asyncio.to_thread(paperboy, tmp_path, "invite", **told)
    assert (done.returncode, done.stdout) == (78, "")
    assert "refuses the token" in done.stderr


def test_without_a_network_one_sentence_says_to_check_it(tmp_path: Path) -> None:
    told = {"PAPERBOY_DISCORD_TOKEN": "token.of.lab", "PAPERBOY_DISCORD_API_URL": "http://127.0.0.1:9/api/v10"}
    done = paperboy(tmp_path, "invite", **told)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith("Discord cannot be reached (127.0.0.1: ")
    assert done.stderr.endswith("): check the network connection, or try again later.\n")
