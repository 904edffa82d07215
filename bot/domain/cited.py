"""What a citation says of a paper, whatever style it is written in. It tells nothing that the paper does not."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from bot.domain.authors import LONGEST_NAME, family_parts
from bot.domain.categories import known_category
from bot.domain.identifiers import page_url, parse_identifier
from bot.domain.links import sound_link
from bot.domain.papers import COMMENT_LIMIT, MOST_AUTHORS, Author, DateKind, Paper
from bot.domain.text import TITLE_LIMIT, cleaned

MOST_NAMES = 200_000
"""Characters of names in one citation: more than twice what the longest list of authors has (arXiv:1503.07589)."""

_YEAR = re.compile(r"[\s,:]*(?:\(((?:1[89]|20)\d\d)\)|(?<![\d–-])((?:1[89]|20)\d\d)(?![\d–-]))[\s,.:]*")
_PAGES = r"(?:pp?\.?\s*)?(?P<pages>[A-Za-z]{0,2}\d[A-Za-z\d.]{0,11}(?:\s*[–-]+\s*[A-Za-z]{0,2}\d[A-Za-z\d.]{0,11})?)"
_NUMBERED = re.compile(
    r"(?P<venue>\D*?[^\W\d_]\.?)[\s,:]*(?:vol(?:ume)?\.?\s*)?(?P<volume>\d{1,4})"
    rf"(?:\s*\((?P<issue>[\d–-]{{1,9}})\)|[\s,]+(?:no\.?|issue)\s*(?P<number>[\d–-]{{1,9}}))?(?:[\s,:]+{_PAGES})?",
    re.IGNORECASE,
)
_CONFERENCE = re.compile(
    r"(?i:\b(?:proc|proceedings|conf|conference|workshop|symposium)\b|^in:?\s)|^(?:AAAI|ACL|AISTATS|CHI|COLT|CVPR|CoRL|"
    r"ECCV|EMNLP|ICASSP|ICCV|ICLR|ICML|ICRA|IJCAI|INTERSPEECH|IROS|KDD|NAACL|NIPS|NeurIPS|SIGIR|UAI|WWW)$"
)
_LATEST = 10
"""Years after its first appearance in which a journal may print a paper."""


class Kind(Enum):
    """Where a paper appeared, as far as that is known."""

    ARTICLE = auto()
    CONFERENCE = auto()
    PREPRINT = auto()
    """At arXiv, and nowhere else."""
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One author. A group, or whoever has a single name, has a family name only."""

    family: str
    given: str = ""
    particle: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue:
    """Where a paper was published; `title` is the journal's, or the proceedings'."""

    title: str = ""
    volume: str = ""
    issue: str = ""
    pages: tuple[str, ...] = ()
    """None, one, or the first and the last."""
    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """One paper's entry. All texts stand on one line; what is not known is empty or None."""

    kind: Kind
    title: str
    authors: tuple[Name, ...]
    has_more_authors: bool
    """Whether some are left out, because their names alone would fill a book."""
    date: tuple[int, ...]
    """Year, month and day, as far as they are known."""
    venue: Venue
    arxiv: str | None
    category: str | None
    """The primary category at arXiv."""
    doi: str | None
    url: str | None

    @property
    def year(self) -> str:
        return str(self.date[0]) if self.date else ""


def cited(paper: Paper) -> Cited:
    """What there is to cite."""
    arxiv, doi = _sound_id(paper, "arxiv"), _sound_id(paper, "doi")
    venue = _venue(_line(paper.journal_ref or "", COMMENT_LIMIT), paper)
    listed = _listed(paper.authors)
    return Cited(
        kind=_kind(venue, arxiv),
        title=_line(paper.title, TITLE_LIMIT) or "Untitled",
        authors=tuple(filter(None, map(_name, listed))),
        has_more_authors=len(listed) < len(paper.authors),
        date=_date(paper, venue.year),
        venue=venue,
        arxiv=arxiv,
        category=known_category(paper.categories[0]) if arxiv and paper.categories else None,
        doi=doi,
        url=sound_link(page_url(paper) or ""),
    )


def _line(text: str, limit: int) -> str:
    return cleaned(text[:limit])


def _sound_id(paper: Paper, scheme: str) -> str | None:
    """The paper's first id in this scheme that can be read back from where it is written."""
    ids = (each for each in paper.ids if each.scheme == scheme)
    return next((each.value for each in ids if parse_identifier(each.value) == each), None)


def _kind(venue: Venue, arxiv: str | None) -> Kind:
    if venue.title:
        is_conference = not venue.volume and _CONFERENCE.search(venue.title)
        return Kind.CONFERENCE if is_conference else Kind.ARTICLE
    return Kind.PREPRINT if arxiv else Kind.UNKNOWN


def _listed(authors: tuple[Author, ...]) -> tuple[Author, ...]:
    room = MOST_NAMES
    for count, author in enumerate(authors[:MOST_AUTHORS]):
        room -= len(author.family) + len(author.given)
        if room < 0:
            return authors[:count]
    return authors[:MOST_AUTHORS]


def _name(author: Author) -> Name | None:
    """The name in its parts; a comma would part it anew wherever it is read."""
    family, given = (_line(each.replace(",", " "), LONGEST_NAME) for each in (author.family, author.given))
    if not family or not given:
        return Name(family=family or given) if family or given else None
    particle, core, suffix = family_parts(family)
    return Name(particle=particle, family=core, suffix=suffix, given=given)


def _venue(reference: str, paper: Paper) -> Venue:
    """A journal reference in its parts, where it is one whose parts are clear; else whole, but for its year."""
    years = [match for match in _YEAR.finditer(reference) if _is_plausible(int(match[1] or match[2]), paper)]
    year = int(years[-1][1] or years[-1][2]) if years else None
    rest = reference
    if years:
        joint = " " if years[-1].end() < len(reference) else ""
        rest = (reference[: years[-1].start()] + joint + reference[years[-1].end() :]).strip()
    numbered = _NUMBERED.fullmatch(rest)
    if not numbered:
        return Venue(title=rest, year=year if rest else None)
    return Venue(
        title=numbered["venue"],
        volume=numbered["volume"],
        issue=numbered["issue"] or numbered["number"] or "",
        pages=tuple(filter(None, re.split(r"\s*[–-]+\s*", numbered["pages"] or "")))[:2],
        year=year,
    )


def _is_plausible(year: int, paper: Paper) -> bool:
    published_at = paper.published_at
    return published_at is None or -1 <= year - published_at.year <= _LATEST


def _date(paper: Paper, printed: int | None) -> tuple[int, ...]:
    """When it was printed, else when it first appeared."""
    at = paper.published_at
    if at is None or (printed and printed != at.year):
        return (printed,) if printed else ()
    match paper.published_kind:
        case DateKind.ANNOUNCED | DateKind.SUBMITTED:
            return at.year, at.month, at.day
        case DateKind.MONTH:
            return at.year, at.month
    return (at.year,)
