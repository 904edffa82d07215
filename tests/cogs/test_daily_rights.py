"""Who may do what about a paper of the day with buttons: those of other people, and those of channels that are gone."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.schedules import DailyPost, Schedule, SkipReason
from bot.fakediscord.answers import Refused
from bot.fakediscord.compose import draft
from bot.fakediscord.permissions import Permission
from bot.fakediscord.state import COMPONENTS_V2, Channel, Message
from tests.cogs.schedules import manager, start
from tests.cogs.test_nomination_rights import DECIDES
from tests.cogs.test_permissions import PEOPLE, daily_kept, person_of, places_of
from tests.lab import Lab, found_paper
from tests.storage.shelf import NOW

ATTENTION = found_paper(title="Attention Is All You Need", ids=("1706.03762",))
SAVES = ("Start in", "Save", "Post in")


def pressable(lab: Lab, *custom_ids: str) -> Message:
    """A message in #general, open to everyone, with such buttons: the bot makes no such thing."""
    buttons = [{"type": 2, "style": 2, "label": each[:80], "custom_id": each} for each in custom_ids]
    made = draft(
        {"components": [{"type": 1, "components": buttons}], "flags": COMPONENTS_V2}, [], lab.discord.world.ids
    )
    return lab.discord.post(lab.channel("general"), lab.discord.bot, made)


async def begin(lab: Lab, place: Channel) -> date:
    """Give the channel a paper of the day that is to come, and leave a date of it out; which."""
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    begun = Schedule(guild_id=lab.guild.id, channel_id=place.id, created_by=1, created_at=NOW, planned_through=tomorrow)
    on = tomorrow + timedelta(days=3)
    skip = DailyPost(
        channel_id=place.id, on=on, guild_id=lab.guild.id, planned_at=NOW, skipped=SkipReason.ASKED, person_id=1
    )
    async with lab.app.storage.write() as transaction:
        await transaction.put_schedule(begun)
        await transaction.add_daily_posts([skip])
    return on


@pytest.mark.parametrize("who", PEOPLE)
async def test_no_button_writes_for_who_may_not(lab: Lab, who: str) -> None:
    await lab.import_papers([ATTENTION])
    paper = await lab.app.services.library.resolve("1706.03762")
    places = await places_of(lab, ("text", "thread"))
    person = await person_of(lab, who, places)
    for place in places:
        for action in ("stop", "edit", "again", f"now:{paper.id}", f"other:{paper.id + 1}", "unskip:{on}"):
            on = await begin(lab, place)
            message = pressable(lab, f"daily:{place.id}:{action}".replace("{on}", on.isoformat()))
            before = await daily_kept(lab, place)
            answer = await person.press(message, message.buttons[0].label)
            for each in answer.buttons:
                if each.label.startswith(SAVES):
                    await person.press(answer.message, each.label)
            if not PEOPLE[who]:
                assert await daily_kept(lab, place) == before, action
            elif not action.startswith(("edit", "again", "other")):  # which keep or only show what there is
                assert await daily_kept(lab, place) != before, action


@pytest.mark.parametrize("is_archived", [False, True])
@pytest.mark.parametrize("who", PEOPLE)
async def test_the_one_of_a_channel_that_is_gone_or_rests_is_stopped_by_who_may(
    lab: Lab, who: str, is_archived: bool
) -> None:
    (place,) = await places_of(lab, ["thread"])
    person = await person_of(lab, who, [place])
    await begin(lab, place)
    if is_archived:
        lab.discord.archive_thread(place)
    else:
        lab.discord.delete_channel(place)
    await asyncio.sleep(0.1)
    message = pressable(lab, f"daily:{place.id}:stop")
    told = await person.press(message, message.buttons[0].label)
    is_stopped = not await lab.app.storage.list_schedules()
    assert is_stopped == (PEOPLE[who] if is_archived else who in DECIDES)
    assert is_stopped or "You need the permission Manage Channels" in told.text


async def test_a_thread_that_rests_is_not_called_gone(lab: Lab) -> None:
    (place,) = await places_of(lab, ["thread"])
    await begin(lab, place)
    boss = lab.person("boss", manage_channels=True, manage_guild=True)
    lab.discord.archive_thread(place)
    await asyncio.sleep(0.1)
    told = await boss.slash("daily status", _in=lab.channel("general"))
    assert f"- <#{place.id}> · at 09\\:00" in told.text
    assert "I cannot see any more" not in told.text
    assert not told.buttons


async def test_buttons_of_one_that_was_stopped_say_how_to_begin_again(lab: Lab) -> None:
    ada, papers = manager(lab), lab.channel("papers")
    await start(ada)
    offered = await ada.slash("daily now")
    skipped = await ada.slash("daily skip")
    await ada.slash("daily stop")
    before = await daily_kept(lab, papers)
    for answer, label in ((offered, "Post in #papers"), (offered, "Another one"), (skipped, "Take it back")):
        assert "Set it up with /daily here" in (await ada.press(answer.message, label)).text
    assert await daily_kept(lab, papers) == before


async def test_nothing_of_another_servers_channel_is_shown_or_changed(lab: Lab) -> None:
    papers = lab.channel("papers")
    on = await begin(lab, papers)
    before = await daily_kept(lab, papers)
    other = lab.discord.add_guild("Elsewhere")
    there = lab.discord.add_channel(other, "there")
    eve = lab.discord.add_person("eve", guild=other, permissions=Permission.MANAGE_CHANNELS | Permission.MANAGE_GUILD)
    await asyncio.sleep(0.1)
    actions = ("stop", "edit", "again", "look", "history:0", "now:1", "other:1", f"unskip:{on}")
    for action in actions:
        custom_id = f"daily:{papers.id}:{action}"
        button = {"type": 2, "style": 2, "label": "Press", "custom_id": custom_id}
        made = draft(
            {"components": [{"type": 1, "components": [button]}], "flags": COMPONENTS_V2}, [], lab.discord.world.ids
        )
        message = lab.discord.post(there, lab.discord.bot, made)
        try:
            told = await eve.press(message, "Press")
        except Refused:
            continue
        assert "every day" not in told.text, action
        assert "no paper of the day" in told.text or "cannot see that channel" in told.text, (action, told.text)
    assert await daily_kept(lab, papers) == before
