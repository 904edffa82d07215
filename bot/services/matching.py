"""Tries a query out on a file of papers, as it is read, in flat memory. It needs no database and keeps nothing."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.analysis import PreparedPaper, prepare
from bot.domain.masks import places
from bot.domain.matching import Matcher
from bot.domain.papers import NotAPaper, Paper
from bot.domain.periods import no_such_day
from bot.domain.query import Query
from bot.errors import OperatorError
from bot.interfaces import Format, Record, RecordError
from bot.services.import_chunks import read_paper
from bot.services.import_files import ImportFile, formats_named, unreadable


class FileMatch:
    """One query held against one file, plain or gzip; the counts are those of what has been read so far.

    Records are taken one by one: what an import would make one paper of is counted as often as it is told.
    """

    def __init__(
        self, query: Query, path: Path, *, formats: Sequence[Format], now: datetime, format_name: str = "auto"
    ) -> None:
        """`now` is what spans back from now are counted from. Raises OperatorError for a format nobody knows."""
        self.query = query
        self.read = self.matched = self.rejected = 0
        self.problem: str | None = None
        """What is wrong with the file as a whole, once that has been met."""
        self.impossible = no_such_day(query, now.astimezone(UTC).date())
        """Why no paper can match, and what to do; empty where one can."""
        self._matcher = Matcher([query])
        self._path = path
        self._now = now
        self._formats = formats_named(formats, format_name)

    def papers(self) -> Iterator[Paper]:
        """The papers that the query matches, in the order of the file. Raises OperatorError where it cannot be read."""
        try:
            file = ImportFile(self._path)
        except OSError as error:
            raise OperatorError(f"{self._path}: {unreadable(self._path, error)}") from error
        try:
            kind = file.recognised(self._formats)
            if kind is None:
                raise OperatorError(f"{self._path} cannot be read: {file.unrecognised(self._formats)}")
            for chunk in file.chunks(kind, today=self._now.date()):
                yield from self._matching(kind, chunk.records)
            self.problem = file.problem
        finally:
            file.close()

    def _matching(self, kind: Format, records: Sequence[Record]) -> Iterator[Paper]:
        prepared = list(self._prepared(kind, records))
        (mask,) = self._matcher.masks(prepared, now=self._now)
        for place in places(mask):
            self.matched += 1
            yield prepared[place].paper

    def _prepared(self, kind: Format, records: Sequence[Record]) -> Iterator[PreparedPaper]:
        for record in records:
            self.read += 1
            try:
                yield prepare(read_paper(kind, record, now=self._now)[1])
            except (RecordError, NotAPaper):
                self.rejected += 1
