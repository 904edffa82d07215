"""Queries as people type them, drawn from the papers a database holds; the same for the same database and seed."""

import json
import random
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

_WORD = re.compile(r"[A-Za-z]{4,}")


def questions(database: Path, count: int, chance: random.Random) -> list[str]:
    """A mix: one, two and three words of a title, a phrase of two, a prefix, an author, a word in a category."""
    with closing(sqlite3.connect(database)) as connection:
        numbers = [number for (number,) in connection.execute("SELECT id FROM papers ORDER BY id")]
        return [question(_row(connection, chance.choice(numbers)), chance) for _ in range(count)]


def _row(connection: sqlite3.Connection, number: int) -> tuple[str, str, str]:
    statement = "SELECT title, authors, categories FROM papers WHERE id = ?"
    title, authors, categories = connection.execute(statement, (number,)).fetchone()
    return title, authors, categories


def question(row: tuple[str, str, str], chance: random.Random) -> str:
    """One about a paper of which this is the title, the authors and the categories."""
    title, authors, categories = row
    words = _WORD.findall(title) or ["learning"]
    names = _WORD.findall(authors) or ["Chen"]
    start = chance.randrange(len(words))
    kinds: dict[str, Callable[[], str]] = {
        "one": lambda: chance.choice(words),
        "two": lambda: " ".join(chance.sample(words, min(2, len(words)))),
        "three": lambda: " ".join(chance.sample(words, min(3, len(words)))),
        "phrase": lambda: f'"{" ".join(words[start : start + 2])}"',
        "prefix": lambda: f"{chance.choice(words)[:4]}*",
        "author": lambda: f"author:{chance.choice(names)}",
        "category": lambda: f"{chance.choice(words)} cat:{chance.choice(json.loads(categories) or ['cs.LG'])}",
    }
    return kinds[chance.choice(list(kinds))]()
