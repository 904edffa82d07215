"""The lab's own promises: the bot is there, outlives a restart, and nothing wrong goes unnoticed."""

import asyncio
import logging

import discord
import pytest

from tests.lab import Lab, found_paper, opened_lab


async def test_the_bot_is_up_and_its_commands_are_known(lab: Lab) -> None:
    assert lab.app.client.is_ready()
    assert "search" in {each["name"] for each in lab.discord.world.commands[None].values()}
    assert [each.name for each in lab.guild.channels.values()] == ["papers", "general"]


async def test_papers_and_buttons_outlive_a_restart(lab: Lab) -> None:
    await lab.import_papers([found_paper(title="Classifier-Free Diffusion Guidance")])
    ada = lab.person("ada")
    answer = await ada.slash("search", query="diffusion")
    await lab.restart()
    assert "Classifier-Free Diffusion Guidance" in (await ada.press(answer.message, "Details")).text


async def test_people_have_the_permissions_they_are_given(lab: Lab) -> None:
    boss = lab.person("boss", manage_channels=True)
    assert lab.person("boss") is boss
    assert boss.may(lab.channel("papers")) & (1 << 4)
    assert not lab.person("ada").may(lab.channel("papers")) & (1 << 4)


async def send_too_much(lab: Lab) -> None:
    with pytest.raises(discord.HTTPException):
        await lab.app.client.get_partial_messageable(lab.channel("papers").id).send("a" * 2001)


async def test_what_discord_refuses_fails_the_test() -> None:
    with pytest.raises(AssertionError, match="Discord would have refused this"):
        async with opened_lab() as lab:
            await send_too_much(lab)
    async with opened_lab() as lab:
        await send_too_much(lab)
        assert len(lab.discord.take_violations()) == 1


async def test_a_task_left_running_fails_the_test() -> None:
    left = []
    with pytest.raises(AssertionError, match="tasks are still running"):
        async with opened_lab():
            left.append(asyncio.create_task(asyncio.Event().wait(), name="left behind"))
    left[0].cancel()


async def test_errors_in_the_log_fail_the_test() -> None:
    with pytest.raises(AssertionError, match="the bot logged errors"):
        async with opened_lab():
            logging.getLogger("bot.services.search").error("a fault")
    async with opened_lab() as lab:
        logging.getLogger("bot.services.search").error("a fault")
        assert lab.take_errors() == ["bot.services.search: a fault"]
