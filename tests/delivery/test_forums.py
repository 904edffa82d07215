"""Forum channels: a post for each paper, with the tags it needs, once although no nonce protects it; and threads."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.deliveries import DeliveryState, Trouble
from bot.domain.posts import Posted
from bot.domain.servers import ServerSettings
from bot.fakediscord.permissions import Permission
from bot.fakediscord.state import SUPPRESS_NOTIFICATIONS, Channel
from tests.delivery.conftest import Street
from tests.delivery.owing import known, owe, owed, post, settled

SENT = DeliveryState.SENT
CREATE = ("POST", "/channels/{channel_id}/threads")


async def forum_in(street: Street, *tags: str, requires_tag: bool = False) -> Channel:
    made = street.discord.add_channel(street.guild, "forum", "forum", tags=tags, requires_tag=requires_tag)
    await asyncio.sleep(0.1)
    return made


async def owe_there(street: Street, place: Channel, key: str, **told: Any) -> None:
    await owe(street.storage, owed(place, key, now=datetime.now(UTC), **told))


def posts(street: Street, forum: Channel) -> list[Channel]:
    return [each for each in street.guild.channels.values() if each.parent is forum]


async def test_each_paper_is_a_post_with_the_tags_of_its_categories(street: Street) -> None:
    forum = await forum_in(street, "Robots", "cs.LG", requires_tag=True)
    role = street.discord.add_role(street.guild, "readers")
    await owe_there(street, forum, "a", payload=post(role_id=role.id, thread="Talk").to_json())
    await owe_there(street, forum, "b", payload=post(2, silent=False).to_json())
    done = await settled(street.storage, "a", SENT)
    await settled(street.storage, "b", SENT)
    one, other = posts(street, forum)
    assert (one.id, one.name, other.name) == (done.message_id, "Paper 1", "Paper 2")
    assert one.applied_tags == [forum.tags[1].id]
    (first,), (second,) = one.messages.values(), other.messages.values()
    assert f"<@&{role.id}>" in first.text
    assert first.flags & SUPPRESS_NOTIFICATIONS
    assert not second.flags & SUPPRESS_NOTIFICATIONS


async def test_a_required_tag_that_none_fits_closes_it_and_the_servers_log_channel_is_told(street: Street) -> None:
    forum = await forum_in(street, "Robots", "Looms", requires_tag=True)
    settings = ServerSettings(guild_id=street.guild.id, log_channel_id=street.papers.id)
    await street.storage.put_server(settings)
    await owe_there(street, forum, "a")
    told = await street.papers.next_message(timeout=10)
    assert f"<#{forum.id}>: posts there need a tag" in told.text
    (resting,) = await street.storage.list_resting(street.guild.id)
    assert resting.trouble is Trouble.NEEDS_TAG
    assert street.discord.requests["POST /channels/{channel_id}/threads"] == 0
    forum.requires_tag = False
    street.discord.set_overwrite(forum, street.guild.everyone)
    await settled(street.storage, "a", SENT)
    assert street.told() == []


async def test_where_the_log_channel_is_closed_too_the_person_is_told(street: Street) -> None:
    settings = ServerSettings(guild_id=street.guild.id, log_channel_id=street.papers.id)
    await street.storage.put_server(settings)
    street.discord.faults.next("POST", "/channels/{channel_id}/messages", status=403, code=50001)
    await street.owe("a")
    async with asyncio.timeout(10):
        while not street.told():
            await asyncio.sleep(0.02)
    await settled(street.storage, "a", SENT)
    assert len(street.told()) == 1


async def test_a_refusal_for_want_of_a_tag_is_the_same(street: Street) -> None:
    forum = await forum_in(street)
    street.discord.faults.next(*CREATE, status=400, code=40067)
    await owe_there(street, forum, "a")
    await settled(street.storage, "a", SENT)
    assert len(posts(street, forum)) == 1


@pytest.mark.parametrize("after_effect", [False, True])
@pytest.mark.parametrize("fault", [{"status": 503}, {"cut": True}, {"delay": 1.5}])
@pytest.mark.parametrize("is_archived", [False, True])
async def test_what_nobody_can_know_is_looked_for_and_posted_once(
    street: Street, fault: dict[str, Any], *, after_effect: bool, is_archived: bool
) -> None:
    forum = await forum_in(street)
    hit = street.discord.faults.next(*CREATE, **fault, after_effect=after_effect)
    await owe_there(street, forum, "a")
    async with asyncio.timeout(5):
        await hit.reached.wait()
        while is_archived and after_effect and not posts(street, forum):
            await asyncio.sleep(0.01)
    for each in posts(street, forum) if is_archived else ():
        street.discord.archive_thread(each)
    done = await settled(street.storage, "a", SENT)
    (made,) = posts(street, forum)
    assert made.id == done.message_id


async def test_without_its_history_it_is_held_for_a_person_at_once(street: Street) -> None:
    forum = await forum_in(street)
    for role in street.guild.roles.values():
        street.discord.set_overwrite(forum, role, deny=Permission.READ_MESSAGE_HISTORY)
    await asyncio.sleep(0.1)
    street.discord.faults.next(*CREATE, status=503, after_effect=True)
    await owe_there(street, forum, "a")
    held = await settled(street.storage, "a", DeliveryState.HELD)
    assert len(posts(street, forum)) == 1
    await street.storage.reopen_channels(street.guild.id, now=datetime.now(UTC))
    async with asyncio.timeout(5):
        while (await known(street.storage, "a")).state is not DeliveryState.HELD:
            await asyncio.sleep(0.02)
    await street.storage.retry_deliveries([held.id], now=datetime.now(UTC))
    await settled(street.storage, "a", SENT)
    assert len(posts(street, forum)) == 2


async def test_what_was_owed_long_ago_is_looked_for_before_it_is_posted(street: Street) -> None:
    forum = await forum_in(street)
    await owe_there(street, forum, "a", not_before=datetime.now(UTC) - timedelta(hours=1))
    await settled(street.storage, "a", SENT)
    assert street.discord.requests["GET /guilds/{guild_id}/threads/active"] >= 1
    assert len(posts(street, forum)) == 1


async def test_an_archived_thread_is_opened_by_the_post_and_a_locked_one_is_told(street: Street) -> None:
    await street.owe_with_thread("a")
    await settled(street.storage, "a", SENT)
    (thread,) = posts(street, street.papers)
    street.discord.archive_thread(thread)
    await asyncio.sleep(0.1)
    await owe_there(street, thread, "b")
    await settled(street.storage, "b", SENT)
    assert not thread.archived
    street.discord.archive_thread(thread, locked=True)
    await asyncio.sleep(0.1)
    await owe_there(street, thread, "c")
    async with asyncio.timeout(10):
        while not await street.storage.list_resting(street.guild.id):
            await asyncio.sleep(0.02)
    assert (await known(street.storage, "c")).state is DeliveryState.OWED


async def test_an_announcement_channel_is_posted_in_like_any_other(street: Street) -> None:
    news = street.discord.add_channel(street.guild, "news", "announcement")
    await asyncio.sleep(0.1)
    await owe_there(street, news, "a", payload=post(thread="Talk").to_json())
    await settled(street.storage, "a", SENT)
    (message,) = news.messages.values()
    assert message.thread is not None


@pytest.mark.parametrize("kind", ["forum", "text"])
async def test_a_digest_leads_to_what_was_posted_before(street: Street, kind: str) -> None:
    place = street.discord.add_channel(street.guild, "reading", kind)
    await asyncio.sleep(0.1)
    papers = (*post(1).papers, *post(2).papers)
    earlier = Posted(paper_id=1, at=1_780_000_000, message_id=4_711)
    await owe_there(street, place, "a", payload=post(papers=papers, total=2, posted=(earlier,)).to_json())
    await settled(street.storage, "a", SENT)
    (channel,) = posts(street, place) if kind == "forum" else (place,)
    (message,) = channel.messages.values()
    within = "" if kind == "forum" else f"{place.id}/"
    assert f"[posted](https://discord.com/channels/{street.guild.id}/{within}4711)" in message.text
