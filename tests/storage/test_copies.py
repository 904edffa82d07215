"""Backups and restores of a database in one file: whole, checked, rotated, and safe against every interruption."""

import asyncio
import gzip
import os
import random
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.analysis import prepare
from bot.domain.papers import paper_from
from bot.errors import OperatorError
from storage import open_storage, upkeep_of
from storage.dialects import sqlite_copies
from storage.dialects.file import bot_lock
from storage.migrations import HEAD
from tests.empty import empty_database
from tests.lab import found_paper
from tests.processes import begun, end_of, stop

NOW = datetime(2026, 5, 26, 12, tzinfo=UTC)


async def put(url: str, *titles: str) -> None:
    async with await open_storage(url) as storage, storage.write() as transaction:
        await transaction.put_papers([prepare(paper_from(found_paper(title=each))) for each in titles], now=NOW)


def titles_in(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [title for (title,) in opened.execute("SELECT title FROM papers ORDER BY id")]


async def test_a_backup_holds_one_moment_while_others_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_copies, "_STEP", 1)
    url = empty_database(tmp_path / "papers.db")
    await put(url, "First")
    written = 0
    async with await open_storage(url) as storage:
        backup = asyncio.create_task(upkeep_of(url).backup(None, keep=3, compress=False, now=NOW))
        while not backup.done():
            async with storage.write() as transaction:
                paper = prepare(paper_from(found_paper(title=f"Paper {written}")))
                await transaction.put_papers([paper], now=NOW)
            written += 1
    made = await backup
    assert written
    assert made.file == tmp_path / "backups" / "papers-20260526-120000.db"
    assert made.file.stat().st_mode & 0o777 == 0o600
    assert made.file.parent.stat().st_mode & 0o777 == 0o700
    assert len(titles_in(made.file)) == made.counts["papers"] <= written
    assert [each.name for each in made.file.parent.iterdir()] == [made.file.name]


async def test_only_the_newest_stay_and_nothing_is_written_over(tmp_path: Path) -> None:
    url = empty_database(tmp_path / "papers.db")
    upkeep, folder = upkeep_of(url), tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "papers-20200101-000000.db.txt").touch()
    (folder / "papers-papers-20200101-000000.db.partial").touch()
    for hour in range(4):
        made = await upkeep.backup(folder, keep=2, compress=hour % 2 == 0, now=NOW + timedelta(hours=hour))
    assert [each.name for each in made.removed] == ["papers-20260526-130000.db"]
    assert sorted(each.name for each in folder.iterdir()) == [
        "papers-20200101-000000.db.txt",
        "papers-20260526-140000.db.gz",
        "papers-20260526-150000.db",
    ]
    with pytest.raises(OperatorError, match="is there already"):
        await upkeep.backup(made.file, keep=1, compress=False, now=NOW)
    one = await upkeep.backup(tmp_path / "one.gz", keep=1, compress=True, now=NOW)
    assert gzip.decompress(one.file.read_bytes())[:15] == b"SQLite format 3"
    with pytest.raises(OperatorError, match="no database"):
        await upkeep_of(f"sqlite:///{tmp_path}/none.db").backup(None, keep=1, compress=False, now=NOW)


async def test_a_full_disk_is_told_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = empty_database(tmp_path / "papers.db")
    monkeypatch.setattr(sqlite_copies, "free_space", lambda _: 1_000)
    with pytest.raises(OperatorError, match=r"are needed in .* Make room"):
        await upkeep_of(url).backup(None, keep=1, compress=False, now=NOW)
    assert list((tmp_path / "backups").iterdir()) == []


@pytest.mark.parametrize("compress", [False, True])
async def test_what_was_backed_up_comes_back_and_the_old_one_is_kept(tmp_path: Path, compress: bool) -> None:
    url = empty_database(tmp_path / "papers.db")
    await put(url, "Kept")
    made = await upkeep_of(url).backup(None, keep=1, compress=compress, now=NOW)
    await put(url, "Written later")
    done = await upkeep_of(url).restore(made.file, now=NOW + timedelta(days=1))
    assert done.made_at == NOW
    assert done.counts["papers"] == 1
    assert done.aside == tmp_path / "papers-replaced-20260527-120000.db"
    assert titles_in(done.aside) == ["Kept", "Written later"]
    assert titles_in(tmp_path / "papers.db") == ["Kept"]
    assert (tmp_path / "papers.db").stat().st_mode & 0o777 == 0o600
    await put(url, "Goes on")
    (tmp_path / "papers.db").unlink()
    assert (await upkeep_of(url).restore(made.file, now=NOW)).aside is None


async def test_a_database_in_use_is_not_replaced(tmp_path: Path) -> None:
    url = empty_database(tmp_path / "papers.db")
    made = await upkeep_of(url).backup(None, keep=1, compress=False, now=NOW)
    release = bot_lock(tmp_path / "papers.db")
    with pytest.raises(
        OperatorError, match=r"A bot or playground is running on .* Stop it, and type this command again\.$"
    ):
        await upkeep_of(url).restore(made.file, now=NOW)
    release()
    async with await open_storage(url) as storage:
        await storage.count_papers()
        with pytest.raises(OperatorError, match="Another program uses"):
            await upkeep_of(url).restore(made.file, now=NOW)
    assert (await upkeep_of(url).restore(made.file, now=NOW)).aside is not None


def _damaged(file: Path) -> None:
    empty_database(file)
    content = bytearray(file.read_bytes())
    content[4096 * 3 : 4096 * 9] = b"\xff" * (4096 * 6)
    file.write_bytes(bytes(content))


def _cut(file: Path) -> None:
    whole = gzip.compress(b"SQLite format 3\0" * 1_000)
    file.write_bytes(whole[: len(whole) // 2])


def _foreign(file: Path) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE theirs (id INTEGER)")


def _newer(file: Path) -> None:
    empty_database(file)
    with closing(sqlite3.connect(file)) as opened, opened:
        opened.execute("UPDATE alembic_version SET version_num = '9999'")


BAD: list[tuple[str, Any, str]] = [
    ("bad.db", _damaged, "Take another one"),
    ("bad.gz", _cut, "damaged"),
    ("other.db", _foreign, "another program's"),
    ("new.db", _newer, "newer Paperboy"),
    ("empty.db", Path.touch, "is empty"),
    ("text.db", lambda file: file.write_text("no database" * 500), "not a backup.*Take another one"),
    ("missing.db", lambda _: None, "There is no backup"),
    ("papers.db", lambda _: None, "is the database itself"),
]


@pytest.mark.parametrize(("name", "make", "says"), BAD, ids=[each[0] for each in BAD])
async def test_what_is_no_backup_is_refused_and_changes_nothing(
    tmp_path: Path, name: str, make: Any, says: str
) -> None:
    url = empty_database(tmp_path / "papers.db")
    before = (tmp_path / "papers.db").read_bytes()
    make(tmp_path / name)
    with pytest.raises(OperatorError, match=says):
        await upkeep_of(url).restore(tmp_path / name, now=NOW)
    assert (tmp_path / "papers.db").read_bytes() == before
    assert list(tmp_path.glob("*.restoring*")) == []


async def test_a_damaged_database_is_kept_aside_with_all_that_is_beside_it(tmp_path: Path) -> None:
    url = empty_database(tmp_path / "papers.db")
    made = await upkeep_of(url).backup(None, keep=1, compress=False, now=NOW)
    (tmp_path / "papers.db").write_bytes(b"no database" * 1_000)
    (tmp_path / "papers.db-wal").write_bytes(b"what was written last")
    done = await upkeep_of(url).restore(made.file, now=NOW)
    assert done.aside is not None
    assert done.aside.read_bytes().startswith(b"no database")
    assert done.aside.with_name(done.aside.name + "-wal").read_bytes() == b"what was written last"
    assert titles_in(tmp_path / "papers.db") == []


def _restore(url: str, file: Path, at: float) -> None:
    asyncio.run(upkeep_of(url).restore(file, now=NOW + timedelta(seconds=at)))


async def test_killed_at_any_moment_there_is_the_old_one_or_the_restored_one(tmp_path: Path) -> None:
    url, path = empty_database(tmp_path / "papers.db"), tmp_path / "papers.db"
    await put(url, *(f"Kept {each}" for each in range(20)))
    made = await upkeep_of(url).backup(None, keep=1, compress=True, now=NOW)
    await put(url, "Written later")
    chance = random.Random(7)
    for attempt in range(8):
        process = begun(_restore, url, made.file, attempt)
        time.sleep(chance.uniform(0, 0.1))
        stop(process)
        assert len(titles_in(path)) in {20, 21}
        whole = [titles_in(each) for each in tmp_path.glob("papers-replaced-*.db")]
        assert len(titles_in(path)) == 21 or any(len(each) == 21 for each in whole)
    process = begun(_restore, url, made.file, 100)
    assert end_of(process, within=30) == 0
    assert len(titles_in(path)) == 20
    assert list(tmp_path.glob("*.restoring*")) == []


async def test_a_database_is_backed_up_before_it_is_migrated(tmp_path: Path) -> None:
    old = Path(__file__).parents[1] / "data" / "databases" / "0007.db.gz"
    path = tmp_path / "papers.db"
    path.write_bytes(gzip.decompress(old.read_bytes()))
    before = titles_in(path)
    async with await open_storage(f"sqlite:///{path}"):
        pass
    (made,) = (tmp_path / "backups").iterdir()
    assert made.name.endswith(f"-before-{HEAD}.db")
    assert titles_in(made) == before
    os.utime(made)
    async with await open_storage(f"sqlite:///{path}"):
        pass
    assert len(list((tmp_path / "backups").iterdir())) == 1
