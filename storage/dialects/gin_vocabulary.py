"""What PostgreSQL knows of the text index's words, as `vocabulary` asks it.

Few papers are counted one by one; of many, the planner's statistics say about how many there are, which costs nothing.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from bot.domain.analysis import lead_label
from bot.domain.rarity import Rarity
from storage.dialects.gin import AUTHOR_MARK, quoted
from storage.readers import Turn

COUNTED = 2_000
"""Papers that are counted one by one."""
_POSTINGS = 150
"""Papers whose reading takes as long as a page of SQLite's index, by which effort is told."""
_SURELY = 20_000
"""Of a term that the statistics put at this or more, nothing is counted."""
_ESTIMATED = 50
"""Terms about which the planner is asked at once."""
_TOGETHER = 20_000
"""Titles whose words are counted in one go: a tenth of a second."""
_LOOKED_AT = 2_000
"""Titles from which the commonest words that begin alike are chosen."""

_SOME = """
    SELECT (SELECT count(*) FROM (
        SELECT 1 FROM paper_index WHERE terms @@ CAST(value AS tsquery) LIMIT ?1) AS few)
    FROM json_array_elements_text(CAST(?2 AS json)) WITH ORDINALITY AS asked (value, key) ORDER BY key
"""
_ALL = "SELECT count(*) FROM (SELECT 1 FROM paper_titles LIMIT ?) AS few"
_ESTIMATED_ALL = "SELECT CAST(reltuples AS bigint) FROM pg_class WHERE oid = CAST('paper_titles' AS regclass)"
_BEGINNING = """
    SELECT word FROM (
        SELECT word_terms FROM paper_titles WHERE word_terms @@ CAST(CAST(?1 AS text) AS tsquery) LIMIT ?4) AS few,
        unnest(tsvector_to_array(word_terms)) AS word
    WHERE word COLLATE "C" >= ?2 AND word COLLATE "C" < ?5
    GROUP BY word ORDER BY count(*) DESC, word COLLATE "C" LIMIT ?3
"""
_LAST_OF_SOME = "SELECT max(id) FROM (SELECT id FROM paper_titles WHERE id > ? ORDER BY id LIMIT ?) AS few"
_WORDS = """
    SELECT word, count(*) FROM paper_titles, unnest(tsvector_to_array(word_terms)) AS word
    WHERE id > ? AND id <= ? GROUP BY word
"""
_LEADS = """
    SELECT word, count(*) FROM (
        SELECT unnest(string_to_array(lead, ' ')) AS word FROM paper_titles WHERE id > ? AND id <= ?) AS leads
    GROUP BY word
"""
_WRITTEN = """
    SELECT value ->> 0, (SELECT count(*) FROM (
            SELECT 1 FROM paper_titles WHERE word_terms @@ CAST(value ->> 1 AS tsquery) LIMIT ?1) AS titles)
        + (SELECT count(*) FROM (
            SELECT 1 FROM paper_index WHERE terms @@ CAST(value ->> 2 AS tsquery) LIMIT ?1) AS leads)
    FROM json_array_elements(CAST(?2 AS json)) AS asked (value)
"""
_TITLED = """
    SELECT (SELECT count(*) FROM (
        SELECT 1 FROM paper_titles WHERE word_terms @@ CAST(value AS tsquery) LIMIT ?1) AS few)
    FROM json_array_elements_text(CAST(?2 AS json)) WITH ORDINALITY AS asked (value, key) ORDER BY key
"""
_TEXTS, _TITLES = ("paper_index", "terms"), ("paper_titles", "word_terms")
"""A table, and its column of terms."""
_AFTER_ALL = "\U0010ffff"


Place = str | int
"""Where words are read from next: a letter in SQLite, which has them in order, and in PostgreSQL a paper's number."""


class Spelt(NamedTuple):
    """How some words are spelt, unstemmed. Of a word that comes again, the counts are to be added."""

    titles: Mapping[str, int]
    """In how many titles they stand."""
    leads: Mapping[str, int]
    """Of how many papers the first author is called so."""
    rest: Place | None
    """Where others are; None where there are no more."""


def count_indexed(turn: Turn) -> int:
    """How many papers are indexed, an estimate where there are many: to count these takes longer than a search."""
    ((estimated,),) = turn.fetch(_ESTIMATED_ALL)
    if estimated >= _SURELY:
        return int(estimated)
    ((count,),) = turn.fetch(_ALL, (_SURELY,))
    return int(count)


def count_terms(turn: Turn, terms: Iterable[str]) -> dict[str, int]:
    """How many papers hold each of these terms, estimated from `COUNTED` on; the unknown left out."""
    once = list(dict.fromkeys(terms))
    asked = list(map(_anywhere, once))
    expected = _expected(turn, asked)
    counts = _counted(turn, asked, expected, COUNTED)
    told = zip(once, counts, expected, strict=True)
    return {each: max(count, many) if count == COUNTED else count for each, count, many in told if count}


def count_in_titles(turn: Turn, words: Iterable[str]) -> dict[str, int]:
    """About how many titles hold each of these words just so; the unknown left out."""
    once = list(dict.fromkeys(words))
    asked = list(map(quoted, once))
    expected = _expected(turn, asked, _TITLES)
    counts = _counted(turn, asked, expected, COUNTED, _TITLED)
    told = zip(once, counts, expected, strict=True)
    return {each: max(count, many) if count == COUNTED else count for each, count, many in told if count}


def count_up_to(turn: Turn, asked: Sequence[str], most: int) -> list[int]:
    """For each of these tsqueries how many papers it finds, `most` where there are more."""
    return _counted(turn, asked, _expected(turn, asked), most)


def rarity(turn: Turn, terms: Sequence[str]) -> Rarity:
    """How much each of these terms tells."""
    return Rarity(count_indexed(turn), count_terms(turn, terms) if len(terms) > 1 else {})


def pages_read(turn: Turn, terms: Iterable[str]) -> dict[str, int]:
    """About how many pages of the index list the papers that hold each of these terms."""
    once = list(dict.fromkeys(terms))
    found = zip(once, _expected(turn, list(map(_anywhere, once))), strict=True)
    return {term: count // _POSTINGS + 1 for term, count in found}


def pages_beginning(turn: Turn, start: str) -> int:
    """The same for all terms that begin like this."""
    return sum(count // _POSTINGS + 1 for count in _expected(turn, [_anywhere(start, prefix=True)]))


def commonest_beginning(turn: Turn, start: str, limit: int) -> list[str]:
    """Words that begin like this and stand in the most titles, of some titles."""
    asked = (quoted(start, prefix=True), start, limit, _LOOKED_AT, start + _AFTER_ALL)
    return [word for (word,) in turn.fetch(_BEGINNING, asked)]


def spelt_from(turn: Turn, after: int) -> Spelt:
    """The words of some titles, the next ones after this number."""
    ((last,),) = turn.fetch(_LAST_OF_SOME, (after, _TOGETHER))
    if last is None:
        return Spelt(titles={}, leads={}, rest=None)
    titles, leads = (dict(turn.fetch(each, (after, last))) for each in (_WORDS, _LEADS))
    return Spelt(titles=titles, leads=leads, rest=last)


def count_written(turn: Turn, spellings: Iterable[str]) -> dict[str, int]:
    """How many titles hold each of these words just so, or have a first author who is called so, up to `COUNTED`."""
    asked = [(each, quoted(each), quoted(lead_label(each))) for each in sorted(spellings)]
    return dict(turn.fetch(_WRITTEN, (COUNTED, json.dumps(asked))))


def _anywhere(term: str, *, prefix: bool = False) -> str:
    """Who holds a term in any column: those of authors stand behind their mark alone."""
    return f"{quoted(term, prefix=prefix)} | {quoted(term, AUTHOR_MARK, prefix=prefix)}"


def _counted(turn: Turn, asked: Sequence[str], expected: Sequence[int], most: int, counting: str = _SOME) -> list[int]:
    """How many papers each finds, up to `most`: to count what is as common as the planner says takes far too long."""
    rare = [each for each, many in zip(asked, expected, strict=True) if many < _SURELY]
    found = iter(turn.fetch(counting, (most, json.dumps(rare))) if rare else ())
    return [int(next(found)[0]) if many < _SURELY else most for many in expected]


def _expected(turn: Turn, asked: Sequence[str], among: tuple[str, str] = _TEXTS) -> list[int]:
    """How many papers the planner expects each of these tsqueries to find, asked about together: each question takes
    its time there and back. Their terms are quoted, and hold nothing that could end a quotation.
    """
    table, column = among
    rows: list[int] = []
    for start in range(0, len(asked), _ESTIMATED):
        scans = [
            f"SELECT 1 FROM {table} WHERE {column} @@ CAST($t${each}$t$ AS tsquery)"  # noqa: S608
            for each in asked[start : start + _ESTIMATED]
        ]
        ((plan,),) = turn.fetch(f"EXPLAIN (FORMAT JSON) {' UNION ALL '.join(scans)}")
        rows += _scanned(json.loads(plan)[0]["Plan"], table)
    return rows


def _scanned(plan: dict[str, Any], table: str) -> Iterator[int]:
    """How many rows each scan of the table in a plan is expected to give, in the order in which they were asked for."""
    if plan.get("Relation Name") == table:
        yield plan["Plan Rows"]
        return
    for part in plan.get("Plans", ()):
        yield from _scanned(part, table)
