"""Writes a citation as CSL-JSON (docs.citationstyles.org, version 1.0.2), which Zotero and pandoc read."""

from typing import Any

from bot.domain.cited import Cited, Kind, Name

_TYPES = {
    Kind.ARTICLE: "article-journal",
    Kind.CONFERENCE: "paper-conference",
    Kind.PREPRINT: "article",
    Kind.UNKNOWN: "article",
}


def csl_item(paper: Cited, key: str) -> dict[str, Any]:
    """The item, without the fields that would be empty."""
    venue = paper.venue
    item = {
        "id": key,
        "type": _TYPES[paper.kind],
        "title": paper.title,
        "author": [_name(each) for each in paper.authors],
        "container-title": venue.title,
        "volume": venue.volume,
        "issue": venue.issue,
        "page": "-".join(venue.pages),
        "issued": {"date-parts": [list(paper.date)]} if paper.date else None,
        "DOI": paper.doi,
        "number": f"arXiv:{paper.arxiv}" if paper.arxiv else None,
        "publisher": "arXiv" if paper.kind is Kind.PREPRINT else None,
        "URL": paper.url,
    }
    return {name: value for name, value in item.items() if value}


def _name(name: Name) -> dict[str, str]:
    if not name.given:
        return {"literal": name.family}
    parts = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {part: value for part, value in parts.items() if value}
