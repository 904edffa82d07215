"""What the text index tells of a paper's neighbours: how common its terms are, and which papers share them."""

import json
from collections.abc import Sequence

from bot.domain.similarity import COUNTED, Compared
from storage.dialects import gin, gin_vocabulary
from storage.dialects.statements import Worded
from storage.readers import Turn

_COUNTS = """
    SELECT (SELECT count(*) FROM (SELECT 1 FROM paper_index WHERE paper_index MATCH value LIMIT ?1))
    FROM json_each(?2) ORDER BY key
"""
_SHARING = Worded(
    sqlite="""
    SELECT papers.id, title, abstract FROM (
        SELECT rowid AS number, bm25(paper_index, 3.0, 1.0, 0.0, 0.0) AS score FROM paper_index
        WHERE paper_index MATCH ?1 ORDER BY score, number DESC LIMIT ?2) AS best
    CROSS JOIN papers ON papers.id = best.number
    """,
    # Which of the terms a paper holds tells nearly as much as how often. Term by term, for then no list of a paper's
    # terms is read, each of which stands on a page of its own.
    postgresql=f"""
    SELECT papers.id, papers.title, papers.abstract FROM (
        SELECT number FROM (
            SELECT number, ln(1e9 / count(*) OVER (PARTITION BY term)) AS tells
            FROM unnest(string_to_array(CAST(?1 AS text), ' | ')) AS sought (term),
                LATERAL (
                    SELECT id AS number FROM paper_index
                    WHERE terms @@ CAST(term AS tsquery) LIMIT {COUNTED}) AS holding) AS held
        GROUP BY number ORDER BY sum(tells) DESC, number DESC LIMIT ?2) AS best
    JOIN papers ON papers.id = best.number
    """,  # noqa: S608 (a number of our own)
)


def count_holding(turn: Turn, terms: Sequence[str], most: int) -> list[int]:
    """For each term how many papers hold it in title or abstract, `most` where there are more. Raises OutOfTime."""
    if turn.kind != "sqlite":
        return gin_vocabulary.count_up_to(turn, list(map(gin.quoted, terms)), most)
    asked = [f'{{title abstract}} : "{each}"' for each in terms]
    return [count for (count,) in turn.fetch(_COUNTS, (most, json.dumps(asked)))]


def papers_sharing(turn: Turn, terms: Sequence[str], limit: int) -> list[Compared]:
    """The papers whose titles and abstracts hold some of these terms, the closest first. Raises OutOfTime."""
    if turn.kind == "sqlite":
        asked = f"{{title abstract}} : ({' OR '.join(map(_quoted, terms))})"
    else:
        asked = " | ".join(map(gin.quoted, terms))
    rows = turn.fetch(_SHARING, (asked, limit))
    return [Compared(id=number, title=title, abstract=abstract) for number, title, abstract in rows]


def _quoted(term: str) -> str:
    return f'"{term}"'
