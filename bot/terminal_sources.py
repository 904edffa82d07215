"""What the command line shows of sources: progress while they are asked, what came, and how they stand."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.by_hand import AskedByHand, SourcesNow
from bot.domain.categories import known_category
from bot.domain.ledger import FeedDay
from bot.domain.ledger_words import day_name, wall_clock
from bot.services.feeds import FeedReport, Progressed
from bot.services.ledger import FeedStanding


@contextmanager
def asking_progress() -> Iterator[Callable[[Progressed], None] | None]:
    """Tell on standard error that sources are asked, a bar for each feed that answers, and at once what goes wrong.

    None without a terminal.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 (a tenth of a second that only a terminal needs)
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks = {"": bars.add_task("asking the sources", total=None)}

        def show(made: Progressed) -> None:
            if made.trouble:
                bars.console.print(f"{made.name}: {made.trouble}", markup=False, highlight=False, soft_wrap=True)
                return
            if made.name not in tasks:
                tasks[made.name] = bars.add_task(made.name, total=None)
            bars.update(tasks[made.name], completed=made.received, total=made.expected)

        yield show


def report_lines(asked: AskedByHand) -> Iterator[str]:
    """How each feed stands now, what this asking brought, and which records were no papers."""
    for report, stands in zip(asked.reports, asked.standings, strict=True):
        yield _standing_line(stands, asked.now)
        if report.received:
            yield f"  {_brought(report)}"
        yield from (f"  {rejected.place}: {rejected.reason}" for rejected in report.rejections)
        if more := report.rejected - len(report.rejections):
            yield f"  and {more:,} more rejected"
    if asked.look_ups.asked or asked.look_ups.trouble:
        yield f"Look-ups: {_looked_up(asked.look_ups.asked, asked.look_ups.filled, asked.look_ups.trouble)}"


def report_json(asked: AskedByHand) -> dict[str, Any]:
    """The same as JSON has it."""
    feeds = [
        each.to_json() | {"sentence": stands.sentence(wall_clock(stands.rhythm, asked.now))}
        for each, stands in zip(asked.reports, asked.standings, strict=True)
    ]
    return {"feeds": feeds, "look_ups": asdict(asked.look_ups)}


def standing_lines(stand: SourcesNow, *, with_days: bool) -> Iterator[str]:
    """How each feed stands, a line each, and the days that never came; on request what came on the last days."""
    for each in stand.standings:
        yield _standing_line(each, stand.now)
        if each.missed:
            yield f"  never came: {', '.join(map(day_name, each.missed))}{_how_to_fill(each)}"
        yield from map(_day_line, each.days if with_days else ())
    if stand.look_ups:
        yield f"Look-ups: {_looked_up(stand.look_ups.received, stand.look_ups.revised, stand.look_ups.last_error)}"
    yield from stand.notes


def standing_json(stand: SourcesNow) -> dict[str, Any]:
    """The same as JSON has it."""
    return {
        "feeds": [each.to_json(wall_clock(each.rhythm, stand.now)) for each in stand.standings],
        "look_ups": asdict(stand.look_ups) if stand.look_ups else None,
        "notes": stand.notes,
    }


def _standing_line(stands: FeedStanding, now: datetime) -> str:
    return f"{stands.name}: {stands.sentence(wall_clock(stands.rhythm, now))}"


def _how_to_fill(stands: FeedStanding) -> str:
    """What to type for papers that a feed holds no more; nothing for an archive, which the API does not know."""
    if stands.fill_from is None or not all(map(known_category, stands.feed.split("+"))):
        return ""
    feeds = " ".join(f"arxiv_api:{each}" for each in stands.feed.split("+"))
    return f"; fill in with: paperboy ingest {feeds} --since {stands.fill_from}"


def _brought(report: FeedReport) -> str:
    gone = f", {report.gone:,} deleted there and never here" if report.gone else ""
    return (
        f"{report.received:,} read, {report.new:,} new, {report.revised:,} revised, {report.known:,} known, "
        f"{report.rejected:,} rejected{gone}"
    )


def _looked_up(asked: int, filled: int, trouble: str | None) -> str:
    return f"{asked:,} {'paper' if asked == 1 else 'papers'} asked for, {filled:,} filled." + (
        f" {trouble}" if trouble else ""
    )


def _day_line(day: FeedDay) -> str:
    # Where a gap was filled by hand, more came that day than the list asked for since then has.
    of = f" of {day.expected:,}" if day.expected is not None and day.expected >= day.received else ""
    return (
        f"  {day.day} {day.state.value:>8}: {day.received:,}{of} read, {day.new:,} new, {day.revised:,} revised, "
        f"{day.known:,} known, {day.rejected:,} rejected; asked {day.attempts:,} "
        f"{'time' if day.attempts == 1 else 'times'}" + (f"; {day.last_error}" if day.last_error else "")
    )
