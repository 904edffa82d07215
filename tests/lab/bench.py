"""Sets up the lab and takes it down: the pretend Discord, the app on a database of its own, and the final checks."""

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from bot.app import App, running
from bot.config import DatabaseSettings, DiscordSettings, Settings
from bot.domain.analysis import prepare
from bot.domain.leases import LeaseTiming
from bot.domain.papers import FoundPaper, paper_from
from bot.domain.rhythms import Rhythm
from bot.fakediscord.people import Person
from bot.fakediscord.permissions import named
from bot.fakediscord.server import FakeDiscord
from bot.fakediscord.state import Channel, Role
from bot.interfaces import Batch
from bot.services.ingest import Ingest
from tests.empty import empty_database
from tests.lab.judge import discord_judge
from tests.supply import NoHttp, Supply

_TURNS = 20
"""Turns of the loop that finished work may still take to go away."""
_PATIENT, _AT_MOST = 20.0, 30.0
"""Seconds until "thinking" is shown, and until an answer is none: a busy machine fails no test of other things."""
AT_ONCE = LeaseTiming(identify_every=timedelta())
"""Nobody waits for a turn to identify, which costs a bot that is started again five seconds."""
_CONNECTION_LOGGERS = ("discord.client", "discord.gateway", "discord.shard", "discord.http")
"""Loggers that tell of a connection that a test broke on purpose."""


class ErrorLog(logging.Handler):
    """Keeps every error that was logged, except those of connections."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: list[str] = []
        self.setFormatter(logging.Formatter("%(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        if record.name not in _CONNECTION_LOGGERS:
            self.told.append(self.format(record))

    def take(self) -> list[str]:
        """The errors so far, which then no longer count."""
        taken, self.told = self.told, []
        return taken

    @contextmanager
    def listening(self) -> Iterator["ErrorLog"]:
        root = logging.getLogger()
        root.addHandler(self)
        try:
            yield self
        finally:
            root.removeHandler(self)


class Lab:
    """One guild, "Reading group", with #papers and #general, and the bot running on a database that starts empty."""

    def __init__(self, discord: FakeDiscord, database_url: str, errors: ErrorLog) -> None:
        self.discord = discord
        self.database_url = database_url
        self.guild = discord.add_guild("Reading group")
        for name in ("papers", "general"):
            discord.add_channel(self.guild, name)
        self.now: datetime | None = None
        """What time it is for the sources; the real one where nothing is said."""
        self._errors = errors
        self._running = AsyncExitStack()
        self._app: App | None = None

    @property
    def app(self) -> App:
        """The running bot. Raises RuntimeError between `stop` and `start`."""
        if self._app is None:
            raise RuntimeError("the bot is not running")
        return self._app

    def channel(self, name: str) -> Channel:
        """A channel or thread of the guild by its name."""
        found = [each for each in self.guild.channels.values() if each.name == name]
        if len(found) != 1:
            raise LookupError(f"there are {len(found)} channels named {name!r}")
        return found[0]

    def person(self, name: str, *, roles: Iterable[Role] = (), **permissions: bool) -> Person:
        """The person of this name; a new one joins the guild, with permissions such as `manage_channels=True`."""
        for each in self.discord.people.values():
            if each.name == name:
                return each
        return self.discord.add_person(name, guild=self.guild, roles=roles, permissions=named(**permissions))

    async def import_papers(self, papers: Iterable[FoundPaper]) -> None:
        """Put these papers on the bot's shelf, as an import of them would."""
        prepared = [prepare(paper_from(each)) for each in papers]
        async with self.app.storage.write() as transaction:
            await transaction.put_papers(prepared, now=datetime.now(UTC))

    async def ingest(self, *papers: FoundPaper, feed: str = "lab") -> None:
        """Have a source bring these papers, as it would in a day's batch."""
        source = Supply({feed: [[Batch(found=papers)]]}, rhythm=Rhythm.STEADY)
        await Ingest(self.app.storage, NoHttp(), [source], clock=self._clock).run()

    def take_errors(self) -> list[str]:
        """What the bot logged as errors so far, which then no longer counts."""
        return self._errors.take()

    async def start(self, *, asks_sources: bool = False) -> None:
        """Start the bot; when this returns it is ready and its commands are registered."""
        bot = running(self._settings(), asks_sources=asks_sources, clock=self._clock, timing=AT_ONCE)
        self._app = await self._running.enter_async_context(bot)
        self._app.client.patience = _PATIENT

    async def stop(self) -> None:
        """Stop the bot as its operator would."""
        self._app = None
        await self._running.aclose()

    async def restart(self) -> None:
        """Stop the bot and start a new one on the same database."""
        await self.stop()
        await self.start()

    def _clock(self) -> datetime:
        return self.now or datetime.now(UTC)

    def _settings(self) -> Settings:
        return Settings(
            database=DatabaseSettings(url=self.database_url),
            discord=DiscordSettings(
                token=SecretStr("lab"), api_url=self.discord.api_url, gateway_url=self.discord.gateway_url
            ),
        )


@asynccontextmanager
async def opened_lab(database_url: str | None = None) -> AsyncIterator[Lab]:
    """A lab with the bot running; at its end everything is stopped and the final checks are made.

    Raises AssertionError at the end for what Discord would have refused, for an error in the log, and for
    a task that is still running. The database, a file that is removed again unless one is given, is empty.
    """
    before = asyncio.all_tasks()
    with tempfile.TemporaryDirectory() as folder, ErrorLog().listening() as errors:
        async with FakeDiscord(judge=discord_judge()) as discord:
            await discord.start()
            discord.interactions.answer_within = _AT_MOST
            lab = Lab(discord, database_url or empty_database(Path(folder) / "lab.db"), errors)
            await lab.start()
            try:
                yield lab
            finally:
                await lab.stop()
        assert lab.discord.violations == [], "Discord would have refused this"
        assert errors.told == [], "the bot logged errors"
    await _check_tasks(before)


async def _check_tasks(before: set["asyncio.Task[object]"]) -> None:
    for _ in range(_TURNS):
        left = asyncio.all_tasks() - before - {asyncio.current_task()}
        if not left:
            return
        await asyncio.sleep(0)
    assert [each.get_name() for each in left] == [], "tasks are still running"
