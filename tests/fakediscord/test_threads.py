"""Threads under messages, by themselves and in forums."""

import discord
import pytest

from bot.fakediscord.people import Person
from bot.fakediscord.permissions import Permission
from bot.fakediscord.server import FakeDiscord
from bot.fakediscord.state import Channel, Guild
from tests.fakediscord.api import QUIET, Api
from tests.fakediscord.example_bot import ExampleBot


async def test_a_message_has_one_thread(example: ExampleBot, guild: Guild, papers: Channel, ada: Person) -> None:
    channel = example.get_channel(papers.id)
    assert isinstance(channel, discord.TextChannel)
    sent = await channel.send("a paper")
    thread = await sent.create_thread(name="Discussion")
    assert thread.id == sent.id
    await thread.send("first")
    assert [each.text for each in ada.sees(guild.channels[thread.id])] == ["first"]
    with pytest.raises(discord.HTTPException) as again:
        await sent.create_thread(name="Another")
    assert again.value.code == 160004
    fetched = await channel.fetch_message(sent.id)
    assert fetched.flags.has_thread
    assert fetched.thread is not None


async def test_threads_by_themselves(example: ExampleBot, guild: Guild, papers: Channel) -> None:
    channel = example.get_channel(papers.id)
    assert isinstance(channel, discord.TextChannel)
    thread = await channel.create_thread(name="Open", type=discord.ChannelType.public_thread)
    assert (await thread.send("a")).channel.id == thread.id
    assert [each.name for each in await channel.guild.active_threads()] == ["Open"]
    with pytest.raises(discord.Forbidden):
        await channel.create_thread(name="Closed", type=discord.ChannelType.private_thread)


async def test_forum_posts(example: ExampleBot, fake: FakeDiscord, guild: Guild) -> None:
    made = fake.add_channel(guild, "forum", "forum", tags=["cs.CL"], requires_tag=True)
    await example.fetch_user(fake.bot.id)
    forum = example.get_channel(made.id)
    assert isinstance(forum, discord.ForumChannel)
    with pytest.raises(discord.HTTPException) as untagged:
        await forum.create_thread(name="A paper", content="text")
    assert untagged.value.code == 40067
    post = await forum.create_thread(name="A paper", content="text", applied_tags=forum.available_tags)
    assert post.message.id == post.thread.id
    assert (await guild.channels[post.thread.id].next_message()).text == "text"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"name": ""}, "name"),
        ({"name": "a" * 101}, "name"),
        ({"name": "a", "auto_archive_duration": 5}, "auto_archive_duration"),
        ({"name": "a", "applied_tags": ["1"]}, "applied_tags.0"),
        ({"name": "a", "applied_tags": ["1"] * 6}, "applied_tags"),
        ({"name": "a", "message": None}, "message"),
    ],
)
async def test_posts_that_are_refused(
    unjudged: FakeDiscord, hands: Api, room: Channel, body: dict[str, object], path: str
) -> None:
    assert room.guild is not None
    forum = unjudged.add_channel(room.guild, "forum", "forum")
    message = {"content": "a", "allowed_mentions": QUIET}
    reply = await hands("POST", f"/channels/{forum.id}/threads", {"message": message, **body})
    assert path in reply.wrong
    assert not [each for each in room.guild.channels.values() if each.is_thread]


async def test_archived_threads(fake: FakeDiscord, api: Api, guild: Guild, papers: Channel) -> None:
    sent = await api.send(papers, content="a")
    made = await api("POST", f"/channels/{papers.id}/messages/{sent.body['id']}/threads", {"name": "talk"})
    assert made.status == 201
    thread = guild.channels[int(made.body["id"])]
    fake.archive_thread(thread)
    assert (await api.send(thread, content="wake up")).status == 200
    assert not thread.archived
    fake.archive_thread(thread, locked=True)
    assert (await api.send(thread, content="wake up")).code == 50083


async def test_threads_take_their_parents_permissions(
    fake: FakeDiscord, api: Api, guild: Guild, papers: Channel
) -> None:
    sent = await api.send(papers, content="a")
    path = f"/channels/{papers.id}/messages/{sent.body['id']}/threads"
    fake.set_overwrite(papers, fake.bot, deny=Permission.CREATE_PUBLIC_THREADS)
    assert (await api("POST", path, {"name": "talk"})).code == 50013
    fake.set_overwrite(papers, fake.bot, deny=Permission.SEND_MESSAGES_IN_THREADS)
    made = await api("POST", path, {"name": "talk"})
    assert (await api.send(guild.channels[int(made.body["id"])], content="a")).code == 50013
