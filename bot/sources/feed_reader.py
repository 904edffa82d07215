"""The program that reads one RSS or Atom feed from standard input and writes its items as JSON to standard output.

It runs as a child, alone, with little memory and time, for feedparser's patterns can be made to take very long; it
imports nothing of ours and opens no file, address or socket.
"""

import contextlib
import io
import json
import re
import sys
from calendar import timegm
from datetime import UTC, datetime
from typing import Any

MEMORY = 512 * 2**20
"""Bytes of address space."""

CPU_SECONDS = 8
MOST_ITEMS = 500
LONGEST_TEXT = 20_000
LONGEST_LINE = 2_000
MOST_LISTED = 200
_END = re.compile(rb"</(?:[A-Za-z]{1,20}:)?(?:rss|feed|RDF)\s*>", re.IGNORECASE)


def main() -> None:
    """Read the feed that stands on standard input, within limits."""
    _limit()
    body = sys.stdin.buffer.read()
    json.dump(read_feed(body), sys.stdout)


def _limit() -> None:
    """Ask the system to stop this process when it takes too much; on Windows only the parent's clock does."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415  # not everywhere

        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read_feed(body: bytes) -> dict[str, object]:
    """`version` (empty when it is no feed), `is_cut` (it has no end), `count` of all items, and the first MOST_ITEMS.

    Blank lines before the XML declaration, which XML forbids, are tolerated.
    """
    import feedparser  # noqa: PLC0415  # after the limits are set

    read = feedparser.parse(io.BytesIO(body.lstrip()), sanitize_html=False, resolve_relative_uris=False)
    return {
        "version": _text(read.get("version")),
        "is_cut": bool(read.get("bozo")) and not _END.search(body[-4_000:]),
        "count": len(read.entries),
        "items": [_item(entry) for entry in read.entries[:MOST_ITEMS]],
    }


def _item(entry: dict[str, Any]) -> dict[str, object]:
    """What is kept of an item. Plain `dict.get`: feedparser's own answers with other fields where one is missing."""
    summary = _text(dict.get(entry, "summary"), LONGEST_TEXT)
    contents = [_text(dict.get(each, "value"), LONGEST_TEXT) for each in _dicts(dict.get(entry, "content"))]
    names = [_text(dict.get(each, "name")) for each in _dicts(dict.get(entry, "authors"))]
    named_ids = [_text(dict.get(entry, key)) for key in ("prism_doi", "doi", "identifier", "dc_identifier")]
    links = [
        _text(dict.get(each, "href"))
        for each in _dicts(dict.get(entry, "links"))
        if dict.get(each, "rel", "alternate") == "alternate"
    ]
    return {
        "title": _text(dict.get(entry, "title")),
        "summary": summary or next(iter(contents), ""),
        "authors": [name for name in names if name],
        "id": _text(dict.get(entry, "id")),
        "link": _text(dict.get(entry, "link")),
        "ids": [each for each in (*named_ids, *links) if each],
        "published_at": _time(dict.get(entry, "published_parsed")),
        "updated_at": _time(dict.get(entry, "updated_parsed")),
    }


def _text(value: object, limit: int = LONGEST_LINE) -> str:
    return value[:limit].strip() if isinstance(value, str) else ""


def _dicts(value: object) -> list[dict[str, Any]]:
    return [each for each in value[:MOST_LISTED] if isinstance(each, dict)] if isinstance(value, list) else []


def _time(value: object) -> str:
    """A time in UTC, as feedparser takes it apart, in ISO 8601; empty for anything that is none."""
    try:
        return datetime.fromtimestamp(timegm(value), UTC).isoformat()  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError, OSError, IndexError):
        return ""


if __name__ == "__main__":
    main()
