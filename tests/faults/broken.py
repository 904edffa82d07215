"""Damages databases and settings in every way it can think of: `python -m tests.faults.broken --files 200`.

Whatever is damaged, each tool says one clear thing or does its work, and never fails otherwise; and a backup brings
all back.
"""

import argparse
import asyncio
import random
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.config import DatabaseSettings, Settings
from bot.domain.analysis import prepare
from bot.domain.findings import Level
from bot.domain.papers import paper_from
from bot.domain.subscriptions import NewSubscription
from bot.errors import PaperboyError
from bot.upkeep_commands import look_at
from storage import open_storage, upkeep_of
from tests.empty import empty_database
from tests.lab import found_paper
from tests.storage.owing import owe, owed

NOW = datetime(2026, 5, 26, 12, tzinfo=UTC)
_PAGE = 4096
_OF_FILES = ("database", "migrations")
Damage = Callable[[Path, random.Random], None]


def _flipped(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    for _ in range(chance.choice((1, 20, 2_000))):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def _cut(path: Path, chance: random.Random) -> None:
    with path.open("r+b") as file:
        file.truncate(chance.randrange(path.stat().st_size))


def _blank(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    start = chance.randrange(len(content) // _PAGE) * _PAGE
    length = chance.choice((100, _PAGE, 8 * _PAGE))
    content[start : start + length] = bytes([chance.choice((0, 255))]) * len(content[start : start + length])
    path.write_bytes(content)


def _swapped(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    one, other = (chance.randrange(1, len(content) // _PAGE) * _PAGE for _ in range(2))
    page = content[one : one + _PAGE]
    content[one : one + _PAGE] = content[other : other + _PAGE]
    content[other : other + _PAGE] = page
    path.write_bytes(content)


def _garbage(path: Path, chance: random.Random) -> None:
    path.write_bytes(chance.randbytes(chance.choice((0, 1, 100, 50_000))))


def _strange_log(path: Path, chance: random.Random) -> None:
    path.with_name(path.name + "-wal").write_bytes(chance.randbytes(chance.choice((10, 32, 40_000))))


def _garbled(path: Path, chance: random.Random) -> None:
    """Sound for SQLite, and nonsense for us."""
    with closing(sqlite3.connect(path)) as opened, opened:
        statement = chance.choice(
            (
                "UPDATE meta SET value = CAST(x'fffe' AS TEXT)",
                "UPDATE meta SET value = 'nonsense'",
                "UPDATE alembic_version SET version_num = 'nonsense'",
                "DELETE FROM alembic_version",
                "DROP TABLE meta",
                "DROP TABLE deliveries",
                "UPDATE papers SET authors = 'nonsense'",
            )
        )
        opened.execute(statement)


DAMAGES: tuple[Damage, ...] = (_flipped, _cut, _blank, _swapped, _garbage, _strange_log, _garbled)


async def filled(path: Path) -> None:
    """A database with a little of everything."""
    async with await open_storage(empty_database(path)) as storage:
        async with storage.write() as transaction:
            papers = [prepare(paper_from(found_paper(title=f"Paper {each} on graphs"))) for each in range(40)]
            await transaction.put_papers(papers, now=NOW)
            new = NewSubscription(guild_id=10, channel_id=1, query="graphs", created_by=5)
            await transaction.add_subscription(new, most=5, now=NOW)
        await owe(storage, *(owed(f"topic:1:{each}") for each in range(20)))
        await storage.begin_deliveries(now=NOW)


async def tried(path: Path, *, is_ours: bool) -> str:
    """Use every tool on a damaged database; whether one of them said what is wrong."""
    url = f"sqlite:///{path}"
    found = await look_at(Settings(database=DatabaseSettings(url=url)))
    said = [each.told for each in found if each.level is not Level.OK and each.matter in _OF_FILES]
    for use in (_runs, _backs_up) if is_ours else (_backs_up,):
        try:
            await use(url)
        except PaperboyError as error:
            said.append(str(error))
    for each in said:
        assert "\n" not in each, each
        assert each.endswith("."), each
    return "told" if said else "well"


async def _runs(url: str) -> None:
    async with await open_storage(url) as storage:
        await storage.begin_deliveries(now=NOW)
        await storage.count_papers()
        await owe(storage, owed("topic:1:new"))


async def _backs_up(url: str) -> None:
    made = await upkeep_of(url).backup(None, keep=1, compress=False, now=NOW)
    with closing(sqlite3.connect(made.file)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def run(folder: Path, files: int, *, seed: int = 1, tell: Callable[[str], None] = print) -> None:
    """Damage so many copies of one database, and try everything on each. Raises AssertionError."""
    chance = random.Random(seed)
    await filled(folder / "whole.db")
    backup = await upkeep_of(f"sqlite:///{folder}/whole.db").backup(
        folder / "backup.gz", keep=1, compress=True, now=NOW
    )
    said: Counter[str] = Counter()
    for number in range(files):
        place = folder / str(number)
        place.mkdir()
        path = place / "papers.db"
        shutil.copy(folder / "whole.db", path)
        damage = DAMAGES[number % len(DAMAGES)]
        damage(path, chance)
        try:
            said[await tried(path, is_ours=damage is not _garbled)] += 1
            damaged = path.read_bytes()
            done = await upkeep_of(f"sqlite:///{path}").restore(backup.file, now=NOW + timedelta(seconds=number))
        except Exception as error:
            raise AssertionError(f"file {number}, {damage.__name__}: {error!r}") from error
        assert done.aside is not None
        assert done.counts["papers"] == 40
        assert len(damaged) == 0 or done.aside.stat().st_size > 0
        async with await open_storage(f"sqlite:///{path}") as storage:
            assert await storage.count_papers() == 40
        shutil.rmtree(place)
    tell(f"{files} damaged files: {dict(said)}; every tool said one thing or worked, and the backup brought all back")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder), given.files, seed=given.seed))
    sys.exit(0)


if __name__ == "__main__":
    main()
