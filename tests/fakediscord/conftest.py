"""A pretend Discord with one guild, and the example bot on it."""

from collections.abc import AsyncIterator

import pytest

from bot.fakediscord.people import Person
from bot.fakediscord.server import FakeDiscord
from bot.fakediscord.state import Channel, Guild
from tests.fakediscord.api import Api, opened_api
from tests.fakediscord.example_bot import ExampleBot, connected
from tests.lab.judge import discord_judge


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    """Running, judged by Discord's description; a violation that the test did not take fails it."""
    async with FakeDiscord(judge=discord_judge()) as discord:
        await discord.start()
        yield discord
        assert discord.violations == []


@pytest.fixture
def guild(fake: FakeDiscord) -> Guild:
    return fake.add_guild("Reading group")


@pytest.fixture
def papers(fake: FakeDiscord, guild: Guild) -> Channel:
    return fake.add_channel(guild, "papers")


@pytest.fixture
def ada(fake: FakeDiscord, guild: Guild, papers: Channel) -> Person:
    return fake.add_person("ada", guild=guild)


@pytest.fixture
def lin(fake: FakeDiscord, guild: Guild, papers: Channel) -> Person:
    return fake.add_person("lin", guild=guild)


@pytest.fixture
async def example(fake: FakeDiscord, ada: Person) -> AsyncIterator[ExampleBot]:
    async with connected(fake) as bot:
        yield bot


@pytest.fixture
async def api(fake: FakeDiscord) -> AsyncIterator[Api]:
    async with opened_api(fake) as hands:
        yield hands


@pytest.fixture
async def unjudged() -> AsyncIterator[FakeDiscord]:
    """One on which only our own rules speak, for tables of refusals."""
    async with FakeDiscord() as discord:
        await discord.start()
        yield discord


@pytest.fixture
def room(unjudged: FakeDiscord) -> Channel:
    return unjudged.add_channel(unjudged.add_guild("Reading group"), "papers")


@pytest.fixture
async def hands(unjudged: FakeDiscord) -> AsyncIterator[Api]:
    async with opened_api(unjudged) as made:
        yield made
