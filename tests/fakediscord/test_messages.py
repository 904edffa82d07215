"""Messages in channels: nonces, history, permissions, and everything that is not there or not allowed."""

import asyncio
import io
from typing import Any

import discord
import pytest

from bot.fakediscord.people import Person
from bot.fakediscord.permissions import Permission
from bot.fakediscord.server import FakeDiscord
from bot.fakediscord.state import Channel, Guild
from tests.fakediscord.api import Api
from tests.fakediscord.example_bot import ExampleBot
from tests.fakediscord.test_answers import Clock


async def test_a_nonce_makes_one_message(fake: FakeDiscord, api: Api, guild: Guild, papers: Channel) -> None:
    clock = Clock()
    fake.clock = clock
    other = fake.add_channel(guild, "other")
    first = await api.send(papers, content="a", nonce="n1", enforce_nonce=True)
    again = await api.send(papers, content="a", nonce="n1", enforce_nonce=True)
    elsewhere = await api.send(other, content="a", nonce="n1", enforce_nonce=True)
    assert first.body["id"] == again.body["id"] == elsewhere.body["id"]
    assert (len(papers.messages), len(other.messages)) == (1, 0)
    clock.now += 121
    assert (await api.send(papers, content="a", nonce="n1", enforce_nonce=True)).body["id"] != first.body["id"]
    assert (await api.send(papers, content="a", nonce="n1")).status == 200
    assert len(papers.messages) == 3


async def test_a_nonce_whose_message_was_deleted(fake: FakeDiscord, api: Api, papers: Channel) -> None:
    first = await api.send(papers, content="a", nonce="n1", enforce_nonce=True)
    fake.delete_message(papers.messages[int(first.body["id"])])
    again = await api.send(papers, content="a", nonce="n1", enforce_nonce=True)
    assert (again.status, again.code) == (404, 10008)


async def test_history_is_read_in_pages(fake: FakeDiscord, api: Api, papers: Channel) -> None:
    sent = [int((await api.send(papers, content=str(number))).body["id"]) for number in range(7)]

    async def page(**query: int) -> list[str]:
        reply = await api("GET", f"/channels/{papers.id}/messages", params=query)
        return [each["content"] for each in reply.body]

    assert await page() == ["6", "5", "4", "3", "2", "1", "0"]
    assert await page(limit=2) == ["6", "5"]
    assert await page(limit=2, before=sent[5]) == ["4", "3"]
    assert await page(limit=2, after=sent[1]) == ["3", "2"]
    assert await page(limit=3, around=sent[3]) == ["4", "3", "2"]
    assert (await api("GET", f"/channels/{papers.id}/messages?limit=101")).code == 50035
    fake.take_violations()


async def test_without_history_there_is_an_empty_list(fake: FakeDiscord, api: Api, papers: Channel) -> None:
    sent = await api.send(papers, content="a")
    fake.set_overwrite(papers, fake.bot, deny=Permission.READ_MESSAGE_HISTORY)
    assert (await api("GET", f"/channels/{papers.id}/messages")).body == []
    assert (await api("GET", f"/channels/{papers.id}/messages/{sent.body['id']}")).code == 50013


@pytest.mark.parametrize(
    ("denied", "body", "code"),
    [
        (Permission.VIEW_CHANNEL, {"content": "a"}, 50001),
        (Permission.SEND_MESSAGES, {"content": "a"}, 50013),
        (Permission.EMBED_LINKS, {"embeds": [{"title": "a"}]}, 50013),
    ],
)
async def test_missing_permissions(
    fake: FakeDiscord, api: Api, papers: Channel, denied: Permission, body: dict[str, Any], code: int
) -> None:
    fake.set_overwrite(papers, fake.bot, deny=denied)
    reply = await api.send(papers, **body)
    assert (reply.status, reply.code) == (403, code)
    assert papers.messages == {}


async def test_places_where_nothing_can_be_posted(
    fake: FakeDiscord, api: Api, guild: Guild, papers: Channel, ada: Person
) -> None:
    forum, folder = fake.add_channel(guild, "forum", "forum"), fake.add_channel(guild, "folder", "category")
    assert (await api.send(forum, content="a")).code == 40058
    assert (await api.send(folder, content="a")).code == 50008
    fake.delete_channel(forum)
    assert (await api.send(forum, content="a")).code == 10003
    ada.user.accepts_dms = False
    reply = await api.send(ada.dm, content="a")
    assert (reply.status, reply.code) == (403, 50007)
    fake.remove_bot(guild)
    assert (await api.send(papers, content="a")).code == 50001
    assert (await api("GET", f"/guilds/{guild.id}")).code == 10004


async def test_only_ones_own_messages_can_be_edited(fake: FakeDiscord, api: Api, ada: Person, papers: Channel) -> None:
    said = await ada.say(papers, "mine")
    assert (await api.edit(said, content="x")).code == 50005
    path = f"/channels/{papers.id}/messages/{said.id}"
    assert (await api("DELETE", path)).code == 50013
    fake.set_overwrite(papers, fake.bot, allow=Permission.MANAGE_MESSAGES)
    assert (await api("DELETE", path)).status == 204
    assert (await api("DELETE", path)).code == 10008


async def test_an_edit_leaves_what_it_does_not_name(fake: FakeDiscord, api: Api, papers: Channel) -> None:
    sent = await api.send(papers, content="text", embeds=[{"title": "embed"}])
    message = papers.messages[int(sent.body["id"])]
    assert (await api.edit(message, content=None)).status == 200
    assert message.text == "embed"
    assert (await api.edit(message, embeds=[])).code == 50006
    fake.take_violations()


async def test_replies(fake: FakeDiscord, api: Api, ada: Person, papers: Channel) -> None:
    said = await ada.say(papers, "what?")
    reply = await api.send(papers, content="that", message_reference={"message_id": str(said.id)})
    assert (reply.body["type"], reply.body["message_reference"]["message_id"]) == (19, str(said.id))
    lost = {"message_id": "1", "fail_if_not_exists": False}
    assert (await api.send(papers, content="that", message_reference=lost)).body["type"] == 0
    assert (await api.send(papers, content="that", message_reference={"message_id": "1"})).code == 50035
    fake.take_violations()


async def test_files(example: ExampleBot, fake: FakeDiscord, papers: Channel) -> None:
    file = discord.File(io.BytesIO(b"@article{}"), "cite.bib")
    sent = await example.get_partial_messageable(papers.id).send(file=file)
    assert [(each.filename, each.size) for each in sent.attachments] == [("cite.bib", 10)]
    [stored] = papers.messages[sent.id].attachments
    assert stored.content == b"@article{}"


async def test_files_that_are_too_large(example: ExampleBot, fake: FakeDiscord, papers: Channel) -> None:
    file = discord.File(io.BytesIO(bytes(10 * 1024 * 1024 + 1)), "big.bin")
    with pytest.raises(discord.HTTPException) as refused:
        await example.get_partial_messageable(papers.id).send(file=file)
    assert (refused.value.status, refused.value.code) == (413, 40005)
    assert fake.take_violations()


async def test_announcements_are_published_once(fake: FakeDiscord, api: Api, guild: Guild, papers: Channel) -> None:
    news = fake.add_channel(guild, "news", "announcement")
    sent = await api.send(news, content="a")
    path = f"/channels/{news.id}/messages/{sent.body['id']}/crosspost"
    assert (await api("POST", path)).body["flags"] == 1
    assert (await api("POST", path)).code == 40033
    plain = await api.send(papers, content="a")
    assert (await api("POST", f"/channels/{papers.id}/messages/{plain.body['id']}/crosspost")).code == 50024


async def test_pins(example: ExampleBot, fake: FakeDiscord, papers: Channel) -> None:
    channel = example.get_partial_messageable(papers.id)
    sent = await channel.send("keep this")
    with pytest.raises(discord.Forbidden):
        await sent.pin()
    fake.set_overwrite(papers, fake.bot, allow=Permission.PIN_MESSAGES)
    await sent.pin()
    assert [each.content async for each in channel.pins()] == ["keep this"]
    await sent.unpin()
    assert [each async for each in channel.pins()] == []


async def test_discord_py_finds_its_own_messages_again(example: ExampleBot, papers: Channel) -> None:
    channel = example.get_partial_messageable(papers.id)
    sent = [await channel.send(str(number), silent=True) for number in range(3)]
    await sent[1].edit(content="one")
    await sent[2].delete()
    assert [each.content async for each in channel.history()] == ["one", "0"]


async def test_direct_messages_are_opened_and_sent(example: ExampleBot, fake: FakeDiscord, ada: Person) -> None:
    user = await example.fetch_user(ada.id)
    await user.send("hello")
    assert [each.text for each in ada.sees(ada.dm)] == ["hello"]
    ada.user.accepts_dms = False
    with pytest.raises(discord.Forbidden) as refused:
        await user.send("hello again")
    assert refused.value.code == 50007


async def test_next_message_waits_and_skips_the_deleted(fake: FakeDiscord, api: Api, papers: Channel) -> None:
    waiting = asyncio.create_task(papers.next_message())
    await api.send(papers, content="one")
    assert (await waiting).text == "one"
    gone = await api.send(papers, content="two")
    await api("DELETE", f"/channels/{papers.id}/messages/{gone.body['id']}")
    await api.send(papers, content="three")
    assert (await papers.next_message()).text == "three"


async def test_a_wrong_token_is_refused(fake: FakeDiscord, api: Api) -> None:
    fake.bad_tokens.add("token")
    reply = await api("GET", "/users/@me")
    assert (reply.status, reply.body["message"]) == (401, "401: Unauthorized")
    assert fake.refusals[401] == 1


async def test_allowed_mentions_of_discord_py_pass(example: ExampleBot, papers: Channel) -> None:
    await example.get_partial_messageable(papers.id).send("@everyone <@1>")
    assert (await papers.next_message()).text == "@everyone <@1>"
