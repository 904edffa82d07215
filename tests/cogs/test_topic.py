"""/topic, as people type it: what they follow arrives, once, and who may not is told why."""

import asyncio

import pytest

from bot.domain.deliveries import DeliveryState
from bot.fakediscord.people import Person
from bot.fakediscord.permissions import Permission
from tests.delivery.owing import settled
from tests.lab import Lab, found_paper

GRAPHS = found_paper(title="Graph Neural Networks at Scale", ids=("2606.00001",))


def manager(lab: Lab) -> Person:
    return lab.person("ada", manage_channels=True)


async def test_a_followed_topic_brings_the_paper_once(lab: Lab) -> None:
    papers = lab.channel("papers")
    answer = await manager(lab).slash("topic follow", query="graph neural networks")
    assert answer.private
    assert f"<#{papers.id}> follows **graph neural networks**" in answer.text
    await lab.ingest(GRAPHS, found_paper(title="Looms", ids=("2606.00002",)))
    message = await papers.next_message()
    assert "Graph Neural Networks at Scale" in message.text
    assert "This channel follows: graph neural networks · **Graph**, **Neural**, **Networks**" in message.text
    await lab.ingest(GRAPHS, feed="another")
    await lab.restart()
    await lab.ingest(GRAPHS)
    await asyncio.sleep(0.2)
    assert len([each for each in papers.messages.values() if each.visible_to is None]) == 1
    sent = await lab.app.storage.list_deliveries(list(DeliveryState), limit=9)
    assert [each.state for each in sent] == [DeliveryState.SENT]


async def test_each_channel_that_follows_gets_its_own(lab: Lab) -> None:
    ada, papers, general = manager(lab), lab.channel("papers"), lab.channel("general")
    await ada.slash("topic follow", query="graph", channel=general)
    await ada.slash("topic follow", query="networks", channel=papers)
    await ada.slash("topic follow", query="-graph networks", channel=papers)
    await lab.ingest(GRAPHS)
    for channel in (papers, general):
        assert "Graph Neural" in (await channel.next_message()).text
    assert len(await lab.app.storage.list_deliveries(list(DeliveryState), limit=9)) == 2


async def test_what_is_followed_is_listed_and_given_up(lab: Lab) -> None:
    ada = manager(lab)
    assert "follows nothing yet" in (await ada.slash("topic list")).text
    for query in ("graph", "graph", "looms OR threads"):
        await ada.slash("topic follow", query=query)
    listed = (await ada.slash("topic list")).text
    assert listed.splitlines()[1:] == ["- graph", "- looms OR threads"]
    assert "no longer follows **graph**" in (await ada.slash("topic unfollow", topic="graph")).text
    assert "not followed here any more" in (await ada.slash("topic unfollow", topic="graph")).text
    await lab.ingest(GRAPHS)
    assert await lab.app.storage.list_deliveries(list(DeliveryState), limit=9) == []


async def test_a_channel_follows_so_many_topics_and_no_more(lab: Lab) -> None:
    ada = manager(lab)
    for number in range(25):
        await ada.slash("topic follow", query=f"word{number}")
    told = (await ada.slash("topic follow", query="one more")).text
    assert "follows 25 topics, the most allowed" in told


@pytest.mark.parametrize("command", ["topic follow", "topic unfollow"])
async def test_only_who_manages_the_channel_decides_what_it_follows(lab: Lab, command: str) -> None:
    await manager(lab).slash("topic follow", query="graph")
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
    assert "follows" in (await lin.slash("topic follow", query="graph")).text
    assert "in \\#general" in (await lin.slash("topic follow", query="graph", channel=general)).text


async def test_what_the_bot_lacks_is_named(lab: Lab) -> None:
    papers = lab.channel("papers")
    lab.discord.set_overwrite(papers, lab.guild.everyone, deny=Permission.READ_MESSAGE_HISTORY)
    for role in lab.guild.roles.values():
        lab.discord.set_overwrite(papers, role, deny=Permission.READ_MESSAGE_HISTORY)
    ada = manager(lab)
    await asyncio.sleep(0.1)
    told = (await ada.slash("topic follow", query="graph", channel=papers)).text
    assert "I need Read Message History" in told


async def test_a_query_that_cannot_be_read_is_answered_with_its_place(lab: Lab) -> None:
    told = (await manager(lab).slash("topic follow", query="graph after:banana")).text
    assert "banana" in told
    assert await lab.app.storage.list_subscriptions() == []


async def test_topics_are_offered_while_typing_and_another_servers_never(lab: Lab) -> None:
    ada = manager(lab)
    await ada.slash("topic follow", query="graph")
    await ada.slash("topic follow", query="looms")
    offered = await ada.complete("topic unfollow", option="topic", text="GRA")
    assert [each.name for each in offered] == ["graph"]
    other = lab.discord.add_guild("Elsewhere")
    there = lab.discord.add_channel(other, "elsewhere")
    eve = lab.discord.add_person("eve", guild=other, permissions=Permission.MANAGE_CHANNELS)
    await asyncio.sleep(0.1)
    assert await eve.complete("topic unfollow", option="topic", _in=there) == []
    number = str((await lab.app.storage.list_subscriptions())[0].id)
    assert "not followed here" in (await eve.slash("topic unfollow", _in=there, topic=number)).text


async def test_the_one_who_set_it_up_is_told_when_the_channel_is_closed(lab: Lab) -> None:
    ada, papers = manager(lab), lab.channel("papers")
    await ada.slash("topic follow", query="graph")
    lab.discord.delete_channel(papers)
    await lab.ingest(GRAPHS)
    async with asyncio.timeout(5):
        while not ada.dm.messages:
            await asyncio.sleep(0.02)
    (told,) = ada.dm.messages.values()
    assert "no longer exists for me" in told.text


async def test_what_is_owed_stays_owed_until_it_is_sent(lab: Lab) -> None:
    await manager(lab).slash("topic follow", query="graph")
    lab.discord.faults.next("POST", "/channels/{channel_id}/messages", status=503)
    await lab.ingest(GRAPHS)
    (owed,) = await lab.app.storage.list_deliveries(list(DeliveryState), limit=9)
    await settled(lab.app.storage, owed.key, DeliveryState.SENT)
    assert "Graph Neural" in (await lab.channel("papers").next_message()).text


async def test_status_tells_what_the_channel_got_and_what_is_in_the_way(lab: Lab) -> None:
    ada, papers, general = manager(lab), lab.channel("papers"), lab.channel("general")
    assert "It follows nothing yet" in (await ada.slash("status", _in=papers)).text
    await ada.slash("topic follow", query="graph")
    await ada.slash("topic follow", query="graph", channel=general)
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
