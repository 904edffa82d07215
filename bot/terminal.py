"""What the command line shows: an import's progress and report, and what a search or a match found. Decides nothing."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from bot.domain.hints import READ_AS_REQUEST, how_it_was_read, quicker, where_nothing_is_found
from bot.domain.identifiers import lists_ids, miscounted_ids, page_url, pdf_url
from bot.domain.nicknames import nickname_of
from bot.domain.papers import Author, Paper
from bot.domain.ranking import Order

if TYPE_CHECKING:  # each command loads its own service alone
    from bot.services.imports import FileReport, ImportReport, Progressed
    from bot.services.matching import FileMatch
    from bot.services.search import SearchPage
    from bot.upkeep_interfaces import CopyProgress

_MOST_AUTHORS = 3


def say(text: str) -> None:
    """Write a line to standard output at once; what it cannot encode is replaced."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")
    sys.stdout.flush()


def say_json(value: dict[str, Any]) -> None:
    """Write one JSON object to standard output, in ASCII, which every terminal and pipe can carry."""
    say(json.dumps(value, indent=2, default=_plain))


def _plain(value: object) -> object:
    """A day or a time as ISO 8601 has it, a length of time in seconds."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    raise TypeError(f"{type(value).__name__} has no place in JSON")


@contextmanager
def import_progress() -> Iterator["Callable[[Progressed], None] | None"]:
    """A progress bar on standard error while the block runs; None where nobody looks at a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 (a tenth of a second that only a terminal needs)
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    console = Console(stderr=True)
    columns = (TextColumn("{task.fields[papers]:,} papers"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("import", papers=0, total=None, visible=False)  # how much it is, the first report tells

        def show(made: "Progressed") -> None:
            bar.update(
                task, papers=made.records, completed=made.bytes_read, total=made.bytes_total or None, visible=True
            )

        yield show


@contextmanager
def copy_progress() -> Iterator["Callable[[CopyProgress], None]"]:
    """A progress bar on standard error while the block runs, where somebody looks at a terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description:<8}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks = {each: bar.add_task(each, total=None, visible=False) for each in ("copying", "checking", "indexing")}

        def show(made: "CopyProgress") -> None:
            bar.update(tasks[made.doing], completed=made.done, total=made.total, visible=True)

        yield show


def import_lines(report: "ImportReport") -> Iterator[str]:
    """The report of an import, file by file, rejected records with their place and reason."""
    for each in report.files:
        yield from _file_lines(each)
    if len(report.files) > 1:
        yield f"In all: {_counts(report)}"


def _file_lines(report: "FileReport") -> Iterator[str]:
    if report.format is None and report.problem:
        yield f"{report.path}: {report.problem}"
        return
    kind = f" ({report.format})" if report.format else ""
    yield f"{report.path}{kind}: {_counts(report)}"
    if report.problem:
        yield f"  {report.problem}"
    for each in report.rejections:
        yield f"  {each.place}: {each.reason}"
    if more := report.rejected - len(report.rejections):
        yield f"  and {more:,} more rejected"
    if report.left_out:
        values, they = ("value was", "it") if report.left_out == 1 else ("values were", "them")
        yield f"  {report.left_out:,} {values} left out, and the rest of each paper is in without {they}:"
    for each in report.left_out_values:
        yield f"    {each.place}: {each.reason}"
    if more := report.left_out - len(report.left_out_values):
        yield f"    and {more:,} more left out"


def _counts(report: "FileReport | ImportReport") -> str:
    links = f"; {report.links:,} with a link in the abstract" if report.links else ""
    return (
        f"{report.read:,} read, {report.added:,} added, {report.revised:,} revised, {report.unchanged:,} unchanged, "
        f"{report.rejected:,} rejected{links}"
    )


def search_lines(page: "SearchPage", typed: str) -> Iterator[str]:
    """What a search found, three lines a paper, and below them, where a terminal ends, how it was read."""
    asked = page.query if page.is_said else _as_typed(typed)
    name = nickname_of(page.nicknamed.paper.title, typed) if page.nicknamed else ""
    if page.nicknamed_at:
        yield f"Number {page.nicknamed_at} is where {name} comes from."
    elif page.nicknamed:
        yield f"{name} comes from this paper:"
        yield from _paper_lines(None, page.nicknamed.paper)
    elif not page.hits:
        yield from _nothing_found(page, page.written or typed, asked)
    if not page.hits:
        return
    for each in page.hits:
        yield from _paper_lines(each.number, each.known.paper, each.named)
    yield from how_it_was_read(typed, with_operators=page.is_few, is_said=page.is_understood, offered=page.perhaps)
    yield from _read_as(page, asked)
    if not page.in_time:
        yield quicker(typed)
    stopped = "" if page.in_time else "; the search was stopped before it had seen all"
    if page.whole is not None:
        first = "the first has" if page.whole == 1 else f"the first {page.whole:,} have"
        rest = f"{first} all of them, the others some" if page.whole else "none has all of them"
        papers = "paper" if page.total == 1 else "papers"
        found = f"{len(page.hits):,} of {page.total:,} {papers} with words of {page.instead or asked}"
        yield f"{found}; {rest}{stopped}"
    else:
        more = "" if page.exact else "at least "
        papers = "paper that matches" if page.total == 1 else "papers that match"
        yield f"{len(page.hits):,} of {more}{page.total:,} {papers} {page.instead or asked}{stopped}"


def _as_typed(query: str) -> str:
    """The query on one line; written anew, its words would be folded: `muller`, `深 度 学 习`."""
    return " ".join(query.split())


def _read_as(page: "SearchPage", asked: str) -> Iterator[str]:
    """What was searched for other than what was typed, and what else may be meant."""
    if page.is_whenever:
        yield "Nothing that fits is from that time: this is from any."
    if page.is_by_any:
        yield "No paper that fits is by all of them. These are by any of them."
    if page.is_said:
        newest = ", the newest first" if page.order is Order.NEWEST else ""
        yield f"Read as {page.query}{newest}. To look for these words themselves, put them in quotes."
    if page.instead:
        yield f"Nothing matches {asked} as it is written. Did you mean {page.instead}?"
    if page.perhaps:
        yield f"{'Or did' if page.instead else 'Did'} you mean {page.perhaps}?"


def _nothing_found(page: "SearchPage", typed: str, asked: str) -> Iterator[str]:
    read = f"{READ_AS_REQUEST} " if page.is_said else ""
    if page.identifier:
        yield f"I don't have {page.identifier.value}. Check it, or type words of the title."
    elif lists_ids(typed):
        yield " ".join(["Those are the ids of several papers: put OR between them.", *miscounted_ids(typed)])
    elif not page.is_certain:
        yield f"Nothing was found in time for {asked}. {read}{quicker(typed)}"
    elif page.impossible:
        yield f"No paper matches {asked}. {read}{page.impossible}"
    else:
        yield f"No paper matches {asked}."
        hints = where_nothing_is_found(typed, page.begun, in_time=page.in_time, is_said=page.is_said)
        yield from (f"- {hint}" for hint in hints)


def match_lines(match: "FileMatch", typed: str) -> Iterator[str]:
    """The papers of a file that a query matches, as they are found, and then how many there are."""
    for number, paper in enumerate(match.papers(), 1):
        yield from _paper_lines(number, paper)
    read = match.read - match.rejected
    told = f"{match.matched:,} of {read:,} {'paper matches' if read == 1 else 'papers match'} {_as_typed(typed)}"
    yield f"{told}; {match.rejected:,} records rejected" if match.rejected else told
    if match.impossible:
        yield match.impossible


def match_json(match: "FileMatch") -> Iterator[str]:
    """The same as one JSON object, a paper a line, so that none need be kept."""
    yield f'{{"query": {json.dumps(str(match.query))}, "results": ['
    for number, paper in enumerate(match.papers()):
        yield f"{', ' if number else ''}{json.dumps(_paper_json(paper))}"
    totals = {"read": match.read, "matched": match.matched, "rejected": match.rejected, "problem": match.problem}
    yield f"], {json.dumps(totals)[1:]}"


def _paper_lines(number: int | None, paper: Paper, named: Sequence[Author] = ()) -> Iterator[str]:
    yield f"   {paper.title}" if number is None else f"{number}. {paper.title}"
    yield "   " + " · ".join(filter(None, [_authors(paper, named), _year(paper), ", ".join(paper.categories)]))
    if url := page_url(paper):
        yield f"   {url}"


def _authors(paper: Paper, named: Sequence[Author]) -> str:
    first = paper.authors[:_MOST_AUTHORS]
    names = ", ".join(each.name for each in first)
    others = ", ".join(each.name for each in named[:_MOST_AUTHORS] if each not in first)
    return names + (f" … {others}" if others else "") + (" et al." if len(paper.authors) > _MOST_AUTHORS else "")


def _year(paper: Paper) -> str:
    return str(paper.published_at.year) if paper.published_at else ""


def search_json(page: "SearchPage") -> dict[str, Any]:
    """What a search found, as JSON has it."""
    return {
        "query": page.query,
        "total": page.total,
        "exact": page.exact,
        "in_time": page.in_time,
        "instead": page.instead,
        "perhaps": page.perhaps,
        "nicknamed": _paper_json(page.nicknamed.paper) if page.nicknamed else None,
        "whole": page.whole,
        "results": [_paper_json(each.known.paper) for each in page.hits],
    }


def _paper_json(paper: Paper) -> dict[str, Any]:
    return {
        "title": paper.title,
        "authors": [each.name for each in paper.authors],
        "published": paper.published_at.isoformat() if paper.published_at else None,
        "categories": list(paper.categories),
        "ids": [str(each) for each in paper.ids],
        "page": page_url(paper),
        "pdf": pdf_url(paper),
        "code": paper.code_url,
        "abstract": paper.abstract,
        "sources": list(paper.sources),
    }
