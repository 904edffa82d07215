"""The playground as its first visitor meets it."""

import asyncio
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot import playground
from bot.config import DatabaseSettings, Settings
from bot.errors import OperatorError
from bot.playground import opened
from bot.services.outbox import Outbox
from tests.command_line import environment, paperboy

LATE = (
    "numpy",
    "prometheus_client",
    "bot.discord_checkup",
    "alembic",
    "feedparser",
    "pylatexenc",
    "rich.console",
    "bot.services.rehearsal",
    "matplotlib",
)
"""What is loaded by whoever needs it first: a start waits for none of it."""

READY = """
import asyncio, sys
from bot.__main__ import main
from bot.config import DatabaseSettings, Settings
from bot.playground import opened

async def show(url, *asked):
    async with opened(Settings(database=DatabaseSettings(url=url))):
        print(*(each for each in asked if each in sys.modules))

asyncio.run(show(*sys.argv[1:]))
"""


async def test_whoever_tries_it_runs_the_server_and_may_follow_topics_there(tmp_path: Path) -> None:
    settings = Settings(database=DatabaseSettings(url=f"sqlite:///{tmp_path}/papers.db"))
    async with opened(settings) as ground:
        preview = await ground.person.slash("topic follow", query="diffusion models")
        assert "diffusion models" in preview.text
        await ground.person.press(preview.message, "Follow in #papers")
        assert "diffusion models" in (await ground.person.slash("topic list")).text


async def test_what_was_set_up_there_goes_on_when_it_is_started_again(tmp_path: Path) -> None:
    settings = Settings(database=DatabaseSettings(url=f"sqlite:///{tmp_path}/papers.db"))
    async with opened(settings) as ground:
        preview = await ground.person.slash("topic follow", query="diffusion models")
        await ground.person.press(preview.message, "Follow in #papers")
        preview = await ground.person.slash("daily here")
        await ground.person.press(preview.message, "Start in #papers")
    async with opened(settings) as ground:
        assert "diffusion models" in (await ground.person.slash("topic list")).text
        assert "**+3 votes**" in (await ground.person.slash("trending")).text
        assert "no paper of the day" not in (await ground.person.slash("daily status")).text
        assert "Nothing" not in (await ground.person.slash("search", query="diffusion models")).text


async def test_all_that_posts_can_be_asked_for_there(tmp_path: Path) -> None:
    settings = Settings(database=DatabaseSettings(url=f"sqlite:///{tmp_path}/papers.db"))
    async with opened(settings) as ground:
        guild = ground.channel.guild
        assert guild is not None
        (readers,) = [each.id for each in guild.roles.values() if each.name == "readers"]
        preview = await ground.person.slash("daily here", pin=True, thread=True, role=readers, recap="on Fridays")
        assert "has a paper of the day" in (await ground.person.press(preview.message, "Start in #papers")).text


async def test_a_preview_there_has_a_month_to_tell_of(tmp_path: Path) -> None:
    settings = Settings(database=DatabaseSettings(url=f"sqlite:///{tmp_path}/papers.db"))
    async with opened(settings) as ground:
        preview = await ground.person.slash("topic follow", query="image")
        assert "a working day" in preview.text
        assert preview.text.count("https://arxiv.org/abs/") == 3
        assert "122 papers" in (await ground.person.slash("status")).text


async def test_what_is_followed_there_brings_papers_while_one_looks(tmp_path: Path) -> None:
    settings = Settings(database=DatabaseSettings(url=f"sqlite:///{tmp_path}/papers.db"))
    async with opened(settings, paper_every=0.5) as ground:
        preview = await ground.person.slash("topic follow", query="cat:cs.*")
        await ground.person.press(preview.message, "Follow in #papers")
        first, second = [(await ground.channel.next_message()).text for _ in range(2)]
        assert "New paper" in first
        assert "New paper" in second
        assert first != second


async def test_each_time_something_trends_in_its_server(tmp_path: Path) -> None:
    settings = Settings(database=DatabaseSettings(url=f"sqlite:///{tmp_path}/papers.db"))
    for _ in range(2):
        async with opened(settings) as ground:
            here = await ground.person.slash("trending")
            assert "1\\. [" in here.text
            assert "**+3 votes**" in here.text
            assert "**+1 vote**" in here.text
            assert "10\\. [" in here.text


async def test_it_is_ready_before_what_is_needed_later_is_loaded(tmp_path: Path) -> None:
    """The first visit fills the shelf; this is about every later one."""
    url = f"sqlite:///{tmp_path}/papers.db"
    async with opened(Settings(database=DatabaseSettings(url=url))):
        pass
    command = [sys.executable, "-c", READY, url, "discord", *LATE]
    root = Path(__file__).parents[1]
    loaded = await asyncio.to_thread(subprocess.check_output, command, cwd=root, env=environment(), text=True)
    assert loaded.split() == ["discord"]


def test_a_port_that_is_taken_is_an_error_where_it_was_asked_for(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = paperboy(tmp_path, "playground", "--port", port, "--no-browser")
    assert (done.returncode, done.stdout) == (1, "")
    said = f"Port {port} cannot be used: Address already in use. Name another with --port, or leave it out.\n"
    assert done.stderr == said


async def test_the_usual_port_is_given_way_to_what_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(database=DatabaseSettings(url=f"sqlite:///{tmp_path}/papers.db"))
    stop = asyncio.Event()
    told: list[str] = []

    def say(text: str) -> None:
        told.append(text)
        stop.set()

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(playground, "USUAL_PORT", port)
        await playground.serve(settings, stop, port=None, browser=False, say=say)
    assert told[0] == f"Port {port} is taken, perhaps by another playground, so this one has another port."
    assert told[1].startswith("Paperboy's playground is at http://127.0.0.1:")


async def test_it_does_not_go_on_without_its_bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_: Outbox) -> None:
        raise OperatorError("The disk is full.")

    monkeypatch.setattr(Outbox, "run", broken)
    settings = Settings(database=DatabaseSettings(url=f"sqlite:///{tmp_path}/papers.db"))
    with pytest.raises(OperatorError, match="The disk is full"):
        await playground.serve(settings, asyncio.Event(), port=0, browser=False, say=lambda _: None)
