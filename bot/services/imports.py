"""Imports files of papers: read, made into papers, and put into storage, in flat memory and without stalling anyone.

A bad record never stops the good ones, and nothing here stops before the file ends but a fault of storage.
"""

import asyncio
import gc
import os
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.domain.analysis import PreparedPaper
from bot.interfaces import Format, Put, Record, Rejection, Storage
from bot.services.import_chunks import GROUP, PreparedChunk, prepare_chunk, unpacked
from bot.services.import_files import ImportFile, formats_named, unreadable
from bot.services.import_workers import ImportWorkers

Preparer = Callable[[Format, Sequence[Record], datetime], Awaitable[PreparedChunk]]
Teller = Callable[[int, int], None]

TRANSACTION = 4_000
"""Records after which what is there is committed: a text index takes many at once far more quickly than a few."""
TRANSACTION_BYTES = 16 << 20
"""The same for papers that are big, in bytes as they are packed."""
SHOWN_REJECTIONS = 20
_MANY = 20_000
"""New papers after which the text index is tidied up."""
_CHUNKS_PER_WORKER = 12
"""Chunks on their way at once, so that the workers have work while a transaction runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progressed:
    """How far an import has come, over all its files."""

    records: int
    bytes_read: int
    bytes_total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What became of records: each one read was added, revised, unchanged or rejected."""

    read: int = 0
    added: int = 0
    revised: int = 0
    unchanged: int = 0
    rejected: int = 0
    links: int = 0
    """Papers whose abstract holds a link."""
    left_out: int = 0
    """Values that could not be read, such as a date that is none; their papers are in without them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport(Counts):
    """What became of one file."""

    path: str
    format: str | None
    rejections: tuple[Rejection, ...] = ()
    """The first of them, SHOWN_REJECTIONS at most."""
    left_out_values: tuple[Rejection, ...] = ()
    """The first of them, likewise."""
    problem: str | None = None
    """What was wrong with the file as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport(Counts):
    """What became of all the files."""

    files: tuple[FileReport, ...]

    def to_json(self) -> dict[str, Any]:
        """The report as JSON has it: the counts, and under `files` the same for each."""
        return asdict(self)


async def import_files(
    paths: Sequence[Path],
    *,
    storage: Storage,
    formats: Sequence[Format],
    now: datetime,
    format_name: str = "auto",
    progress: Callable[[Progressed], None] | None = None,
    workers: int | None = None,
) -> ImportReport:
    """Put every paper of these files into storage and report, file by file.

    Cancelling stops after the current transaction; what is committed stays, and importing again does the rest.
    `workers` is how many processes prepare the papers of big files; as many as there are processors if not said.
    Raises OperatorError for a format nobody knows.
    """
    asked = formats_named(formats, format_name)
    importer = _Importer(storage, now, _processors() if workers is None else workers)
    bytes_total = sum(map(_size, paths))
    reports: list[FileReport] = []
    gc.freeze()
    gc.disable()  # looking through thousands of living papers for garbage held the loop for 150 ms again and again
    try:
        for path in paths:
            reports.append(await importer.import_file(path, asked, _teller(progress, paths, reports, bytes_total)))
    finally:
        gc.enable()
        gc.unfreeze()
        await asyncio.to_thread(importer.close)
    if sum(each.added for each in reports) >= _MANY:
        await storage.tidy_index()
    totals = {each.name: sum(getattr(report, each.name) for report in reports) for each in fields(Counts)}
    return ImportReport(files=tuple(reports), **totals)


class _Tally:
    """What became of the records of one file that are committed."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.rejections: list[Rejection] = []
        self.left_out: list[Rejection] = []

    def add(self, chunks: Sequence[PreparedChunk], put: Sequence[Put]) -> None:
        self.counts.update(each.outcome.value for each in put)
        for chunk in chunks:
            self.counts.update(read=chunk.read, rejected=len(chunk.rejections), links=chunk.links)
            self.counts.update(left_out=len(chunk.left_out))
            self.rejections.extend(chunk.rejections[: SHOWN_REJECTIONS - len(self.rejections)])
            self.left_out.extend(chunk.left_out[: SHOWN_REJECTIONS - len(self.left_out)])

    def report(self, path: Path, kind: Format | None, problem: str | None) -> FileReport:
        name = kind.name if kind else None
        return FileReport(
            path=str(path),
            format=name,
            problem=problem,
            rejections=tuple(self.rejections),
            left_out_values=tuple(self.left_out),
            **self.counts,
        )


class _Importer:
    """One import: the storage it fills, and the workers it starts once there is a file worth it."""

    def __init__(self, storage: Storage, now: datetime, workers: int) -> None:
        self._storage = storage
        self._now = now
        self._count = workers
        self._workers: ImportWorkers | None = None

    def close(self) -> None:
        if self._workers:
            self._workers.close()

    async def import_file(self, path: Path, formats: Sequence[Format], tell: Teller) -> FileReport:
        tally = _Tally()
        try:
            file = await asyncio.to_thread(ImportFile, path)
        except OSError as error:
            return tally.report(path, None, unreadable(path, error))
        try:
            kind = await asyncio.to_thread(file.recognised, formats)
            if kind is None:
                return tally.report(path, None, file.unrecognised(formats))
            await self._import(file, kind, tally, tell)
        finally:
            file.close()
        tell(tally.counts["read"], file.size)
        return tally.report(path, kind, file.problem or (None if tally.counts["read"] else "it holds no records"))

    async def _import(self, file: ImportFile, kind: Format, tally: _Tally, tell: Teller) -> None:
        """Read, prepare and put, each while the others go on; what is on its way is bounded."""
        prepare, most = await self._preparer(file)
        chunks = file.chunks(kind, today=self._now.date())
        pending: deque[tuple[int, asyncio.Future[PreparedChunk]]] = deque()
        batch: list[PreparedChunk] = []
        try:
            chunk = await asyncio.to_thread(next, chunks, None)
            while chunk or pending:
                if chunk and len(pending) < most:
                    pending.append((chunk.position, asyncio.ensure_future(prepare(kind, chunk.records, self._now))))
                    chunk = await asyncio.to_thread(next, chunks, None)
                    continue
                position, task = pending.popleft()
                batch.append(await task)
                if _is_full(batch) or not (chunk or pending):
                    await _to_the_end(self._put(batch, tally))
                    tell(tally.counts["read"], position)
                    batch.clear()
                    gc.collect()  # little is alive between two transactions
        finally:
            for _, task in pending:
                task.cancel()

    async def _preparer(self, file: ImportFile) -> tuple[Preparer, int]:
        """What prepares the chunks of this file, and how many it should have at once."""
        if self._count == 0 or file.is_small:
            return _in_a_thread, 2
        if self._workers is None:
            self._workers = await asyncio.to_thread(ImportWorkers, self._count)
        return self._workers.prepare, self._count * _CHUNKS_PER_WORKER

    async def _put(self, batch: Sequence[PreparedChunk], tally: _Tally) -> None:
        """One transaction."""
        papers: list[PreparedPaper] = []
        for group in (group for chunk in batch for group in chunk.groups):
            papers.extend(unpacked(group))
            await asyncio.sleep(0)  # a group is little, all of them are not: others have their turn between two
        async with self._storage.write() as transaction:
            await transaction.add_import(self._now)
            put = await transaction.put_papers(papers, now=self._now)
        while papers:
            del papers[-GROUP:]  # to let go of all of them at once takes as long as writing some
            await asyncio.sleep(0)
        tally.add(batch, put)


def _is_full(batch: Sequence[PreparedChunk]) -> bool:
    sizes = (len(group) for chunk in batch for group in chunk.groups)
    return sum(each.read for each in batch) >= TRANSACTION or sum(sizes) >= TRANSACTION_BYTES


async def _in_a_thread(kind: Format, records: Sequence[Record], now: datetime) -> PreparedChunk:
    return await asyncio.to_thread(prepare_chunk, kind, records, now)


async def _to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Do this work; when cancelled, finish it first."""
    task = asyncio.create_task(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def _processors() -> int:
    """How many workers are worth starting here; one more process reads and writes."""
    return min(4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _teller(
    progress: Callable[[Progressed], None] | None, paths: Sequence[Path], done: Sequence[FileReport], total: int
) -> Teller:
    """What tells `progress` of one file's records and bytes as part of the whole import's."""
    records = sum(each.read for each in done)
    before = sum(map(_size, paths[: len(done)]))

    def tell(read: int, position: int) -> None:
        if progress:
            progress(Progressed(records=records + read, bytes_read=before + position, bytes_total=total))

    return tell
