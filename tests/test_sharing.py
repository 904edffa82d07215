"""Several bots on one PostgreSQL: each shard is one bot's, and so is the work; who goes is replaced."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import discord
import pytest
from pydantic import SecretStr

from bot.app import App, running
from bot.config import DatabaseSettings, DiscordSettings, Settings
from bot.domain.deliveries import DeliveryState
from bot.domain.leases import WORK, LeaseTiming
from bot.errors import OperatorError
from bot.fakediscord.answers import Unanswered
from bot.fakediscord.people import Person
from bot.fakediscord.server import FakeDiscord
from bot.fakediscord.state import Channel
from cogs._replies import Replies
from storage.meta import put_meta
from storage.sql import SqlStorage
from tests.delivery.owing import owed
from tests.empty import empty_database
from tests.postgresql import Server

SHARDS = 4
QUICK = LeaseTiming(
    lease=timedelta(seconds=4),
    margin=timedelta(seconds=1),
    look=timedelta(seconds=0.1),
    identify_every=timedelta(),
    silence=timedelta(seconds=0.6),
)


@pytest.fixture
def shared(postgresql: Server) -> Iterator[str]:
    with postgresql.empty() as url:
        yield url


class Servers:
    """A Discord with a server for each shard, and a person in each."""

    def __init__(self, discord: FakeDiscord, url: str) -> None:
        self.discord, self.url = discord, url
        guilds = [discord.add_guild(f"Server {each}", guild_id=(each + SHARDS) << 22) for each in range(SHARDS)]
        self.channels: list[Channel] = [discord.add_channel(each, "papers") for each in guilds]
        self.people: list[Person] = [discord.add_person(f"p{each.id >> 22}", guild=each) for each in guilds]

    def settings(self, shards: str = "auto") -> Settings:
        there = DiscordSettings(
            token=SecretStr("token"),
            api_url=self.discord.api_url,
            gateway_url=self.discord.gateway_url,
            shards=shards,
        )
        return Settings(database=DatabaseSettings(url=self.url), discord=there)

    async def start(self, stack: AsyncExitStack, shards: str = "auto") -> App:
        return await stack.enter_async_context(running(self.settings(shards), asks_sources=False, timing=QUICK))

    async def answer(self) -> None:
        """Every person is answered, each by the bot that has their server's shard."""
        for person in self.people:
            assert "Paperboy" in (await person.slash("about")).text

    async def are_answered(self) -> bool:
        try:
            await self.answer()
        except Unanswered:
            return False
        return True

    async def until_shared(self, *apps: App, counts: tuple[int, ...]) -> None:
        """Wait until these bots are connected for so many shards each, and together for all."""
        async with asyncio.timeout(20):
            while True:
                held = [app.client.connections.at_hand.ids for app in apps]
                together = sorted(each for some in held for each in some)
                if tuple(sorted(map(len, held))) == counts and together == list(range(SHARDS)):
                    return
                await asyncio.sleep(0.02)


@pytest.fixture
async def servers(shared: str) -> AsyncIterator[Servers]:
    async with FakeDiscord(shards=SHARDS) as discord:
        await discord.start()
        discord.interactions.answer_within = 20.0
        yield Servers(discord, shared)
        assert discord.gateway.overlaps == []
        assert discord.violations == []


def failing(error: Exception) -> Callable[..., Awaitable[None]]:
    """What fails whatever it is asked."""

    async def fail(*_: object, **__: object) -> None:
        raise error

    return fail


async def test_two_bots_share_what_there_is_and_one_takes_over_from_the_other(servers: Servers) -> None:
    async with AsyncExitStack() as first, AsyncExitStack() as second:
        one = await servers.start(first)
        await servers.until_shared(one, counts=(4,))
        other = await servers.start(second)
        await servers.until_shared(one, other, counts=(2, 2))
        await servers.answer()
        assert {each.id for app in (one, other) for each in app.client.guilds} == {
            each.guild.id for each in servers.channels if each.guild
        }
        assert len(one.client.guilds) == len(other.client.guilds) == 2
        assert [app.holding.holds(WORK) for app in (one, other)] == [True, False]
        await owe(one, servers.channels)
        for channel in servers.channels:
            await channel.next_message()
        await first.aclose()
        await servers.until_shared(other, counts=(4,))
        await servers.answer()
        async with asyncio.timeout(5):
            while not other.holding.holds(WORK):
                await asyncio.sleep(0.02)
        assert (await other.storage.outbox_standing()).counts == {DeliveryState.SENT: SHARDS}
        for each in other.client.guilds:
            assert (await other.storage.get_server(each.id)).left_at is None
    assert [len(each.messages) for each in servers.channels] == [3] * SHARDS


async def owe(app: App, channels: list[Channel]) -> None:
    async with app.storage.write() as transaction:
        now = datetime.now(UTC)
        await transaction.add_deliveries([owed(each, f"topic:1:{at}", now=now) for at, each in enumerate(channels, 1)])


async def test_replies_are_counted_in_servers_of_other_processes_too(servers: Servers) -> None:
    async with AsyncExitStack() as stack:
        apps = [await servers.start(stack), await servers.start(stack)]
        await servers.until_shared(*apps, counts=(2, 2))
        for channel in servers.channels:
            (seen,) = [found for app in apps if (found := app.client.get_channel(channel.id))]
            assert isinstance(seen, discord.TextChannel)
            thread = await (await seen.send("a")).create_thread(name="Talk")
            for app in apps:
                assert await Replies(app.client).count(seen.guild.id, [thread.id]) == {thread.id: 0}
                assert await Replies(app.client).count(seen.guild.id << 8, [thread.id]) == {}


async def test_a_bot_that_cannot_renew_its_leases_hears_nothing_more_until_it_can(
    servers: Servers, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with AsyncExitStack() as stack:
        app = await servers.start(stack)
        await servers.until_shared(app, counts=(4,))
        with monkeypatch.context() as broken:
            broken.setattr(app.storage, "look_after_leases", failing(OperatorError("The database is away")))
            async with asyncio.timeout(10):
                while app.holding.shards:
                    await asyncio.sleep(0.02)
                assert not app.client.connections.at_hand.ids
                while servers.discord.gateway.shards:
                    await asyncio.sleep(0.02)
            assert not app.client.guilds
        await servers.until_shared(app, counts=(4,))
        await servers.answer()
    assert "leases cannot be renewed, and end in" in caplog.text
    assert "leases are over" in caplog.text


async def test_a_bot_that_cannot_hear_discord_stands_by_until_it_can(
    servers: Servers, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with AsyncExitStack() as stack:
        deaf, other = await servers.start(stack), await servers.start(stack)
        await servers.until_shared(deaf, other, counts=(2, 2))
        assert deaf.holding.holds(WORK)
        with monkeypatch.context() as away:
            away.setattr(deaf.client.http, "ws_connect", failing(OSError("no route to host")))
            servers.discord.gateway.cut()
            await servers.until_shared(deaf, other, counts=(0, 4))
            await servers.answer()
            assert deaf.holding.stands_by
            async with asyncio.timeout(10):
                while not other.holding.holds(WORK):
                    await asyncio.sleep(0.02)
        await servers.until_shared(deaf, other, counts=(2, 2))
        await servers.answer()
    assert "other processes go on until it is heard again" in caplog.text


async def test_a_bot_that_is_alone_goes_on_looking_for_discord(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with AsyncExitStack() as stack:
        alone = await servers.start(stack)
        await servers.until_shared(alone, counts=(4,))
        with monkeypatch.context() as away:
            away.setattr(alone.client.http, "ws_connect", failing(OSError("no route to host")))
            servers.discord.gateway.cut()
            await asyncio.sleep(QUICK.silence.total_seconds() * 3)
            assert alone.holding.shards == frozenset(range(SHARDS))
            assert alone.holding.holds(WORK)
            assert not alone.client.is_connected
        await servers.until_shared(alone, counts=(4,))


async def test_what_arrives_for_a_shard_that_is_anothers_by_now_is_not_heard(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with AsyncExitStack() as stack:
        app = await servers.start(stack)
        await servers.until_shared(app, counts=(4,))
        servers.discord.interactions.answer_within = 0.5
        with monkeypatch.context() as away:
            away.setattr(app.storage, "look_after_leases", failing(OperatorError("The database is away")))
            app.holding._began = (0.0, 0.0)  # as if it had slept
            with pytest.raises(AssertionError, match="did not respond"):
                await servers.people[0].slash("about")
        async with asyncio.timeout(20):  # in which it sees that, and has the shards anew
            while not await servers.are_answered():
                await asyncio.sleep(0.02)


async def test_a_shard_that_was_not_ours_for_a_moment_is_connected_anew(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with AsyncExitStack() as stack:
        app = await servers.start(stack)
        await servers.until_shared(app, counts=(4,))
        servers.discord.interactions.answer_within = 0.5
        with monkeypatch.context() as moment:
            moment.setattr(app.client.connections, "_held", lambda _: False)
            with pytest.raises(AssertionError, match="did not respond"):
                await servers.people[0].slash("about")
        await servers.until_shared(app, counts=(4,))
        servers.discord.interactions.answer_within = 20.0
        await servers.answer()


async def test_a_bot_ends_where_others_have_begun_with_another_count_of_shards(servers: Servers) -> None:
    async with AsyncExitStack() as stack:
        app = await servers.start(stack)
        await servers.until_shared(app, counts=(4,))
        async with app.storage._database.write() as connection:  # type: ignore[attr-defined]
            await put_meta(connection, "shard_count", "8")
        with pytest.raises(OperatorError, match="run shards of 8 by now, and this one of 4"):
            await asyncio.wait_for(app.connection, 10)
        assert servers.discord.gateway.shards == []


async def test_exactly_these_shards_are_run_and_waited_for(servers: Servers, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    async with AsyncExitStack() as first, AsyncExitStack() as second:
        one = await servers.start(first)
        fixed = await servers.start(second, "0-1/4")
        assert "waiting for shards 0-1/4: another process runs them" in caplog.text
        with pytest.raises(OperatorError, match=r"run shards of 4, and this one was asked for 0/2"):
            await servers.start(second, "0/2")
        await first.aclose()
        async with asyncio.timeout(10):
            while fixed.client.connections.at_hand.ids != {0, 1}:
                await asyncio.sleep(0.02)
        third = await servers.start(first)
        await servers.until_shared(fixed, third, counts=(2, 2))
        await servers.answer()
    assert one.holding.shards == frozenset()


async def test_shards_cannot_be_named_where_one_process_runs_all(tmp_path: Path) -> None:
    async with FakeDiscord() as discord:
        await discord.start()
        alone = Servers(discord, empty_database(tmp_path / "papers.db")).settings("0/2")
        with pytest.raises(OperatorError, match="one process runs all of a bot on SQLite"):
            async with running(alone):
                pass


async def test_one_process_on_sqlite_runs_every_shard(tmp_path: Path) -> None:
    async with FakeDiscord(shards=SHARDS) as discord, AsyncExitStack() as stack:
        await discord.start()
        servers = Servers(discord, empty_database(tmp_path / "papers.db"))
        app = await servers.start(stack)
        await servers.until_shared(app, counts=(4,))
        await servers.answer()
        assert discord.gateway.shards == [(each, SHARDS) for each in range(SHARDS)]


async def test_one_process_on_sqlite_connects_where_its_turns_cannot_be_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SqlStorage, "take_moment", failing(OperatorError("The disk is full.")))
    async with FakeDiscord() as discord, AsyncExitStack() as stack:
        await discord.start()
        app = await Servers(discord, empty_database(tmp_path / "papers.db")).start(stack)
        assert app.client.is_connected


async def test_no_session_is_begun_that_discord_would_not_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.fakediscord.routes.account.RESET_SECONDS", -1.0)
    async with FakeDiscord(session_starts=0) as discord, AsyncExitStack() as stack:
        await discord.start()
        servers = Servers(discord, empty_database(tmp_path / "papers.db"))
        starting = asyncio.create_task(servers.start(stack))
        async with asyncio.timeout(10):
            while "Discord lets no session begin" not in caplog.text:
                await asyncio.sleep(0.02)
        assert discord.gateway.identifies == 0
        discord.gateway.starts.total = 1
        assert (await starting).client.is_connected
