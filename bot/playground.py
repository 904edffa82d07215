"""The whole bot on this machine: the real client, a pretend Discord and the starter shelf; needs no token."""

import asyncio
import errno
import os
import re
import sys
import webbrowser
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr

from bot.app import running, settle_memory
from bot.config import DatabaseSettings, DiscordSettings, Settings
from bot.domain.invitations import permissions
from bot.domain.leases import LeaseTiming
from bot.domain.papers import FoundPaper
from bot.errors import OperatorError
from bot.fakediscord.people import Person
from bot.fakediscord.permissions import Permission
from bot.fakediscord.server import FakeDiscord
from bot.fakediscord.state import Channel, Guild
from bot.interfaces import Storage
from bot.playground_papers import bring, fill_shelf

USUAL_PORT = 8420
"""Where the page is unless another port is asked for, or this one is taken."""
Say = Callable[[str], object]
"""Takes a line of text for the person at the terminal."""
_FOUNDED_AT = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
_VOTED_FOR = 12
"""Papers that the pretended people have voted for: more than `/trending` lists."""
_PAPER_EVERY = 30.0
"""Seconds from one paper that arrives to the next, on the first visit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Playground:
    """A running playground: its page's address, a channel, and the person whose eyes one sees it with."""

    page_url: str
    is_moved: bool
    """Whether the usual port was taken, so that the page has another."""
    channel: Channel
    person: Person
    bot: Collection[asyncio.Task[None]]
    """These end only when the bot cannot go on; their exceptions say why."""


@asynccontextmanager
async def opened(
    settings: Settings, *, port: int | None = 0, paper_every: float | None = None
) -> AsyncIterator[Playground]:
    """The pretend Discord with the real bot in it, ready for commands; all of it ends with the block.

    The starter shelf is put into the database where that holds no papers; with `paper_every` its last papers arrive one
    after the other, in so many seconds each. Its server and channels are the same each time, so what they follow goes
    on; what was said in them is gone. Port 0 is any free one, and None the usual one if that is free. Raises
    OperatorError for another one that cannot be had.
    """
    async with FakeDiscord(founded_at=_FOUNDED_AT) as discord:
        is_moved = await _start(discord, port)
        guild, channel = _add_server(discord)
        may = Permission.MANAGE_CHANNELS | Permission.MANAGE_GUILD  # ada runs the server; the others only read there
        person = discord.add_person("ada", guild=guild, permissions=may)
        role = discord.add_role(guild, "readers", mentionable=True)
        readers = [discord.add_person(name, guild=guild, roles=[role]).id for name in ("lin", "grace", "alan")]
        discord.world.ids.open()
        at_once = LeaseTiming(identify_every=timedelta())  # what it pretends to be has no such limit
        async with running(
            _pointed_at(discord, settings), asks_sources=False, is_always_the_same=False, timing=at_once
        ) as app:
            to_come = await _fill_shelf(app.storage)
            await _vote(app.storage, guild.id, readers)
            async with _arriving(app.storage, to_come, paper_every):
                yield Playground(
                    page_url=discord.page_url,
                    is_moved=is_moved,
                    channel=channel,
                    person=person,
                    bot=(app.connection, app.deliveries),
                )


def _add_server(discord: FakeDiscord) -> tuple[Guild, Channel]:
    """A server that the bot was invited to as `paperboy invite` has it, and its first channel."""
    guild = discord.add_guild("Reading group")
    for role in guild.roles.values():
        if role.managed:
            discord.set_permissions(guild, role, permissions())
    channel = discord.add_channel(guild, "papers")
    discord.add_channel(guild, "general")
    return guild, channel


async def _start(discord: FakeDiscord, port: int | None) -> bool:
    """Start it; whether it had to give way to what is on the usual port."""
    try:
        await discord.start(USUAL_PORT if port is None else port)
    except OSError as error:
        if port is not None:
            told = f"Port {port} cannot be used: {os.strerror(error.errno or errno.EADDRINUSE)}."
            raise OperatorError(f"{told} Name another with --port, or leave it out.") from None
        await discord.start()
        return True
    return False


def with_database(settings: Settings, url: str | None) -> Settings:
    """The settings with this database, else the one that is configured, else a `playground.db` of its own."""
    return _with_url(
        settings, url or _configured(settings) or settings.database.url.replace("paperboy.db", "playground.db")
    )


def _configured(settings: Settings) -> str | None:
    return None if settings.database == DatabaseSettings() else settings.database.url


def _with_url(settings: Settings, url: str) -> Settings:
    return settings.model_copy(update={"database": settings.database.model_copy(update={"url": url})})


def _pointed_at(discord: FakeDiscord, settings: Settings) -> Settings:
    there = DiscordSettings(token=SecretStr("playground"), api_url=discord.api_url, gateway_url=discord.gateway_url)
    return settings.model_copy(update={"discord": there})


async def _fill_shelf(storage: Storage) -> list[FoundPaper]:
    """Put the starter shelf there where nothing is; those of its papers that have yet to arrive."""
    if await storage.count_papers():
        return []
    from bot.shelf import starter_shelf  # noqa: PLC0415 (only the first start needs what reads papers)

    return await fill_shelf(storage, starter_shelf(), now=datetime.now(UTC))


@asynccontextmanager
async def _arriving(storage: Storage, papers: Sequence[FoundPaper], every: float | None) -> AsyncIterator[None]:
    """Have these papers arrive during the block."""
    if every is None or not papers:
        yield
        return
    bringing = asyncio.create_task(bring(storage, papers, every=every, clock=lambda: datetime.now(UTC)))
    try:
        yield
    finally:
        bringing.cancel()
        await asyncio.gather(bringing, return_exceptions=True)


async def _vote(storage: Storage, guild_id: int, people: Sequence[int]) -> None:
    """Have these people, who are as pretended as their server, vote for a few papers now, so that some trend there."""
    known = await storage.suggest_papers("", limit=_VOTED_FOR)
    async with storage.write() as transaction:
        for at, each in enumerate(known):
            for person in people[: 1 + (len(known) - at) * len(people) // (len(known) + 1)]:
                votes = await transaction.toggle_vote(guild_id, each.id, person, now=datetime.now(UTC))
                if not votes:  # they had at an earlier start
                    await transaction.toggle_vote(guild_id, each.id, person, now=datetime.now(UTC))


async def serve(settings: Settings, stop: asyncio.Event, *, port: int | None, browser: bool, say: Say) -> None:
    """Run a playground until `stop` is set, and tell where its page is; as to `port`, see `opened`.

    Raises whatever has ended the bot.
    """
    async with opened(settings, port=port, paper_every=_PAPER_EVERY) as ground:
        settle_memory()
        if ground.is_moved:
            say(f"Port {USUAL_PORT} is taken, perhaps by another playground, so this one has another port.")
        say(f"Paperboy's playground is at {ground.page_url} - try /search there. Press Ctrl-C to end it.")
        if browser and _has_desktop():
            webbrowser.open(ground.page_url)
        stopped = asyncio.create_task(stop.wait(), name="waiting for stop")
        try:
            ended, _ = await asyncio.wait({stopped, *ground.bot}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
        for each in ended:
            each.result()


def ended_by(signal_name: str) -> str:
    """What is said of a playground that a signal ends."""
    if signal_name != "SIGHUP":
        return f"Ended by {signal_name}."
    return "Ended by SIGHUP: the terminal it was started from is closed. Start it with nohup to keep it."


def _has_desktop() -> bool:
    return sys.platform in {"darwin", "win32"} or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


async def tour(settings: Settings, url: str | None, say: Say) -> None:
    """Search, open and share a paper, preview a paper of the day, see what is trending, and print what is seen of it.

    Where no database is named, here or in the settings, it makes one and throws it away, so that it gets in the way of
    no playground that is running.
    """
    with TemporaryDirectory(prefix="paperboy-") as folder:
        chosen = url or _configured(settings) or f"sqlite:///{Path(folder).as_posix()}/tour.db"
        await _play(_with_url(settings, chosen), say)


async def _play(settings: Settings, say: Say) -> None:
    async with opened(settings) as ground:
        ada = ground.person
        say("ada types /search diffusion models\n")
        results = await ada.slash("search", query="diffusion models")
        say(_read(results.text))
        say("\nada presses Details\n")
        card = await ada.press(results.message, "Details")
        say(_read(card.text))
        say("\nada presses Share, and everyone in #papers reads\n")
        await ada.press(card.message, "Share")
        shared = await ground.channel.next_message()
        say(_read(shared.text).replace(ada.mention, f"@{ada.name}"))
        say("\nada types /daily here, with time 9am and weekdays Mon-Fri\n")
        preview = await ada.slash("daily here", time="9am", weekdays="Mon-Fri")
        say(_read(preview.text).replace(ground.channel.mention, f"#{ground.channel.name}"))
        say("\nada presses Not now, for this was only a tour, and types /trending for this server\n")
        await ada.press(preview.message, "Not now")
        say(_read((await ada.slash("trending", where="this server")).text))


_MARKUP = re.compile(
    r"\\(?P<plain>[^\w\s])|\[(?P<label>(?:\\.|[^\]\\])*)\]\(<?[^)]*>?\)|<t:(?P<unix>-?\d+):(?P<style>[DF])>"
    r"| \(<t:-?\d+:R>\)|\*\*|^(?:#+|-#) ",
    re.MULTILINE,
)


def _read(text: str) -> str:
    """A message of ours as one reads it: markup gone, each line marked."""
    return "\n".join(f"  | {line}" for line in _MARKUP.sub(_shown, text).splitlines())


def _shown(match: re.Match[str]) -> str:
    if match["unix"]:
        day = datetime.fromtimestamp(int(match["unix"]), UTC)
        return f"{day.day} {day:%B %Y}" + (f", {day:%H:%M} UTC" if match["style"] == "F" else "")
    return match["plain"] or _MARKUP.sub(_shown, match["label"] or "")
