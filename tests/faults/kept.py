"""What an ingest has kept, read past all of the product, and what it must have kept of the days that were made."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from tests.faults.arxiv_days import FEEDS, HARVESTED, MadeDay
from tests.faults.databases import Disturbed, File

Kept = dict[str, list[tuple[Any, ...]]]

_QUESTIONS = {
    "papers": "SELECT ids, title, abstract, authors, categories, sources, version, comment, published_at, updated_at "
    "FROM papers ORDER BY ids",
    "ids": "SELECT scheme, value, ids FROM external_ids JOIN papers ON id = paper_id ORDER BY 1, 2",
    "unannounced": "SELECT ids FROM unannounced JOIN papers ON id = paper_id ORDER BY 1",
    "accounts": "SELECT CAST(day AS text), source, feed, state, expected, received, new, revised, known, rejected, "
    "last_error FROM feed_days ORDER BY 1, 2, 3",
    "checkpoints": "SELECT source, feed, checkpoint FROM checkpoints ORDER BY 1, 2",
    "held turns": "SELECT family FROM turns WHERE holder IS NOT NULL",
}
"""All that does not differ from run to run: no numbers, no times of ours, no attempts."""
_OF_FILES = {
    "damage": "SELECT * FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
    "lost ends": "SELECT * FROM pragma_foreign_key_check",
}


async def kept(database: Disturbed) -> Kept:
    questions = _QUESTIONS | (_OF_FILES if isinstance(database, File) else {})
    return {name: await database.fetch(question) for name, question in questions.items()}


def differences(found: Kept, expected: Kept) -> list[str]:
    """Where the two differ, in a line each: the first rows that only one of them has."""
    return [
        f"{name}: {_only(found, expected, name)} instead of {_only(expected, found, name)}"
        for name in expected
        if found[name] != expected[name]
    ]


def mistakes(found: Kept, days: Sequence[MadeDay]) -> list[str]:
    """What is not as the days were made, all of which have been ingested."""
    ids = {f'[["arxiv","{paper.arxiv_id}"]]' for day in days for items in day.items.values() for paper, _ in items}
    accounts = {(day, source, feed): tuple(counts) for day, source, feed, *counts in found["accounts"]}
    checkpoints = {(source, feed): json.loads(checkpoint) for source, feed, checkpoint in found["checkpoints"]}
    told = {
        "papers": ({row[0] for row in found["papers"]}, ids),
        "accounts": ({key: accounts.get(key) for key, _ in _accounts(days)}, dict(_accounts(days))),
        "etags": (
            {feed: checkpoints["arxiv_rss", feed]["etag"] for feed in FEEDS},
            {feed: f'"{feed} {days[-1].day}"' for feed in FEEDS},
        ),
        "harvested": (
            {key: checkpoints["arxiv_oai", HARVESTED][key] for key in ("from", "token")},
            {"from": str(days[-1].day), "token": None},
        ),
    }
    wrong = [f"{name}: {given} instead of {due}" for name, (given, due) in told.items() if given != due]
    return wrong + [f"{name}: {found[name]}" for name in ("held turns", *_OF_FILES) if found.get(name)]


def _accounts(days: Sequence[MadeDay]) -> Iterator[tuple[tuple[str, str, str], tuple[Any, ...]]]:
    """The account of each RSS feed on each day; a paper is new in the first feed that announces it as such."""
    announced: set[str] = set()
    versions: dict[str, int] = {}
    for day in days:
        for feed in FEEDS:
            new = revised = 0
            for paper, how in day.items[feed]:
                is_new = how == "new" and paper.arxiv_id not in announced
                new += is_new
                revised += not is_new and versions.get(paper.arxiv_id, paper.version) < paper.version
                versions[paper.arxiv_id] = paper.version
                announced |= {paper.arxiv_id} if is_new else set()
            received = len(day.items[feed]) + 1
            counts = (received, new, revised, received - new - revised - 1, 1)
            yield (str(day.day), "arxiv_rss", feed), ("fresh", None, *counts, None)


def _only(those: Kept, others: Kept, name: str) -> list[tuple[Any, ...]]:
    return [row for row in those[name] if row not in others[name]][:2]
