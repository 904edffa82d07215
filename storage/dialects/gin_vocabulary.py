"""What PostgreSQL knows of the text index's words, as `vocabulary` asks it.

Few papers are counted one by one; of many, the planner's statistics say about how many there are, which costs nothing.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

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
_TOGETHER = 20_000
"""Titles whose words are counted in one go: a tenth of a second."""
_LOOKED_AT = 2_000
"""Titles from which the commonest words that begin alike are chosen."""

_SOME = (
    "SELECT count(*) FROM (SELECT 1 FROM paper_index WHERE terms @@ CAST(CAST(? AS text) AS tsquery) LIMIT ?) AS few"
)
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
    counts = {term: _counted(turn, _anywhere(term)) for term in dict.fromkeys(terms)}
    return {term: count for term, count in counts.items() if count}


def rarity(turn: Turn, terms: Sequence[str]) -> Rarity:
    """How much each of these terms tells."""
    return Rarity(count_indexed(turn), count_terms(turn, terms) if len(terms) > 1 else {})


def pages_read(turn: Turn, terms: Iterable[str]) -> dict[str, int]:
    """About how many pages of the index list the papers that hold each of these terms."""
    return {term: _estimated(turn, _anywhere(term)) // _POSTINGS + 1 for term in terms}


def pages_beginning(turn: Turn, starts: Iterable[str]) -> int:
    """The same for all terms that begin like one of these."""
    return sum(_estimated(turn, _anywhere(start, prefix=True)) // _POSTINGS + 1 for start in starts)


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


def _counted(turn: Turn, asked: str) -> int:
    estimated = _estimated(turn, asked)
    if estimated >= _SURELY:
        return estimated
    ((count,),) = turn.fetch(_SOME, (asked, COUNTED))
    return int(count) if count < COUNTED else max(COUNTED, estimated)


def _estimated(turn: Turn, asked: str) -> int:
    """How many papers the planner expects. The term is quoted, and holds nothing that could end its quotation."""
    explained = f"EXPLAIN (FORMAT JSON) SELECT 1 FROM paper_index WHERE terms @@ CAST($t${asked}$t$ AS tsquery)"  # noqa: S608
    ((plan,),) = turn.fetch(explained)
    rows: int = json.loads(plan)[0]["Plan"]["Plan Rows"]
    return rows
