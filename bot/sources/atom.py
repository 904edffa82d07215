"""Reads one entry of arXiv's Atom, as its API answers it and as people save it."""

from xml.etree.ElementTree import Element

from bot.domain.papers import DateKind, FoundPaper
from bot.interfaces import RecordError
from bot.sources.arxiv_records import id_and_version, is_withdrawn, time_of
from bot.sources.closed_xml import text_of, texts_of


def error_in(entry: Element) -> str | None:
    """What the API complains about in this entry, or None: errors come as papers titled "Error" (user manual, 3.4)."""
    if text_of(entry, "title") != "Error" or "/errors" not in text_of(entry, "id"):
        return None
    return " ".join(text_of(entry, "summary").split())[:300] or "an error without words"


def paper_of(entry: Element, *, source: str) -> FoundPaper:
    """The paper of one `entry` element (user manual, 3.3). Raises RecordError when it holds none."""
    identity = id_and_version(text_of(entry, "id"))
    title = text_of(entry, "title")
    if identity is None:
        raise RecordError("it has no arXiv id")
    if not title:
        raise RecordError("it has no title")
    arxiv_id, version = identity
    abstract, comment = text_of(entry, "summary"), text_of(entry, "comment")
    published_at = time_of(text_of(entry, "published"))
    return FoundPaper(
        title=title,
        abstract=abstract,
        authors=tuple(texts_of(entry, "author/name")),
        categories=_categories(entry),
        ids=(arxiv_id, *text_of(entry, "doi").split()),
        published_at=published_at,
        published_kind=DateKind.SUBMITTED if published_at else DateKind.UNKNOWN,
        updated_at=time_of(text_of(entry, "updated")),
        version=version,
        comment=comment or None,
        journal_ref=text_of(entry, "journal_ref") or None,
        source=source,
        withdrawn=is_withdrawn(abstract, comment),
    )


def _categories(entry: Element) -> tuple[str, ...]:
    """The primary one first."""
    marked = [*entry.iterfind("primary_category"), *entry.iterfind("category")]
    return tuple(dict.fromkeys(each.get("term", "") for each in marked))
