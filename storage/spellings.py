"""How words are spelt in this library: those of its titles and first authors, read from the index when it has grown.

They lie in memory, a few megabytes for 100,000 papers, and may lag behind: a guide to what was meant, never an answer.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import islice

from bot.domain.forgiveness import alike, further
from bot.domain.patience import Patience
from bot.errors import UserError
from storage.database import Database
from storage.dialects.gin_vocabulary import Place
from storage.dialects.vocabulary import count_indexed, spelt_from
from storage.readers import OutOfTime, Turn

_SHORTEST = 3
"""Letters of a word that may be misspelt."""
_GROWN = 50
"""The words are read again when one paper in so many is new or gone."""
_MANY = 50_000
"""Papers of a library in which a word that stands in one place only is taken for a mistake itself."""
_AT_ONCE = 20_000
"""Words compared in one go, two milliseconds in which no other thread runs."""
_READING_SECONDS = 10.0
"""How long some of the words may be read, once in a while."""
_BRIEFLY = 0.05
"""Seconds that a search waits for words to be read again, while the earlier ones would do."""


def _by_size(counts: Iterable[Mapping[str, int]], at_least: int) -> dict[int, list[str]]:
    by_size: dict[int, list[str]] = defaultdict(list)
    words = {word: None for counted in counts for word, count in counted.items() if count >= at_least}
    for word in words:
        if len(word) >= _SHORTEST and word.isalpha():
            by_size[len(word)].append(word)
    return by_size


class Spellings:
    """The words, by their lengths. Safe for many threads at once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._papers = 0
        self._by_size: dict[int, list[str]] = {}
        self._reading: asyncio.Task[None] | None = None

    async def ready(self, patience: Patience) -> None:
        """Have the words read anew where the library has grown, and wait for it, for the very first as long as patience
        lasts and it is not enough; reading goes on when it is over."""
        reading = self.begin()
        began = asyncio.get_running_loop().time()
        allowed = min(patience.left, patience.enough, _BRIEFLY if self._by_size else patience.left)
        read, _ = await asyncio.wait({reading}, timeout=allowed)
        patience.spend(asyncio.get_running_loop().time() - began)
        if read:
            with suppress(OutOfTime, UserError):
                reading.result()
        elif not self._by_size:
            patience.end()

    def begin(self) -> asyncio.Task[None]:
        """Have the words read anew where the library has grown, while others go on."""
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self.refresh(), name="reads how words are spelt")
            self._reading.add_done_callback(lambda task: task.cancelled() or task.exception())
        return self._reading

    async def refresh(self) -> None:
        """See to it that the words are about those of the library as it is now. Raises OutOfTime."""
        papers = await self._database.ask(count_indexed, within=_READING_SECONDS)
        if abs(papers - self._papers) * _GROWN <= self._papers:
            return
        at_least = 2 if papers > _MANY else 1
        titles, leads = Counter[str](), Counter[str]()
        place: Place | None = None

        def read(turn: Turn) -> Place | None:
            found = spelt_from(turn, place, at_least=at_least)
            titles.update(found.titles)
            leads.update(found.leads)
            return found.rest

        while (place := await self._database.ask(read, within=_READING_SECONDS)) is not None:
            pass
        self._by_size = await asyncio.to_thread(_by_size, (titles, leads), at_least)
        self._papers = papers

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
