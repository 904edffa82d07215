"""A paper of the day from its plan to its message: posted, pinned, talked about, and explained."""

import asyncio
from datetime import UTC, datetime, timedelta

import discord

from bot.domain.daily_messages import daily_post_key
from bot.domain.deliveries import DeliveryState
from bot.fakediscord.permissions import Permission
from tests.delivery.owing import settled
from tests.lab import Lab
from tests.services.daily_days import schedule

NINE = datetime(2031, 5, 26, 7, tzinfo=UTC)
"""In Berlin."""
DAY = timedelta(days=1)


async def test_each_day_another_is_posted_pinned_and_talked_about_across_a_restart(lab: Lab) -> None:
    papers = lab.channel("papers")
    lab.discord.set_overwrite(papers, lab.guild.everyone, allow=Permission.PIN_MESSAGES)
    lab.now = NINE - timedelta(hours=1)
    await lab.app.services.daily.set_up(
        schedule(guild_id=lab.guild.id, channel_id=papers.id, is_pinned=True, has_thread=True)
    )
    posted = []
    for day in range(2):
        lab.now = NINE + day * DAY
        assert await lab.app.services.daily.run_due() == 1
        key = daily_post_key(papers.id, lab.now.date(), 0)
        done = await settled(lab.app.storage, key, DeliveryState.SENT)
        assert done.last_error is None
        posted.append(papers.messages[done.message_id or 0])
        assert papers.pins == [done.message_id]
        await lab.restart()
        assert await lab.app.services.daily.run_due() == 0
    first, second = posted
    assert "Paper of the day · Monday 26 May" in first.text
    assert "Paper of the day · Tuesday 27 May" in second.text
    assert first.thread is not None
    assert second.thread is not None
    assert first.text.splitlines()[1] != second.text.splitlines()[1]
    told = await lab.app.services.daily_records.explained(papers.id, guild_id=lab.guild.id, days=2)
    assert [each.words for each in told] == ["posted", "posted"]


async def test_after_days_without_the_bot_todays_is_posted_once_and_the_others_are_not(lab: Lab) -> None:
    papers = lab.channel("papers")
    lab.now = NINE - timedelta(hours=1)
    await lab.app.services.daily.set_up(schedule(guild_id=lab.guild.id, channel_id=papers.id))
    await lab.stop()
    lab.now = NINE + 3 * DAY + timedelta(hours=6)
    await lab.start()
    await lab.app.services.daily.run_due()
    await settled(lab.app.storage, daily_post_key(papers.id, lab.now.date(), 0), DeliveryState.SENT)
    assert len([each for each in papers.messages.values() if each.components]) == 1
    told = await lab.app.services.daily_records.explained(papers.id, guild_id=lab.guild.id, days=4)
    assert [each.words.partition(":")[0] for each in told] == ["posted", "no paper", "no paper", "no paper"]


async def test_in_a_forum_and_in_a_thread_it_arrives(lab: Lab) -> None:
    forum = lab.discord.add_channel(lab.guild, "readings", "forum")
    await asyncio.sleep(0.1)
    seen = lab.app.client.get_channel(lab.channel("papers").id)
    assert isinstance(seen, discord.TextChannel)
    made = await seen.create_thread(name="talk", type=discord.ChannelType.public_thread)
    talk = lab.guild.channels[made.id]
    lab.now = NINE - timedelta(hours=1)
    for place in (forum, talk):
        await lab.app.services.daily.set_up(schedule(guild_id=lab.guild.id, channel_id=place.id))
    lab.now = NINE
    assert await lab.app.services.daily.run_due() == 2
    for place in (forum, talk):
        done = await settled(lab.app.storage, daily_post_key(place.id, NINE.date(), 0), DeliveryState.SENT)
        assert done.last_error is None
    (post,) = [each for each in lab.guild.channels.values() if each.is_thread and each.parent is forum]
    assert any("Paper of the day · Monday 26 May" in each.text for each in post.messages.values())
    assert any("Paper of the day · Monday 26 May" in each.text for each in talk.messages.values())


async def test_without_the_permission_to_pin_it_is_posted_and_says_what_is_missing(lab: Lab) -> None:
    papers = lab.channel("papers")
    for each in lab.guild.roles.values():
        lab.discord.set_overwrite(papers, each, deny=Permission.PIN_MESSAGES | Permission.MANAGE_MESSAGES)
    lab.now = NINE - timedelta(hours=1)
    kept = await lab.app.services.daily.set_up(schedule(guild_id=lab.guild.id, channel_id=papers.id, is_pinned=True))
    for day in range(2):
        lab.now = NINE + day * DAY
        assert await lab.app.services.daily.run_due() == 1
        done = await settled(lab.app.storage, daily_post_key(papers.id, lab.now.date(), 0), DeliveryState.SENT)
        assert done.last_error == "not pinned: not allowed"
    assert papers.pins == []
    after = await lab.app.services.daily.get(papers.id, guild_id=lab.guild.id)
    assert after is not None
    assert (after.is_pinned, after.stopped_at) == (kept.is_pinned, None)
    (today, _) = await lab.app.services.daily_records.explained(papers.id, guild_id=lab.guild.id, days=2)
    assert today.words.startswith("posted (")
