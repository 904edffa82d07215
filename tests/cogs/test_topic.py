"""/topic, as people type it: what they follow arrives, once, and who may not is told why."""

import asyncio
from datetime import UTC, datetime

import discord
import pytest

from bot.domain.deliveries import DeliveryState
from bot.domain.subscriptions import NewSubscription
from bot.fakediscord.people import Person
from bot.fakediscord.permissions import Permission
from bot.services.topics import NOTHING_FOLLOWED
from tests.cogs.following import follow
from tests.delivery.owing import owe, owed, post, settled
from tests.lab import Lab, found_paper

GRAPHS = found_paper(title="Graph Neural Networks at Scale", ids=("2606.00001",))


async def keep(lab: Lab, channel_id: int, query: str) -> None:
    """Have the channel follow this, as if somebody had set it up."""
    new = NewSubscription(guild_id=lab.guild.id, channel_id=channel_id, query=query, created_by=1)
    async with lab.app.storage.write() as transaction:
        assert await transaction.add_subscription(new, most=99, now=datetime.now(UTC))


def manager(lab: Lab) -> Person:
    return lab.person("ada", manage_channels=True)


async def test_a_followed_topic_brings_the_paper_once(lab: Lab) -> None:
    papers = lab.channel("papers")
    answer = await follow(manager(lab), "graph neural networks")
    assert answer.private
    assert f"<#{papers.id}> follows **graph neural networks**" in answer.text
    await lab.ingest(GRAPHS, found_paper(title="Looms", ids=("2606.00002",)))
    message = await papers.next_message()
    assert "Graph Neural Networks at Scale" in message.text
    assert "This channel follows: graph neural networks · found: **Graph**, **Neural**, **Networks**" in message.text
    await lab.ingest(GRAPHS, feed="another")
    await lab.restart()
    await lab.ingest(GRAPHS)
    await asyncio.sleep(0.2)
    assert len([each for each in papers.messages.values() if each.visible_to is None]) == 1
    sent = await lab.app.storage.list_deliveries(list(DeliveryState), limit=9)
    assert [each.state for each in sent] == [DeliveryState.SENT]


async def test_each_channel_that_follows_gets_its_own(lab: Lab) -> None:
    ada, papers, general = manager(lab), lab.channel("papers"), lab.channel("general")
    await follow(ada, "graph", channel=general)
    await follow(ada, "networks", channel=papers)
    await follow(ada, "-graph networks", channel=papers)
    await lab.ingest(GRAPHS)
    for channel in (papers, general):
        assert "Graph Neural" in (await channel.next_message()).text
    assert len(await lab.app.storage.list_deliveries(list(DeliveryState), limit=9)) == 2


async def test_what_is_followed_is_listed_and_given_up(lab: Lab) -> None:
    ada = manager(lab)
    assert "follows nothing yet" in (await ada.slash("topic list")).text
    for query in ("graph", "graph", "looms OR threads"):
        await follow(ada, query)
    listed = (await ada.slash("topic list")).text
    assert listed.splitlines()[1:] == ["- graph · as they arrive", "- looms OR threads · as they arrive"]
    (offered,) = await ada.complete("topic unfollow", option="topic", text="graph")
    assert "no longer follows **graph**" in (await ada.slash("topic unfollow", topic="graph")).text
    assert "No topic here reads 'graph'. Pick one as you type" in (await ada.slash("topic show", topic="graph")).text
    assert "not followed here any more" in (await ada.slash("topic unfollow", topic=str(offered.value))).text
    await lab.ingest(GRAPHS)
    assert await lab.app.storage.list_deliveries(list(DeliveryState), limit=9) == []


async def test_where_nothing_is_followed_whoever_asks_for_a_topic_is_told_how_to_follow_one(lab: Lab) -> None:
    ada = manager(lab)
    told = "Nothing is followed in this server yet. Type /topic follow with words to look for."
    (offered,) = await ada.complete("topic show", option="topic")
    assert offered.name == told
    for command in ("show", "edit", "pause", "unfollow"):
        assert (await ada.slash(f"topic {command}", topic=str(offered.value))).text == told
    assert "follows nothing yet. Type `/topic follow`" in (await ada.slash("topic show")).text
    await follow(ada, "graph")
    assert "- graph · as they arrive" in (await ada.slash("topic show")).text


async def test_a_channel_follows_so_many_topics_and_no_more(lab: Lab) -> None:
    ada = manager(lab)
    papers = lab.channel("papers")
    for number in range(24):
        await keep(lab, papers.id, f"word{number}")
    assert "follows **word25**" in (await follow(ada, "word25")).text
    preview = await ada.slash("topic follow", query="word25")
    assert "follows this topic already" in preview.text
    told = (await follow(ada, "one more")).text
    assert "follows 25 topics, the most allowed" in told


@pytest.mark.parametrize("command", ["topic follow", "topic unfollow", "topic pause", "topic edit"])
async def test_only_who_manages_the_channel_decides_what_it_follows(lab: Lab, command: str) -> None:
    await follow(manager(lab), "graph")
    given = {"query": "looms"} if command == "topic follow" else {"topic": "graph"}
    lin = lab.person("lin")
    answer = await lin.run_command(command, given, lab.channel("papers"))
    assert answer.private
    assert "You need the permission Manage Channels" in answer.text
    assert len(await lab.app.storage.list_subscriptions()) == 1


async def test_the_channel_that_is_named_counts_and_not_the_one_typed_in(lab: Lab) -> None:
    lin, general = lab.person("lin"), lab.channel("general")
    lab.discord.set_overwrite(lab.channel("papers"), lin, allow=Permission.MANAGE_CHANNELS)
    await asyncio.sleep(0.1)
    assert "follows" in (await follow(lin, "graph")).text
    assert "in \\#general" in (await follow(lin, "graph", channel=general)).text


async def test_what_the_bot_lacks_is_named(lab: Lab) -> None:
    papers = lab.channel("papers")
    lab.discord.set_overwrite(papers, lab.guild.everyone, deny=Permission.READ_MESSAGE_HISTORY)
    for role in lab.guild.roles.values():
        lab.discord.set_overwrite(papers, role, deny=Permission.READ_MESSAGE_HISTORY)
    ada = manager(lab)
    await asyncio.sleep(0.1)
    told = (await follow(ada, "graph", channel=papers)).text
    assert "I need Read Message History" in told


async def test_a_query_that_cannot_be_read_is_answered_with_its_place(lab: Lab) -> None:
    told = (await follow(manager(lab), "graph after:banana")).text
    assert "banana" in told
    assert await lab.app.storage.list_subscriptions() == []


async def test_topics_are_offered_while_typing_and_another_servers_never(lab: Lab) -> None:
    ada = manager(lab)
    await follow(ada, "graph")
    await follow(ada, "looms")
    offered = await ada.complete("topic unfollow", option="topic", text="GRA")
    assert [each.name for each in offered] == ["graph · #papers"]
    other = lab.discord.add_guild("Elsewhere")
    there = lab.discord.add_channel(other, "elsewhere")
    eve = lab.discord.add_person("eve", guild=other, permissions=Permission.MANAGE_CHANNELS)
    await asyncio.sleep(0.1)
    nothing = await eve.complete("topic unfollow", option="topic", _in=there)
    assert [each.name for each in nothing] == [NOTHING_FOLLOWED]
    number = str((await lab.app.storage.list_subscriptions())[0].id)
    assert (await eve.slash("topic unfollow", _in=there, topic=number)).text == NOTHING_FOLLOWED


async def test_the_one_who_set_it_up_is_told_when_the_channel_is_closed(lab: Lab) -> None:
    ada, papers = manager(lab), lab.channel("papers")
    await follow(ada, "graph")
    lab.discord.delete_channel(papers)
    await lab.ingest(GRAPHS)
    async with asyncio.timeout(5):
        while not ada.dm.messages:
            await asyncio.sleep(0.02)
    (told,) = ada.dm.messages.values()
    assert told.text.splitlines() == [
        f"**Reading group** <#{papers.id}>: the channel no longer exists for me: was it deleted? "
        "`/topic move` takes its topics to another one.",
        "-# This channel follows: graph",
    ]
    number = str((await lab.app.storage.list_subscriptions())[0].id)
    general = lab.channel("general")
    moved = await ada.slash("topic move", topic=number, channel=general, _in=general)
    assert f"Posts in <#{general.id}>" in moved.text


async def test_what_is_owed_stays_owed_until_it_is_sent(lab: Lab) -> None:
    await follow(manager(lab), "graph")
    lab.discord.faults.next("POST", "/channels/{channel_id}/messages", status=503)
    await lab.ingest(GRAPHS)
    (owed,) = await lab.app.storage.list_deliveries(list(DeliveryState), limit=9)
    await settled(lab.app.storage, owed.key, DeliveryState.SENT)
    assert "Graph Neural" in (await lab.channel("papers").next_message()).text


async def test_status_tells_what_the_channel_got_and_what_is_in_the_way(lab: Lab) -> None:
    ada, papers, general = manager(lab), lab.channel("papers"), lab.channel("general")
    assert "It follows nothing yet" in (await ada.slash("status", _in=papers)).text
    await follow(ada, "graph")
    await follow(ada, "graph", channel=general)
    await lab.ingest(GRAPHS)
    async with asyncio.timeout(5):
        while len(await lab.app.storage.list_deliveries([DeliveryState.SENT], limit=9)) < 2:
            await asyncio.sleep(0.02)
    told = (await ada.slash("status", _in=papers)).text
    assert "It follows 1 topic" in told
    assert "Last post <t:" in told
    deny = Permission.SEND_MESSAGES
    for role in lab.guild.roles.values():
        lab.discord.set_overwrite(general, role, deny=deny)
    await asyncio.sleep(0.1)
    await lab.ingest(found_paper(title="A Second Graph", ids=("2606.00003",)))
    async with asyncio.timeout(5):
        while not await lab.app.storage.list_resting(lab.guild.id):
            await asyncio.sleep(0.02)
    assert "grant Send Messages" not in (await ada.slash("status", _in=papers)).text
    there = (await ada.slash("status", _in=general)).text
    assert f"<#{general.id}>: I may not post there: grant Send Messages" in there
    assert "Next post as soon as can be" in there
    boss = lab.person("boss", manage_guild=True)
    assert "grant Send Messages" in (await boss.slash("status", _in=papers)).text
    for role in lab.guild.roles.values():
        lab.discord.set_overwrite(general, role)
    async with asyncio.timeout(5):  # long before its rest is over
        while await lab.app.storage.list_resting(lab.guild.id):
            await asyncio.sleep(0.02)
    assert len([each for each in general.messages.values() if each.visible_to is None]) == 2


async def test_permissions_are_named_as_the_settings_of_that_kind_of_channel_name_them(lab: Lab) -> None:
    ada, papers = manager(lab), lab.channel("papers")
    forum = lab.discord.add_channel(lab.guild, "reading", "forum")
    role = next(each for each in lab.guild.roles.values() if each.managed)
    lab.discord.set_overwrite(forum, role, deny=Permission.SEND_MESSAGES)
    await asyncio.sleep(0.1)
    told = (await follow(ada, "graph", channel=forum)).text
    assert "I need Create Posts. Grant that to my role in the channel's settings, under Permissions." in told
    lab.discord.set_overwrite(papers, role, deny=Permission.SEND_MESSAGES_IN_THREADS)
    await owe(lab.app.storage, owed(papers, "a", now=datetime.now(UTC), payload=post(thread="talk").to_json()))
    await settled(lab.app.storage, "a", DeliveryState.SENT)
    told = (await follow(ada, "graph", channel=lab.channel("talk"))).text
    assert "I need Send Messages in Threads. Grant that to my role in the settings of \\#papers" in told


async def test_status_says_what_is_in_the_way_before_anything_has_failed(lab: Lab) -> None:
    boss = lab.person("boss", manage_channels=True, mention_everyone=True)
    papers, role = lab.channel("papers"), lab.discord.add_role(lab.guild, "readers", mentionable=True)
    bots = next(each for each in lab.guild.roles.values() if each.managed)
    await asyncio.sleep(0.1)
    assert "follows" in (await follow(boss, "graph", role=role, threads=True)).text
    assert "I lack" not in (await boss.slash("status", _in=papers)).text
    lab.discord.set_overwrite(papers, bots, deny=Permission.CREATE_PUBLIC_THREADS)
    role.mentionable = False
    lab.discord.set_permissions(lab.guild, role, 0)
    await asyncio.sleep(0.1)
    told = (await boss.slash("status", _in=papers)).text
    assert "I lack Create Public Threads here: grant that to my role in the channel's settings." in told
    assert f"I may not mention <@&{role.id}>, so nobody is pinged: allow anyone to mention it." in told


async def test_a_topic_of_an_archived_thread_is_looked_after_from_anywhere_and_seen_by_who_may(lab: Lab) -> None:
    lin, papers = lab.person("lin"), lab.channel("papers")
    bots = next(each for each in lab.guild.roles.values() if each.managed)
    lab.discord.set_overwrite(papers, bots, allow=Permission.CREATE_PRIVATE_THREADS)
    seen = lab.app.client.get_channel(papers.id)
    assert isinstance(seen, discord.TextChannel)
    made = await seen.create_thread(name="secret", type=discord.ChannelType.private_thread)
    thread = lab.guild.channels[made.id]
    await keep(lab, thread.id, "graph")
    (topic,) = await lab.app.storage.list_subscriptions()
    for is_archived in (False, True):
        if is_archived:
            lab.discord.archive_thread(thread)
            await asyncio.sleep(0.1)
        assert await lin.complete("topic show", option="topic", text="") == []
        assert "cannot see that channel" in (await lin.slash("topic show", topic=str(topic.id))).text
    boss = lab.person("boss", manage_channels=True, manage_threads=True)
    assert [each.value for each in await boss.complete("topic edit", option="topic", text="")] == [str(topic.id)]
    preview = await boss.slash("topic edit", topic=str(topic.id), most_per_day=3)
    assert "at most 3 a day" in preview.text
    saved = await boss.press(preview.message, "Save")
    assert f"<#{thread.id}> now follows, as changed, **graph**" in saved.text
