"""Reads one OAI-PMH record in each of arXiv's forms: arXivRaw, arXiv, arXivOld and oai_dc. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from xml.etree.ElementTree import Element

from bot.domain.identifiers import parse_identifier
from bot.domain.papers import Announcement, DateKind, FoundPaper
from bot.interfaces import RecordError
from bot.sources.arxiv_records import authors_of, is_withdrawn, time_of
from bot.sources.closed_xml import text_of, texts_of

STILL_NEW = timedelta(days=30)
"""A record stamped longer than this after its paper was submitted tells of a change, not of a new paper."""

_ARXIV = "oai:arxiv.org:"
_LEAVES = frozenset({"gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph", "nucl-ex", "nucl-th", "quant-ph"})
_PHYSICS = _LEAVES | {"astro-ph", "cond-mat", "nlin", "physics"}
_VERSION = re.compile(r"v?(\d{1,3})")


def set_of(feed: str) -> str:
    """The OAI set of a category or archive: `cs:cs:AI` for `cs.AI`, `physics:hep-th` for `hep-th`; a set is itself."""
    if ":" in feed:
        return feed
    archive, _, subject = feed.partition(".")
    if archive in _PHYSICS:
        return f"physics:{archive}:{subject}" if subject else f"physics:{archive}"
    return f"{archive}:{archive}:{subject}" if subject else archive


def paper_of(record: Element, *, source: str) -> FoundPaper:
    """The paper of one `record` element. A deleted record is a withdrawn paper with an id and no title.

    Raises RecordError when it holds no paper.
    """
    name = text_of(record, "header/identifier")
    ids = (name[len(_ARXIV) :],) if name.lower().startswith(_ARXIV) else ()
    header = record.find("header")
    if header is not None and header.get("status") == "deleted":
        if not ids:
            raise RecordError("it was deleted, and names no arXiv paper")
        return FoundPaper(title="", ids=ids, source=source, withdrawn=True)
    form = next(iter(record.find("metadata") or ()), None)
    read = _FORMS.get(form.tag) if form is not None else None
    if form is None or read is None:
        raise RecordError("it has no metadata in a form I know")
    if not text_of(form, "title"):
        raise RecordError("it has no title")
    paper = read(form)
    return replace(
        paper,
        ids=tuple(dict.fromkeys((*ids, *paper.ids))),
        categories=paper.categories or _categories_of_sets(texts_of(record, "header/setSpec")),
        published_kind=DateKind.SUBMITTED if paper.published_at else DateKind.UNKNOWN,
        source=source,
        announcement=_announcement(paper.published_at, time_of(text_of(record, "header/datestamp"))),
        withdrawn=paper.withdrawn or is_withdrawn(paper.abstract, paper.comment or ""),
    )


def _announcement(submitted_at: datetime | None, stamped_at: datetime | None) -> Announcement:
    is_old = submitted_at and stamped_at and stamped_at - submitted_at > STILL_NEW
    return Announcement.REPLACE if is_old else Announcement.UNSTATED


def _raw(form: Element) -> FoundPaper:
    """arXivRaw, the one with every version; arXivOld is the same without any."""
    versions = [_version(each) for each in form.iterfind("version")]
    number, updated_at, is_gone = max(versions, key=lambda each: each[0], default=(None, None, False))
    return replace(
        _common(form),
        authors=authors_of(text_of(form, "authors")),
        published_at=next((time for each, time, _ in versions if each == 1), None),
        updated_at=updated_at,
        version=number or None,
        withdrawn=is_gone,
    )


def _version(element: Element) -> tuple[int, datetime | None, bool]:
    """Its number, when it was submitted, and whether it withdraws the paper: arXiv then marks its source with I."""
    number = _VERSION.fullmatch(element.get("version", ""))
    return (
        int(number[1]) if number else 0,
        time_of(text_of(element, "date")),
        "I" in text_of(element, "source_type"),
    )


def _arxiv(form: Element) -> FoundPaper:
    return replace(
        _common(form),
        authors=tuple(filter(None, map(_author, form.iterfind("authors/author")))),
        published_at=time_of(text_of(form, "created")),
        updated_at=time_of(text_of(form, "updated")),
    )


def _author(element: Element) -> str:
    family, given, suffix = (text_of(element, part) for part in ("keyname", "forenames", "suffix"))
    name = f"{family} {suffix}".strip()
    name = f"{name}, {given}" if given else name
    return name if any(each.isalpha() for each in name) else ""


def _common(form: Element) -> FoundPaper:
    return FoundPaper(
        title=text_of(form, "title"),
        abstract=text_of(form, "abstract"),
        categories=tuple(text_of(form, "categories").split()),
        ids=tuple(text_of(form, "doi").split()),
        comment=text_of(form, "comments") or None,
        journal_ref=text_of(form, "journal-ref") or None,
    )


def _dublin_core(form: Element) -> FoundPaper:
    """oai_dc: the abstract, then the comment; the first day, then the newest; the page, then journal and DOI."""
    abstract, comment = (*texts_of(form, "description"), "", "")[:2]
    names = texts_of(form, "identifier")
    ids = [name for name in names if parse_identifier(name)]
    others = [name for name in names if name not in ids]
    dates = [time_of(text) for text in texts_of(form, "date")]
    return FoundPaper(
        title=text_of(form, "title"),
        abstract=abstract,
        authors=tuple(texts_of(form, "creator")),
        ids=tuple(ids),
        published_at=dates[0] if dates else None,
        updated_at=dates[-1] if len(dates) > 1 else None,
        comment=comment.removeprefix("Comment:").strip() or None,
        journal_ref=next((name for name in others if not name.startswith("http")), None),
        page_url=next((name for name in others if name.startswith(("http://", "https://"))), None),
    )


def _categories_of_sets(sets: list[str]) -> tuple[str, ...]:
    """`physics:astro-ph:HE` is astro-ph.HE; the set of a whole archive says nothing, unless that is one category."""
    parts = [each.split(":") for each in sets]
    return tuple(".".join(each[1:]) for each in parts if len(each) == 3 or (len(each) == 2 and each[1] in _LEAVES))


_FORMS: Mapping[str, Callable[[Element], FoundPaper]] = MappingProxyType(
    {"arXivRaw": _raw, "arXivOld": _raw, "arXiv": _arxiv, "dc": _dublin_core}
)
