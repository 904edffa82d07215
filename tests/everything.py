"""Fills every table there is with rows of all sorts, whatever columns it has: nothing may be forgotten in a copy."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, SmallInteger, Table, Text, insert

from bot.domain.analysis import title_key
from bot.domain.flat import flat
from bot.domain.identifiers import ExternalId
from bot.domain.papers import Author, Paper
from storage.database import Database
from storage.instants import Duration, Instant
from storage.numbering import PER_DAY
from storage.papers import add_rows
from storage.schema import meta, metadata, other_titles, papers

_NOW = datetime(2026, 5, 22, 12, tzinfo=UTC)
_LETTERS = "abcdefghij ABC.,'\"\\%_-é𝔊日本\u0301\u200b\n"
"""Of one to four bytes, and some that a database may have a meaning for."""
_TOGETHER = 2_000


async def fill_everything(database: Database, rows: Mapping[str, int], *, others: int, seed: int = 1) -> None:
    """So many rows in the tables that are named, and `others` in each of the rest; the database holds none yet."""
    chance = Random(seed)
    numbers = await _fill_papers(database, rows.get(papers.name, others), chance)
    for table in metadata.sorted_tables:
        if table is papers:
            continue
        made = _rows(table, rows.get(table.name, others), numbers, chance)
        while some := [row for row, _ in zip(made, range(_TOGETHER), strict=False)]:
            async with database.write() as connection:
                await connection.execute(insert(table), some)


async def _fill_papers(database: Database, count: int, chance: Random) -> list[int]:
    words = ["".join(chance.choices("bdfgklmnrstaeiou", k=chance.randint(2, 9))) for _ in range(4_000)]
    numbers = [(40_000 + each // 300) * PER_DAY + each % 300 for each in range(count)]
    for start in range(0, count, _TOGETHER):
        some = [(number, _paper(number, words, chance)) for number in numbers[start : start + _TOGETHER]]
        async with database.write() as connection:
            rows = [(number, title_key(paper.title), flat(paper)) for number, paper in some]
            await add_rows(connection, rows, _NOW + timedelta(microseconds=start))
    return numbers


def _paper(number: int, words: Sequence[str], chance: Random) -> Paper:
    def text(length: int) -> str:
        return " ".join(words[int(len(words) * chance.random() ** 3)] for _ in range(length))

    return Paper(
        title=f"{text(9)} {_text(chance)}",
        abstract=text(chance.randint(0, 260)),
        authors=tuple(Author(family=text(1), given=text(1)) for _ in range(chance.randint(0, 6))),
        categories=(chance.choice(("cs.LG", "cs.CL", "cs.CV", "stat.ML")),),
        published_at=_NOW - timedelta(microseconds=number),
        upvotes=chance.choice((None, None, number % 90)),
        comment=chance.choice((None, _text(chance))),
        ids=(ExternalId("arxiv", f"2401.{number}"),) if chance.random() < 0.9 else (),
        sources=("arxiv",),
    )


def _rows(table: Table, count: int, numbers: Sequence[int], chance: Random) -> Iterator[dict[str, Any]]:
    """Rows whose keys differ, in no order; of the papers that they are about there may be few."""
    for each in chance.sample(range(count), count):
        row = {column.name: _value(column, each, numbers, chance) for column in table.c}
        if table is meta:
            row["key"] = f"known {each} {_text(chance)}"
        if table is other_titles:
            row["title_key"] = title_key(row["title"])  # else it would become so
        yield row


def _value(column: Column[Any], each: int, numbers: Sequence[int], chance: Random) -> Any:  # noqa: PLR0911 (a table)
    if column.foreign_keys:
        return numbers[each % len(numbers)]
    if column.nullable and chance.random() < 0.3:
        return None
    kind = column.type
    if isinstance(kind, Instant):
        return _NOW + timedelta(microseconds=each)
    if isinstance(kind, Duration):
        return timedelta(microseconds=each)
    if isinstance(kind, Date):
        return date(1990, 1, 1) + timedelta(days=each)
    if isinstance(kind, Boolean):
        return chance.random() < 0.5
    if isinstance(kind, SmallInteger):
        return each % 30_000
    if isinstance(kind, (BigInteger, Integer)):
        return each * 3 + 1 if column.primary_key else each * (1 << 43) + 17
    assert isinstance(kind, Text), column
    return f"{each} {_text(chance)}"


def _text(chance: Random) -> str:
    return "".join(chance.choices(_LETTERS, k=chance.randint(0, 12)))
