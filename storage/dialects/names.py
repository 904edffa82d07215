"""Who wrote the papers that hold a name, as the text index answers it; authors as a FlatPaper has them."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.domain.conditions import AllOf, Column, Has
from storage.dialects.gin_conditions import GinWhere
from storage.dialects.gin_newest import newest_matches
from storage.readers import Turn

_NEWEST = 150
_BEST_KNOWN = 100
_LONGEST = 1_500
"""Characters of a list of authors that is read: a large collaboration says nothing about whom one means."""

_HOLDING = """
    SELECT authors FROM (
        SELECT rowid AS number FROM paper_index WHERE paper_index MATCH ?1 ORDER BY rowid DESC LIMIT ?2) AS newest
    CROSS JOIN papers ON papers.id = newest.number WHERE length(authors) <= ?3
"""
_OF_THESE = """
    SELECT authors FROM json_each(?1) AS wanted CROSS JOIN papers ON papers.id = wanted.value
    WHERE length(authors) <= ?2 ORDER BY papers.id DESC
"""
_KNOWN = """
    SELECT authors FROM papers WHERE upvotes IS NOT NULL ORDER BY upvotes DESC, id DESC LIMIT ?
"""
_NEW = "SELECT authors FROM papers ORDER BY id DESC LIMIT ?"


def newest_authors(turn: Turn, words: Sequence[str], *, is_begun: bool) -> list[str]:
    """The authors of the newest papers whose authors' names hold these words, the last one perhaps only begun.

    Raises OutOfTime.
    """
    if turn.kind == "sqlite":
        every = " AND ".join(f'"{each}"' for each in words)
        rows = turn.fetch(_HOLDING, (f"authors : ({every}{'*' if is_begun else ''})", _NEWEST, _LONGEST))
    else:
        *before, last = [Has((Column.AUTHORS,), (each,)) for each in words]
        asked = GinWhere(condition=AllOf((*before, replace(last, prefix=is_begun))), today=date.min)
        rows = turn.fetch(_OF_THESE, (json.dumps(newest_matches(turn, asked, _NEWEST)), _LONGEST))
    return [authors for (authors,) in rows]


def best_known_authors(turn: Turn) -> list[str]:
    """The authors of the papers with the most upvotes, and of the newest. Raises OutOfTime."""
    rows = [*turn.fetch(_KNOWN, (_BEST_KNOWN,)), *turn.fetch(_NEW, (_BEST_KNOWN,))]
    return [authors for (authors,) in rows if len(authors) <= _LONGEST]
