"""/daily here, as people type it: the preview, the button, the form; and each refusal in one sentence."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.schedules import Fallback
from bot.domain.servers import ServerSettings
from bot.fakediscord.permissions import Permission
from tests.cogs.schedules import TUESDAY, manager, only_schedule, saving, start
from tests.lab import Lab

NINE_IN_BERLIN = int(datetime(2026, 5, 26, 7, tzinfo=UTC).timestamp())
DAY = 24 * 60 * 60


async def test_the_preview_shows_the_message_and_the_next_dates_and_keeps_nothing(lab: Lab) -> None:
    lab.now = TUESDAY
    preview = await manager(lab).slash("daily here", timezone="berlin", weekdays="tue, thu")
    assert preview.private
    assert f"Paper of the day in <#{lab.channel('papers').id}>" in preview.text
    assert "Posts at 09\\:00 Europe/Berlin, Tuesday and Thursday · silent · no ping" in preview.text
    days = [NINE_IN_BERLIN + DAY * each for each in (0, 2, 7, 9, 14)]
    assert [f"- <t:{each}:F> (<t:{each}:R>)" in preview.text for each in days] == [True] * 5
    assert "those of Europe/Berlin" in preview.text
    assert "Paper of the day · Tuesday 26 May" in preview.text
    assert "Attention Is All You Need" in preview.text, "a classic, where nothing is known yet"
    assert [each.label for each in preview.buttons][-3:] == ["Start in #papers", "Change …", "Not now"]
    assert await lab.app.storage.list_schedules() == []


async def test_nothing_is_kept_until_the_button_is_pressed(lab: Lab) -> None:
    lab.now = TUESDAY
    ada = manager(lab)
    preview = await ada.slash("daily here")
    dropped = await ada.press(preview.message, "Not now")
    assert "Nothing was changed" in dropped.text
    assert await lab.app.storage.list_schedules() == []
    saved = await start(ada, time="9 am", timezone="Berlin")
    assert f"The next one comes <t:{NINE_IN_BERLIN}:F>" in saved.text
    schedule = await only_schedule(lab)
    assert (schedule.at, schedule.zone, schedule.created_by) == (540, "Europe/Berlin", ada.id)


async def test_everything_that_can_be_chosen_is_kept(lab: Lab) -> None:
    lab.now = TUESDAY
    role = lab.discord.add_role(lab.guild, "readers", mentionable=True)
    for each in lab.guild.roles.values():
        lab.discord.set_overwrite(lab.channel("general"), each, allow=Permission.PIN_MESSAGES)
    await asyncio.sleep(0.1)
    saved = await start(
        manager(lab),
        time="17:30",
        timezone="Asia/Kolkata",
        weekdays="Mon-Fri",
        query="graph -survey",
        channel=lab.channel("general"),
        thread=True,
        role=role,
        pin=True,
        silent=False,
        if_nothing="nothing",
        recap="on Fridays",
    )
    assert f"<#{lab.channel('general').id}> has a paper of the day: at 17\\:30 Asia/Kolkata" in saved.text
    kept = await only_schedule(lab)
    assert (kept.at, kept.zone, kept.weekdays) == (1050, "Asia/Kolkata", frozenset(range(5)))
    assert (kept.query, kept.role_id, kept.recap_weekday) == ("graph -survey", role.id, 4)
    assert (kept.has_thread, kept.is_pinned, kept.is_silent) == (True, True, False)
    assert kept.fallback is Fallback.SILENCE
    assert kept.channel_id == lab.channel("general").id


async def test_typed_again_it_changes_what_is_named_and_nothing_else(lab: Lab) -> None:
    lab.now = TUESDAY
    ada = manager(lab)
    role = lab.discord.add_role(lab.guild, "readers", mentionable=True)
    await asyncio.sleep(0.1)
    await start(ada, time="17:30", query="graph", role=role, recap="on Fridays")
    before = await only_schedule(lab)
    preview = await ada.slash("daily here", weekdays="weekends", query="everything", no_ping=True, recap="never")
    assert "has one already" in preview.text
    await ada.press(preview.message, "Save")
    after = await only_schedule(lab)
    assert (after.id, after.at, after.weekdays) == (before.id, 1050, frozenset({5, 6}))
    assert (after.query, after.role_id, after.recap_weekday) == ("", None, None)


async def test_the_form_changes_a_preview(lab: Lab) -> None:
    lab.now = TUESDAY
    ada = manager(lab)
    preview = await ada.slash("daily here", timezone="berlin")
    form = await ada.press(preview.message, "Change …")
    assert form.modal is not None
    assert [each.label for each in form.modal.fields] == [
        "Time and zone",
        "Days",
        "Choose from",
        "How it is posted",
        "Where nothing new stands out",
    ]
    changed = await ada.submit(
        form.modal,
        at="9 pm New York",
        days="Mon & Wed",
        query='"graph neural network"',
        how=["A thread for each, to talk in", "With a notification"],
        fallback="Post nothing",
    )
    assert "21\\:00 America/New York, Monday and Wednesday · with a notification · a thread for each" in changed.text
    assert 'papers on **"graph neural network"**' in changed.text
    assert "By now there would be no paper" in changed.text
    await ada.press(changed.message, "Start in #papers")
    kept = await only_schedule(lab)
    assert (kept.at, kept.zone, kept.fallback) == (1260, "America/New_York", Fallback.SILENCE)


async def test_the_form_left_as_it_is_changes_nothing(lab: Lab) -> None:
    lab.now = TUESDAY
    ada = manager(lab)
    await start(ada, timezone="berlin", weekdays="fri-mon", thread=True, silent=False)
    before = await only_schedule(lab)
    preview = await ada.slash("daily here")
    form = await ada.press(preview.message, "Change …")
    changed = await ada.submit(form.modal)
    await ada.press(changed.message, "Save")
    assert await only_schedule(lab) == before


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"time": "25:00"}, "I cannot read the time '25:00'. Write it as 09:00 or 17:30."),
        ({"timezone": "Europe/Berln"}, "Did you mean Europe/Berlin?"),
        ({"timezone": "99:99"}, "I don't know the time zone '99:99'. Pick one as you type."),
        ({"weekdays": "someday"}, "I cannot read the days 'someday'. Write them as Mon-Fri"),
        ({"query": "graph after:banana"}, "banana"),
    ],
)
async def test_what_cannot_be_read_is_refused_with_what_to_type(lab: Lab, options: dict[str, str], told: str) -> None:
    answer = await manager(lab).run_command("daily here", options, lab.channel("papers"))
    assert answer.private
    assert told in answer.text.replace("\\", "")
    assert "\n" not in answer.text.strip()
    assert not answer.buttons


async def test_in_a_voice_channel_it_says_where_it_can_post(lab: Lab) -> None:
    talk = lab.discord.add_channel(lab.guild, "talk", "voice")
    ada = manager(lab)
    await asyncio.sleep(0.1)
    told = await ada.slash("daily here", _in=talk)
    assert told.text == "I can post in text, announcement and forum channels and in threads. Name one of those."


async def test_only_who_manages_the_target_sets_it_up(lab: Lab) -> None:
    lin, general = lab.person("lin"), lab.channel("general")
    lab.discord.set_overwrite(lab.channel("papers"), lin, allow=Permission.MANAGE_CHANNELS)
    await asyncio.sleep(0.1)
    assert "You need the permission Manage Channels in \\#general" in (await start(lin, channel=general)).text
    assert "has a paper of the day" in (await start(lin)).text


async def test_the_servers_manager_role_is_enough(lab: Lab) -> None:
    role = lab.discord.add_role(lab.guild, "librarians")
    await lab.app.storage.put_server(ServerSettings(guild_id=lab.guild.id, manager_role_id=role.id, zone="Asia/Tokyo"))
    lin = lab.person("lin", roles=[role])
    await asyncio.sleep(0.1)
    assert "09\\:00 Asia/Tokyo" in (await start(lin)).text


async def test_permissions_are_checked_again_when_it_is_saved(lab: Lab) -> None:
    lin, papers = lab.person("lin"), lab.channel("papers")
    lab.discord.set_overwrite(papers, lin, allow=Permission.MANAGE_CHANNELS)
    await asyncio.sleep(0.1)
    preview = await lin.slash("daily here")
    lab.discord.set_overwrite(papers, lin)
    await asyncio.sleep(0.1)
    assert "You need the permission" in (await lin.press(preview.message, saving(preview))).text
    assert await lab.app.storage.list_schedules() == []


@pytest.mark.parametrize(
    ("options", "lacks"),
    [
        ({}, "Send Messages"),
        ({"pin": True}, "Pin Messages"),
        ({"thread": True}, "Create Public Threads"),
    ],
)
async def test_what_the_bot_lacks_is_named(lab: Lab, options: dict[str, bool], lacks: str) -> None:
    papers = lab.channel("papers")
    denied = Permission[lacks.upper().replace(" ", "_")]
    for each in lab.guild.roles.values():
        lab.discord.set_overwrite(papers, each, deny=denied)
    ada = manager(lab)
    await asyncio.sleep(0.1)
    assert f"In \\#papers I need {lacks}." in (await start(ada, **options)).text


async def test_a_role_that_may_not_be_mentioned_is_refused(lab: Lab) -> None:
    role = lab.discord.add_role(lab.guild, "everybody else")
    ada = manager(lab)
    await asyncio.sleep(0.1)
    assert "may not mention the role everybody else" in (await start(ada, role=role)).text


async def test_a_forum_gets_a_post_a_day_and_neither_pins_nor_threads(lab: Lab) -> None:
    forum = lab.discord.add_channel(lab.guild, "readings", "forum")
    ada = manager(lab)
    await asyncio.sleep(0.1)
    assert "Leave threads out" in (await start(ada, channel=forum, thread=True)).text
    assert "Leave pinning out" in (await start(ada, channel=forum, pin=True)).text
    assert "has a paper of the day" in (await start(ada, channel=forum)).text


async def test_a_forum_whose_tags_fit_only_some_papers_is_told_of_before_and_after(lab: Lab) -> None:
    forum = lab.discord.add_channel(lab.guild, "readings", "forum", tags=("Robots", "Looms"), requires_tag=True)
    ada = manager(lab)
    await asyncio.sleep(0.1)
    told = "papers of a category without one stay out: add a tag named Papers."
    preview = await ada.slash("daily here", channel=forum)
    assert told in preview.text
    await ada.press(preview.message, "Start in #readings")
    assert told in (await ada.slash("daily status", channel=forum)).text
    forum.tags[0].name = "Papers"
    lab.discord.set_overwrite(forum, lab.guild.everyone)  # by which the bot hears of the tag too
    await asyncio.sleep(0.1)
    assert told not in (await ada.slash("daily here", channel=forum)).text
    assert told not in (await ada.slash("daily status", channel=forum)).text


async def test_a_preview_is_over_after_a_day(lab: Lab) -> None:
    lab.now = TUESDAY
    ada = manager(lab)
    preview = await ada.slash("daily here")
    lab.now = TUESDAY + timedelta(days=1, seconds=1)
    assert "/daily here" in (await ada.press(preview.message, saving(preview))).text
    assert await lab.app.storage.list_schedules() == []


async def test_zones_and_days_are_offered_while_typing(lab: Lab) -> None:
    lab.now = TUESDAY
    ada = manager(lab)
    zones = await ada.complete("daily here", option="timezone", text="berl")
    assert zones[0].name == "Europe/Berlin · 08:00 now"
    days = await ada.complete("daily here", option="weekdays", text="tue fri")
    assert [each.name for each in days][:2] == ["Tuesday and Friday", "every day"]
    assert days[0].value == "tue fri"


async def test_in_a_direct_message_there_is_no_such_command(lab: Lab) -> None:
    ada = manager(lab)
    with pytest.raises(Exception, match="daily"):
        await ada.slash("daily here", _in=ada.dm)
