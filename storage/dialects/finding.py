"""What the text index answers: counts, numbers, and what the order of found papers depends on. Changes nothing.

The functions run in a turn on a connection. Those that read papers newest first give what came before time was over.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from bot.domain.analysis import id_label, title_key
from bot.domain.flat import ids_of
from bot.domain.ranking import Found
from storage.dialects import gin, gin_newest, gin_vocabulary
from storage.dialects.conditions import PAPERS_IN_BRIEF, Where
from storage.dialects.gin_conditions import GinWhere
from storage.readers import Turn

_POPULAR = 300
"""Well-known papers, at least, from which the most popular are chosen."""


_GATHERED = "group_concat(number), group_concat(words, char(10)), group_concat(lead, char(10))"
"""Of many papers one row: between two rows another thread may take over, and with many people one always does."""


_TITLES = (
    f"SELECT {_GATHERED} FROM (SELECT value AS number FROM json_each(?)) AS wanted "  # noqa: S608
    "CROSS JOIN paper_titles ON paper_titles.id = number"
)
_WORDS = (
    "SELECT group_concat(number), group_concat(words, char(10)) "
    "FROM (SELECT value AS number FROM json_each(?)) AS wanted CROSS JOIN paper_titles ON paper_titles.id = number"
)
_UPVOTED = (
    f"SELECT papers.id, upvotes FROM json_each(?) AS wanted CROSS JOIN {PAPERS_IN_BRIEF} "  # noqa: S608
    "ON papers.id = wanted.value WHERE upvotes > 0"
)
_HOLDING = (
    "SELECT rowid AS number FROM title_index WHERE title_index MATCH ? AND rowid >= ? AND rowid < ? "
    "ORDER BY rowid DESC LIMIT ?"
)


_CALLED = (
    f"SELECT {_GATHERED} FROM (SELECT papers.id AS number, words, lead FROM papers "  # noqa: S608
    "CROSS JOIN paper_titles ON paper_titles.id = papers.id WHERE title_key = ? AND words = ? "
    "ORDER BY papers.id DESC LIMIT ?) AS called"
)
_BELOW = """
    SELECT ids FROM (SELECT ids FROM papers WHERE id < ? ORDER BY id DESC LIMIT 100) WHERE ids <> '[]' LIMIT 2
"""
"""The ids of two papers right below a number."""


class Numbers(NamedTuple):
    """The papers with these numbers."""

    lowest: int
    end: int
    """Greater than all of them."""


EVERY = Numbers(0, 1 << 62)


def count_matches(turn: Turn, asked: Where) -> int:
    """How many papers match. Raises OutOfTime."""
    ((count,),) = turn.fetch(f"SELECT count(*) FROM {asked.source}", asked.parameters)  # noqa: S608
    return int(count)


def best_matches(turn: Turn, asked: Where, limit: int) -> list[Found]:
    """The papers whose text matches best, best first; the newer first among equals. Raises OutOfTime."""
    source = asked.source
    if isinstance(asked, GinWhere):
        score, weights = asked.score(gin_vocabulary.rarity(turn, asked.terms))
        source = asked.source_read_once
    else:
        score, weights = asked.score
    scored = f"SELECT {asked.number} AS number, {score} AS score FROM {source}"  # noqa: S608
    rows = turn.fetch(
        f"SELECT {_GATHERED}, json_group_array(score) "  # noqa: S608
        f"FROM ({scored} ORDER BY score DESC, number DESC LIMIT ?) AS best "
        "CROSS JOIN paper_titles ON paper_titles.id = number",
        (*weights, *asked.parameters, limit),
    )
    return sorted(_found(rows), key=lambda each: (each.score, each.id), reverse=True)


def newest_matches(turn: Turn, asked: Where, limit: int, *, gathered: bool = False) -> list[int]:
    """The numbers of the newest papers that match, newest first.

    Where they are `gathered`, which is quicker, it is all of them or, where time is over before, none.
    """
    if isinstance(asked, GinWhere):
        return gin_newest.newest_matches(turn, asked, limit)
    newest = f"SELECT {asked.number} AS number FROM {asked.source} ORDER BY {asked.number} DESC LIMIT ?"  # noqa: S608
    if not gathered:
        return [number for (number,) in turn.fetch_in_time(newest, (*asked.parameters, limit))]
    rows = turn.fetch_in_time(f"SELECT group_concat(number) FROM ({newest}) AS newest", (*asked.parameters, limit))  # noqa: S608
    return sorted(json.loads(f"[{rows[0][0] or ''}]"), reverse=True) if rows else []


def newest_titles(turn: Turn, asked: Where, limit: int) -> list[Found]:
    """The newest papers that match, newest first."""
    if isinstance(asked, GinWhere):
        return sorted(_titles_in_time(turn, gin_newest.newest_matches(turn, asked, limit)), reverse=True)
    rows = turn.fetch_in_time(
        f"SELECT {_GATHERED} FROM (SELECT {asked.number} AS number FROM {asked.source} "  # noqa: S608
        f"ORDER BY {asked.number} DESC LIMIT ?) AS newest CROSS JOIN paper_titles ON paper_titles.id = number",
        (*asked.parameters, limit),
    )
    return sorted(_found(rows), reverse=True)


def among_the_newest(turn: Turn, asked: Where, share: float) -> Where:
    """The same among about this share of all papers, the newest, were there as many every day. Raises OutOfTime."""
    return since(turn, asked, numbers_of_the_newest(turn, (share,))[0])


def since(turn: Turn, asked: Where, lowest: int) -> Where:
    """The same among the papers with this number and greater ones. Raises OutOfTime."""
    if isinstance(asked, GinWhere):
        return asked.from_number(lowest)
    return asked.from_number(lowest, [id_label(ids_of(ids)[0]) for (ids,) in turn.fetch(_BELOW, (lowest,))])


def numbers_of_the_newest(turn: Turn, shares: Iterable[float]) -> list[int]:
    """The same for each of these shares. Raises OutOfTime."""
    ((lowest, greatest),) = turn.fetch("SELECT (SELECT min(id) FROM papers), (SELECT max(id) FROM papers)")
    return [int(greatest - each * (greatest - lowest)) if greatest else 0 for each in shares]


def whole_texts(turn: Turn, numbers: Sequence[int]) -> list[tuple[Found, str]]:
    """These papers in any order, each with its abstract as it stands. Raises OutOfTime."""
    rows = turn.fetch(
        f"SELECT {_GATHERED}, json_group_array(abstract) FROM (SELECT value AS number FROM json_each(?)) AS wanted "  # noqa: S608
        "CROSS JOIN paper_titles ON paper_titles.id = number CROSS JOIN papers ON papers.id = number",
        (json.dumps(list(numbers)),),
    )
    (*titles, abstracts) = rows[0]
    return list(zip(_found([titles]), json.loads(abstracts or "[]"), strict=True))


def titles_of(turn: Turn, numbers: Sequence[int]) -> list[Found]:
    """These papers, in any order. Raises OutOfTime."""
    return _found(turn.fetch(_TITLES, (json.dumps(list(numbers)),)))


def titles_called(turn: Turn, words: str, limit: int) -> list[Found]:
    """The newest papers whose title is these words, with blanks between them, and no others. Raises OutOfTime."""
    return _found(turn.fetch(_CALLED, (title_key(words), words, limit)))


def _titles_in_time(turn: Turn, numbers: Sequence[int]) -> list[Found]:
    return _found(turn.fetch_in_time(_TITLES, (json.dumps(list(numbers)),)))


def _newest(turn: Turn, asked: Where, limit: int) -> tuple[str, tuple[object, ...]]:
    """The newest papers that match, as a statement with its parameters."""
    if isinstance(asked, GinWhere):
        return "SELECT value AS number FROM json_each(?)", (json.dumps(gin_newest.newest_matches(turn, asked, limit)),)
    newest = f"SELECT {asked.number} AS number FROM {asked.source} ORDER BY {asked.number} DESC LIMIT ?"  # noqa: S608
    return newest, (*asked.parameters, limit)


def popular_titles(turn: Turn, asked: Where, limit: int) -> list[Found]:
    """The papers with the most upvotes among the newest few hundred that match; none where time is over before."""
    newest, told = _newest(turn, asked, max(_POPULAR, limit))
    best = (
        f"SELECT number, papers.upvotes AS upvotes FROM ({newest}) AS newest CROSS JOIN {PAPERS_IN_BRIEF} "  # noqa: S608
        "ON papers.id = number ORDER BY ifnull(papers.upvotes, -1) DESC, number DESC LIMIT ?"
    )
    rows = turn.fetch_in_time(
        f"SELECT {_GATHERED}, json_group_array(0.0), json_group_array(ifnull(upvotes, 0)) FROM ({best}) AS best "  # noqa: S608
        "CROSS JOIN paper_titles ON paper_titles.id = number",
        (*told, limit),
    )
    return sorted(_found(rows), key=lambda each: (each.upvotes, each.id), reverse=True)


def abstracts(turn: Turn, numbers: Sequence[int]) -> dict[int, str]:
    """The abstracts of these papers, as they stand. Raises OutOfTime."""
    return dict(
        turn.fetch(
            "SELECT papers.id, abstract FROM json_each(?) AS wanted CROSS JOIN papers ON papers.id = wanted.value",
            (json.dumps(list(numbers)),),
        )
    )


def titles_holding(turn: Turn, words: Sequence[str], ends: Sequence[str], limit: int, among: Numbers) -> list[int]:
    """The newest papers whose title holds all these words and one of the ends, a `*` after which is any further letter.

    No ends: all these words alone. PostgreSQL looks among all.
    """
    is_sqlite = turn.kind == "sqlite"
    either, every, begun = (" OR ", " AND ", "*") if is_sqlite else (" | ", " & ", ":*")
    each_quoted = _quoted if is_sqlite else gin.quoted
    choices = either.join(f"{each_quoted(each.rstrip('*'))}{begun if each.endswith('*') else ''}" for each in ends)
    asked = every.join([*map(each_quoted, words), *([f"({choices})"] if choices else [])])
    holding = _HOLDING if is_sqlite else gin_newest.titles_holding(turn, asked)
    told = (asked, *among, limit) if is_sqlite else (asked, limit)
    rows = turn.fetch_in_time(f"SELECT group_concat(number) FROM ({holding}) AS begun", told)  # noqa: S608
    return [*json.loads(f"[{rows[0][0] or ''}]")] if rows else []


def words_of_titles(turn: Turn, numbers: Sequence[int]) -> list[tuple[int, str]]:
    """The words of these papers' titles, in any order; none where time is over before."""
    rows = turn.fetch_in_time(_WORDS, (json.dumps(numbers),)) if numbers else []
    if not rows or rows[0][0] is None:
        return []
    return list(zip(json.loads(f"[{rows[0][0]}]"), rows[0][1].split("\n"), strict=True))


def upvoted(turn: Turn, numbers: Sequence[int]) -> dict[int, int]:
    """How many upvotes those of these papers have that have any; none where time is over before."""
    return dict(turn.fetch_in_time(_UPVOTED, (json.dumps(numbers),))) if numbers else {}


def _found(rows: Sequence[Sequence[Any]]) -> list[Found]:
    """The papers in the one row of `_GATHERED` and perhaps further lists."""
    if not rows or rows[0][0] is None:
        return []
    numbers, titles, leads, *more = rows[0]
    return list(map(Found, json.loads(f"[{numbers}]"), titles.split("\n"), leads.split("\n"), *map(json.loads, more)))


def _quoted(terms: str) -> str:
    return f'"{terms}"'
