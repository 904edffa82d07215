"""What a paper is: the record a source returned, and the one paper we keep. Does no I/O and reads no clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import IntEnum, StrEnum
from functools import lru_cache
from typing import NamedTuple

from bot.domain.authors import split_names
from bot.domain.categories import known_category
from bot.domain.identifiers import (
    LONGEST_ID,
    ExternalId,
    arxiv_month,
    arxiv_version,
    find_identifiers,
    parse_identifier,
)
from bot.domain.links import code_link, find_links, sound_link
from bot.domain.text import ABSTRACT_LIMIT, TITLE_LIMIT, readable

__all__ = [
    "Announcement",
    "Author",
    "DateKind",
    "ExternalId",
    "FoundPaper",
    "KnownPaper",
    "NotAPaper",
    "Paper",
    "paper_from",
]

MOST_AUTHORS = 5_000
MOST_CATEGORIES = 30
MOST_IDS = 20
COMMENT_LIMIT = 2_000
SOURCE_LIMIT = 100
HIGHEST_VERSION = 999
MOST_UPVOTES = 1_000_000_000
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)


class NotAPaper(ValueError):  # noqa: N818 (it names what the record is)
    """A record that no paper can be made of; the text is the reason, for people."""


class Author(NamedTuple):
    """One person as named on the paper; `given` is empty for a collaboration or a single name.

    A tuple, for a library holds millions of them.
    """

    family: str
    given: str = ""

    @property
    def name(self) -> str:
        """The name as people write it: given names, then family name."""
        return f"{self.given} {self.family}".strip()


class DateKind(IntEnum):
    """How a publication date is known. Merging keeps the one nearest to the truth."""

    UNKNOWN = 0
    """No date, or one that a source gives as the paper's without saying what it is."""
    LISTED = 1
    """The day a list showed the paper."""
    MONTH = 2
    """Only the month, read from an arXiv id."""
    ANNOUNCED = 3
    SUBMITTED = 4


class Announcement(StrEnum):
    """How a source announced a paper; only NEW and UNSTATED may be news."""

    NEW = "new"
    CROSS = "cross"
    REPLACE = "replace"
    REPLACE_CROSS = "replace-cross"
    UNSTATED = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPaper:
    """What a source said, as it said it: TeX, HTML and spaces left in, ids in any spelling."""

    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    """Names as the source writes them: `Ada Lovelace` or `Lovelace, Ada`."""
    categories: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    """arXiv ids, DOIs, or URLs of either, in any spelling."""
    published_at: datetime | None = None
    published_kind: DateKind = DateKind.UNKNOWN
    updated_at: datetime | None = None
    version: int | None = None
    comment: str | None = None
    journal_ref: str | None = None
    page_url: str | None = None
    pdf_url: str | None = None
    code_url: str | None = None
    source: str = ""
    upvotes: int | None = None
    announcement: Announcement = Announcement.UNSTATED
    withdrawn: bool = False
    """The source says so: in a comment or abstract, or by deleting its record."""
    seen_on: date | None = None
    """The day whose list or announcement the source put it under."""
    left_out: tuple[str, ...] = ()
    """What stood in the record and could not be read, for people: `upvotes is not a whole number`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper, normalised: readable text without markup, parsed ids, aware UTC times.

    `categories` holds the primary one first; `ids` and `sources` are sorted and without repeats.
    """

    title: str
    abstract: str = ""
    authors: tuple[Author, ...] = ()
    categories: tuple[str, ...] = ()
    ids: tuple[ExternalId, ...] = ()
    published_at: datetime | None = None
    published_kind: DateKind = DateKind.UNKNOWN
    updated_at: datetime | None = None
    version: int | None = None
    comment: str | None = None
    journal_ref: str | None = None
    page_url: str | None = None
    pdf_url: str | None = None
    code_url: str | None = None
    links: tuple[str, ...] = ()
    """Every http(s) link found in the abstract and comment, in order, without repeats."""
    sources: tuple[str, ...] = ()
    upvotes: int | None = None
    withdrawn: bool = False

    def id_in(self, scheme: str) -> str | None:
        """The paper's first id in this scheme, or None."""
        return next((each.value for each in self.ids if each.scheme == scheme), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPaper:
    """A paper that storage keeps, under the number it never loses."""

    id: int
    paper: Paper
    first_seen_at: datetime


def paper_from(found: FoundPaper) -> Paper:
    """Normalise what a source returned; everything in it is bounded. Raises NotAPaper when it has no title to read."""
    title = readable(found.title, limit=TITLE_LIMIT)
    if not any(map(str.isalnum, title)):
        raise NotAPaper("the title is empty" if not title else "the title has no words")
    ids = _ids(found.ids)
    published_at, published_kind = _published(found, ids)
    links = tuple(dict.fromkeys(find_links(found.abstract[:ABSTRACT_LIMIT]) + find_links(_short(found.comment))))
    return Paper(
        title=title,
        abstract=readable(found.abstract, limit=ABSTRACT_LIMIT),
        authors=_authors(found.authors),
        categories=_categories(found.categories),
        ids=ids,
        published_at=published_at,
        published_kind=published_kind,
        updated_at=_moment(found.updated_at),
        version=_counted(found.version, 1, HIGHEST_VERSION) or _version(found.ids),
        comment=readable(_short(found.comment), limit=COMMENT_LIMIT) or None,
        journal_ref=readable(_short(found.journal_ref), limit=COMMENT_LIMIT) or None,
        page_url=_link(found.page_url, ids),
        pdf_url=_link(found.pdf_url, ids),
        code_url=_link(found.code_url, ()) or code_link(links),
        links=links,
        sources=_sources(found.source),
        upvotes=_counted(found.upvotes, 0, MOST_UPVOTES),
        withdrawn=found.withdrawn,
    )


def _ids(texts: tuple[str, ...]) -> tuple[ExternalId, ...]:
    found: set[ExternalId] = set()
    for text in texts[:MOST_IDS]:
        one = parse_identifier(text)
        found.update([one] if one else find_identifiers(text[: 4 * LONGEST_ID]))
    return tuple(sorted(found))[:MOST_IDS]


def _version(texts: tuple[str, ...]) -> int | None:
    return next((version for version in map(arxiv_version, texts[:MOST_IDS]) if version), None)


def _published(found: FoundPaper, ids: tuple[ExternalId, ...]) -> tuple[datetime | None, DateKind]:
    """The date the source gave, else the month of the arXiv id, which is also nearer the truth than a list's date."""
    given = _moment(found.published_at)
    if given and found.published_kind != DateKind.LISTED:
        return given, found.published_kind
    months = (arxiv_month(each.value) for each in ids if each.scheme == "arxiv")
    month: date | None = next((each for each in months if each), None)
    if month:
        return datetime.combine(month, time.min, tzinfo=UTC), DateKind.MONTH
    return given, found.published_kind if given else DateKind.UNKNOWN


def _authors(names: tuple[str, ...]) -> tuple[Author, ...]:
    return tuple([Author(family, given) for family, given in split_names(names[:MOST_AUTHORS]) if family])


def _categories(codes: tuple[str, ...]) -> tuple[str, ...]:
    known = filter(None, map(known_category, codes[: 2 * MOST_CATEGORIES]))
    return tuple(dict.fromkeys(known))[:MOST_CATEGORIES]


@lru_cache(maxsize=256)
def _sources(text: str) -> tuple[str, ...]:
    """The places a record says it was seen; files that join several write a plus between them."""
    names = (readable(each, limit=SOURCE_LIMIT) for each in text[: 10 * SOURCE_LIMIT].split("+"))
    return tuple(sorted(set(filter(None, names))))


def _moment(value: datetime | None) -> datetime | None:
    """This time in UTC, to the second, no earlier than 1900 and no later than 2100."""
    if value is None:
        return None
    value = value.replace(microsecond=0)
    if value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    if not EARLIEST.year <= value.year <= LATEST.year:
        return EARLIEST if value.year < EARLIEST.year else LATEST
    return min(max(value.astimezone(UTC), EARLIEST), LATEST)


def _counted(value: int | None, least: int, most: int) -> int | None:
    return value if value is not None and least <= value <= most else None


def _short(text: str | None) -> str:
    return (text or "")[:COMMENT_LIMIT]


def _link(url: str | None, ids: tuple[ExternalId, ...]) -> str | None:
    """The address, where it says more than the ids do."""
    if not url or (ids and parse_identifier(url) in ids):
        return None
    return sound_link(url.strip())
