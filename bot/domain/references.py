"""Reads references as bibliographies, mail and browsers have them: which paper is cited, by title, id, people and year.

It knows no paper: whether one is called so a library tells.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.domain.analysis import words
from bot.domain.identifiers import ExternalId, find_identifiers
from bot.domain.query_fields import FIELD_NAMES, QUOTES
from bot.domain.spoken_limits import YEAR

_LONGEST = 1_000
"""Characters of a reference that are read."""
_MOST_SITES = 3
"""Sites and numbers around one title."""
_MOST_TITLES = 24
"""Parts of one reference that are looked up."""
_SHORTEST = 2
"""Words of a title that is looked up: one word alone is in every reference."""
_ONE_WORD = 6
"""Letters of a title of one word."""
_AROUND = " .,;:"
"""What stands around the parts of a reference."""
_TELLING = 4
"""Words from which on a title is hardly any other paper's."""
_GUESSED = 3
"""Words of what is taken for a title though no paper is called so."""
_BIBTEX = re.compile(
    r"(?<![a-z])title\s*=\s*(?:\{(?P<braced>(?:[^{}]|\{[^{}]*\})+)\}|\"(?P<quoted>[^\"]+)\")", re.IGNORECASE
)
_QUOTED = re.compile(rf"[{QUOTES}](?P<title>[^{QUOTES}]+)[{QUOTES}]")
_SITES = (
    "acl anthology|acm digital library|alphaxiv|ar5iv|arxiv(?:[.]org)?|biorxiv|dblp|google scholar|hugging ?face|"
    "ieee(?: journals & magazine| conference publication| xplore)?|jstor|medrxiv|nature|openreview|paper page|"
    "papers with code|pdf|pubmed|request pdf|researchgate|sciencedirect|semantic scholar|springer(?:link)?|ssrn"
)
_SITE = re.compile(rf"^(?:{_SITES})\s+[-–—|:]\s+|\s+[-–—|:]\s+(?:{_SITES})$|^(?:\[pdf\]|\(pdf\))\s+", re.IGNORECASE)
"""What browsers and search engines write before or behind a paper's title."""
_NUMBER = re.compile(r"^\[[\w.+/-]{1,20}\]\s+|^\(?[0-9]{1,3}[.)]\s+")
"""How an entry of a bibliography begins, and the title of arXiv's pages."""
_FIELD = re.compile(rf"(?<![^\s(])-?(?:{'|'.join(each for each in FIELD_NAMES if each not in ('arxiv', 'doi'))}):\S")
"""A field of a query; ids are written with these two by everybody."""
_OPERATOR = re.compile(rf"\b(?:AND|OR|NOT)\b|[{QUOTES}]|(?<![^\s(])-\w")
_OTHERS = re.compile(r"\bet\.?\s+al\b", re.IGNORECASE)
_YEAR_APART = re.compile(rf"[(\[]({YEAR})[a-z]?[)\]]")
_YEAR = re.compile(rf"(?<![\w.:/-]){YEAR}(?=[a-z]?\b)(?![.:/]\d)")
_INITIAL = re.compile(r"(?<!\w)[A-Z]\.(?=[\s,A-Z-]|$)")
_PLACE = re.compile(
    r"\b(?:arxiv preprint|corr abs|(?:vol|pp|no)\. ?\d|advances in neural|in proc\b|(?:in )?(?:the )?proceedings of|"
    r"in (?:international )?conference on|arxiv,? (?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_VENUE = re.compile(r"\b[Ii]n:? [A-Z]{3,8}(?:,|\.| ?['’]?\d)")
_VOLUME = re.compile(rf"\b{YEAR}(?: [A-Z][a-z]{{2}}(?: [0-9]{{1,2}})?)?;\s?[0-9]")
"""The year and the volume, as medicine has them."""
_STAMP = re.compile(r"\[[a-z][a-z-]+(?:\.[A-Za-z-]{2,})?\]")
"""The category beside the id, as the margin of an arXiv paper has it."""
_LISTED = re.compile(r"\b[A-Z]\.,|,\s(?:and\s|&\s)?(?:[A-Z]\.[\s-]?)+[A-Z][\w’'-]+,|\w\s[A-Z]{1,2},\s")
"""Several authors by initials."""
_OF_LISTS = (_PLACE, _VENUE, _VOLUME, _LISTED, _QUOTED)
"""What stands in references alone, not in what people say."""
_LIKE = re.compile(
    r"(?:(?:show|find|give|get)\s+(?:me\s+)?)?(?:(?:more|other|any|some)\s+)?"
    r"(?:(?:papers?|works?|articles?)\s+(?:like|similar\s+to)|similar\s+(?:papers?|works?|articles?)\s+to)\s+(?P<title>\S.*)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"(?<=[.?!])\s+|(?<=\.:)\s+|\s+[|–—-]\s+")
_NO_TITLE = re.compile(
    r"(?:in|proc|proceedings|conference|journal|advances|arxiv|corr|ieee|acm|nature|springer|https?|doi)\b|"
    r".*\b(?-i:[A-Z])\.|\S+(?:\s\S+)?,|.*\bet\.? al\b|\W*[0-9]",
    re.IGNORECASE,
)
"""How parts of a reference begin that tell who wrote a paper, or where it was published."""
_WORK = re.compile(
    r"(?:(?<=\s)|^)(?P<name>(?:[A-Z]\.[\s-]*){0,4}(?:(?:van|von|der|den|de|di|da|la|le|el|al)\s+)*[^\W\d_][\w’'-]+),?\s+et\.?\s+al\b\.?"
    rf"(?:['’]s\b)?(?:,?\s+(?P<year>{YEAR})[a-z]?(?![^\s,;.)]))?",
    re.IGNORECASE,
)
"""The first of several authors, and the year: how a text cites a paper."""
_KEY = re.compile(rf"(?<![^\s,;])(?P<name>[a-z]{{2,}})(?P<year>{YEAR})(?P<word>[a-z]{{2,}})(?=[\s,;]|$)")
"""A key as reference managers and `/paper cite` make them: `vaswani2017attention`."""
_CITE = re.compile(r"\\[a-z]*cite[a-z]*\*?\{(?P<keys>[^{}]*)\}")
_ONLY_YEAR = re.compile(rf"\W*{YEAR}[a-z]?\W*")


@dataclass(frozen=True, slots=True)
class Cited:
    """What a reference may tell of one paper."""

    ids: tuple[ExternalId, ...]
    titles: tuple[str, ...]
    """What may be its title, the longest first; some are no titles."""
    guess: str
    """The part that is rather its title than the others; empty where that is not plain."""
    years: tuple[int, ...]
    """The years that are named, one of which may be when it was published."""
    whole: str = ""
    """All of it but the number and the site around it."""

    def may_be(self, title: str, year: int | None) -> bool:
        """Whether a paper with this title, which is one of these, is meant.

        A short title is that of many, so the year must fit, unless the reference is nothing but the title: a preprint
        is up to two years older than what is cited.
        """
        told = words(title)
        if len(told) >= _TELLING or told == words(self.whole):
            return True
        return any(year and year <= each <= year + 2 for each in self.years)


def cited(text: str) -> Cited | None:
    """What a reference tells; None for what seems to be none, as titles alone and queries are."""
    text = " ".join(text[:_LONGEST].split())
    if _FIELD.search(text):
        return None
    ids = tuple(find_identifiers(text))
    if entry := _BIBTEX.search(text):
        title = re.sub("[{}]", "", entry["braced"] or entry["quoted"]).strip()
        return Cited(ids, (title,), title, _years(text))
    bare = _without_sites(text)
    signs = _signs(text)
    if not signs and bare == text:
        return None
    titles = sorted(_titles(bare, is_sure=signs > 1), key=lambda each: (-len(words(each)), each))
    guess = _guess(bare) if any(each.search(text) for each in _OF_LISTS) else ""
    return Cited(ids, tuple(titles[:_MOST_TITLES]), guess, _years(text), bare) if titles else None


def ids_among(text: str) -> list[ExternalId]:
    """The ids in a text that is only words, so that they may be all that is meant; none in one written as a query."""
    text = " ".join(text[:_LONGEST].split())
    return [] if _FIELD.search(text) or _OPERATOR.search(text) else find_identifiers(text)


def resembled(text: str) -> str:
    """The title, id or name of the paper that "papers like …" asks for others of; empty for all else."""
    found = _LIKE.fullmatch(" ".join(text[:_LONGEST].split()).rstrip(" .?!"))
    return found["title"] if found and not _FIELD.search(text[:_LONGEST]) else ""


def without_citations(told: str) -> tuple[str, list[str]]:
    """A text without what cites papers, "Vaswani et al. 2017" or `vaswani2017attention`, and each of these as a query.

    A preprint may be of the year before.
    """
    works: list[str] = []
    told = told[:_LONGEST]

    def written(found: re.Match[str]) -> str:
        if found.start() and not any(each[0].isupper() for each in found["name"].split()):
            return found[0]  # "graph attention et al.": what is no name is written small
        year = int(found["year"] or 0)
        when = f" after:{year - 1} before:{year + 1}" if year else ""
        works.append(f'author:"{found["name"]}"{when}')
        return " "

    def by_key(found: re.Match[str]) -> str:
        year = int(found["year"])
        works.append(f'author:"{found["name"]}" after:{year - 1} before:{year + 1} title:{found["word"]}')
        return " "

    told = _KEY.sub(by_key, _CITE.sub(r"\g<keys>", told))
    if _OTHERS.search(told):
        told = _WORK.sub(written, told)
    return told.strip(" ,;"), works


def _signs(text: str) -> int:
    """How many things a text has that stand in references; a year is none that is the only one."""
    signs = sum(
        bool(each.search(text)) for each in (_OTHERS, _INITIAL, _PLACE, _VENUE, _VOLUME, _NUMBER, _STAMP, _YEAR_APART)
    )
    return signs + bool(signs and not _YEAR_APART.search(text) and _YEAR.search(text))


def _years(text: str) -> tuple[int, ...]:
    return tuple(int(found[0]) for found in _YEAR.finditer(_YEAR_APART.sub(r" \1 ", text)))


def _without_sites(text: str) -> str:
    """A text without what browsers write around titles, and without the number it has in a list."""
    for _ in range(_MOST_SITES):
        text = _NUMBER.sub("", _SITE.sub("", text)).strip()
    return text


def _titles(text: str, *, is_sure: bool) -> set[str]:
    """Parts that may be titles: what is quoted, what stands between points, and between commas too where it surely is a
    reference, of which one long word may be the title."""
    parts = [each for each in _BETWEEN.split(_YEAR_APART.sub(". ", text)) if each.strip(_AROUND)]
    left, _ = without_citations(text)
    whole = {each.strip(_AROUND) for each in (left, *_quoted(text), *_joined(parts, 2, " "))}
    if not is_sure:
        return {each for each in whole if len(words(each)) >= _SHORTEST}
    commas = {each.strip(_AROUND) for part in parts for each in _joined(part.split(", "), 3, ", ")}
    told = {each for each in whole if len(each) >= _ONE_WORD and words(each)}
    return told | {each for each in commas if len(words(each)) >= _SHORTEST}


def _quoted(text: str) -> list[str]:
    return [found["title"].strip(_AROUND) for found in _QUOTED.finditer(text)]


def _joined(parts: list[str], most: int, between: str) -> Iterator[str]:
    """The parts, and up to so many of them that stand side by side."""
    for count in range(1, most + 1):
        for at in range(len(parts) - count + 1):
            yield between.join(parts[at : at + count])


def _guess(text: str) -> str:
    """What is rather the title in a reference than anything else: what is quoted, what follows the year, or the first
    part that names neither people nor a place."""
    parts = [each.strip() for each in _BETWEEN.split(_YEAR_APART.sub(r". \1. ", text))]
    behind_year = [then for year, then in pairwise(parts) if _ONLY_YEAR.fullmatch(year)]
    likely = [each for each in (*behind_year, *parts) if not _NO_TITLE.match(each)]
    return next((each.strip(_AROUND) for each in (*_quoted(text), *likely) if len(words(each)) >= _GUESSED), "")
