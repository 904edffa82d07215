"""The client, seen by people: whatever goes wrong, they are told in one sentence, and only they."""

import logging

import discord
import pytest
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.client import Interaction, point_at
from bot.errors import OperatorError, UserError
from bot.fakediscord.answers import Unanswered
from tests.cogs.connection import connected

FAULT = "Something went wrong on my side; it is noted under reference 3f9a2c. Please try again."


class Troubled(commands.Cog):
    """Commands that go wrong in every way there is."""

    @app_commands.command(description="Raises what it is told to")
    async def trouble(self, interaction: Interaction, kind: str) -> None:
        if kind.startswith("late "):
            await interaction.response.defer(ephemeral=True)
        match kind.removeprefix("late "):
            case "yours":
                raise UserError("I don't know [this](https://evil.example). Try `/help`.")
            case "mine":
                raise RuntimeError("a bug")
            case "the operator's":
                raise OperatorError("The database papers.db cannot grow: the disk is full.")
            case "permission":
                raise app_commands.MissingPermissions(["manage_channels"])
            case "bot permission":
                raise app_commands.BotMissingPermissions(["create_public_threads", "manage_guild"])
            case "none":
                await interaction.response.send_message("fine", ephemeral=True)

    @app_commands.command(description="Shows a button")
    async def button(self, interaction: Interaction) -> None:
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="Press", custom_id="trouble:1"))
        view.stop()
        await interaction.response.send_message(view=view)

    @app_commands.command(description="Completes nothing")
    async def half(self, interaction: Interaction, typed: str) -> None:
        await interaction.response.send_message(typed)

    @half.autocomplete("typed")
    async def complete(self, _: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=current, value=current)]


@pytest.mark.parametrize("late", ["", "late "])
@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("yours", r"I don't know \[this\]\(https\://evil.example). Try \`/help\`."),
        ("mine", FAULT),
        (
            "the operator's",
            "I cannot work just now; why is noted under reference 3f9a2c. Try again in a minute.",
        ),
        ("permission", "You need the permission Manage Channels here."),
        (
            "bot permission",
            "I need the permission Create Public Threads, Manage Server here; ask someone who can grant it.",
        ),
    ],
)
async def test_an_error_is_one_private_sentence(kind: str, sentence: str, late: str) -> None:
    async with connected(Troubled()) as at:
        answer = await (await at.ada.slash("trouble", kind=late + kind)).final()
        assert answer.text == sentence
        assert answer.private


async def test_a_fault_can_be_found_by_the_reference_that_was_quoted(caplog: pytest.LogCaptureFixture) -> None:
    async with connected(Troubled()) as at:
        await at.ada.slash("trouble", kind="mine")
    [record] = [each for each in caplog.records if each.name == "bot.client"]
    assert record.levelno == logging.ERROR
    assert record.getMessage() == "fault reference=3f9a2c where=/trouble"
    assert "RuntimeError: a bug" in (record.exc_text or caplog.text)


async def test_what_the_operator_can_mend_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    async with connected(Troubled()) as at:
        await at.ada.slash("trouble", kind="the operator's")
    [record] = [each for each in caplog.records if each.name == "bot.client"]
    assert record.exc_info is None
    assert record.getMessage().endswith("where=/trouble error='The database papers.db cannot grow: the disk is full.'")


async def test_a_press_that_goes_wrong_is_told_the_same_way() -> None:
    async with connected(Troubled()) as at:

        async def fail(*_: object) -> None:
            raise UserError("This *paper* is gone.")

        at.client.answer_presses("trouble:[0-9]+", fail)
        shown = await at.ada.slash("button")
        answer = await at.ada.press(shown.message, "Press")
        assert answer.text == r"This \*paper\* is gone."
        assert answer.private


async def test_a_button_nobody_knows_gets_a_sentence_too() -> None:
    async with connected(Troubled()) as at:
        shown = await at.ada.slash("button")
        answer = await at.ada.press(shown.message, "Press")
        assert "I no longer know this button" in answer.text
        assert answer.private


async def test_a_command_that_changed_says_so() -> None:
    async with connected(Troubled()) as at:
        at.client.tree.remove_command("trouble")
        at.client.tree.remove_command("half")
        assert "This command has changed" in (await at.ada.slash("trouble", kind="none")).text
        assert await at.ada.complete("half", option="typed", text="a") == []


@pytest.mark.parametrize(("code", "status"), [(10062, 404), (40060, 400)])
async def test_an_answer_that_came_too_late_or_twice_is_no_fault(
    code: int, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.client")
    async with connected(Troubled()) as at:
        callback = ("POST", "/interactions/{interaction_id}/{interaction_token}/callback")
        fault = at.discord.faults.next(*callback, status=status, code=code)
        at.discord.interactions.answer_within = 0.2
        with pytest.raises(Unanswered):
            await at.ada.slash("trouble", kind="none")
        assert fault.hits == 1
    assert [each.getMessage() for each in caplog.records if each.name == "bot.client"] == [
        f"answer not taken code={code} where=/trouble"
    ]


async def test_an_error_in_an_event_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async with connected() as at:
        try:
            raise RuntimeError("a bug")
        except RuntimeError:
            await at.client.on_error("on_guild_join")
    assert "fault reference=3f9a2c where=on_guild_join" in caplog.text


async def test_one_that_comes_while_the_bot_is_stopping_is_none(caplog: pytest.LogCaptureFixture) -> None:
    async with connected() as at:
        await at.client.close()
        await at.client.on_error("on_guild_join")
    assert "fault" not in caplog.text


async def test_the_client_hears_only_of_guilds_and_pings_nobody() -> None:
    async with connected() as at:
        assert at.client.intents == discord.Intents(guilds=True)
        mentions = at.client.allowed_mentions
        assert mentions is not None
        assert mentions.to_dict().get("parse") == []


def test_pointing_at_another_server_moves_both_of_its_addresses() -> None:
    before = Route.BASE, str(DiscordWebSocket.DEFAULT_GATEWAY)
    assert before == ("https://discord.com/api/v10", "wss://gateway.discord.gg/")
    try:
        point_at("http://127.0.0.1:1/api/v10", "ws://127.0.0.1:1/gateway/")
        assert Route("GET", "/gateway").url == "http://127.0.0.1:1/api/v10/gateway"
        assert str(DiscordWebSocket.DEFAULT_GATEWAY) == "ws://127.0.0.1:1/gateway/"
    finally:
        point_at(*before)
