"""Backups and restores of a PostgreSQL database: whole, beside whoever writes, and nobody comes back who was erased."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import OperatorError
from storage import open_storage, upkeep_of
from storage.sql import SqlStorage
from tests.storage.kinds import postgresql_alone
from tests.storage.shelf import NOW, paper, put, titles

pytestmark = postgresql_alone

ADA, LIN = 1 << 60, (1 << 60) + 1


async def vote(storage: SqlStorage, person: int) -> None:
    async with storage.write() as transaction:
        await transaction.toggle_vote(7, 1, person, now=NOW)


async def voters(url: str) -> set[int]:
    async with await open_storage(url) as storage, storage._database.read() as connection:
        return set((await connection.execute(text("SELECT person_id FROM votes"))).scalars())


async def test_a_backup_is_restored_here_and_in_a_file(empty: str, tmp_path: Path) -> None:
    upkeep = upkeep_of(empty)
    async with await open_storage(empty, exclusive=True) as storage:
        await put(storage, paper("Graphs at scale", "arxiv:1"))
        made = await upkeep.backup(tmp_path, keep=1, compress=True, now=NOW)
        await put(storage, paper("Trees", "arxiv:2"))
        second = await upkeep.backup(tmp_path, keep=1, compress=False, now=NOW + timedelta(hours=1))
        assert (made.counts["papers"], second.counts["papers"]) == (1, 2)
        assert second.removed == (made.file,)
        assert second.file.stat().st_mode & 0o077 == 0
        assert await upkeep.newest_backup(tmp_path) == NOW + timedelta(hours=1)
        with pytest.raises(OperatorError, match="A bot is running on"):
            await upkeep.restore(second.file, now=NOW)
    async with await open_storage(empty) as storage:
        await put(storage, paper("Lost", "arxiv:3"))
    done = await upkeep.restore(second.file, now=NOW)
    assert (done.counts["papers"], done.made_at) == (2, NOW + timedelta(hours=1))
    async with await open_storage(empty) as storage:
        assert sorted(await titles(storage, "graphs | trees | lost")) == ["Graphs at scale", "Trees"]
    assert done.aside is not None
    again = await upkeep_of(f"sqlite:///{tmp_path}/papers.db").restore(done.aside, now=NOW)
    assert again.counts["papers"] == 3
    async with await open_storage(f"sqlite:///{tmp_path}/papers.db") as storage:
        assert await titles(storage, "lost") == ["Lost"]
    assert {each.suffix for each in tmp_path.iterdir()} <= {".db", ".lock", ".backup-lock", ".erased"}


async def test_who_is_erased_stays_so_when_an_older_backup_is_restored(empty: str, url: str, tmp_path: Path) -> None:
    upkeep = upkeep_of(empty)
    async with await open_storage(empty) as storage:
        await storage.begin_deliveries(now=NOW)  # as a bot that starts, which makes the secret
        await vote(storage, ADA)
        await vote(storage, LIN)
        made = await upkeep.backup(tmp_path / "old.db", keep=1, compress=False, now=NOW)
        assert await storage.erase_person(ADA, now=NOW + timedelta(hours=1)) == 1
    for minutes in range(2):
        await upkeep.restore(made.file, now=NOW + timedelta(hours=2, minutes=minutes))
        assert await voters(empty) == {LIN}
    await upkeep.backup(tmp_path, keep=1, compress=False, now=NOW + timedelta(hours=3))
    await upkeep_of(url).restore(made.file, now=NOW + timedelta(hours=4))  # where the first database is lost
    assert await voters(url) == {LIN}


async def test_what_cannot_be_restored_changes_nothing(empty: str, tmp_path: Path) -> None:
    upkeep = upkeep_of(empty)
    async with await open_storage(empty) as storage:
        await put(storage, paper("Here", "arxiv:1"))
    made = await upkeep.backup(tmp_path / "one.db", keep=1, compress=False, now=NOW)
    damaged = bytearray(made.file.read_bytes())
    damaged[len(damaged) // 2 :] = bytes(len(damaged) - len(damaged) // 2)
    made.file.write_bytes(damaged)
    for file, told in ((made.file, "damaged"), (tmp_path / "no.db", "There is no backup")):
        with pytest.raises(OperatorError, match=told):
            await upkeep.restore(file, now=NOW)
    with pytest.raises(OperatorError, match="is there already"):
        await upkeep.backup(tmp_path / "one.db", keep=1, compress=False, now=NOW)
    async with await open_storage(empty) as storage:
        assert await storage.count_papers() == 1
    assert [each.name for each in tmp_path.iterdir() if "replaced" in each.name or "restoring" in each.name] == []
