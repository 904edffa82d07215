"""Opening a database: who may, what is said where it cannot be, and what its files look like to others."""

import asyncio
import gzip
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from bot.errors import OperatorError
from storage import open_storage
from storage.dialects import sqlite
from storage.opening import database_path
from storage.sql import SqlStorage
from tests.empty import empty_database
from tests.processes import begun, ended, stop
from tests.storage.kinds import postgresql_alone, sqlite_alone
from tests.storage.putter import put_batches
from tests.storage.shelf import number, paper, put, titles


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


@sqlite_alone
async def test_only_the_owner_can_read_it_whatever_the_umask(url: str) -> None:
    before = os.umask(0o777)
    try:
        async with await open_storage(url, exclusive=True) as storage:
            await put(storage, paper())
            folder = file_of(url).parent
            modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()}
    finally:
        os.umask(before)
    files = ("papers.db", "papers.db-wal", "papers.db-shm", "papers.db.lock", "papers.db.backup-lock")
    assert modes == dict.fromkeys(files, 0o600)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("kind", ["folder", "text", "pipe"])
async def test_what_is_no_database_stays_as_it_is(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "mine"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.write_text("A list of things to do, and no database.", encoding="utf-8")
    path.chmod(0o755)
    with pytest.raises(OperatorError) as told:
        await open_storage(f"sqlite:///{path}")
    assert str(path) in str(told.value)
    assert stat.S_IMODE(path.stat().st_mode) == 0o755


async def test_a_database_keeps_its_papers(url: str) -> None:
    for expected in (0, 1, 1):
        async with await open_storage(url) as storage:
            assert await storage.count_papers() == expected
            await put(storage, paper("Lasting Words", "arxiv:1"))
            assert await titles(storage, "lasting") == ["Lasting Words"]


@sqlite_alone
async def test_a_second_bot_is_refused_and_everything_else_is_not(url: str) -> None:
    async with await open_storage(url, exclusive=True) as bot, await open_storage(url) as beside:
        with pytest.raises(OperatorError, match=r"Another bot (or playground )?is already running on "):
            await open_storage(url, exclusive=True)
        await put(beside, paper("From an import", "arxiv:1"))
        await put(bot, paper("From the bot", "arxiv:2"))
        assert len(await titles(bot, "from OR import")) == len(await titles(beside, "from OR import")) == 2
    async with await open_storage(url, exclusive=True) as bot:
        assert await bot.count_papers() == 2


@postgresql_alone
async def test_several_bots_share_a_server_unless_somebody_is_alone_there(url: str) -> None:
    async with await open_storage(url, exclusive=True) as one, await open_storage(url, exclusive=True) as other:
        assert one.is_shared
        assert await other.count_papers() == 0
    release = await one._database.dialect.be_the_bot()
    with pytest.raises(OperatorError, match="is being copied"):
        await open_storage(url, exclusive=True)
    release()


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("sqlite://", "must name a file"),
        ("sqlite:///:memory:", "must name a file"),
        ("sqlite:///x.db?mode=memory", "must name a file"),
        ("mysql://localhost/papers", "mysql are not supported"),
        ("papers.db", "cannot be read"),
        ("", "cannot be read"),
    ],
)
async def test_an_address_that_is_none(bad: str, said: str) -> None:
    with pytest.raises(OperatorError, match=said) as caught:
        await open_storage(bad)
    assert "sqlite:///paperboy.db" in str(caught.value)


def test_a_driver_may_be_named() -> None:
    assert database_path("sqlite+aiosqlite:////a/b.db") == database_path("sqlite:////a/b.db") == Path("/a/b.db")


async def test_a_place_where_no_file_can_be(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(OperatorError, match="cannot be made"):
        await open_storage(f"sqlite:///{tmp_path}/taken/papers.db")
    with pytest.raises(OperatorError, match="is a folder"):
        await open_storage(f"sqlite:///{tmp_path}")


@pytest.mark.parametrize(
    "content",
    [
        b"not a database, but quite long enough to look at" * 100,
        b"hi",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(9_000),
        gzip.compress(b"SQLite format 3\0" + bytes(9_000)),
    ],
    ids=["text", "short", "png", "gzip"],
)
async def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.db").write_bytes(content)
    with pytest.raises(OperatorError, match=r"x\.db is not a database file.* Name another .*PAPERBOY_DATABASE_URL"):
        await open_storage(f"sqlite:///{tmp_path}/x.db", exclusive=True)
    assert (tmp_path / "x.db").read_bytes() == content
    (tmp_path / "x.db").unlink()
    await (await open_storage(f"sqlite:///{tmp_path}/x.db", exclusive=True)).close()


@pytest.mark.parametrize("head", [b"SQLite", b"SQLite formet 3\0", bytes(100), b"\xff" * 4_096])
async def test_a_database_whose_beginning_is_damaged_is_told_as_damage(tmp_path: Path, head: bytes) -> None:
    path = Path(empty_database(tmp_path / "papers.db").removeprefix("sqlite:///"))
    path.write_bytes(head if len(head) < 10 else head + path.read_bytes()[len(head) :])
    with pytest.raises(OperatorError, match=r"is damaged.*last backup"):
        await open_storage(f"sqlite:///{path}")


async def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "photos.db"
    with closing(sqlite3.connect(other)) as opened:
        opened.execute("CREATE TABLE photos (name TEXT)")
        opened.commit()
    before = other.read_bytes()
    with pytest.raises(OperatorError, match="is another program's"):
        await open_storage(f"sqlite:///{other}")
    assert other.read_bytes() == before


@sqlite_alone
@pytest.mark.parametrize("share", [0.5, 0.8])
async def test_a_file_that_is_cut_off_while_it_is_searched_ends_no_process(url: str, share: float) -> None:
    async with await open_storage(url) as storage:
        await put(
            storage, *(paper(f"Graph number {each}", f"arxiv:{each}", abstract="A graph. " * 60) for each in range(500))
        )
        assert await titles(storage, "graph", limit=5)
        await put(storage, paper("One more", "arxiv:more"))  # so that the log holds something, as a bot's does
        file = file_of(url)
        os.truncate(file, int(file.stat().st_size * share))
        for query in ("graph", "number 7", "more"):
            with suppress(OperatorError):  # it is told, or the right answer
                assert await titles(storage, query, limit=5)


@sqlite_alone
async def test_a_damaged_database_is_told_of_at_the_start(url: str) -> None:
    async with await open_storage(url) as storage:
        await put(storage, *(paper(f"Paper {each}", f"arxiv:{each}") for each in range(200)))
    with file_of(url).open("r+b") as file:
        for page in range(2, 30):
            file.seek(page * 4096 + 8)
            file.write(b"\xff" * 400)
    with pytest.raises(OperatorError, match="is damaged"):
        await open_storage(url)


@sqlite_alone
async def test_a_newer_database_is_left_alone(url: str) -> None:
    await (await open_storage(url)).close()
    with closing(sqlite3.connect(file_of(url))) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(OperatorError, match="newer Paperboy"):
        await open_storage(url)


@sqlite_alone
async def test_a_database_that_somebody_else_keeps_busy(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await (await open_storage(url)).close()
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)
    async with await open_storage(url) as storage:
        with closing(sqlite3.connect(file_of(url), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(OperatorError, match="is busy"):
                await put(storage, paper("Kept out", "arxiv:1"))
            assert await storage.count_papers() == 0
        await put(storage, paper("Let in", "arxiv:1"))
        assert await storage.count_papers() == 1


@sqlite_alone
async def test_a_full_disk(storage: SqlStorage) -> None:
    await put(storage, paper("Kept", "arxiv:0"))
    async with storage._database.write() as connection:
        await connection.exec_driver_sql("PRAGMA max_page_count = 1")  # SQLite takes the present size, if it is greater
    with pytest.raises(OperatorError, match="disk is full"):
        await put(storage, *(paper(f"Paper {each}", f"arxiv:{each}", abstract="x " * 5_000) for each in range(50)))
    assert await titles(storage, "kept OR paper") == ["Kept"]


@contextmanager
def putting(url: str, who: str, batches: int) -> Iterator[tuple[ForkServerProcess, Connection]]:
    """A process of its own that puts batches of twenty papers, and what it tells of them; it ends with the block."""
    heard, told = Pipe(duplex=False)
    with heard, told:
        process = begun(put_batches, url, who, batches, told)
        told.close()
        try:
            yield process, heard
        finally:
            stop(process)


async def test_processes_that_open_a_new_database_at_once_all_write(url: str) -> None:
    with ExitStack() as running:
        started = [running.enter_context(putting(url, who, 5)) for who in "abc"]
        assert await asyncio.gather(*(ended(each, within=60) for each, _ in started)) == [0, 0, 0]
    async with await open_storage(url) as storage:
        assert await storage.count_papers() == 300
        assert (await number(storage, "arxiv:a.0.0")) != (await number(storage, "arxiv:b.0.0"))


@sqlite_alone
async def test_a_process_killed_while_it_puts_leaves_a_whole_database(url: str) -> None:
    for address in (f"{url}.{each}" for each in range(3)):
        with putting(address, "x", 10_000) as (_, heard):
            assert await asyncio.to_thread(heard.recv) == 0
        async with await open_storage(address, exclusive=True) as storage:
            count = await storage.count_papers()
            assert count % 20 == 0
            assert len(await titles(storage, "paper", limit=10_000)) == count
            assert await put(storage, paper("After", "arxiv:1")) == ["added"]
        with closing(sqlite3.connect(file_of(address))) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_a_damaged_table_whose_definition_is_no_text_is_told_as_damage(tmp_path: Path) -> None:
    path = Path(empty_database(tmp_path / "papers.db").removeprefix("sqlite:///"))
    path.write_bytes(path.read_bytes().replace(b"KEY (version_num)", b"KEY (vers\xe9on_num)"))
    with pytest.raises(OperatorError, match=r"is damaged\. Stop Paperboy"):
        await open_storage(f"sqlite:///{path}")
