"""Types random and hostile strings as queries: `python -m tests.faults.queries --strings 1000000`.

Each must be a query or an error that points at a place in it, never anything else; a query must be read again from its
canonical form. All queries are held against papers in memory, and one of so many as `--every` says is searched for in
a database too. Nothing may take over 500 ms of the processor's time, so that a busy machine is no fault; for the same
reason no search is stopped by the clock.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random

import bot
from bot.domain.analysis import PreparedPaper, prepare
from bot.domain.masks import places
from bot.domain.matching import Matcher
from bot.domain.papers import FoundPaper, Paper, paper_from
from bot.domain.parsing import QueryError, parse_query
from bot.domain.patience import Patience
from bot.domain.query import Query
from bot.domain.query_errors import pointer
from storage import open_storage
from storage.sql import SqlStorage
from tests.cogs.hostility import hostile_text
from tests.domain.query_trees import NOW
from tests.domain.questions import question
from tests.real import real_papers
from tests.shared import find_shared

ALLOWED = 0.5
"""Seconds that anything may take."""
_UNHURRIED = 60.0
_TOGETHER = 250
"""Strings that are held against the papers at once."""
_PIECES = (
    *(
        '"',
        "“",
        "”",
        "„",
        "(",
        ")",
        "((",
        "))",
        "-",
        "--",
        "*",
        "**",
        "OR",
        "AND",
        "NOT",
        ":",
        "::",
        ",",
        "{",
        "}",
        "^",
    ),
    *("'", "//", "NEAR(a b)", "‖", "·category·cs", "rowid:1", "paper_index MATCH 'x'", "'; DROP TABLE papers; --", "%"),
    *("title:", "ti:", "abs:", "author:", "au:", "cat:", "id:", "source:", "has:", "after:", "before:", "athor:", "x:"),
    *(
        "cs.LG",
        "cs.*",
        "*.*",
        "nlp",
        "code",
        "arxiv",
        "2026",
        "2026-02-30",
        "0000-00-00",
        "7d",
        "9999y",
        "99999999999d",
    ),
    *(
        "1706.03762",
        "hep-th/9901001v9",
        "10.1000/a(b",
        "10.1000/",
        "https://arxiv.org/abs/1706.03762",
        "http://",
        "doi:",
    ),
    *("deep", "learning", "the", "of", "GPT-4", "C++", "trans*", "w*", "a*", "state-of-the-art", "机器学习", "ﷺ", "x²"),
    *("\x00", "\ud800", "\u202e", "e\u0301", "\u3000", "\n", "\t", "Ａ", "ſ", "ß", "İ", "١٢", "🇩🇪", "\U0010ffff"),
)
_LONG = (
    "(",
    ")",
    "-",
    '"',
    "* ",
    "ab* OR ",
    "aa* ",
    "NOT ",
    "-(a ",
    "a-",
    "au:x ",
    "ti:a OR (",
    "深",
    "id:1 ",
    "x:",
    "‖",
)


def string(papers: Sequence[Paper], random: Random) -> str:
    """Something a person, or a malicious one, may type."""
    kinds: tuple[Callable[[], str], ...] = (
        lambda: _joined([random.choice(_PIECES) for _ in range(random.randint(0, 16))], random),
        lambda: _joined([random.choice(_PIECES) for _ in range(random.randint(0, 60))], random),
        lambda: _mutated(question(papers, random), random),
        lambda: hostile_text(random, random.choice((2, 8, 30)))[:1_000],
        lambda: random.choice(_LONG) * random.choice((8, 47, 100, 300)),
        lambda: "".join(chr(random.randrange(0x110000)) for _ in range(random.randint(0, 40))),
    )
    return random.choices(kinds, (6, 2, 6, 3, 1, 2))[0]()


def _joined(pieces: Sequence[str], random: Random) -> str:
    return "".join(each + random.choice(("", " ", " ")) for each in pieces)


def _mutated(text: str, random: Random) -> str:
    """A query with a few characters lost, doubled or replaced."""
    for _ in range(random.randint(0, 4)):
        at = random.randint(0, len(text))
        text = text[:at] + random.choice(("", random.choice(_PIECES), text[at : at + 5] * 2)) + text[at + 1 :]
    return text


class Trial:
    """What the strings did so far."""

    def __init__(self, papers: Sequence[PreparedPaper], storage: SqlStorage, every: int) -> None:
        self._papers = papers
        self._storage = storage
        self._every = every
        self.counts = {"strings": 0, "queries": 0, "errors": 0, "searches": 0, "matches": 0}
        self.slowest = {"reading": 0.0, "matching": 0.0, "searching": 0.0}
        self.wrong: list[str] = []

    async def type(self, texts: Sequence[str]) -> None:
        """Read these strings, and hold those that are queries against the papers."""
        queries = [query for text in texts if (query := self._read(text))]
        started = time.process_time()
        matcher = Matcher(queries)
        masks = matcher.masks(self._papers, now=NOW)
        self._took("matching", time.process_time() - started, texts[0])
        for query in queries:
            mask = masks[matcher.add(query)]
            self.counts["queries"] += 1
            self.counts["matches"] += mask.bit_count()
            if self.counts["queries"] % self._every == 0:
                await self._search(query, mask)

    def _read(self, text: str) -> Query | None:
        self.counts["strings"] += 1
        started = time.process_time()
        try:
            query = parse_query(text)
        except QueryError as error:
            self.counts["errors"] += 1
            if not (
                str(error) and 0 <= error.start <= error.end <= len(text) and pointer(text, error.start, error.end)
            ):
                self.wrong.append(f"{text!r}: a poor error {error}")
            return None
        finally:
            self._took("reading", time.process_time() - started, text)
        if parse_query(str(query)) != query:
            self.wrong.append(f"{text!r}: {query} is read as {parse_query(str(query))}")
        return query

    async def _search(self, query: Query, mask: int) -> None:
        self.counts["searches"] += 1
        started = time.process_time()
        patience = Patience(_UNHURRIED)
        found = await self._storage.search_papers(query, now=NOW, limit=len(self._papers), within=patience)
        self._took("searching", time.process_time() - started, str(query))
        expected = {self._papers[place].paper.title for place in places(mask)}
        if {each.paper.title for each in found.papers} != expected or found.total != mask.bit_count():
            self.wrong.append(f"{query}: {found.total} were found, {mask.bit_count()} match")

    def _took(self, what: str, took: float, text: str) -> None:
        self.slowest[what] = max(self.slowest[what], took)
        if took > ALLOWED:
            self.wrong.append(f"{what} took {took:.2f} s: {text!r:.500}")


def shelf() -> Iterator[Paper]:
    """Some real papers, or the starter shelf's; each with a title of its own."""
    if find_shared("corpus"):
        found = real_papers(300, every=300)
    else:
        lines = (Path(bot.__file__).parent / "starter_shelf.jsonl").read_text(encoding="utf-8").splitlines()
        told = [json.loads(line) for line in lines]
        found = [paper_from(FoundPaper(title=each["title"], abstract=each.get("abstract", ""))) for each in told]
    yield from {each.title: each for each in found}.values()


async def run(strings: int, every: int, seed: int) -> Trial:
    """Type so many strings; what they did."""
    random = Random(seed)
    papers = list(shelf())
    with tempfile.TemporaryDirectory() as folder:
        async with await open_storage(f"sqlite:///{folder}/papers.db") as storage:
            prepared = [prepare(each) for each in papers]
            async with storage.write() as transaction:
                await transaction.put_papers(prepared, now=NOW)
            trial = Trial(prepared, storage, every)
            for _ in range(0, strings, _TOGETHER):
                await trial.type([string(papers, random) for _ in range(_TOGETHER)])
    return trial


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strings", type=int, default=1_000_000)
    parser.add_argument("--every", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    started = time.monotonic()
    trial = asyncio.run(run(wanted.strings, wanted.every, wanted.seed))
    print(", ".join(f"{count:,} {what}" for what, count in trial.counts.items()))
    print("slowest, ms:", ", ".join(f"{what} {took * 1e3:.1f}" for what, took in trial.slowest.items()))
    print(f"in {time.monotonic() - started:.0f} s: {len(trial.wrong)} wrong", *trial.wrong[:10], sep="\n")
    sys.exit(bool(trial.wrong))


if __name__ == "__main__":
    main()
