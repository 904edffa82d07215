"""How words are spelt in this library: those of its titles and first authors, read from the index when it has grown.

They lie in memory, a few megabytes for 100,000 papers, and may lag behind: a guide to what was meant, never an answer.
"""

import asyncio
from collections import defaultdict
from contextlib import suppress
from itertools import islice, pairwise
from string import ascii_lowercase

from bot.domain.forgiveness import alike, further
from bot.domain.patience import Patience
from bot.errors import UserError
from storage.database import Database
from storage.dialects.vocabulary import AFTER_ALL, count_indexed, first_authors, title_words
from storage.readers import OutOfTime

_SHORTEST = 3
"""Letters of a word that may be misspelt."""
_GROWN = 50
"""The words are read again when one paper in so many is new or gone."""
_MANY = 50_000
"""Papers of a library in which a word that stands in one place only is taken for a mistake itself."""
_AT_ONCE = 20_000
"""Words compared in one go, two milliseconds in which no other thread runs."""


_STARTS = (*ascii_lowercase, "{", AFTER_ALL)
"""Words are read by their first letter, so that others are answered in between; what is not ASCII comes last.
PostgreSQL reads all titles for any of them, and so all of them at once."""
_READING_SECONDS = 10.0
"""How long the words of one letter may be read, once in a while."""
_BRIEFLY = 0.05
"""Seconds that a search waits for words to be read again, while the earlier ones would do."""


class Spellings:
    """The words, by their lengths. Safe for many threads at once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._papers = 0
        self._by_size: dict[int, list[str]] = {}
        self._reading: asyncio.Task[None] | None = None

    async def ready(self, patience: Patience) -> None:
        """Have the words read anew where the library has grown, and wait for it, for the very first as long as patience
        lasts; reading goes on when it is over."""
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self.refresh(), name="reads how words are spelt")
            self._reading.add_done_callback(lambda task: task.cancelled() or task.exception())
        began = asyncio.get_running_loop().time()
        allowed = min(_BRIEFLY, patience.left) if self._by_size else patience.left
        read, _ = await asyncio.wait({self._reading}, timeout=allowed)
        patience.spend(asyncio.get_running_loop().time() - began)
        if read:
            with suppress(OutOfTime, UserError):
                self._reading.result()
        elif not self._by_size:
            patience.end()

    async def refresh(self) -> None:
        """See to it that the words are about those of the library as it is now. Raises OutOfTime."""
        papers, kind = await self._database.ask(lambda turn: (count_indexed(turn), turn.kind), within=_READING_SECONDS)
        if abs(papers - self._papers) * _GROWN <= self._papers and papers:
            return
        by_size: dict[int, list[str]] = defaultdict(list)
        at_least = 2 if papers > _MANY else 1
        for start, end in pairwise(_STARTS if kind == "sqlite" else (_STARTS[0], _STARTS[-1])):
            for word in await self._read(start, end, at_least):
                if len(word) >= _SHORTEST and word.isalpha():
                    by_size[len(word)].append(word)
        self._by_size, self._papers = by_size, papers

    async def _read(self, start: str, end: str, at_least: int) -> dict[str, None]:
        return await self._database.ask(
            lambda turn: dict.fromkeys(
                (*title_words(turn, start, end, at_least=at_least), *first_authors(turn, start, end, at_least=at_least))
            ),
            within=_READING_SECONDS,
        )

    def near(self, word: str) -> list[str]:
        """Words that may be this one with a letter wrong, missing, added or swapped, the nearest first."""
        by_size, found = self._by_size, []
        for size in range(len(word) - further(word), len(word) + further(word) + 1):
            words = iter(by_size.get(size, ()))
            while some := list(islice(words, _AT_ONCE)):
                found += alike(word, some)
        return alike(word, found)

    async def close(self) -> None:
        """Read no further."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait({self._reading})
