"""A weekly recap from its plan to its message: posted once, with its picture, and what that shows in words."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.daily_messages import daily_post_key
from bot.domain.deliveries import DeliveryState, recap_key
from bot.domain.posts import Post
from bot.fakediscord.layout import Kind, walk
from bot.fakediscord.permissions import Permission
from bot.fakediscord.server import FakeDiscord
from bot.fakediscord.state import Message
from bot.services.pictures import Pictures, TooManyError
from tests.delivery.conftest import Street
from tests.delivery.courier import PICTURE, compressed, courier
from tests.delivery.owing import owe, owed, recap, settled
from tests.empty import NewDatabase
from tests.lab import Lab
from tests.services.daily_days import schedule

NINE = datetime(2031, 5, 26, 7, tzinfo=UTC)
"""In Berlin, on a Monday."""
DAY = timedelta(days=1)
SENT = DeliveryState.SENT


def described(message: Message) -> list[str]:
    """What is told of each picture in the message."""
    galleries = [each for each in walk(message.components) if each["type"] == Kind.MEDIA_GALLERY]
    return [item["description"] for each in galleries for item in each["items"]]


async def posted_on(lab: Lab, key: str) -> Message:
    done = await settled(lab.app.storage, key, SENT, within=60)
    assert done.last_error is None
    return lab.channel("papers").messages[done.message_id or 0]


async def test_a_week_of_papers_ends_in_one_recap_with_its_picture(lab: Lab) -> None:
    papers, ada, lin = lab.channel("papers"), lab.person("ada"), lab.person("lin")
    lab.now = NINE - timedelta(hours=1)
    daily = lab.app.services.daily
    await daily.set_up(schedule(guild_id=lab.guild.id, channel_id=papers.id, has_thread=True, recap_weekday=2))
    posted = []
    for day in range(2):
        lab.now = NINE + day * DAY
        await daily.run_due()
        posted.append(await posted_on(lab, daily_post_key(papers.id, lab.now.date(), 0)))
    await ada.press(posted[1], "Vote")
    await lin.press(posted[1], "Vote 1")
    assert posted[1].thread is not None
    for _ in range(3):
        await ada.say(posted[1].thread, "Does it hold for looms?")
    lab.now = NINE + 2 * DAY
    await daily.run_due()
    key = recap_key(papers.id, lab.now.date())
    message = await posted_on(lab, key)
    assert message.text.startswith("**The papers of the week · 21 to 27 May**")
    first, second = [each for each in message.text.splitlines() if "vote" in each][:2]
    assert "· **2 votes, 3 replies** · [Tuesday](https://discord.com/channels/" in first
    assert str(posted[1].id) in first
    assert "**0 votes, 0 replies** · [Monday](" in second
    [picture] = message.attachments
    assert picture.content.startswith(b"\x89PNG")
    assert len(picture.content) < 500_000
    [told] = described(message)
    assert told == picture.description
    assert "most voted first. 1. " in told
    assert ": 2 votes, 3 replies. 2. " in told
    opened = await ada.choose(message, "Show one of them, to you alone", "Attention Is All You Need")
    assert opened.private
    await lab.restart()
    await lab.app.services.daily.run_due()
    assert len([each for each in papers.messages.values() if each.attachments]) == 1


async def test_in_a_forum_it_is_a_post_named_after_its_week(street: Street) -> None:
    forum = street.discord.add_channel(street.guild, "forum", "forum")
    await asyncio.sleep(0.1)
    await street.owe("a", channel_id=forum.id, payload=recap(1).to_json())
    done = await settled(street.storage, "a", SENT)
    thread = street.guild.channels[done.message_id or 0]
    assert thread.name == "The papers of the week"
    [message] = thread.messages.values()
    assert [each.content for each in message.attachments] == [PICTURE]


async def test_where_no_file_may_be_posted_the_words_are(street: Street, caplog: pytest.LogCaptureFixture) -> None:
    street.discord.set_overwrite(street.papers, street.guild.everyone, deny=Permission.ATTACH_FILES)
    await asyncio.sleep(0.1)
    with caplog.at_level(logging.WARNING):
        await street.owe("a", payload=recap(2, 1).to_json())
        await settled(street.storage, "a", SENT)
    [message] = street.papers.messages.values()
    assert (message.attachments, described(message)) == ([], [])
    assert "**2 votes**" in message.text
    assert "Attach Files is not allowed there" in caplog.text


async def test_where_others_are_drawn_first_it_comes_later_with_its_picture(new_database: NewDatabase) -> None:
    asked = list[str]()

    async def busy_at_first(post: Post) -> bytes | None:
        asked.append(post.heading)
        if len(asked) == 1:
            raise TooManyError
        return PICTURE

    async with FakeDiscord() as discord:
        await discord.start()
        papers = discord.add_channel(discord.add_guild("Reading group"), "papers")
        url = new_database()
        async with courier(url, discord.api_url, discord.gateway_url, timing=compressed(1), draw=busy_at_first) as one:
            await owe(one.storage, owed(papers, "a", now=datetime.now(UTC), payload=recap(1).to_json()))
            await settled(one.storage, "a", SENT)
    [message] = papers.messages.values()
    assert [each.content for each in message.attachments] == [PICTURE]


async def test_where_drawing_fails_the_words_are_posted_and_the_log_says_why(
    caplog: pytest.LogCaptureFixture, new_database: NewDatabase, tmp_path: Path
) -> None:
    broken = tmp_path / "drawer.py"
    broken.write_text("raise SystemExit('no ink')")
    async with FakeDiscord() as discord:
        await discord.start()
        papers = discord.add_channel(discord.add_guild("Reading group"), "papers")
        url, draw = new_database(), Pictures(drawer=broken).draw
        async with courier(url, discord.api_url, discord.gateway_url, timing=compressed(1), draw=draw) as one:
            await owe(one.storage, owed(papers, "a", now=datetime.now(UTC), payload=recap(1).to_json()))
            await settled(one.storage, "a", SENT)
    [message] = papers.messages.values()
    assert message.attachments == []
    assert "**1 vote**" in message.text
    assert "ended with 1: no ink" in caplog.text
