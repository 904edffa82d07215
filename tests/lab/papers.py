"""Papers to fill a shelf with."""

from datetime import UTC, datetime
from typing import Any

from bot.domain.papers import DateKind, FoundPaper


def found_paper(**told: Any) -> FoundPaper:
    """A paper as a source would tell it; what is not said is plain and the same every time."""
    plain: dict[str, Any] = {
        "title": "A Paper",
        "abstract": "We study a thing and find what it does.",
        "authors": ("Ada Lovelace", "Charles Babbage"),
        "categories": ("cs.LG",),
        "published_at": datetime(2026, 5, 22, tzinfo=UTC),
        "published_kind": DateKind.SUBMITTED,
        "source": "lab",
    }
    return FoundPaper(**{**plain, **told})
