"""Makes one paper of two records of it. It decides nothing about whether they are the same paper."""

from bot.domain.papers import DateKind, Paper

MOST_LINKS = 200
"""Links kept of one paper, over all its revisions."""
MOST_CATEGORIES = 60

_ELLIPSES = ("…", "...")


def merge(known: Paper, new: Paper) -> Paper:
    """The paper we knew with what a new record of it says; nothing known is lost to an emptier record.

    The words of a revision (a greater version, or a later update) replace the known ones. An older record only fills
    in what was missing, and so does one that does not say how old it is where the known one does. Where neither says,
    the newer words win. A paper stays withdrawn until a greater version is not: most sources never say.
    Merging the same record again changes nothing.
    """
    older = _is_older(known, new)
    first, second = (known, new) if older else (new, known)
    published = max((known, new), key=_nearness)
    return Paper(
        title=_words(first.title, second.title),
        abstract=_words(first.abstract, second.abstract),
        authors=first.authors if _is_as_full(first, second) else second.authors,
        categories=tuple(dict.fromkeys(first.categories + second.categories))[:MOST_CATEGORIES],
        ids=tuple(sorted({*known.ids, *new.ids})),
        published_at=published.published_at,
        published_kind=published.published_kind,
        updated_at=max(filter(None, (known.updated_at, new.updated_at)), default=None),
        version=max(filter(None, (known.version, new.version)), default=None),
        comment=first.comment or second.comment,
        journal_ref=first.journal_ref or second.journal_ref,
        page_url=first.page_url or second.page_url,
        pdf_url=first.pdf_url or second.pdf_url,
        code_url=first.code_url or second.code_url,
        links=_links(known, new),
        sources=tuple(sorted({*known.sources, *new.sources})),
        upvotes=known.upvotes if new.upvotes is None else new.upvotes,
        withdrawn=first.withdrawn or (second.withdrawn and not _revises(first, second)),
    )


def _is_older(known: Paper, new: Paper) -> bool:
    """Whether the new record tells of an earlier state of the paper than the one we know."""
    if known.version and new.version and known.version != new.version:
        return new.version < known.version
    if known.updated_at and new.updated_at:
        return new.updated_at < known.updated_at
    return _tells_age(known) and not _tells_age(new)


def _tells_age(paper: Paper) -> bool:
    return bool(paper.version or paper.updated_at)


def _words(first: str, second: str) -> str:
    """The first text, unless it is empty or cut short and the second is not."""
    if not first or (second and first.endswith(_ELLIPSES) and not second.endswith(_ELLIPSES)):
        return second
    return first


def _is_as_full(first: Paper, second: Paper) -> bool:
    """Whether the first list of authors may stand for the second: only a revision may drop people."""
    return len(first.authors) >= len(second.authors) or bool(first.authors and _revises(first, second))


def _revises(first: Paper, second: Paper) -> bool:
    return bool(first.version and second.version and first.version > second.version)


_NEARNESS = (DateKind.LISTED, DateKind.MONTH, DateKind.UNKNOWN, DateKind.ANNOUNCED, DateKind.SUBMITTED)
"""A date that a source gives as the paper's, and says no more of, is nearer than a list's day or a mere month."""


def _nearness(paper: Paper) -> tuple[int, float]:
    """How near a publication date is to the truth: the better kind, and of one kind the earlier date."""
    if paper.published_at is None:
        return -1, 0.0
    return _NEARNESS.index(paper.published_kind), -paper.published_at.timestamp()


def _links(known: Paper, new: Paper) -> tuple[str, ...]:
    added = tuple(each for each in new.links if each not in known.links)
    return known.links + added[: max(0, MOST_LINKS - len(known.links))]
