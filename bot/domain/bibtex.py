"""Writes a citation as BibTeX, for any style of bibliography: capitals that must stay so are kept by braces."""

import re

from bot.domain.analysis import STOP_WORDS
from bot.domain.cited import Cited, Kind, Name
from bot.domain.tex_writing import written_as_tex

_TYPES = {Kind.ARTICLE: "article", Kind.CONFERENCE: "inproceedings", Kind.PREPRINT: "misc", Kind.UNKNOWN: "misc"}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_WORD = re.compile(r"[^\W_]+")
_KEPT = re.compile(r"(?:^|:\s)\W*$")
"""What stands before a word whose first capital every style keeps."""
_APART = re.compile(rf"{_KEPT.pattern}|[-–]$")
"""What stands before a word whose first letter tells nothing of the title's other words."""
_INSIDE = re.compile(r"(?<=[a-z,)] )[^\W\d_]+")
"""A word in the middle of a sentence."""


def bibtex_entry(paper: Cited, key: str, abstract: str) -> str:
    """The entry, a field a line; the abstract only tells which words are proper names."""
    fields = "".join(f"  {name} = {value},\n" for name, value in _fields(paper, abstract).items() if value)
    return f"@{_TYPES[paper.kind]}{{{key},\n{fields}}}\n"


def _fields(paper: Cited, abstract: str) -> dict[str, str]:
    venue = paper.venue
    journal = "booktitle" if paper.kind is Kind.CONFERENCE else "journal"
    return {
        "title": _braced(_title(paper.title, abstract)),
        "author": _braced(_authors(paper)),
        journal: _braced(written_as_tex(venue.title)),
        "volume": _braced(venue.volume),
        "number": _braced(venue.issue.replace("–", "--")),
        "pages": _braced("--".join(venue.pages)),
        "year": _braced(paper.year),
        "month": _MONTHS[paper.date[1] - 1] if len(paper.date) > 1 else "",
        "doi": _braced(paper.doi),
        "eprint": _braced(paper.arxiv),
        "archivePrefix": _braced("arXiv" if paper.arxiv else ""),
        "primaryClass": _braced(paper.category),
        "url": _braced(paper.url),
    }


def _braced(value: str | None) -> str:
    return f"{{{value}}}" if value else ""


def _authors(paper: Cited) -> str:
    return " and ".join([*map(_name, paper.authors), *(["others"] if paper.has_more_authors else [])])


def _name(name: Name) -> str:
    """The parts as BibTeX wants them; braces keep a group's name, and an `and` in any, from being parted."""
    if not name.given:
        return _braced(written_as_tex(name.family))
    family = _whole(f"{name.particle} {name.family}".strip())
    return ", ".join(filter(None, [family, written_as_tex(name.suffix), _whole(name.given)]))


def _whole(text: str) -> str:
    written = written_as_tex(text)
    return f"{{{written}}}" if "and" in text.lower().split() else written


def _title(title: str, abstract: str) -> str:
    proper = _proper_names(abstract)
    found = list(_WORD.finditer(title))
    is_sentence = _is_sentence([each[0] for each in found if not _APART.search(title, 0, each.start())])
    kept = [each for each in found if _must_stay(each, title, is_sentence=is_sentence, proper=proper)]
    return written_as_tex(title, [each.span() for each in kept])


def _is_sentence(inside: list[str]) -> bool:
    """Whether a title with these words after its first is written as a sentence: few of them have a capital."""
    telling = [each for each in inside if len(each) > 3 and each not in STOP_WORDS]
    return 2 * sum(each[0].isupper() for each in telling) <= len(telling) > 0


def _must_stay(found: re.Match[str], title: str, *, is_sentence: bool, proper: frozenset[str]) -> bool:
    """Whether a word has capitals that are more than the capitals of a title."""
    word = found[0]
    if any(map(str.isupper, word[1:])):
        return True
    if not word[0].isupper() or _KEPT.search(title, 0, found.start()):
        return False
    return is_sentence or word in proper or (len(word) == 1 and word != "A")


def _proper_names(abstract: str) -> frozenset[str]:
    """Words that sentences have with a capital in their middle, and nowhere without."""
    small = {each for each in _WORD.findall(abstract) if each[0].islower()}
    return frozenset(each for each in _INSIDE.findall(abstract) if each[0].isupper() and each.lower() not in small)
