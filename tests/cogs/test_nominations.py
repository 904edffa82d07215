"""Nominations, as people make them and as moderators decide about them."""

import asyncio
from collections.abc import Sequence
from datetime import date

import pytest

from bot.domain.schedules import DailyPost, Origin
from bot.fakediscord.answers import Answer
from bot.fakediscord.layout import walk
from bot.fakediscord.people import Person
from bot.fakediscord.state import Message
from tests.lab import Lab, found_paper
from tests.storage.shelf import NOW

TITLES = ("Looms", "Guidance", "Attention", "Diffusion", "Quilts", "Weaving", "Knots")


async def shelf(lab: Lab) -> None:
    some = [found_paper(title=title, ids=(f"2401.0000{at}",)) for at, title in enumerate(TITLES, 1)]
    await lab.import_papers(some)


async def nominate(lab: Lab, person: Person, *numbers: int) -> Answer:
    """Use Nominate paper on a message that names these papers."""
    said = await lab.person("lin").say(lab.channel("papers"), " ".join(f"2401.0000{each}" for each in numbers))
    return await person.menu("Nominate paper", said)


async def line(lab: Lab, person: Person) -> Answer:
    """What this person sees of the line."""
    await shelf(lab)
    return await person.press((await nominate(lab, person, 1)).message, "The line")


def order(text: str) -> list[str]:
    return sorted((each for each in TITLES if each in text), key=text.index)


def labels(message: Message) -> Sequence[str]:
    return [each.label for each in message.buttons]


@pytest.fixture
async def boss(lab: Lab) -> Person:
    await shelf(lab)
    return lab.person("boss", manage_channels=True)


async def test_a_paper_of_a_message_is_in_line_and_told_once(lab: Lab, boss: Person) -> None:
    ada = lab.person("ada")
    first = await nominate(lab, ada, 1)
    assert first.private
    assert "[Looms]" in first.text
    assert "first in line" in first.text
    assert "`/daily here` sets one up" in first.text
    assert "in line already, at place 1" in (await nominate(lab, boss, 1)).text
    assert "at place 2 in line" in (await nominate(lab, boss, 2)).text


async def test_a_paper_is_nominated_by_title_or_id_and_the_line_is_shown(lab: Lab, boss: Person) -> None:
    ada = lab.person("ada")
    assert "Nothing is in line" in (await ada.slash("daily queue")).text
    assert [each.name for each in await ada.complete("daily nominate", option="paper", text="guid")]
    assert "first in line" in (await ada.slash("daily nominate", paper="Guidance")).text
    assert "at place 2" in (await ada.slash("daily nominate", paper="2401.00001")).text
    assert "I don't have" in (await ada.slash("daily nominate", paper="2501.99999")).text
    shown = await ada.slash("daily queue")
    assert shown.private
    assert order(shown.text) == ["Guidance", "Looms"]


async def test_a_message_with_several_papers_asks_which(lab: Lab, boss: Person) -> None:
    ada = lab.person("ada")
    asked = await nominate(lab, ada, 2, 3, 4)
    assert "Nominate which one?" in asked.text
    chosen = await ada.choose(asked.message, "Nominate one of them", "Attention")
    assert "[Attention]" in chosen.text
    assert "first in line" in chosen.text


async def test_a_message_without_a_known_paper_says_so(lab: Lab, boss: Person) -> None:
    said = await boss.say(lab.channel("papers"), "read 2501.99999")
    assert "Not in my library" in (await boss.menu("Nominate paper", said)).text
    said = await boss.say(lab.channel("papers"), "nothing")
    assert "I see no arXiv id" in (await boss.menu("Nominate paper", said)).text


async def test_moderators_put_the_line_in_order(lab: Lab, boss: Person) -> None:
    for each in (1, 2, 3):
        told = await nominate(lab, boss, each)
    shown = await boss.press(told.message, "The line")
    assert "3 in line" in shown.text
    await boss.press(shown.message, "Up", index=2)
    assert order(shown.message.text) == ["Looms", "Attention", "Guidance"]
    await boss.press(shown.message, "Down", index=0)
    assert order(shown.message.text) == ["Attention", "Looms", "Guidance"]
    await boss.press(shown.message, "Remove", index=1)
    assert order(shown.message.text) == ["Attention", "Guidance"]
    assert "2 in line" in shown.message.text


async def test_others_see_the_line_and_take_back_their_own(lab: Lab, boss: Person) -> None:
    ada = lab.person("ada")
    await nominate(lab, boss, 1)
    told = await nominate(lab, ada, 2)
    shown = await ada.press(told.message, "The line")
    assert order(shown.text) == ["Looms", "Guidance"]
    assert labels(shown.message) == ["Details", "Details", "Remove"]
    await ada.press(shown.message, "Remove")
    assert order(shown.message.text) == ["Looms"]
    assert "first" not in (await nominate(lab, ada, 2)).text


async def test_a_press_that_somebody_has_no_right_to_is_refused(lab: Lab, boss: Person) -> None:
    shown = await boss.press((await nominate(lab, boss, 1)).message, "The line")
    await nominate(lab, boss, 2)
    shown = await boss.press((await nominate(lab, boss, 3)).message, "The line")
    lab.guild.members[boss.id].roles.clear()
    await asyncio.sleep(0.1)
    refused = [(await boss.press(shown.message, label, index=1)).text for label in ("Up", "Down")]
    assert all("Manage Channels" in each for each in refused)
    assert order((await boss.press(shown.message, "Remove", index=1)).message.text) == ["Looms", "Attention"]


async def test_where_it_is_wanted_moderators_approve_first(lab: Lab, boss: Person) -> None:
    manager, ada = lab.person("manager", manage_guild=True), lab.person("ada")
    log = lab.channel("general")
    settled = await manager.slash("settings", approve_nominations=True, log_channel=log)
    assert "wait until a moderator approves them" in settled.text
    told = await nominate(lab, ada, 1)
    assert "A moderator will look at it" in told.text
    asked = await log.next_message()
    assert "Nominated for the paper of the day" in asked.text
    assert "already" in (await nominate(lab, boss, 1)).text
    refused = await ada.press(asked, "Approve")
    assert "Manage Channels" in refused.text
    await boss.press(asked, "Approve")
    assert "Approved by" in asked.text
    assert labels(asked) == []
    shown = await ada.press(told.message, "The line")
    assert "1 in line" in shown.text
    assert "first in line" not in (await nominate(lab, boss, 2)).text


async def test_what_was_turned_down_is_not_nominated_again(lab: Lab, boss: Person) -> None:
    await lab.person("manager", manage_guild=True).slash("settings", approve_nominations=True)
    ada = lab.person("ada")
    told = await nominate(lab, ada, 1)
    assert "A moderator will look at it" in told.text
    shown = await boss.press((await nominate(lab, boss, 2)).message, "The line")
    assert labels(shown.message) == ["Details", "Up", "Down", "Remove", "Details", "Approve", "Reject"]
    await boss.press(shown.message, "Reject")
    assert "-# 1 in line\n" in shown.message.text
    assert "turned that paper down" in (await nominate(lab, ada, 1)).text
    assert "at place 2" in (await nominate(lab, boss, 1)).text, "a moderator may think better of it"


async def test_a_person_has_five_at_most_and_a_chosen_paper_is_over(lab: Lab, boss: Person) -> None:
    ada = lab.person("ada")
    for each in range(1, 6):
        await nominate(lab, ada, each)
    assert "5 papers that you nominated wait" in (await nominate(lab, ada, 6)).text
    (first, *_) = await lab.app.storage.list_nominations(guild_id=lab.guild.id)
    post = DailyPost(
        channel_id=lab.channel("papers").id,
        on=date(2026, 5, 26),
        guild_id=lab.guild.id,
        planned_at=NOW,
        paper_id=first.paper_id,
        origin=Origin.QUEUE,
    )
    async with lab.app.storage.write() as transaction:
        await transaction.add_daily_posts([post])
    assert "chosen for 26 May 2026 here already" in (await nominate(lab, ada, 1)).text
    assert "at place 5" in (await nominate(lab, ada, 6)).text


async def test_the_line_has_pages(lab: Lab, boss: Person) -> None:
    for each in range(1, 8):
        told = await nominate(lab, boss, each)
    shown = await boss.press(told.message, "The line")
    assert order(shown.text) == list(TITLES[:5])
    await boss.press(shown.message, "More")
    assert order(shown.message.text) == list(TITLES[5:])
    assert [each.disabled for each in shown.message.buttons if each.label == "Down"] == [False, True]


async def test_two_servers_have_lines_of_their_own(lab: Lab, boss: Person) -> None:
    await nominate(lab, boss, 1)
    (ours,) = await lab.app.storage.list_nominations(guild_id=lab.guild.id)
    other = lab.discord.add_guild("Elsewhere")
    there = lab.discord.add_channel(other, "there")
    lin = lab.discord.add_person("lin of elsewhere", guild=other)
    said = await lin.say(there, "2401.00002")
    told = await lin.menu("Nominate paper", said)
    assert "first in line" in told.text
    shown = await lin.press(told.message, "The line")
    assert order(shown.text) == ["Guidance"]
    for each in walk(shown.message.components):
        if each.get("label") == "Remove":
            each["custom_id"] = f"nomination:{ours.id}:remove:0"
    refused = await lin.press(shown.message, "Remove")
    assert "does not wait any more" in refused.text
    assert len(await lab.app.storage.list_nominations(guild_id=lab.guild.id)) == 1
