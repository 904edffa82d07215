"""Files of papers end up in storage, every record accounted for, whatever happens on the way."""

import asyncio
import gzip
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.domain.analysis import PreparedPaper
from bot.domain.papers import ExternalId
from bot.errors import OperatorError
from bot.interfaces import Put, PutOutcome, Rejection, Storage
from bot.services import import_workers
from bot.services.import_files import SMALL
from bot.services.imports import SHOWN_REJECTIONS, TRANSACTION, ImportReport, Progressed, import_files
from bot.sources.formats import FORMATS
from bot.terminal import import_lines
from storage import open_storage
from tests.empty import NewDatabase
from tests.shared import shared

NOW = datetime(2026, 9, 1, tzinfo=UTC)
DATA = Path(__file__).parent.parent / "data"


@pytest.fixture
async def library(new_database: NewDatabase) -> AsyncIterator[Storage]:
    opened = await open_storage(new_database())
    yield opened
    await opened.close()


async def imported(library: Storage, *files: Path, **more: Any) -> ImportReport:
    return await import_files(files, storage=library, formats=FORMATS, now=NOW, **more)


def counts(report: ImportReport) -> tuple[int, int, int, int, int]:
    return report.read, report.added, report.revised, report.unchanged, report.rejected


def written(path: Path, records: Sequence[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(each) + "\n" for each in records))
    return path


def many(count: int, *, size: int = 0) -> list[dict[str, Any]]:
    return [{"id": f"2401.{at:05}", "title": f"Paper {at}", "abstract": "word " * (size // 5)} for at in range(count)]


async def test_every_record_is_accounted_for(library: Storage) -> None:
    report = await imported(library, DATA / "papers.jsonl", DATA / "arxiv-snapshot.json", DATA / "listing.txt")
    assert counts(report) == (11, 7, 0, 0, 4)
    first, second, third = report.files
    assert (first.format, second.format, third.format) == ("jsonl", "arxiv-snapshot", "listing")
    assert first.rejections == (
        Rejection(place="line 4", reason="no title"),
        Rejection(place="line 5", reason="not a JSON object"),
        Rejection(place="line 6", reason="not valid JSON"),
    )
    assert json.loads(json.dumps(report.to_json()))["files"][0]["rejections"][0] == {
        "place": "line 4",
        "reason": "no title",
    }
    known = await library.find_paper(ExternalId("arxiv", "math/0309136"))
    assert known is not None
    assert [each.name for each in known.paper.authors] == ["Ada Lovelace III", "C. Babbage", "ATLAS Collaboration"]


async def test_importing_again_changes_nothing_and_a_revision_revises(library: Storage, tmp_path: Path) -> None:
    file = written(tmp_path / "a.jsonl", many(3))
    assert counts(await imported(library, file)) == (3, 3, 0, 0, 0)
    assert counts(await imported(library, file)) == (3, 0, 0, 3, 0)
    revised = written(tmp_path / "b.jsonl", [*many(2), {"id": "2401.00002v2", "title": "Better"}])
    assert counts(await imported(library, revised)) == (3, 0, 1, 2, 0)
    assert await library.count_papers() == 3


async def test_the_trending_page_is_imported_and_again(library: Storage) -> None:
    page = shared("seed/trending.txt")
    first = await imported(library, page)
    assert (*counts(first), first.links) == (71, 71, 0, 0, 0, 25)
    assert counts(await imported(library, page)) == (71, 0, 0, 71, 0)


async def test_only_the_first_rejections_are_told(library: Storage, tmp_path: Path) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text('{"title": "A"}\n' + '{"title": ""}\n' * 1_000)
    report = await imported(library, file)
    assert counts(report) == (1_001, 1, 0, 0, 1_000)
    assert report.files[0].rejections[0] == Rejection(place="line 2", reason="the title is empty")
    assert len(report.files[0].rejections) == SHOWN_REJECTIONS


async def test_gzip_is_known_by_its_first_bytes(library: Storage, tmp_path: Path) -> None:
    plain = written(tmp_path / "papers.gz", many(2))
    zipped = tmp_path / "papers.txt"
    zipped.write_bytes(gzip.compress(plain.read_bytes()) + gzip.compress(b'{"title": "In a second member"}\n'))
    report = await imported(library, plain, zipped)
    assert [(each.read, each.added, each.problem) for each in report.files] == [(2, 2, None), (3, 1, None)]


@pytest.mark.parametrize(("damage", "told"), [("cut", "cut off"), ("wrong", "damaged"), ("tail", "damaged")])
async def test_of_a_broken_gzip_file_what_came_before_is_kept(
    library: Storage, tmp_path: Path, damage: str, told: str
) -> None:
    papers = written(tmp_path / "a", [{**each, "abstract": os.urandom(600).hex()} for each in many(500)]).read_bytes()
    whole = gzip.compress(papers)
    at = len(whole) // 2
    broken = {"cut": whole[:at], "wrong": whole[:at] + b"\xff" * 64 + whole[at:], "tail": whole + b"not gzip"}[damage]
    (tmp_path / "b").write_bytes(broken)
    report = await imported(library, tmp_path / "b")
    assert told in (report.files[0].problem or "")
    assert report.added == (500 if damage == "tail" else pytest.approx(250, abs=100))


async def test_what_cannot_be_read_is_told_and_the_rest_is_read(library: Storage, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "letter").write_text("Dear all,\n\nMay we?\n")
    files = [tmp_path / "missing", tmp_path, tmp_path / "empty", tmp_path / "letter", DATA / "listing.txt"]
    report = await imported(library, *files)
    problems = [each.problem or "" for each in report.files]
    assert "No such file" in problems[0]
    assert "it is a folder; name the files in it" in problems[1]
    assert problems[2] == "it is empty"
    assert "none of the kinds known: arxiv-atom, arxiv-snapshot, jsonl" in problems[3]
    assert (problems[4], report.added) == ("", 3)


async def test_a_path_that_cannot_be_and_a_closed_standard_input_are_told(
    library: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", None)
    report = await imported(library, tmp_path / ("a" * 300), Path("-"))
    problems = [each.problem or "" for each in report.files]
    assert "too long" in problems[0]
    assert problems[1] == "it cannot be read: there is no standard input"


async def test_a_format_that_is_named_is_used(library: Storage, tmp_path: Path) -> None:
    report = await imported(library, DATA / "listing.txt", format_name="jsonl")
    assert report.files[0].problem == "it does not look like jsonl; leave --format out to have its kind found"
    assert (report.read, report.rejected) == (0, 0)
    with pytest.raises(OperatorError, match="no format docx"):
        await imported(library, DATA / "listing.txt", format_name="docx")


async def test_progress_is_told_over_all_files(library: Storage, tmp_path: Path) -> None:
    files = [written(tmp_path / "a", many(TRANSACTION + 300)), written(tmp_path / "b", many(10))]
    told: list[Progressed] = []
    await imported(library, *files, progress=told.append)
    sizes = [each.stat().st_size for each in files]
    assert told[-1] == Progressed(records=TRANSACTION + 310, bytes_read=sum(sizes), bytes_total=sum(sizes))
    assert [each.records for each in told] == sorted(each.records for each in told)
    assert any(0 < each.records < TRANSACTION + 300 for each in told)


def big(path: Path, count: int = 600) -> Path:
    file = written(path, [*many(count, size=1_600_000 // count), {"no": "title"}])
    assert file.stat().st_size > SMALL
    return file


def worker_processes() -> list[str]:
    """The command lines of the worker processes of this process."""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "args=", "--ppid", str(os.getpid())], capture_output=True, text=True, check=True
    )
    return [line for line in listed.stdout.splitlines() if "import_workers" in line]


async def test_big_files_go_through_worker_processes(library: Storage, tmp_path: Path) -> None:
    file = big(tmp_path / "big")
    seen: list[int] = []
    report = await imported(library, file, workers=2, progress=lambda _: seen.append(len(worker_processes())))
    assert counts(report) == (601, 600, 0, 0, 1)
    assert report.files[0].rejections == (Rejection(place="line 601", reason="no title"),)
    assert 2 in seen
    assert worker_processes() == []
    assert counts(await imported(library, file, workers=1)) == (601, 0, 0, 600, 1)


class SlowStorage:
    """Storage that remembers what was committed, and says when a transaction has begun to take its time."""

    def __init__(self) -> None:
        self.committed = 0
        self.began = asyncio.Event()
        self.goes_on = asyncio.Event()

    @asynccontextmanager
    async def write(self) -> AsyncIterator["SlowStorage"]:
        self.put = 0
        yield self
        self.committed += self.put

    async def add_import(self, at: datetime) -> None: ...

    async def put_papers(self, papers: Sequence[PreparedPaper], **_: Any) -> list[Put]:
        self.began.set()
        await self.goes_on.wait()
        self.put += len(papers)
        return [Put(outcome=PutOutcome.ADDED, paper_id=1)] * len(papers)


async def test_cancelling_ends_after_the_transaction_and_leaves_no_process(tmp_path: Path) -> None:
    slow: Any = SlowStorage()
    work = asyncio.create_task(imported(slow, big(tmp_path / "big", 3 * TRANSACTION), workers=2))
    await slow.began.wait()
    work.cancel()
    await asyncio.sleep(0)
    slow.goes_on.set()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert slow.committed == TRANSACTION
    assert worker_processes() == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize("written", [None, b"", b'{"title": "One"}\n'])
async def test_waiting_for_a_pipe_ends_at_once(library: Storage, tmp_path: Path, written: bytes | None) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    work = asyncio.create_task(imported(library, pipe, workers=0))
    await asyncio.sleep(0.02)
    if written is not None:
        writer = os.open(pipe, os.O_WRONLY)
        os.write(writer, written)
        await asyncio.sleep(0.02)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    async with asyncio.timeout(5):
        await asyncio.get_running_loop().shutdown_default_executor()
    if written is not None:
        os.close(writer)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
async def test_what_comes_through_a_pipe_is_imported(library: Storage, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    content = gzip.compress(b"".join(json.dumps(each).encode() + b"\n" for each in many(300)))
    writing = asyncio.create_task(asyncio.to_thread(pipe.write_bytes, content))
    report = await imported(library, pipe, workers=0)
    await writing
    assert counts(report) == (300, 300, 0, 0, 0)


async def test_ids_that_cannot_be_read_are_told_with_their_place(library: Storage, tmp_path: Path) -> None:
    records = [{"id": "S2:12345", "title": "One"}, {"id": "2401.00001", "title": "Two"}, {"title": "Three"}]
    records += [
        {"title": "Four", "url": "https://example.com/4"},
        {"id": "hal-01", "doi": "10.1000/x", "title": "Five"},
    ]
    report = await imported(library, written(tmp_path / "papers.jsonl", records))
    assert counts(report) == (5, 5, 0, 0, 0)
    told = list(import_lines(report))
    assert told[0].endswith("(jsonl): 5 read, 5 added, 0 revised, 0 unchanged, 0 rejected"), "no link, nothing of links"
    assert told[1:] == [
        "  1 value was left out, and the rest of each paper is in without it:",
        "    line 1: the id 'S2:12345' is no arXiv id or DOI",
    ]


async def test_dates_that_are_yet_to_come_are_told_and_left_out(library: Storage, tmp_path: Path) -> None:
    """An issue may be dated by a month or year to come."""
    days = ["2999-05-01", "2026-09-10", "2026-09-05", "2027-01-01", "2027-02-02"]
    records = [{"id": f"10.1000/{day}", "title": f"Of {day}", "published": day} for day in days]
    records.append({"id": "2401.00001", "title": "Of an id", "published": "2999-01-01", "updated": "2998-01-01"})
    report = await imported(library, written(tmp_path / "papers.jsonl", records))
    assert list(import_lines(report))[2:] == [
        "    line 1: the date 2999-05-01 is in the future",
        "    line 2: the date 2026-09-10 is in the future",
        "    line 5: the date 2027-02-02 is in the future",
        "    line 6: the date 2999-01-01 is in the future",
        "    line 6: the date 2998-01-01 is in the future",
    ]
    known = [await library.find_paper(ExternalId("doi", f"10.1000/{day}")) for day in days]
    assert [each and each.paper.published_at and f"{each.paper.published_at:%Y-%m-%d}" for each in known] == [
        None,
        None,
        "2026-09-05",
        "2027-01-01",
        None,
    ]
    by_id = await library.find_paper(ExternalId("arxiv", "2401.00001"))
    assert by_id
    assert by_id.paper.published_at == datetime(2024, 1, 1, tzinfo=UTC)


async def test_several_people_in_one_text_are_several(library: Storage, tmp_path: Path) -> None:
    records = [{"id": "2401.00001", "title": "One", "authors": "Ada Lovelace, Charles Babbage and Grace Hopper"}]
    await imported(library, written(tmp_path / "papers.jsonl", records))
    known = await library.find_paper(ExternalId("arxiv", "2401.00001"))
    assert known
    assert [each.family for each in known.paper.authors] == ["Lovelace", "Babbage", "Hopper"]


@pytest.mark.parametrize("size", [0, 2 * SMALL])
async def test_values_that_cannot_be_read_are_told_and_the_rest_is_imported(
    library: Storage, tmp_path: Path, size: int
) -> None:
    wrong = [{"title": f"Wrong {at}", "upvotes": "many", "abstract": "word " * (size // 150)} for at in range(30)]
    file = written(tmp_path / "papers.jsonl", [{"title": "One", "published": "someday"}, *wrong])
    report = await imported(library, file, workers=1)
    assert (counts(report), report.left_out) == ((31, 31, 0, 0, 0), 31)
    assert len(report.to_json()["files"][0]["left_out_values"]) == SHOWN_REJECTIONS
    told = list(import_lines(report))
    assert told[1:4] == [
        "  31 values were left out, and the rest of each paper is in without them:",
        "    line 1: published is not a date such as 2026-05-22",
        "    line 2: upvotes is not a whole number from 0 to 1,000,000,000",
    ]
    assert told[-1] == "    and 11 more left out"


async def test_a_worker_that_dies_is_told(library: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_workers, "_START", "raise SystemExit(1)")
    with pytest.raises(OperatorError, match="Run the import again"):
        await imported(library, big(tmp_path / "big"), workers=2)
    assert worker_processes() == []


KILLED = """
import asyncio, os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from bot.services.imports import import_files
from bot.sources.formats import FORMATS
from bot.terminal import import_lines
from storage import open_storage

def die(progress):
    sys.stdout.write(" ".join(map(str, children())))
    sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGKILL)

def children():
    return [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit() and parent(each) == os.getpid()]

def parent(process):
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0

async def main():
    storage = await open_storage(sys.argv[1])
    file, now = Path(sys.argv[2]), datetime.now(UTC)
    await import_files([file], storage=storage, formats=FORMATS, now=now, workers=2, progress=die)

asyncio.run(main())
"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to see the processes")
async def test_killing_the_import_leaves_no_process_and_running_it_again_does_the_rest(
    new_database: NewDatabase, tmp_path: Path
) -> None:
    count = TRANSACTION + 2_500
    file = big(tmp_path / "big", count)
    root = Path(__file__).parents[2]
    url = new_database()
    command = [sys.executable, "-c", KILLED, url, str(file)]
    killed = subprocess.run(command, cwd=root, capture_output=True, check=False)
    children = [int(each) for each in killed.stdout.split()]
    assert len(children) == 2
    async with asyncio.timeout(20):
        while any(Path(f"/proc/{each}").exists() for each in children):
            await asyncio.sleep(0.02)
    library = await open_storage(url)
    report = await imported(library, file, workers=0)
    assert (report.added + report.unchanged, report.added, report.rejected) == (count, 2_500, 1)
    await library.close()
