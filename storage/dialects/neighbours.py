"""What SQLite's text index tells of a paper's neighbours: how common its terms are, and which papers share them."""

import json
from collections.abc import Sequence

from bot.domain.similarity import Compared
from storage.readers import Turn

_COUNTS = """
    SELECT (SELECT count(*) FROM (SELECT 1 FROM paper_index WHERE paper_index MATCH value LIMIT ?1))
    FROM json_each(?2) ORDER BY key
"""
_SHARING = """
    SELECT papers.id, title, abstract FROM (
        SELECT rowid AS number, bm25(paper_index, 3.0, 1.0, 0.0, 0.0) AS score FROM paper_index
        WHERE paper_index MATCH ?1 ORDER BY score, number DESC LIMIT ?2) AS best
    CROSS JOIN papers ON papers.id = best.number
"""


def count_holding(turn: Turn, terms: Sequence[str], most: int) -> list[int]:
    """For each term how many papers hold it in title or abstract, `most` where there are more. Raises OutOfTime."""
    asked = [f'{{title abstract}} : "{each}"' for each in terms]
    return [count for (count,) in turn.fetch(_COUNTS, (most, json.dumps(asked)))]


def papers_sharing(turn: Turn, terms: Sequence[str], limit: int) -> list[Compared]:
    """The papers whose titles and abstracts hold some of these terms, the closest first. Raises OutOfTime."""
    asked = f"{{title abstract}} : ({' OR '.join(map(_quoted, terms))})"
    rows = turn.fetch(_SHARING, (asked, limit))
    return [Compared(id=number, title=title, abstract=abstract) for number, title, abstract in rows]


def _quoted(term: str) -> str:
    return f'"{term}"'
