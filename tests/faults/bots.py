"""Real bots, each `paperboy run` in a process of its own, on one PostgreSQL and one pretend Discord."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.fakediscord.server import FakeDiscord
from tests.command_line import environment

_LONGEST_STOP = 40.0


@dataclass(kw_only=True, eq=False)
class Bot:
    """One process."""

    process: "subprocess.Popen[bytes]"
    log: Path
    began: float
    asleep: bool = False

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def lives(self) -> bool:
        return self.process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)
        self.asleep = number == signal.SIGSTOP

    def memory(self) -> float:
        """What it has of the machine's memory, in MiB."""
        told = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return int(told.partition("VmRSS:")[2].split()[0]) / 1024

    def used(self) -> float:
        """How many seconds of a processor it has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def said(self, words: str) -> bool:
        return words in self.log.read_text(encoding="utf-8")

    async def until_said(self, words: str, *, within: float) -> float:
        """Seconds from its start until its log says so. Raises TimeoutError, or RuntimeError where it ends before."""
        async with asyncio.timeout(within):
            while not self.said(words):
                if not self.lives:
                    raise RuntimeError(f"a bot ended: {self.log.read_text(encoding='utf-8')[-2000:]}")
                await asyncio.sleep(0.05)
        return time.monotonic() - self.began

    async def stopped(self) -> int:
        """Stop it as an operator does; its exit code."""
        self.signal(signal.SIGTERM)
        return await asyncio.to_thread(self.process.wait, _LONGEST_STOP)

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()


class Bots:
    """Those that were started, in that order; all of them end with `kill_all`."""

    def __init__(self, folder: Path, discord: FakeDiscord, database: str, *, module: str = "bot") -> None:
        self._folder, self._discord, self._database, self._module = folder, discord, database, module
        self.all: list[Bot] = []

    @property
    def awake(self) -> list[Bot]:
        return [each for each in self.all if each.lives and not each.asleep]

    def start(self, *options: str) -> Bot:
        """One more, which asks no source."""
        number = len(self.all)
        place = self._folder / f"bot-{number}"
        place.mkdir()
        log = place / "log"
        told = environment(
            PAPERBOY_DATABASE_URL=self._database,
            PAPERBOY_DISCORD_TOKEN="a.b.c",  # noqa: S106 (as good as any)
            PAPERBOY_DISCORD_API_URL=self._discord.api_url,
            PAPERBOY_DISCORD_GATEWAY_URL=self._discord.gateway_url,
            PAPERBOY_SOURCES_ARXIV_RSS_FEEDS="",
            PAPERBOY_SOURCES_HF_DAILY_FEEDS="",
        )
        began = time.monotonic()
        with log.open("wb") as written:
            process = subprocess.Popen(
                [sys.executable, "-m", self._module, "run", *options],
                cwd=place,
                env={**told, "PYTHONPATH": str(Path.cwd())},
                stderr=written,
                stdout=written,
            )
        self.all.append(Bot(process=process, log=log, began=began))
        return self.all[-1]

    def kill_all(self) -> None:
        for each in self.all:
            each.kill()
