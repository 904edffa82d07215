"""Turns on reading connections: bounded, in order, and given up without harm."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.patience import Patience
from bot.errors import UserError
from storage import readers
from storage.dialects.sqlite import SqliteReading
from storage.readers import OutOfTime, Readers, Turn

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n"


@pytest.fixture
async def asked(tmp_path: Path) -> AsyncIterator[Readers]:
    with sqlite3.connect(tmp_path / "x.db") as made:
        made.execute("CREATE TABLE t AS SELECT 1 AS x")
    made.close()
    opened = Readers(lambda: SqliteReading(tmp_path / "x.db", ()), 2)
    yield opened
    await opened.close()


def endless(turn: Turn) -> object:
    return turn.fetch(f"SELECT count(*) FROM ({ENDLESS})")  # noqa: S608


def brief(turn: Turn) -> object:
    return turn.fetch("SELECT x FROM t")


async def test_what_takes_too_long_is_stopped_and_the_connection_stays_whole(asked: Readers) -> None:
    for _ in range(3):
        with pytest.raises(OutOfTime):
            await asked.ask(endless, within=0.02)
    assert await asyncio.gather(*(asked.ask(brief, within=1) for _ in range(9))) == [[(1,)]] * 9


async def test_rows_that_came_in_time_are_kept(asked: Readers) -> None:
    def counted(turn: Turn) -> tuple[int, bool, object]:
        rows = turn.fetch_in_time(ENDLESS)
        with pytest.raises(OutOfTime):
            turn.fetch("SELECT x FROM t")
        turn.end_hurry()
        return len(rows), turn.is_cut, brief(turn)

    rows, is_cut, after = await asked.ask(counted, within=0.02)
    assert (rows > 0, is_cut, after) == (True, True, [(1,)])


async def test_a_question_hears_when_what_it_found_is_enough(asked: Readers) -> None:
    assert not await asked.ask(lambda turn: turn.is_late, within=60)
    assert await asked.ask(lambda turn: turn.is_late, within=Patience(60, enough=0))
    patience = Patience(60, enough=59)
    patience.spend(59)
    assert await asked.ask(lambda turn: (turn.is_late, brief(turn), turn.is_cut), within=patience) == (
        True,
        [(1,)],
        False,
    )


async def test_a_question_that_is_given_up_frees_its_thread(asked: Readers) -> None:
    waiting = [asyncio.create_task(asked.ask(endless, within=60)) for _ in range(5)]
    await asyncio.sleep(0.02)
    for each in waiting:
        each.cancel()
    await asyncio.wait(waiting)
    assert all(each.cancelled() for each in waiting)
    async with asyncio.timeout(2):
        assert await asked.ask(brief, within=1) == [(1,)]


async def test_who_asked_first_is_answered_first(tmp_path: Path) -> None:
    one = Readers(lambda: SqliteReading(tmp_path / "x.db", ()), 1)  # two threads may finish in any order
    sqlite3.connect(tmp_path / "x.db").close()
    begun: list[int] = []

    def noted(number: int) -> object:
        return one.ask(lambda _: begun.append(number), within=1)

    slow = asyncio.create_task(one.ask(endless, within=0.05))
    await asyncio.sleep(0.01)
    await asyncio.gather(*(noted(number) for number in range(20)), slow, return_exceptions=True)  # type: ignore[call-overload]
    assert begun == list(range(20))
    await one.close()


async def test_more_than_can_be_answered_are_refused(asked: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "MOST_WAITING", 2)
    waiting = [asyncio.create_task(asked.ask(endless, within=0.05)) for _ in range(2)]
    await asyncio.sleep(0.01)
    with pytest.raises(UserError, match="Try again in a moment"):
        await asked.ask(brief, within=1)
    await asyncio.wait(waiting)
    assert all(isinstance(each.exception(), OutOfTime) for each in waiting)


async def test_a_turn_cannot_write(asked: Readers) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await asked.ask(lambda turn: turn.fetch("DELETE FROM t"), within=1)


async def test_closing_answers_who_asked_and_needs_no_other_thread(asked: Readers) -> None:
    waiting = [asyncio.create_task(asked.ask(brief, within=1)) for _ in range(5)]
    slow = asyncio.create_task(asked.ask(endless, within=0.05))
    await asyncio.sleep(0)
    await asyncio.get_running_loop().shutdown_default_executor()
    await asked.close()
    assert [await each for each in waiting] == [[(1,)]] * 5
    with pytest.raises(OutOfTime):
        await slow


async def test_a_connection_that_is_only_made_when_nobody_waits_any_more_is_closed_too(tmp_path: Path) -> None:
    begun, go_on, closed = threading.Event(), threading.Event(), list[bool]()

    class Slow(SqliteReading):
        def close(self) -> None:
            super().close()
            closed.append(True)

    def connect() -> Slow:
        begun.set()
        go_on.wait(10)
        return Slow(tmp_path / "x.db", ())

    opened = Readers(connect, 1)
    waiting = asyncio.create_task(opened.ask(lambda turn: turn.fetch("SELECT 1"), within=60))
    await asyncio.to_thread(begun.wait)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    closing = asyncio.create_task(opened.close())
    await asyncio.sleep(0.02)
    go_on.set()
    await closing
    assert closed == [True]
