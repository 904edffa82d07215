"""A database copied into one of another kind: all of it, wherever it was cut off, and never into somebody else's."""

import asyncio
import itertools
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import OperatorError
from bot.upkeep_interfaces import Copied, CopyProgress
from storage import open_as_it_is, open_storage
from storage.copying import copies, rows
from storage.copying.between import copy_between
from tests.command_line import paperboy
from tests.empty import empty_database
from tests.everything import fill_everything
from tests.postgresql import Server
from tests.storage.kinds import sqlite_alone
from tests.storage.shelf import number, paper, put, titles

FEW = 11


class CutOffError(Exception):
    """What a test cuts a copy off with."""


@pytest.fixture
def other(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database of the other kind, with nothing in it, or not there."""
    if kind == "postgresql":
        return f"sqlite:///{tmp_path}/other/papers.db"
    started: Server = request.getfixturevalue("postgresql")
    return started.new()


@pytest.fixture
async def filled(empty: str) -> str:
    """The address of a database with something in every table."""
    async with await open_storage(empty) as storage:
        await fill_everything(storage._database, {}, others=FEW)
    return empty


@pytest.fixture
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "PAGE", 4)
    monkeypatch.setattr(copies, "_INDEXED", 5)


def _unseen(_: CopyProgress) -> None: ...


async def copied(source: str, target: str) -> Copied:
    return await copy_between(source, target, _unseen)


@pytest.mark.usefixtures("_small_pages")
async def test_all_goes_there_and_back_and_is_the_same(filled: str, other: str, tmp_path: Path) -> None:
    there = await copied(filled, other)
    assert {each.rows for name, each in there.tables.items() if name != "meta"} == {FEW}
    back = await copied(other, f"sqlite:///{tmp_path}/back.db")
    assert back.tables == there.tables
    assert back.rows == there.rows
    async with await open_storage(other) as storage:
        assert await storage.count_papers() == FEW


async def test_a_copy_is_a_database_like_any_other(empty: str, other: str) -> None:
    async with await open_storage(empty) as storage:
        await put(storage, paper("Graphs at scale", "arxiv:1"), paper("A tree"))
        async with storage._database.write() as connection:
            drafts = "INSERT INTO topic_drafts (guild_id, channel_id, person_id, query, posting, made_at) VALUES "
            for _ in range(3):
                await connection.execute(text(f"{drafts} (1, 1, 1, 'a', '{{}}', 1)"))
            await connection.execute(text("DELETE FROM topic_drafts WHERE id > 1"))
        known = await number(storage, "arxiv:1")
    await copied(empty, other)
    async with await open_storage(other, exclusive=True) as storage:
        assert await titles(storage, "graph") == ["Graphs at scale"]
        assert await number(storage, "arxiv:1") == known
        assert await put(storage, paper("A tree"), paper("A third", "arxiv:3")) == ["unchanged", "added"]
        async with storage._database.write() as connection:
            await connection.execute(text(f"{drafts} (1, 1, 1, 'a', '{{}}', 1)"))
            assert list((await connection.execute(text("SELECT id FROM topic_drafts ORDER BY id"))).scalars()) == [1, 4]


@pytest.mark.usefixtures("_small_pages")
async def test_a_copy_that_is_cut_off_is_none_until_it_is_gone_on_with(filled: str, other: str, tmp_path: Path) -> None:
    def cut_off_at(stage: str, moment: int) -> Callable[[CopyProgress], None]:
        heard = itertools.count(1)

        def hear(progress: CopyProgress) -> None:
            if progress.doing == stage and next(heard) == moment:
                raise CutOffError

        return hear

    for stage, moment in (("copying", 1), ("copying", 60), ("checking", 60), ("indexing", 2)):
        with pytest.raises(CutOffError):
            await copy_between(filled, other, cut_off_at(stage, moment))
        with pytest.raises(OperatorError, match=r"is an unfinished copy of .*\. Run the same `paperboy copy` again"):
            await open_storage(other)
    with pytest.raises(OperatorError, match="is an unfinished copy of"):
        await open_as_it_is(other)
    with pytest.raises(OperatorError, match="Or name another database"):
        await copied(empty_database(tmp_path / "another.db"), other)
    done = await copied(filled, other)
    assert done.was_begun
    assert done.tables == (await copied(filled, other)).tables
    async with await open_storage(other) as storage:
        assert await storage.count_papers() == FEW


@sqlite_alone
@pytest.mark.usefixtures("_small_pages")
async def test_what_changes_meanwhile_is_seen_and_then_copied_anew(filled: str, other: str, kind: str) -> None:
    def cut_off(progress: CopyProgress) -> None:
        if progress.doing == "checking":
            raise CutOffError

    async def change(statement: str) -> None:
        async with await open_storage(filled) as storage, storage._database.write() as connection:
            await connection.execute(text(statement))

    with pytest.raises(CutOffError):
        await copy_between(filled, other, cut_off)
    await change("UPDATE votes SET voted_at = 17 WHERE voted_at = (SELECT min(voted_at) FROM votes)")
    with pytest.raises(OperatorError, match=r"differs from .* in votes: somebody wrote there meanwhile"):
        await copied(filled, other)
    await copied(filled, other)
    await change("DELETE FROM votes WHERE voted_at = 17")
    with pytest.raises(OperatorError, match="is in use: it has rows, 11 in checkpoints"):
        await copied(filled, other)


async def test_nobody_elses_database_is_copied_into(filled: str, other: str, tmp_path: Path) -> None:
    async with await open_storage(filled, exclusive=True):
        with pytest.raises(OperatorError, match="A bot is running on"):
            await copied(filled, other)
        with pytest.raises(OperatorError, match="A bot is running on"):
            await copied(empty_database(tmp_path / "new.db"), filled)
    with pytest.raises(OperatorError, match="both source and target"):
        await copied(filled, filled)
    with pytest.raises(OperatorError, match="is in use: it has rows"):
        await copied(empty_database(tmp_path / "new.db"), filled)
    with pytest.raises(OperatorError, match="There is no database"):
        await copied(f"sqlite:///{tmp_path}/nowhere.db", other)


@sqlite_alone
async def test_what_is_no_database_of_ours(filled: str, tmp_path: Path, kind: str) -> None:
    foreign = tmp_path / "photos.db"
    with closing(sqlite3.connect(foreign)) as opened:
        opened.execute("CREATE TABLE photos (name)")
    with pytest.raises(OperatorError, match="is no database of Paperboy's"):
        await copied(f"sqlite:///{foreign}", f"sqlite:///{tmp_path}/new.db")
    with pytest.raises(OperatorError, match="is another program's"):
        await copied(filled, f"sqlite:///{foreign}")
    old = empty_database(tmp_path / "old.db")
    with closing(sqlite3.connect(tmp_path / "old.db")) as opened, opened:
        opened.execute("UPDATE alembic_version SET version_num = '0001'")
    for source, target in ((old, f"sqlite:///{tmp_path}/new.db"), (filled, old)):
        with pytest.raises(OperatorError, match="was made by another version"):
            await copied(source, target)


@sqlite_alone
async def test_as_it_is_typed(filled: str, other: str, tmp_path: Path, kind: str) -> None:
    done = await asyncio.to_thread(paperboy, tmp_path, "copy", filled, other, "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert told["tables"]["papers"]["rows"] == FEW
    again = await asyncio.to_thread(paperboy, tmp_path, "copy", filled, other)
    assert again.returncode == 0
    assert f"{told['rows']:,} rows" in again.stdout
    away = "postgresql://papers:sesame@127.0.0.1:1/papers"
    refused = await asyncio.to_thread(paperboy, tmp_path, "copy", filled, away)
    assert refused.returncode == 1
    assert "cannot be reached" in refused.stderr
    assert "sesame" not in refused.stderr + refused.stdout
