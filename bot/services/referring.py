"""Tells which one paper a text refers to, as people call it or as a reference cites it, and what to type for one."""

import re
from functools import lru_cache

from bot.domain.analysis import words
from bot.domain.identifiers import parse_identifier
from bot.domain.labels import LONGEST, units
from bot.domain.nicknames import nicknames_in
from bot.domain.papers import KnownPaper, Paper
from bot.domain.parsing import QueryError, parse_query
from bot.domain.query import And, Field, Words
from bot.domain.references import Cited
from bot.interfaces import Storage

_LETTERS = "[A-Za-z0-9À-ÖØ-öø-ɏ]+(?:['’][A-Za-z0-9]+)?"
_PLAIN = re.compile(
    r"(?!.*\b(?:AND|OR|NOT)\b)(?!.*\b(?:title|abstract|author|cat|category|after|before):)"
    rf"{_LETTERS}(?:(?:[-+–—,]|[.,;?!:]? ){_LETTERS}){{0,20}}[.?!]?"
)
"""A title that is plainly just words, as nearly all are: to parse it takes a hundred times longer."""


async def called_so(storage: Storage, text: str) -> KnownPaper | None:
    """The paper that people call so, where it is here: "resnet", or "Kaiming He resnet" if he wrote it."""
    for called in nicknames_in(text):
        for title in called.titles:
            found = await storage.find_titled(title)
            if found and _told_of(found.paper).issuperset(called.beside):
                return found
    return None


def _told_of(paper: Paper) -> set[str]:
    """The words of its authors' names, and the years it is cited with: its own, and the next, when it is printed."""
    year = paper.published_at.year if paper.published_at else 0
    return {f"{year}", f"{year + 1}", *(word for author in paper.authors for word in words(author.name))}


async def cited_paper(storage: Storage, reference: Cited) -> KnownPaper | None:
    """The paper that a reference is of, by the one id it has or by its title; None where it is not here."""
    if len(reference.ids) == 1 and (known := await storage.find_paper(reference.ids[0])):
        return known
    for title in reference.titles:
        known = await storage.find_titled(title)
        published = known.paper.published_at if known else None
        if known and reference.may_be(title, published.year if published else None):
            return known
    return None


def to_type(paper: Paper) -> str:
    """What to type to find this paper: its title if that means just its words, else an id, else some of its words."""
    if units(paper.title) <= LONGEST and _is_plain(paper.title):
        return paper.title
    for each in paper.ids:
        if units(each.value) <= LONGEST and parse_identifier(each.value) == each:
            return each.value
    return words_within(paper.title, LONGEST)


def words_within(title: str, limit: int) -> str:
    """The first words of a title, folded, as many as fit into `limit` UTF-16 units."""
    fitting = ""
    for word in words(title):
        longer = f"{fitting} {word}".lstrip()
        if units(longer) > limit:
            break
        fitting = longer
    return fitting


@lru_cache(maxsize=1 << 12)
def _is_plain(title: str) -> bool:
    """Whether a title, typed as a query, looks for nothing but its own words."""
    if _PLAIN.fullmatch(title):
        return True
    try:
        root = parse_query(title).root
    except QueryError:
        return False
    parts = root.parts if isinstance(root, And) else (root,)
    return all(isinstance(part, Words) and part.field is Field.ANY for part in parts)
