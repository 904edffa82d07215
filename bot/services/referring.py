"""Tells which one paper a text refers to, as people call it or as a reference cites it, and what to type for one."""

import re
from collections.abc import Collection
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.domain.analysis import words
from bot.domain.identifiers import parse_identifier
from bot.domain.labels import LONGEST, units
from bot.domain.nicknames import nicknames_in
from bot.domain.papers import KnownPaper, Paper
from bot.domain.parsing import QueryError, parse_query
from bot.domain.query import And, Field, Words
from bot.domain.references import Cited
from bot.domain.spoken_limits import YEAR
from bot.interfaces import Storage

_DATED = re.compile(rf"(?P<title>\S.*[^\s,]),?\s+\(?(?P<year>{YEAR})\)?")
_FIRST_AUTHORS = 2
_MANY_AUTHORS = 10
"""By more than so many, a paper is hardly known by its last author."""
_MISTYPED = 5
"""Letters of a name from which on one may be wrong."""
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
            if found and _is_told_by(called.beside, found.paper):
                return found
    return None


def _is_told_by(told: frozenset[str], paper: Paper) -> bool:
    """Whether words beside what people call a paper are who wrote it, by the family name, or when, and nothing else.

    The year alone is that of the preprint, for "transformers 2018" is a topic.
    """
    years, names = [int(each) for each in told if each.isdecimal()], [each for each in told if not each.isdecimal()]
    if not names:
        return all(paper.published_at is not None and paper.published_at.year == year for year in years)
    if not all(_is_of(paper, year) for year in years):
        return False
    last = paper.authors[-1:] if len(paper.authors) <= _MANY_AUTHORS else ()
    authors = (*paper.authors[:_FIRST_AUTHORS], *last)
    theirs = {word for author in authors for word in words(author.name)}
    meant = {_likely(each, theirs) for each in names}
    return None not in meant and any(meant.issuperset(words(author.family)) for author in authors if author.family)


def _likely(typed: str, names: Collection[str]) -> str | None:
    """Which of these somebody's name is, if perhaps with a letter wrong."""
    found = process.extractOne(typed, names, scorer=OSA.distance, score_cutoff=1 if len(typed) >= _MISTYPED else 0)
    return found[0] if found else None


def _is_of(paper: Paper, year: int) -> bool:
    """Whether a paper is cited with this year: its own, or the next, when it is printed."""
    return paper.published_at is not None and year - 1 <= paper.published_at.year <= year


async def referred_paper(storage: Storage, text: str, reference: Cited | None) -> KnownPaper | None:
    """The paper that a reference, read from this text, is of, or whose title and year it is; None where it is a title,
    or that paper is not here."""
    dated = _DATED.fullmatch(text.strip()) if reference is None else None
    if dated and len(words(dated["title"])) > 1:
        known = await storage.find_titled(dated["title"])
        is_meant = known and _is_of(known.paper, int(dated["year"])) and not await storage.find_titled(text)
        return known if is_meant else None
    if reference is None or await storage.find_titled(text):
        return None
    return await cited_paper(storage, reference)


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
