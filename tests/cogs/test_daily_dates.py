"""/daily now, skip, stop, status and history, as people type them."""

import asyncio
import re
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.recaps import Recap
from bot.domain.schedules import DailyPost, SkipReason
from bot.fakediscord.permissions import Permission
from tests.cogs.schedules import TUESDAY, manager, only_schedule, start
from tests.lab import Lab, found_paper

LOOMS = found_paper(title="Looms and Threads", ids=("2605.00001",))
TODAY = date(2026, 5, 26)


def _dates(text: str) -> list[str]:
    return re.findall(r"<t:\d+:F>", text)


async def test_one_more_is_previewed_posted_once_and_spends_no_date(lab: Lab) -> None:
    ada, papers = manager(lab), lab.channel("papers")
    await start(ada)
    before = await only_schedule(lab)
    dates = _dates((await ada.slash("daily status")).text)
    offered = await ada.slash("daily now")
    assert offered.private
    assert (
        f"Only you see this yet. It is posted in <#{papers.id}> as one more. The next paper of the day" in offered.text
    )
    preview = offered.text.splitlines()
    posted = await ada.press(offered.message, "Post in #papers")
    assert "on its way" in posted.text
    message = await papers.next_message()
    assert message.text.startswith("**A paper now · ")
    assert "Attention Is All You Need" in message.text
    assert preview[1:] == message.text.splitlines(), "the preview is what is posted"
    assert "A classic, for nothing new stood out." in message.text, "why it was picked, not who asked"
    assert _dates((await ada.slash("daily status")).text) == dates, "the next one comes as it would have"
    assert await only_schedule(lab) == before


async def test_another_one_is_another_and_what_the_channel_had_never_comes_again(lab: Lab) -> None:
    lab.now = TUESDAY
    ada = manager(lab)
    await start(ada)
    first = await ada.slash("daily now")
    second = await ada.press(first.message, "Another one")
    assert "Attention Is All You Need" not in second.text
    was = second.text
    third = await ada.press(second.message, "Another one")
    assert third.text != was
    again = await ada.slash("daily now", paper="attention is all you need")
    await ada.press(again.message, "Post in #papers")
    told = await ada.slash("daily now", paper="1706.03762")
    assert "had this paper of the day already" in told.text
    assert "Attention Is All You Need" not in (await ada.slash("daily now")).text


async def test_a_named_paper_is_posted(lab: Lab) -> None:
    ada = manager(lab)
    await lab.import_papers([LOOMS])
    await start(ada)
    assert [each.value for each in await ada.complete("daily now", option="paper", text="looms")] == ["2605.00001"]
    offered = await ada.slash("daily now", paper="looms and threads")
    assert [each.label for each in offered.buttons][-2:] == ["Post in #papers", "Not now"]
    await ada.press(offered.message, "Post in #papers")
    message = await lab.channel("papers").next_message()
    assert "Looms and Threads" in message.text
    assert "Somebody who looks after this channel chose it." in message.text
    history = await ada.slash("daily history")
    assert " · [Looms and Threads]" in history.text
    opened = await ada.choose(history.message, "Show one of them, to you alone", "Looms and Threads")
    assert opened.private
    assert "Looms and Threads" in opened.text


@pytest.mark.parametrize(
    ("command", "options", "told"),
    [
        ("daily now", {"paper": "2601.99999"}, "I don't have 2601.99999"),
        ("daily now", {"paper": "zyxw vutsr"}, "No paper has the title"),
        ("daily skip", {"date": "2026-05-25"}, "Monday 25 May is over"),
        ("daily skip", {"date": "soon"}, "I cannot read the date 'soon'. Write it as 2026-05-26"),
        ("daily skip", {"date": "2027-05-25"}, "too far away"),
        ("daily skip", {"date": "saturday"}, "not one of the days on which a paper is posted here: /daily status"),
    ],
)
async def test_each_refusal_is_one_sentence_that_helps(
    lab: Lab, command: str, options: dict[str, str], told: str
) -> None:
    lab.now = TUESDAY
    await lab.import_papers([LOOMS])
    await start(manager(lab), timezone="berlin", weekdays="mon-fri")
    answer = await manager(lab).run_command(command, options, lab.channel("papers"))
    assert answer.private
    assert told in answer.text.replace("\\", "")
    assert "\n" not in answer.text.strip()
    assert not answer.buttons


@pytest.mark.parametrize("command", ["now", "skip", "stop"])
async def test_where_there_is_none_it_says_how_to_begin(lab: Lab, command: str) -> None:
    told = (await manager(lab).slash(f"daily {command}")).text
    assert "no paper of the day" in told
    assert "/daily here" in told


@pytest.mark.parametrize("command", ["here", "now", "skip", "stop"])
async def test_only_who_manages_the_channel_decides(lab: Lab, command: str) -> None:
    await start(manager(lab))
    before = await only_schedule(lab)
    told = (await lab.person("lin").slash(f"daily {command}")).text
    assert "You need the permission Manage Channels in \\#papers" in told
    assert await only_schedule(lab) == before


async def test_the_next_date_is_skipped_and_taken_back(lab: Lab) -> None:
    lab.now = TUESDAY
    ada = manager(lab)
    await start(ada, timezone="berlin")
    skipped = await ada.slash("daily skip")
    assert "**Tuesday 26 May** in" in skipped.text
    assert "is skipped. The next one comes on Wednesday 27 May." in skipped.text
    standing = await ada.slash("daily status")
    assert "Skipped: Tuesday 26 May. To take one back, type `/daily skip` with its date." in standing.text
    assert standing.text.count("kipped") == 1, "once, where it says how to take it back"
    assert "skipped already" in (await ada.slash("daily skip", date="today")).text
    back = await ada.press(skipped.message, "Take it back")
    assert "There will be a paper of the day" in back.text
    assert "Skipped:" not in (await ada.slash("daily status")).text


async def test_one_more_after_a_skip_says_that_the_date_stays_skipped(lab: Lab) -> None:
    lab.now = TUESDAY
    ada = manager(lab)
    await start(ada)
    await ada.slash("daily skip")
    told = "as one more. Tuesday 26 May stays skipped; the next paper of the day comes by itself on Wednesday 27 May."
    offered = await ada.slash("daily now")
    assert told in offered.text
    assert told in (await ada.press(offered.message, "Post in #papers")).text
    await ada.slash("daily skip")
    assert "Tuesday 26 May, Wednesday 27 May stay skipped; the next" in (await ada.slash("daily now")).text


async def test_dates_are_offered_while_typing_and_skipped_ones_say_so(lab: Lab) -> None:
    lab.now = TUESDAY
    ada = manager(lab)
    await start(ada, timezone="berlin", weekdays="mon-fri")
    await ada.slash("daily skip", date="friday")
    offered = await ada.complete("daily skip", option="date", text="")
    assert [each.name for each in offered][:5] == [
        "Tuesday 26 May",
        "Wednesday 27 May",
        "Thursday 28 May",
        "Friday 29 May · skipped already, can be taken back",
        "Monday 1 June",
    ]
    assert offered[0].value == "2026-05-26"
    assert [each.name for each in await ada.complete("daily skip", option="date", text="15 june")] == ["Monday 15 June"]
    lin = lab.person("lin")
    lab.discord.set_overwrite(lab.channel("papers"), lin, deny=Permission.VIEW_CHANNEL)
    await asyncio.sleep(0.1)
    general = lab.channel("general")
    hidden = await lin.complete("daily skip", option="date", text="", _in=general)
    assert hidden == []


async def test_it_is_stopped_and_begun_again_as_it_was(lab: Lab) -> None:
    lab.now = TUESDAY
    ada = manager(lab)
    await start(ada, timezone="berlin", weekdays="mon-fri", thread=True)
    before = await only_schedule(lab)
    stopped = await ada.slash("daily stop")
    assert "is stopped" in stopped.text
    assert await lab.app.storage.list_schedules() == []
    assert "**Stopped** <t:" in (await ada.slash("daily status")).text
    lab.now = TUESDAY + timedelta(days=2)
    preview = await ada.press(stopped.message, "Start again …")
    await ada.press(preview.message, "Start in #papers")
    after = await only_schedule(lab)
    assert (after.id, after.at, after.weekdays, after.has_thread) == (
        before.id,
        before.at,
        before.weekdays,
        before.has_thread,
    )


async def test_status_tells_each_of_the_last_dates(lab: Lab) -> None:
    lab.now = TUESDAY - timedelta(days=20)
    ada = manager(lab)
    await start(ada, timezone="berlin", weekdays="mon-fri")
    schedule = await only_schedule(lab)
    reasons = {5: SkipReason.OUTAGE, 4: SkipReason.ASKED, 3: SkipReason.WEEKDAY, 1: SkipReason.NOTHING}
    told = [
        DailyPost(
            channel_id=schedule.channel_id,
            on=TODAY - timedelta(days=ago),
            guild_id=lab.guild.id,
            planned_at=TUESDAY,
            skipped=reason,
        )
        for ago, reason in reasons.items()
    ]
    async with lab.app.storage.write() as transaction:
        await transaction.add_daily_posts(told)
        await transaction.plan_through(schedule.id, TODAY - timedelta(days=1))
    lab.now = TUESDAY
    text = (await ada.slash("daily status")).text
    dated = [line[2:5] for line in text.partition("**The last 14 dates**")[2].splitlines() if line]
    assert dated == ["Tue", "Mon", "Sun", "Sat", "Fri", "Thu", "Wed"] * 2
    assert "Thu 21 May · no paper: I was not running" in text
    assert "Fri 22 May · no paper: somebody skipped it" in text
    assert "Sat 23 May · no paper: it is not one of the days chosen" in text
    assert "Mon 25 May · no paper: nothing new stood out" in text


async def test_the_status_of_everything_tells_of_it_too(lab: Lab) -> None:
    ada = manager(lab)
    assert "Paper of the day" not in (await ada.slash("status")).text
    await start(ada, thread=True)
    (date_told, *_) = _dates((await ada.slash("daily status")).text)
    assert f"Paper of the day: {date_told}" in (await ada.slash("status")).text
    for each in lab.guild.roles.values():
        lab.discord.set_overwrite(lab.channel("papers"), each, deny=Permission.CREATE_PUBLIC_THREADS)
    await asyncio.sleep(0.1)
    assert "I lack Create Public Threads there" in (await ada.slash("status")).text
    await ada.slash("daily stop")
    assert "Paper of the day: stopped." in (await ada.slash("status")).text


async def test_status_names_what_is_in_the_way(lab: Lab) -> None:
    ada, papers = manager(lab), lab.channel("papers")
    role = lab.discord.add_role(lab.guild, "readers", mentionable=True)
    await asyncio.sleep(0.1)
    await start(ada, thread=True, role=role, recap="on Fridays")
    assert "Needs attention" not in (await ada.slash("daily status")).text
    for each in lab.guild.roles.values():
        lab.discord.set_overwrite(papers, each, deny=Permission.CREATE_PUBLIC_THREADS | Permission.ATTACH_FILES)
    await asyncio.sleep(0.1)
    told = (await ada.slash("daily status")).text
    assert "I lack Create Public Threads there" in told
    assert "I lack Attach Files there, so recaps come without their picture" in told


async def test_anyone_who_sees_the_channel_is_told_how_it_stands_and_nobody_else(lab: Lab) -> None:
    papers, general, lin = lab.channel("papers"), lab.channel("general"), lab.person("lin")
    await start(manager(lab))
    shown = await lin.slash("daily status")
    assert "Paper of the day in" in shown.text
    assert [each.label for each in shown.buttons] == ["History"], "nothing to change for who may not"
    elsewhere = (await lin.slash("daily status", _in=general)).text
    assert "has no paper of the day yet. Who manages the channel can set one up." in elsewhere
    assert f"- <#{papers.id}> · at 09\\:00" in elsewhere
    lab.discord.set_overwrite(papers, lin, deny=Permission.VIEW_CHANNEL)
    await asyncio.sleep(0.1)
    assert str(papers.id) not in (await lin.slash("daily status", _in=general)).text
    assert "You cannot see that channel" in (await lin.slash("daily status", channel=papers, _in=general)).text
    assert "You cannot see that channel" in (await lin.slash("daily history", channel=papers, _in=general)).text


async def test_the_one_of_a_channel_that_is_gone_can_be_stopped(lab: Lab) -> None:
    papers, general = lab.channel("papers"), lab.channel("general")
    boss = lab.person("boss", manage_channels=True, manage_guild=True)
    await start(boss)
    lab.discord.delete_channel(papers)
    await asyncio.sleep(0.1)
    shown = await boss.slash("daily status", _in=general)
    stopped = await boss.press(shown.message, "Stop that one")
    assert "is stopped" in stopped.text
    assert await lab.app.storage.list_schedules() == []


async def test_the_history_has_pages(lab: Lab) -> None:
    lab.now = TUESDAY
    ada = manager(lab)
    await start(ada)
    assert "None yet" in (await ada.slash("daily history")).text
    for _ in range(11):
        offered = await ada.slash("daily now")
        await ada.press(offered.message, "Post in #papers")
    first = await ada.slash("daily history")
    assert "11 so far" in first.text
    assert "Attention Is All You Need" not in first.text
    second = await ada.press(first.message, "Older")
    assert "Attention Is All You Need" in second.text
    assert "BERT" not in second.text


async def test_the_preview_and_the_status_say_when_the_recap_comes_and_what_became_of_the_last(lab: Lab) -> None:
    lab.now = TUESDAY
    ada, papers = manager(lab), lab.channel("papers")
    preview = await ada.slash("daily here", timezone="berlin", recap="on Fridays")
    friday = int(datetime(2026, 5, 29, 7, tzinfo=UTC).timestamp())
    assert "a recap on Fridays" in preview.text
    assert f"The first recap comes <t:{friday}:F>: the papers of the week before" in preview.text
    await ada.press(preview.message, "Start in #papers")
    assert f"**Recap** <t:{friday}:F> (<t:{friday}:R>)" in (await ada.slash("daily status")).text
    assert f" The next recap: <t:{friday}:F>. `/daily status` tells more." in (await ada.slash("status")).text
    recap = Recap(channel_id=papers.id, on=TODAY, guild_id=lab.guild.id, planned_at=TUESDAY, skipped=SkipReason.NOTHING)
    async with lab.app.storage.write() as transaction:
        await transaction.add_recap(recap)
    told = (await ada.slash("daily status")).text
    assert " · Tue 26 May: there was none, for nothing was posted in that week" in told
    await ada.slash("daily stop")
    assert "**Recap** there is none to come · Tue 26 May" in (await ada.slash("daily status")).text
