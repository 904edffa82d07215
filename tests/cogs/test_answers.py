"""Answers in time: nobody waits without a sign, and what is slow arrives in the end."""

import asyncio
import re
from typing import Any

import pytest
from discord import app_commands
from discord.ext import commands

from bot.errors import UserError
from bot.fakediscord.answers import Choice
from bot.fakediscord.permissions import Permission
from bot.services.search import Suggestion
from cogs._answers import Interaction, answer, choices, in_time, replace, require_speech
from cogs._layout import Layout, button, lines, row
from tests.cogs.connection import connected
from tests.lab import Lab

CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"


class Slow(commands.Cog):
    """A command and buttons whose work takes until the test says so."""

    def __init__(self) -> None:
        self.done = asyncio.Event()
        self.fails = False
        self.suggestions: list[Suggestion] | None = []

    async def work(self) -> str:
        await self.done.wait()
        if self.fails:
            raise UserError("It cannot be done.")
        return "done"

    async def suggest(self) -> list[Suggestion]:
        if self.suggestions is None:
            raise RuntimeError("a bug")
        return self.suggestions

    @app_commands.command(description="Takes long")
    async def slow(self, interaction: Interaction, typed: str | None = None) -> None:
        told = await in_time(interaction, self.work())
        await answer(
            interaction,
            Layout(lines(told, typed or ""), *row([button("Again", "slow:again"), button("Share", "slow:share")])),
        )

    @slow.autocomplete("typed")
    async def complete(self, interaction: Interaction, _: str) -> list[app_commands.Choice[str]]:
        return await choices(interaction, self.suggest())

    async def again(self, interaction: Interaction, _: re.Match[str]) -> None:
        told = await in_time(interaction, self.work(), quietly=True)
        await replace(interaction, Layout(lines(f"{told} again")))

    async def share(self, interaction: Interaction, _: re.Match[str]) -> None:
        require_speech(interaction)
        told = await in_time(interaction, self.work(), quietly=True)
        await answer(
            interaction, Layout(lines(f"shared: {told}"), *row([button("Again", "slow:again")])), private=False
        )


@pytest.fixture(params=[True, False], ids=["at once", "late"])
def slow(request: pytest.FixtureRequest) -> Slow:
    cog = Slow()
    if request.param:
        cog.done.set()
    return cog


async def test_a_command_answers_privately_with_thinking_shown_meanwhile(slow: Slow) -> None:
    async with connected(slow, patience=0.01) as at:
        first = await at.ada.slash("slow")
        if not slow.done.is_set():
            assert first.message is not None
            assert first.message.is_loading
        slow.done.set()
        final = await first.final()
        assert final.text == "done"
        assert final.private


async def test_a_press_changes_its_own_private_message(slow: Slow) -> None:
    async with connected(slow, patience=0.01) as at:
        at.client.answer_presses("slow:again", slow.again)
        was_set = slow.done.is_set()
        slow.done.set()
        shown = await (await at.ada.slash("slow")).final()
        if not was_set:
            slow.done.clear()
        pressed = await at.ada.press(shown.message, "Again")
        slow.done.set()
        await pressed.final()
        assert shown.text == "done again"
        assert len(at.ada.sees(at.channel)) == 1


async def test_a_share_is_public_and_its_buttons_answer_whoever_presses_alone(slow: Slow) -> None:
    async with connected(slow, patience=0.01) as at:
        at.client.answer_presses("slow:again", slow.again)
        at.client.answer_presses("slow:share", slow.share)
        lin = at.discord.add_person("lin", guild=at.channel.guild)
        was_set = slow.done.is_set()
        slow.done.set()
        shown = await (await at.ada.slash("slow")).final()
        if not was_set:
            slow.done.clear()
        pressed = await at.ada.press(shown.message, "Share")
        slow.done.set()
        await pressed.final()
        shared = await at.channel.next_message()
        assert shared.text == "shared: done"
        assert shown.text == "done"
        own = await (await lin.press(shared, "Again")).final()
        assert own.text == "done again"
        assert own.private
        assert shared.text == "shared: done"


async def test_work_that_fails_late_says_so_in_place_of_thinking() -> None:
    slow = Slow()
    slow.fails = True
    async with connected(slow, patience=0.01) as at:
        first = await at.ada.slash("slow")
        slow.done.set()
        assert (await first.final()).text == "It cannot be done."


async def test_who_may_not_speak_is_told_which_permission_is_missing() -> None:
    slow = Slow()
    slow.done.set()
    async with connected(slow) as at:
        at.client.answer_presses("slow:share", slow.share)
        shown = await at.ada.slash("slow")
        at.discord.set_overwrite(at.channel, at.discord.bot, deny=Permission.SEND_MESSAGES)
        assert "I need the permission Send Messages" in (await at.ada.press(shown.message, "Share")).text
        at.discord.set_overwrite(at.channel, at.ada, deny=Permission.SEND_MESSAGES)
        assert "You need the permission Send Messages" in (await at.ada.press(shown.message, "Share")).text
        assert not [each for each in at.channel.messages.values() if each.visible_to is None]


async def test_choices_are_cut_to_size_and_what_cannot_be_sent_is_left_out() -> None:
    slow = Slow()
    slow.suggestions = [
        Suggestion(label="Attention\n<@1> " + "x" * 200, value="1"),
        Suggestion(label="same value, later", value="2"),
        Suggestion(label="a value that is too long", value="x" * 101),
        Suggestion(label="\u200b", value="no label"),
        *(Suggestion(label=f"paper {number}", value=f"more {number}") for number in range(40)),
    ]
    async with connected(slow) as at:
        offered = await at.ada.complete("slow", option="typed")
        assert offered[0] == Choice(name="Attention <@1> " + "x" * 83 + "…", value="1")
        assert [each.value for each in offered] == ["1", "2", *(f"more {number}" for number in range(23))]


async def test_choices_that_fail_are_none_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    slow = Slow()
    slow.suggestions = None
    async with connected(slow) as at:
        assert await at.ada.complete("slow", option="typed") == []
    assert "fault reference=3f9a2c where=autocomplete" in caplog.text


async def test_a_private_answer_leaves_no_task_behind() -> None:
    slow = Slow()
    slow.done.set()
    async with connected(slow) as at:
        await at.ada.slash("slow")
        before = len(asyncio.all_tasks())
        for _ in range(20):
            await at.ada.slash("slow")
        assert len(asyncio.all_tasks()) <= before


@pytest.mark.parametrize("after_effect", [False, True], ids=["before it arrived", "after it arrived"])
@pytest.mark.parametrize("fault", [{"cut": True}, {"status": 503}], ids=["cut", "503"])
async def test_an_answer_that_breaks_off_is_sent_once_more(lab: Lab, fault: dict[str, Any], after_effect: bool) -> None:
    ada = lab.person("ada")
    first = lab.discord.faults.next("POST", CALLBACK, after_effect=after_effect, **fault)
    again = lab.discord.faults.next("POST", CALLBACK)
    assert "It keeps 0 papers" in (await ada.slash("about")).text
    await again.reached.wait()
    assert "It keeps 0 papers" in (await ada.slash("about")).text
    assert (first.hits, again.hits) == (1, 1)
    assert lab.take_errors() == []
