"""What the text index's words are: about how many papers hold a term, and how much a search for it would read.

Asked of the index itself, so that nothing is kept beside it: counts are exact up to a number, and estimates beyond.
"""

import json
from collections.abc import Iterable
from string import ascii_lowercase

from bot.domain.analysis import lead_label
from storage.dialects import gin_vocabulary
from storage.dialects.gin_vocabulary import Place, Spelt
from storage.readers import Turn

TABLES = (
    "CREATE VIRTUAL TABLE temp.title_words USING fts5vocab(main, title_index, row)",
    "CREATE VIRTUAL TABLE temp.index_terms USING fts5vocab(main, paper_index, row)",
)
"""What a connection needs to be asked for the words of titles; nothing is stored (https://sqlite.org/fts5.html, 7)."""

COUNTED = 2_000
"""Papers that are counted one by one, which takes a fifth of a millisecond."""
_POSTINGS = 750
"""Papers on a page of the index (4,000 bytes) that a common term fills."""

_SOME = "SELECT count(*) FROM (SELECT 1 FROM paper_index WHERE paper_index MATCH ? LIMIT ?)"
_SAMPLED = 300
"""The newest titles with a word that is common: from when they are tells how many there are."""
_COUNTED_IN_TITLES = 20_000
"""Titles that are counted one by one, which takes half a millisecond."""
_IN_TITLES = """
    SELECT (SELECT count(*) FROM (SELECT 1 FROM title_index WHERE title_index MATCH '"' || value || '"' LIMIT ?1))
    FROM json_each(?2) ORDER BY key
"""
_SINCE = """
    SELECT (SELECT min(number) FROM (SELECT rowid AS number FROM title_index WHERE title_index MATCH '"' || value || '"'
                                     ORDER BY rowid DESC LIMIT ?1)),
           (SELECT min(id) FROM papers), (SELECT max(id) FROM papers)
    FROM json_each(?2) ORDER BY key
"""
_TOTALS = "SELECT block FROM paper_index_data WHERE id = 1"
_TOTALS_KNOWN = "SELECT block FROM known_index_data WHERE id = 1"
# Each page that begins a term stands in this table by the first it begins, after a zero as a digit: the main index
# (https://sqlite.org/fts5.html#fts5_data_structures). The last bit of the page's number means something else.
_PAGES = """
    WITH RECURSIVE segments(number) AS (
        SELECT min(segid) FROM paper_index_idx
        UNION ALL SELECT (SELECT min(segid) FROM paper_index_idx WHERE segid > number) FROM segments
        WHERE number IS NOT NULL)
    SELECT sum(ifnull(nullif(pages, 0), 1)), count(*) FROM (
        SELECT (SELECT pgno >> 1 FROM paper_index_idx WHERE segid = number AND term > ?2 ORDER BY term LIMIT 1)
             - (SELECT pgno >> 1 FROM paper_index_idx WHERE segid = number AND term <= ?1 ORDER BY term DESC LIMIT 1)
            AS pages
        FROM segments WHERE number IS NOT NULL)
"""
_BEGINNING = "SELECT term FROM temp.title_words WHERE term >= ? AND term < ? ORDER BY doc DESC, term LIMIT ?"
_WORDS = "SELECT term, doc FROM temp.title_words WHERE term >= ? AND term < ? AND doc >= ?"
_WRITTEN = """
    SELECT value, ifnull((SELECT doc FROM temp.title_words WHERE term = value), 0)
                + ifnull((SELECT doc FROM temp.index_terms WHERE term = ? || value), 0) FROM json_each(?)
"""
_LABELS = "SELECT term, doc FROM temp.index_terms WHERE term >= ? AND term < ? AND doc >= ?"
_LAST = b"\xff"
AFTER_ALL = "\U0010ffff"
"""Greater than all that a term holds."""
_STARTS = (*ascii_lowercase, "{", AFTER_ALL)
"""Words are read by their first letter, so that others are answered in between; what is not ASCII comes last."""


def count_indexed(turn: Turn) -> int:
    """How many papers are indexed, which FTS5 keeps as the first number of its first record. Raises OutOfTime."""
    if turn.kind != "sqlite":
        return gin_vocabulary.count_indexed(turn)
    return _total(turn, _TOTALS)


def count_well_known(turn: Turn) -> int:
    """How many of them are well known; in PostgreSQL, which lists them with the others, all. Raises OutOfTime."""
    if turn.kind != "sqlite":
        return gin_vocabulary.count_indexed(turn)
    return _total(turn, _TOTALS_KNOWN)


def _total(turn: Turn, statement: str) -> int:
    found = turn.fetch(statement)
    return _first_number(found[0][0]) if found else 0


def count_terms(turn: Turn, terms: Iterable[str]) -> dict[str, int]:
    """How many papers hold each of these terms, estimated from `COUNTED` on; the unknown left out. Raises OutOfTime."""
    if turn.kind != "sqlite":
        return gin_vocabulary.count_terms(turn, terms)
    counts: dict[str, int] = {}
    for term in dict.fromkeys(terms):
        ((count,),) = turn.fetch(_SOME, (f'"{term}"', COUNTED))
        counts[term] = count
    for term in [each for each, count in counts.items() if count == COUNTED]:
        pages, parts = _pages(turn, term)
        counts[term] = max(COUNTED, (pages - parts) * _POSTINGS)
    return {term: count for term, count in counts.items() if count}


def count_in_titles(turn: Turn, words: Iterable[str]) -> dict[str, int]:
    """About how many titles hold each of these words; the unknown left out. Of common ones it is what the newest few
    hundred would make, were there as many every day. Raises OutOfTime."""
    if turn.kind != "sqlite":
        return gin_vocabulary.count_in_titles(turn, words)
    once = list(dict.fromkeys(words))
    rows = turn.fetch(_IN_TITLES, (_COUNTED_IN_TITLES, json.dumps(once)))
    found = {word: count for word, (count,) in zip(once, rows, strict=True) if count}
    common = [word for word, count in found.items() if count == _COUNTED_IN_TITLES]
    since = turn.fetch(_SINCE, (_SAMPLED, json.dumps(common))) if common else []
    for word, (oldest, lowest, greatest) in zip(common, since, strict=True):
        found[word] = max(_COUNTED_IN_TITLES, _SAMPLED * (greatest - lowest) // (greatest - oldest + 1))
    return found


def pages_read(turn: Turn, terms: Iterable[str]) -> dict[str, int]:
    """About how many pages of the index list the papers that hold each of these terms. Raises OutOfTime."""
    if turn.kind != "sqlite":
        return gin_vocabulary.pages_read(turn, terms)
    return {term: _pages(turn, term)[0] for term in terms}


def pages_beginning(turn: Turn, start: str) -> int:
    """The same for all terms that begin like this. Raises OutOfTime."""
    if turn.kind != "sqlite":
        return gin_vocabulary.pages_beginning(turn, start)
    return _pages(turn, start, _LAST)[0]


def commonest_beginning(turn: Turn, start: str, limit: int) -> list[str]:
    """Words that begin like this and stand in the most titles. Raises OutOfTime."""
    if turn.kind != "sqlite":
        return gin_vocabulary.commonest_beginning(turn, start, limit)
    return [word for (word,) in turn.fetch(_BEGINNING, (start, start + AFTER_ALL, limit))]


def spelt_from(turn: Turn, place: Place | None, *, at_least: int) -> Spelt:
    """Some of the words, those that begin at this place, first of all where there is None; those that fewer than
    `at_least` have may be left out. Raises OutOfTime."""
    if turn.kind != "sqlite":
        return gin_vocabulary.spelt_from(turn, place if isinstance(place, int) else 0)
    start = str(place or _STARTS[0])
    end = _STARTS[_STARTS.index(start) + 1]
    labels = turn.fetch(_LABELS, (lead_label(start), lead_label(end), at_least))
    return Spelt(
        titles=dict(turn.fetch(_WORDS, (start, end, at_least))),
        leads={label.removeprefix(lead_label("")): count for label, count in labels},
        rest=end if end != AFTER_ALL else None,
    )


def count_written(turn: Turn, spellings: Iterable[str]) -> dict[str, int]:
    """How many titles hold each of these words just so, or have a first author who is called so. Raises OutOfTime."""
    if turn.kind != "sqlite":
        return gin_vocabulary.count_written(turn, spellings)
    return dict(turn.fetch(_WRITTEN, (lead_label(""), json.dumps(sorted(spellings)))))


def _pages(turn: Turn, start: str, end: bytes = b"") -> tuple[int, int]:
    """About how many pages of the index hold what begins so, one at least of each of its parts, and how many parts it
    has. Raises OutOfTime."""
    first = b"0" + start.encode()
    ((pages, parts),) = turn.fetch(_PAGES, (first, first + end))
    return pages or 0, parts


def _first_number(block: bytes) -> int:
    """A number as SQLite writes it: seven bits a byte, the greatest first (https://sqlite.org/fileformat.html#varint).

    None here is so great that it takes nine bytes.
    """
    value = 0
    for byte in block[:8]:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            break
    return value
