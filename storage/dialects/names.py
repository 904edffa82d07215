"""Who wrote the papers that hold a name, as SQLite answers it; authors as a FlatPaper has them. Decides nothing."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialects.sqlite import fetch

_NEWEST = 150
_BEST_KNOWN = 100
_LONGEST = 1_500
"""Characters of a list of authors that is read: a large collaboration says nothing about whom one means."""

_HOLDING = """
    SELECT authors FROM (
        SELECT rowid AS number FROM paper_index WHERE paper_index MATCH ?1 ORDER BY rowid DESC LIMIT ?2) AS newest
    CROSS JOIN papers ON papers.id = newest.number WHERE length(authors) <= ?3
"""
_KNOWN = """
    SELECT authors FROM papers WHERE upvotes IS NOT NULL ORDER BY upvotes DESC, id DESC LIMIT ?
"""
_NEW = "SELECT authors FROM papers ORDER BY id DESC LIMIT ?"
# Each page that begins a term stands in this table by the first it begins, after a zero as a digit: the main index
# (https://sqlite.org/fts5.html#fts5_data_structures). The last bit of the page's number means something else.
_PAGES = """
    WITH RECURSIVE segments(number) AS (
        SELECT min(segid) FROM paper_index_idx
        UNION ALL SELECT (SELECT min(segid) FROM paper_index_idx WHERE segid > number) FROM segments
        WHERE number IS NOT NULL)
    SELECT sum(coalesce(
        (SELECT pgno >> 1 FROM paper_index_idx WHERE segid = number AND term > ?2 ORDER BY term LIMIT 1)
        - (SELECT pgno >> 1 FROM paper_index_idx WHERE segid = number AND term <= ?1 ORDER BY term DESC LIMIT 1), 1))
    FROM segments WHERE number IS NOT NULL
"""


async def pages_beginning(connection: AsyncConnection, start: str) -> int:
    """About how many pages of the index list the papers that hold words that begin so."""
    first = b"0" + start.encode()
    ((pages,),) = await fetch(connection, _PAGES, (first, first + b"\xff"))
    return int(pages or 0)


async def newest_authors(connection: AsyncConnection, words: Sequence[str], *, is_begun: bool) -> list[str]:
    """The authors of the newest papers whose authors' names hold these words, the last one perhaps only begun."""
    asked = " AND ".join(f'"{each}"' for each in words) + ("*" if is_begun else "")
    rows = await fetch(connection, _HOLDING, (f"authors : ({asked})", _NEWEST, _LONGEST))
    return [authors for (authors,) in rows]


async def best_known_authors(connection: AsyncConnection) -> list[str]:
    """The authors of the papers with the most upvotes, and of the newest."""
    rows = [*await fetch(connection, _KNOWN, (_BEST_KNOWN,)), *await fetch(connection, _NEW, (_BEST_KNOWN,))]
    return [authors for (authors,) in rows if len(authors) <= _LONGEST]
