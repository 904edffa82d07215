"""What arXiv's services write alike: ids with versions, lists of authors, times, withdrawals. Nothing here fails."""

import json
import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.identifiers import arxiv_version, parse_identifier
from bot.sources.dates import EARLIEST_YEAR, LATEST_YEAR, moment

HOST_FAMILY = "arxiv"
"""Whose pace the requests share: to arXiv all its services are one (info.arxiv.org/help/api/tou)."""

WHO = "arXiv"
"""Its name in what people read."""

_MARKUP = re.compile(r"<[^<>]*>")
_PARENTHESES = re.compile(r"\([^()]*\)")
_BETWEEN_NAMES = re.compile(r"(?<!\\),| and | & ")
_LINEAGE = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
_LONGEST_LINEAGE = 4
_LETTER = re.compile(r"[^\W\d_]")
_WITHDRAWN = re.compile(
    r"(?:\b(?:this|the|our) (?:[\w-]+ ){0,3}?"
    r"(?:paper|article|submission|manuscript|preprint|e-?print|work|version|draft|note|posting|document) "
    r"(?:(?:has|have|had|as|was|is) )?(?:been |being )?(?:\w+ly |now )?"
    r"|(?:^|[.;:)-] )(?:(?:the )?(?:paper|preprint|article|it) )?(?:(?:has|have) been )?)"
    r"withdrawn\b(?! from (?!(?:the )?arxiv))"
    r"|\bwithdrawn by (?:the )?(?:arxiv\b|(?:[\w-]+ )?authors?\b)",
    re.IGNORECASE,
)
"""Checked against the comments and abstracts of 697 withdrawn papers and 109,000 others."""


def id_and_version(text: str) -> tuple[str, int | None] | None:
    """The arXiv id that this guid, URL or id names, and its version where it says one; None where it names none.

    `oai:arXiv.org:2203.01250v3` and `http://arxiv.org/abs/hep-th/9901001v1` are such texts.
    """
    known = parse_identifier(text)
    return (known.value, arxiv_version(text)) if known and known.scheme == "arxiv" else None


def authors_of(text: str) -> tuple[str, ...]:
    """The names in one line of authors such as `Ada Lovelace (1), J. Doe and N. N. ((1) Analytical Engines)`."""
    text = text[:200_000]
    if "<" in text:
        text = _MARKUP.sub("", text)
    if "," not in text:
        text = text.replace("; ", ", ")
    for _ in range(4 if "(" in text else 0):  # affiliations, from the innermost parentheses outwards
        text = _PARENTHESES.sub(" ", text)
    names: list[str] = []
    for piece in _BETWEEN_NAMES.split(" ".join(text.split())):
        name = piece.strip(" ()")
        if names and len(name) <= _LONGEST_LINEAGE and _LINEAGE.fullmatch(name):
            names[-1] += f" {name}"
        elif name[:1].isalpha() or _LETTER.search(name):
            names.append(name)
    return tuple(names)


def time_of(text: str) -> datetime | None:
    """A time as feeds write it (RFC 5322 or ISO 8601) in aware UTC, or None."""
    read = moment(text) or _mail_time(text)
    return read if read and EARLIEST_YEAR < read.year < LATEST_YEAR else None


def day_of(time: datetime | None) -> date | None:
    """The day at arXiv, whose calendar is that of New York."""
    return time.astimezone(ZoneInfo("America/New_York")).date() if time else None


def is_withdrawn(*texts: str) -> bool:
    """Whether an abstract or comment says that the paper is withdrawn, and not that something else is."""
    return any("ithdrawn" in text and _WITHDRAWN.search(" ".join(text[:20_000].split())) for text in texts)


def read_checkpoint(checkpoint: str | None) -> dict[str, Any]:
    """The members of a checkpoint; none where there is no checkpoint or it cannot be read."""
    try:
        members = json.loads(checkpoint or "{}")
    except (ValueError, RecursionError):
        return {}
    return members if isinstance(members, dict) else {}


def _mail_time(text: str) -> datetime | None:
    try:
        read = parsedate_to_datetime(text[:64])
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None  # what email.utils raises for a text that is no date depends on the text
