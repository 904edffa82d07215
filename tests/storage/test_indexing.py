"""The text index is built anew when the analysis changes, goes on after a kill, and no two analyses write to it."""

import asyncio
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.domain.analysis import prepare
from bot.domain.conditions import Column
from bot.domain.papers import Author
from bot.errors import OperatorError
from storage import indexing, open_storage
from tests.cogs.hostility import hostile_text
from tests.storage.kinds import sqlite_alone
from tests.storage.shelf import paper, put, titles


@pytest.fixture
async def filled(empty: str) -> str:
    async with await open_storage(empty) as storage:
        days = [datetime(2020, 1, 1 + each % 28, tzinfo=UTC) for each in range(25)]
        await put(storage, *(paper(f"Graph {n}", f"arxiv:{n}", published_at=day) for n, day in enumerate(days)))
    return empty


def becomes(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    monkeypatch.setattr(indexing, "index_version", lambda: version)
    monkeypatch.setattr(indexing, "_STEP", 4)


@sqlite_alone
async def test_a_new_analysis_builds_the_index_anew(filled: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(Path(filled.removeprefix("sqlite:///")))) as connection, connection:
        connection.execute("UPDATE papers SET title_key = 1")
        connection.execute("INSERT INTO paper_index(paper_index) VALUES ('delete-all')")
    becomes(monkeypatch, "another")
    async with await open_storage(filled) as storage:
        assert len(await titles(storage, "graph")) == 25
        assert len(await storage.suggest_papers("gra", limit=25)) == 25
        assert await put(storage, paper("Graph 7")) == ["unchanged"]
    monkeypatch.setattr(indexing, "make_index", None)
    await (await open_storage(filled)).close()


@sqlite_alone
async def test_what_many_transactions_left_in_pieces_is_one_when_it_is_tidied(empty: str) -> None:
    names = ("title_index", "title_terms")

    def pieces() -> list[int]:
        with closing(sqlite3.connect(Path(empty.removeprefix("sqlite:///")))) as connection:
            counted = [f"SELECT count(DISTINCT segid) FROM {each}_idx" for each in names]  # noqa: S608
            return [connection.execute(each).fetchone()[0] for each in counted]

    async with await open_storage(empty) as storage:
        for number in range(7):
            await put(storage, paper(f"Graph {number} of roads", f"arxiv:{number}"))
        assert min(pieces()) > 1
        before = await storage.suggest_papers("graph 3 of ro", limit=25), await titles(storage, "roads")
        await storage.tidy_index()
        assert pieces() == [1, 1]
        assert (await storage.suggest_papers("graph 3 of ro", limit=25), await titles(storage, "roads")) == before
        await storage.tidy_index()
        assert await put(storage, paper("Graph 7 of roads", "arxiv:7")) == ["added"]
        assert len(await titles(storage, "roads")) == 8


@sqlite_alone
async def test_other_programs_write_while_the_index_is_tidied(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = 0

    async def step(*_: object, **__: object) -> bool:
        nonlocal steps
        steps += 1
        await asyncio.sleep(0.07)
        return steps < 12

    def write() -> int:
        written, path = 0, Path(empty.removeprefix("sqlite:///"))
        with closing(sqlite3.connect(path, timeout=10, isolation_level=None)) as other:
            while steps < 12:
                other.execute("BEGIN IMMEDIATE")
                other.execute("COMMIT")
                written += 1
                time.sleep(0.02)
        return written

    monkeypatch.setattr(indexing, "merge_titles", step)
    async with await open_storage(empty) as storage:
        writing = asyncio.create_task(asyncio.to_thread(write))
        await storage.tidy_index()
        assert await writing >= 6


@sqlite_alone
async def test_the_index_keeps_every_term_as_python_made_it(empty: str) -> None:
    chance = Random(3)
    texts = [hostile_text(chance, 40).encode(errors="replace").decode() for _ in range(60)]
    shelf = [
        paper(f"Title {at} {text}", f"doi:10.1000/{at}.a-b(c)", abstract=text, authors=(Author(family=text),))
        for at, text in enumerate(texts)
    ]
    async with await open_storage(empty) as storage:
        await put(storage, *shelf)
        async with storage._database.write() as connection:
            await connection.exec_driver_sql(
                "CREATE VIRTUAL TABLE temp.kept USING fts5vocab('main', 'paper_index', 'col')"
            )
            kept = {(row.term, row.col) for row in await connection.exec_driver_sql("SELECT term, col FROM temp.kept")}
    made = [prepare(each).terms for each in shelf]
    assert kept == {(term, str(at)) for each in made for at in Column for term in getattr(each, at).split()}


async def test_a_killed_rebuild_goes_on_where_it_was(filled: str, monkeypatch: pytest.MonkeyPatch) -> None:
    becomes(monkeypatch, "another")
    analysed: list[str] = []

    def analyse_some(each: Any) -> Any:
        analysed.append(each.title)
        if len(analysed) == 14:
            raise RuntimeError("killed")
        return prepare(each)

    monkeypatch.setattr(indexing, "prepare", analyse_some)
    with pytest.raises(RuntimeError, match="killed"):
        await open_storage(filled)
    async with await open_storage(filled) as storage:
        assert sorted(await titles(storage, "graph")) == sorted(f"Graph {each}" for each in range(25))
    assert len(analysed) == 14 + 25 - 12


async def test_a_program_with_another_analysis_may_not_write(filled: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with await open_storage(filled) as old:
        with monkeypatch.context() as newer:
            becomes(newer, "another")
            async with await open_storage(filled) as new:
                await put(new, paper("Welcome", "arxiv:new"))
        with pytest.raises(OperatorError, match="restart this one"):
            await put(old, paper("Too late", "arxiv:old"))
        assert await titles(old, "welcome OR late") == ["Welcome"]
