"""The gateway with discord.py on it: what is told, what is missed and made up for, and what is refused."""

import asyncio
import json
from random import Random

import aiohttp
import discord
import pytest

from bot.fakediscord.people import Person
from bot.fakediscord.permissions import ALL, READER, Permission, in_channel
from bot.fakediscord.server import FakeDiscord
from bot.fakediscord.state import Channel, Guild, Role, User
from tests.fakediscord.api import SOME_TOKEN
from tests.fakediscord.example_bot import ExampleBot, connected, point_at


async def until_resumed(bot: ExampleBot) -> None:
    async with asyncio.timeout(5):
        await bot.wait_for("resumed")


async def test_the_bot_finds_its_guilds(example: ExampleBot, guild: Guild, papers: Channel) -> None:
    [found] = example.guilds
    assert (found.id, found.name) == (guild.id, "Reading group")
    assert [each.name for each in found.text_channels] == ["papers"]
    assert found.me.id == example.application_id


async def test_a_cut_connection_is_resumed_and_nothing_is_missed(
    example: ExampleBot, fake: FakeDiscord, ada: Person, papers: Channel
) -> None:
    resumed = asyncio.create_task(until_resumed(example))
    await asyncio.sleep(0)
    fake.gateway.cut()
    said = await ada.say(papers, "did you hear this?")
    await resumed
    assert fake.gateway.identifies == fake.gateway.resumes == 1
    assert example.heard[-2:] == ["MESSAGE_CREATE", "RESUMED"]
    assert example.cached_messages[-1].id == said.id
    assert (await ada.slash("echo", text="still here")).text == "still here"


async def test_however_often_it_is_cut_every_message_is_heard_once(
    example: ExampleBot, fake: FakeDiscord, ada: Person, papers: Channel
) -> None:
    random, said = Random(1), []
    for number in range(40):
        said.append((await ada.say(papers, str(number))).id)
        if random.random() < 0.2:
            fake.gateway.cut()
        if random.random() < 0.5:
            await example.application_info()
    await ada.slash("echo", text="done")
    heard = [each.id for each in example.cached_messages if each.author.id == ada.id]
    assert heard == said
    assert fake.gateway.identifies == 1


async def test_a_command_typed_while_the_bot_reconnects_is_answered(
    example: ExampleBot, fake: FakeDiscord, ada: Person
) -> None:
    fake.gateway.cut()
    assert (await ada.slash("echo", text="patience")).text == "patience"


@pytest.mark.parametrize("how", ["reconnect", "close"])
async def test_reconnects_on_request(example: ExampleBot, fake: FakeDiscord, how: str) -> None:
    resumed = asyncio.create_task(until_resumed(example))
    await asyncio.sleep(0)
    if how == "reconnect":
        fake.gateway.reconnect()
    else:
        fake.gateway.close(4000)
    await resumed
    assert (fake.gateway.identifies, fake.gateway.resumes) == (1, 1)


async def test_an_invalid_session_makes_the_bot_start_anew(example: ExampleBot, fake: FakeDiscord, ada: Person) -> None:
    ready = asyncio.create_task(example.wait_for("ready", timeout=10))
    await asyncio.sleep(0)
    fake.gateway.invalidate()
    await ready
    assert (fake.gateway.identifies, fake.gateway.resumes) == (2, 0)
    assert (await ada.slash("echo", text="a")).text == "a"


async def test_a_wrong_token(fake: FakeDiscord) -> None:
    fake.bad_tokens.add(SOME_TOKEN)
    with pytest.raises(discord.LoginFailure):
        async with connected(fake):
            pytest.fail("it connected")


async def test_a_token_that_goes_bad_ends_the_connection(fake: FakeDiscord) -> None:
    async def until_closed() -> None:
        async with connected(fake) as bot:
            fake.bad_tokens.add(SOME_TOKEN)
            fake.gateway.close(4000)
            while not bot.is_closed():
                await asyncio.sleep(0)

    with pytest.raises(discord.ConnectionClosed, match="4004"):
        await until_closed()


async def test_privileged_intents_are_not_given(fake: FakeDiscord) -> None:
    bot = ExampleBot()
    bot._connection._intents = discord.Intents.all()
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with connected(fake, bot):
            pytest.fail("it connected")


async def test_text_of_others_needs_an_intent(
    example: ExampleBot, fake: FakeDiscord, ada: Person, papers: Channel
) -> None:
    channel = example.get_partial_messageable(papers.id)
    plain, named = await ada.say(papers, "secret"), await ada.say(papers, f"hello <@{fake.bot.id}>")
    own = await channel.send("mine")
    assert (await channel.fetch_message(plain.id)).content == ""
    assert (await channel.fetch_message(named.id)).content == named.text
    assert (await channel.fetch_message(own.id)).content == "mine"


async def test_changes_are_told(example: ExampleBot, fake: FakeDiscord, guild: Guild, papers: Channel) -> None:
    made = fake.add_channel(guild, "new")
    fake.set_permissions(guild, guild.everyone, READER & ~Permission.SEND_MESSAGES)
    fake.set_overwrite(papers, fake.bot, deny=Permission.EMBED_LINKS)
    fake.delete_channel(made)
    other = fake.add_guild("Another")
    fake.remove_bot(other)
    told = ["CHANNEL_CREATE", "GUILD_ROLE_UPDATE", "CHANNEL_UPDATE", "CHANNEL_DELETE", "GUILD_CREATE", "GUILD_DELETE"]
    await example.fetch_user(fake.bot.id)
    assert example.heard[-6:] == told
    assert len(example.guilds) == 1


async def test_permissions_are_what_discord_py_works_out(
    example: ExampleBot, fake: FakeDiscord, guild: Guild, papers: Channel
) -> None:
    """Both compute the same bits for every mix of roles and overwrites tried."""
    me = guild.members[fake.bot.id]
    extra = fake.add_role(guild, "extra", Permission.MANAGE_THREADS)
    me.roles.append(extra.id)
    targets: list[Role | User] = [guild.everyone, extra, fake.bot]
    bits = [Permission.VIEW_CHANNEL, Permission.SEND_MESSAGES, Permission.EMBED_LINKS]
    for number in range(30):
        for place, target in enumerate(targets):
            allow, deny = bits[(number + place) % 3], bits[(number // 3 + 2 * place) % 3]
            fake.set_overwrite(papers, target, allow=allow & ~deny, deny=deny)
        theirs = await worked_out(example, guild, papers)
        ours = in_channel(papers, me)
        assert theirs.view_channel == bool(ours)
        if ours & Permission.SEND_MESSAGES:
            assert theirs.value & ALL == ours


async def worked_out(example: ExampleBot, guild: Guild, papers: Channel) -> discord.Permissions:
    """What discord.py says the bot may do, once it has heard of all changes."""
    me = await (await example.fetch_guild(guild.id)).fetch_member(example.application_id or 0)
    channel = example.get_channel(papers.id)
    assert isinstance(channel, discord.TextChannel)
    return channel.permissions_for(me)


async def test_members_are_told_by_their_ids(
    example: ExampleBot, fake: FakeDiscord, guild: Guild, ada: Person, lin: Person
) -> None:
    [known] = example.guilds
    found = await known.query_members(user_ids=[ada.id, lin.id, 5], limit=3)
    assert [each.name for each in found] == ["ada", "lin"]


async def test_shards_hear_of_their_own_guilds(fake: FakeDiscord) -> None:
    guilds = [fake.add_guild(f"guild {number}", guild_id=number << 22) for number in range(1, 5)]
    people = [fake.add_person(f"person {number}", guild=guild) for number, guild in enumerate(guilds)]
    channels = [fake.add_channel(guild, "papers") for guild in guilds]
    point_at(fake)
    client = discord.AutoShardedClient(
        intents=discord.Intents.default(), shard_count=2, shard_ids=[1], guild_ready_timeout=0.01
    )
    heard: list[int] = []

    @client.event
    async def on_message(message: discord.Message) -> None:
        heard.append(message.guild.id if message.guild else 0)

    async with client:
        await client.login("token")
        connection = asyncio.create_task(client.connect())
        await client.wait_until_ready()
        assert {each.id for each in client.guilds} == {1 << 22, 3 << 22}
        for person, channel in zip(people, channels, strict=True):
            await person.say(channel, "hello")
        await client.fetch_user(fake.bot.id)
        assert heard == [1 << 22, 3 << 22]
        await client.close()
        await asyncio.wait({connection})


async def test_one_that_identifies_too_early_is_refused_and_shards_that_overlap_are_noted() -> None:
    async with FakeDiscord(shards=4, max_concurrency=2, identify_limit=True) as fake:
        await fake.start()
        async with aiohttp.ClientSession() as session:
            first = await identified(fake, session, 1)
            assert (await first.receive_json())["t"] == "READY"
            assert fake.gateway.shards == [(1, 4)]
            other_line = await identified(fake, session, 2)
            assert (await other_line.receive_json())["t"] == "READY"
            early = await identified(fake, session, 3)
            assert await early.receive_json() == {"op": 9, "d": False, "s": None, "t": None}
            assert "identify of shard 3, 0." in fake.take_violations()[0]
            fake.gateway.starts.enforced = False
            assert fake.gateway.overlaps == []
            again = await identified(fake, session, 1)
            assert (await again.receive_json())["t"] == "READY"
            assert [shard for _, shard in fake.gateway.overlaps] == [1]


async def identified(fake: FakeDiscord, session: aiohttp.ClientSession, shard: int) -> aiohttp.ClientWebSocketResponse:
    socket = await session.ws_connect(f"{fake.gateway_url}?v=10&encoding=json")
    await socket.receive_json()
    await socket.send_json({"op": 2, "d": {"token": SOME_TOKEN, "intents": 1, "shard": [shard, 4]}})
    return socket


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("no json", 4002),
        ({"op": 99}, 4001),
        ({"op": 3, "d": {}}, 4003),
        ({"op": 2, "d": {"token": "", "intents": 0}}, 4004),
        ({"op": 2, "d": {"token": "a", "intents": 0, "shard": [2, 2]}}, 4010),
        ({"op": 2, "d": {"token": "a", "intents": 1 << 40}}, 4013),
        ({"op": 2, "d": {"token": "a", "intents": 1 << 1}}, 4014),
        ({"op": 2, "d": None}, 4002),
        ({"op": 1, "d": "x" * 5000}, 4002),
    ],
)
async def test_the_gateway_hangs_up(fake: FakeDiscord, sent: object, code: int) -> None:
    url = f"{fake.gateway_url}?v=10&encoding=json"
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        assert (await socket.receive_json())["op"] == 10
        await socket.send_str(sent if isinstance(sent, str) else json.dumps(sent))
        closed = await socket.receive()
        assert (closed.type, socket.close_code) == (aiohttp.WSMsgType.CLOSE, code)


async def test_a_session_that_is_not_known_is_invalid(fake: FakeDiscord) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(f"{fake.gateway_url}?v=10&encoding=json") as socket:
            await socket.receive_json()
            await socket.send_json({"op": 6, "d": {"token": "a", "session_id": "x", "seq": 5}})
            assert await socket.receive_json() == {"op": 9, "d": False, "s": None, "t": None}
        async with session.ws_connect(f"{fake.gateway_url}?v=9&encoding=json") as socket:
            assert (await socket.receive()).data == 4012
