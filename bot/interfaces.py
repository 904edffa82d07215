"""The contracts a stranger may implement: a place that remembers papers, a format that holds them."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import BinaryIO, Protocol

from bot.domain.analysis import PreparedPaper
from bot.domain.papers import ExternalId, FoundPaper, KnownPaper
from bot.domain.query import Query


class PutOutcome(StrEnum):
    """What putting one paper did."""

    ADDED = "added"
    REVISED = "revised"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """One page of a search: papers in order, how many match in all, and whether that order is exact."""

    papers: tuple[KnownPaper, ...]
    total: int
    exact: bool = True


class Transaction(Protocol):
    """One write transaction: all of it is kept, or none."""

    async def put_papers(self, papers: Sequence[PreparedPaper], *, now: datetime) -> list[PutOutcome]:
        """Add, revise or leave each paper, the text index with it; one outcome a paper, in order."""
        ...


class Storage(Protocol):
    """Where papers are remembered. Safe for many tasks at once; every read sees only committed work."""

    def write(self) -> AbstractAsyncContextManager[Transaction]:
        """Open the one write transaction; commits when the block ends, rolls back if it raises."""
        ...

    async def get_papers(self, ids: Sequence[int]) -> list[KnownPaper]:
        """The papers with these numbers, in the order asked, the unknown left out."""
        ...

    async def find_paper(self, external_id: ExternalId) -> KnownPaper | None:
        """The paper with this id, or None."""
        ...

    async def search_papers(self, query: Query, *, limit: int, offset: int = 0) -> Matches:
        """The papers a query matches, best first. Any query a parser can make gives an answer."""
        ...

    async def suggest_papers(self, text: str, *, limit: int) -> list[KnownPaper]:
        """Papers whose title continues this half-typed text, best first; empty text: the best known."""
        ...

    async def count_papers(self) -> int: ...

    async def close(self) -> None:
        """Finish what is in flight and release every connection and lock."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record of a file, unparsed, and where it stands, such as `line 12`."""

    place: str
    raw: bytes


class RecordError(ValueError):
    """A record that cannot be a paper; the text is the reason, for the import's report."""


class Format(Protocol):
    """A kind of file that papers can be imported from. Instances are picklable and keep no state."""

    @property
    def name(self) -> str: ...

    def recognises(self, head: bytes) -> bool:
        """Whether a file that begins with these bytes (up to 64 KiB, decompressed) is of this kind."""
        ...

    def records(self, stream: BinaryIO, *, today: date) -> Iterator[Record]:
        """Cut a file into records, streaming, in little memory. Never raises for what is in the file."""
        ...

    def parse(self, record: Record) -> FoundPaper:
        """Read one record. Raises RecordError, and nothing else, when it holds no paper."""
        ...
