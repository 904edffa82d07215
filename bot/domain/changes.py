"""What becomes of a paper after it was first seen. Tells one state from the next, and judges neither."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.papers import Paper


class ChangeKind(StrEnum):
    """What of a paper changed."""

    VERSION = "version"
    TITLE = "title"
    COMMENT = "comment"
    JOURNAL_REF = "journal reference"
    DOI = "doi"
    """A DOI became known; it stands alone in `after`, for the others stay."""
    CODE = "code"
    WITHDRAWAL = "withdrawal"
    """`after` is `withdrawn`, or None where a greater version took it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is otherwise now; None where there was nothing, or nothing is left."""

    kind: ChangeKind
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperChange(Change):
    """A change of a paper and when it was first seen, an aware UTC time."""

    seen_at: datetime


def changes(before: Paper, after: Paper) -> Iterator[Change]:
    """What of these tells one state of a paper from a later one.

    That it has a first version is no change, and neither is what depends on who told of it: words of the abstract,
    links, sources, upvotes.
    """
    if (after.version or 1) > (before.version or 1):
        yield Change(kind=ChangeKind.VERSION, before=_text(before.version), after=_text(after.version))
    for kind, old, new in (
        (ChangeKind.TITLE, before.title, after.title),
        (ChangeKind.COMMENT, before.comment, after.comment),
        (ChangeKind.JOURNAL_REF, before.journal_ref, after.journal_ref),
        (ChangeKind.CODE, before.code_url, after.code_url),
        (ChangeKind.WITHDRAWAL, _withdrawn(before), _withdrawn(after)),
    ):
        if old != new:
            yield Change(kind=kind, before=old, after=new)
    for each in after.ids:
        if each.scheme == "doi" and each not in before.ids:
            yield Change(kind=ChangeKind.DOI, before=None, after=each.value)


def _text(version: int | None) -> str | None:
    return None if version is None else str(version)


def _withdrawn(paper: Paper) -> str | None:
    return "withdrawn" if paper.withdrawn else None
