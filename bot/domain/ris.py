"""Writes a citation as RIS, which nearly every reference manager reads: two letters, a dash, a value on one line."""

from collections.abc import Iterator

from bot.domain.cited import Cited, Kind, Name

_TYPES = {Kind.ARTICLE: "JOUR", Kind.CONFERENCE: "CPAPER", Kind.PREPRINT: "UNPB", Kind.UNKNOWN: "GEN"}
"""A preprint is an unpublished work to those who made the format."""


def ris_record(paper: Cited, key: str) -> str:
    return "".join(f"{tag}  - {value}\n" for tag, value in _lines(paper, key) if value) + "ER  - \n"


def _lines(paper: Cited, key: str) -> Iterator[tuple[str, str | None]]:
    venue = paper.venue
    yield "TY", _TYPES[paper.kind]
    yield "ID", key
    yield "TI", paper.title
    for name in paper.authors:
        yield "AU", _name(name)
    yield "T2", venue.title
    yield "VL", venue.volume
    yield "IS", venue.issue
    yield from zip(("SP", "EP"), venue.pages, strict=False)
    yield "PY", paper.year
    yield "DA", "/".join(f"{part:02}" for part in paper.date) if len(paper.date) > 1 else ""
    yield "DO", paper.doi
    yield "AN", f"arXiv:{paper.arxiv}" if paper.arxiv else ""
    yield "PB", "arXiv" if paper.kind is Kind.PREPRINT else ""
    yield "UR", paper.url


def _name(name: Name) -> str:
    """Family name, given names and suffix, with commas between them; a group's name as it is."""
    return ", ".join(filter(None, [f"{name.particle} {name.family}".strip(), name.given, name.suffix]))
