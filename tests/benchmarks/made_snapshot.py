"""Writes a bulk snapshot as arXiv's, of any size: `python -m tests.benchmarks.made_snapshot FILE --papers 3000000`.

One line a paper with the fields of the public file, gzip, the same each time; `tests.benchmarks.importing` reads it.
"""

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from random import Random

from bot.domain.flat import FlatPaper
from tests.benchmarks.made_library import made_papers

_HEARD = 50_000
_DAYS = 4_250
"""Since identifiers have five digits (2015): millions of papers are more a month than four digits can number."""


def snapshot_lines(papers: int) -> Iterator[str]:
    """So many records, the oldest first."""
    of_month: Counter[str] = Counter()
    chance, pairs = Random(2), _Pairs()
    for number, made in enumerate(made_papers(papers, days=_DAYS)):
        month = f"{made.published_at:%y%m}"
        of_month[month] += 1
        paper = made.paper._replace(title=pairs.mixed(made.paper.title, chance))
        yield _line(f"{month}.{of_month[month]:05}", made.published_at, paper, revised=number % 3 == 0)


class _Pairs:
    """Words of titles, two by two, of which others are made: half of a title is that of a thousand made papers, and
    real ones that share so much are rare.
    """

    def __init__(self) -> None:
        self._heard: list[str] = []

    def mixed(self, title: str, chance: Random) -> str:
        """As many words as this title has, or one more, of titles that were heard before."""
        words = title.split()
        own = [" ".join(words[at : at + 2]) for at in range(0, len(words), 2)]
        if len(self._heard) < _HEARD:
            self._heard += own
        return " ".join(chance.choice(self._heard) for _ in own)


def _line(identifier: str, published_at: datetime, paper: FlatPaper, *, revised: bool) -> str:
    created = format_datetime(published_at.astimezone(UTC), usegmt=True)
    authors = [[*each, ""] for each in json.loads(paper.authors)]
    record = {
        "id": identifier,
        "submitter": " ".join(reversed(authors[0][:2])),
        "authors": ", ".join(" ".join(reversed(each[:2])) for each in authors),
        "title": paper.title,
        "comments": None,
        "journal-ref": None,
        "doi": None,
        "report-no": None,
        "categories": " ".join(json.loads(paper.categories)),
        "license": None,
        "abstract": f"  {paper.abstract}\n",
        "versions": [{"version": f"v{each}", "created": created} for each in range(1, 3 if revised else 2)],
        "update_date": f"{published_at:%Y-%m-%d}",
        "authors_parsed": authors,
    }
    return json.dumps(record, ensure_ascii=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--papers", type=int, default=100_000)
    given = parser.parse_args()
    with gzip.open(given.file, "wt", encoding="utf-8", compresslevel=1) as lines:
        lines.writelines(f"{each}\n" for each in snapshot_lines(given.papers))


if __name__ == "__main__":
    main()
