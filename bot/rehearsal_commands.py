"""`paperboy rehearse`: what each channel would get of papers that are stored, and when. It writes and sends nothing."""

import asyncio
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.command_options import ConfigOption, JsonOption, started_with
from bot.errors import OperatorError

if TYPE_CHECKING:
    from bot.domain.rehearsing import Account, Rehearsed
    from bot.services.daily_rehearsal import RehearsedDate, RehearsedRecap
    from bot.services.rehearsal import Played

_WIDE = 400
"""Columns for who reads through a pipe: nothing is broken into lines there."""
_DAYS = ["%Y-%m-%d"]
_TALLIES = ("matched", "posted", "digested", "waiting", "paused", "elsewhere")


def rehearse(
    first: Annotated[
        datetime,
        typer.Option("--from", help="The first day, such as 2026-06-01, in UTC.", formats=_DAYS, metavar="DATE"),
    ],
    last: Annotated[datetime, typer.Option("--to", help="The last day.", formats=_DAYS, metavar="DATE")],
    guild: Annotated[
        int | None, typer.Option(help="Only this server, by its id.", show_default=False, metavar="ID")
    ] = None,
    channel: Annotated[
        int | None, typer.Option(help="Only this channel, by its id.", show_default=False, metavar="ID")
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell what each channel would get of the papers of some days. Sends nothing.

    They are run through all topics and papers of the day, which count as they are now, from the first day on; also
    beside a running bot.
    """
    settings = started_with(config, quiet=True)
    from bot.services.daily_rehearsal import RehearsedDate, rehearse_daily, rehearsed_recaps  # noqa: PLC0415
    from bot.services.rehearsal import Played, rehearse, titles_of  # noqa: PLC0415
    from bot.terminal import say, say_json  # noqa: PLC0415
    from storage import open_storage  # noqa: PLC0415

    days = first.date(), last.date()
    _check(*days)

    async def played() -> tuple[Played, dict[int, str], list[RehearsedDate]]:
        async with await open_storage(settings.database.url, is_made=False) as storage:
            done = await rehearse(storage, first=days[0], last=days[1], guild_id=guild, channel_id=channel)
            dates = await rehearse_daily(storage, first=days[0], last=days[1], guild_id=guild, channel_id=channel)
            return done, await titles_of(storage, done.messages), dates

    done, titles, dates = asyncio.run(played())
    if not done.accounts and not done.unreadable and not dates:
        raise OperatorError("Nothing is followed there. Channels follow topics with /topic follow.")
    recaps = rehearsed_recaps(dates, first=days[0], last=days[1])
    if as_json:
        told = {"daily": [_date_json(each) for each in dates], "recaps": [_recap_json(each) for each in recaps]}
        say_json(_json(done, titles) | told)
        return
    for each in done.unreadable:
        say(f"channel {each.channel_id}: {each.query} cannot be read any more, and brings nothing")
    messages = _messages(done)
    for accounts in _by_channel(done.accounts):
        _show(accounts, messages[accounts[0].topic.channel_id], titles)
    for _, some in groupby(dates, key=lambda each: each.schedule.channel_id):
        of_channel = list(some)
        channel_id = of_channel[0].schedule.channel_id
        _show_dates(of_channel, [each for each in recaps if each.schedule.channel_id == channel_id])
    say(f"{done.papers:,} papers arrived from {days[0]} to {days[1]}: {len(done.messages):,} messages.")


def _check(first: date, last: date) -> None:
    """Raises BadParameter for days that cannot be played."""
    from bot.services.rehearsal import LONGEST  # noqa: PLC0415

    if last < first:
        raise typer.BadParameter(f"--to {last} is before --from {first}. Name the earlier day first.")
    if (last - first) >= timedelta(days=LONGEST):
        raise typer.BadParameter(
            f"That is {(last - first).days + 1:,} days; {LONGEST} at most can be rehearsed at once."
        )
    today = datetime.now(UTC).date()
    if first > today:
        raise typer.BadParameter(f"--from {first} is yet to come: today is {today} in UTC.")


def _by_channel(accounts: Iterable["Account"]) -> Iterator[list["Account"]]:
    def place(account: "Account") -> tuple[int, int]:
        return account.topic.guild_id, account.topic.channel_id

    return (list(some) for _, some in groupby(sorted(accounts, key=place), key=place))


def _messages(done: "Played") -> Mapping[int, list["Rehearsed"]]:
    """What each channel would get."""
    found: dict[int, list[Rehearsed]] = defaultdict(list)
    for each in done.messages:
        found[each.topic.channel_id].append(each)
    return found


def _show(accounts: list["Account"], messages: Iterable["Rehearsed"], titles: Mapping[int, str]) -> None:
    from rich.console import Console  # noqa: PLC0415 (a tenth of a second that only this needs)
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from bot.terminal import say  # noqa: PLC0415

    topic = accounts[0].topic
    say(f"Channel {topic.channel_id} of server {topic.guild_id}")
    for each in accounts:
        say(f"  {each.topic.query}: {_counts(each)}")
    table = Table("when (UTC)", "topic", "what", box=None, pad_edge=False)
    for message in messages:
        cells = (f"{message.at:%Y-%m-%d %H:%M}", message.topic.query, _what(message, titles))
        table.add_row(*map(Text, cells))
    if table.row_count:
        Console(width=None if sys.stdout.isatty() else _WIDE).print(table)
    say("")


def _show_dates(dates: list["RehearsedDate"], recaps: list["RehearsedRecap"]) -> None:
    """The papers of the day of one channel, and its recaps, in the order in which they would come."""
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from bot.terminal import say  # noqa: PLC0415

    schedule = dates[0].schedule
    say(f"Papers of the day in channel {schedule.channel_id} of server {schedule.guild_id}")
    table = Table("when (UTC)", "date there", "what", box=None, pad_edge=False)
    told = [(each.due, _date_words(each)) for each in dates] + [(each.due, _recap_words(each)) for each in recaps]
    for due, what in sorted(told, key=lambda each: each[0].at):
        table.add_row(*map(Text, (f"{due.at:%Y-%m-%d %H:%M}", f"{due.on}", what)))
    Console(width=None if sys.stdout.isatty() else _WIDE).print(table)
    say("")


def _date_words(each: "RehearsedDate") -> str:
    return f"{each.paper.paper.title} ({each.because})" if each.paper else each.because


def _recap_words(each: "RehearsedRecap") -> str:
    count = len(each.papers)
    told = [f"{count:,} {'paper' if count == 1 else 'papers'}"] if count else []
    told += ["classics, if any are left"] if each.has_classics else []
    return f"recap of {' and '.join(told)}" if told else "no recap: nothing was posted in its week"


def _recap_json(each: "RehearsedRecap") -> dict[str, Any]:
    papers = [{"id": known.id, "title": known.paper.title} for known in each.papers]
    place = {"guild": each.schedule.guild_id, "channel": each.schedule.channel_id}
    return {**place, "at": each.due.at, "on": each.due.on, "papers": papers}


def _date_json(each: "RehearsedDate") -> dict[str, Any]:
    known = each.paper
    return {
        "guild": each.schedule.guild_id,
        "channel": each.schedule.channel_id,
        "at": each.due.at,
        "on": each.due.on,
        "paper": {"id": known.id, "title": known.paper.title} if known else None,
        "because": each.because,
    }


def _counts(account: "Account") -> str:
    told = {
        "posted": account.posted,
        "in digests": account.digested,
        "waiting for a digest": account.waiting,
        "held back, as it is paused": account.paused,
        "through another topic": account.elsewhere,
    }
    parts = [f"{many:,} {name}" for name, many in told.items() if many]
    return f"{account.matched:,} match" + (f"; {', '.join(parts)}" if parts else "")


def _what(message: "Rehearsed", titles: Mapping[int, str]) -> str:
    named = [titles.get(each, "") for each in message.papers]
    if not message.is_digest:
        return named[0]
    more = f"; and {message.count - len(named):,} more" if message.count > len(named) else ""
    again = f" ({len(message.again):,} of them there before)" if message.again else ""
    return f"digest of {message.count:,}{again}: {'; '.join(named)}{more}"


def _json(done: "Played", titles: Mapping[int, str]) -> dict[str, Any]:
    messages = _messages(done)
    return {
        "from": done.first,
        "to": done.last,
        "papers": done.papers,
        "channels": [
            _channel_json(each, messages[each[0].topic.channel_id], titles) for each in _by_channel(done.accounts)
        ],
        "unreadable": [{"id": each.id, "channel": each.channel_id, "query": each.query} for each in done.unreadable],
    }


def _channel_json(
    accounts: list["Account"], messages: Iterable["Rehearsed"], titles: Mapping[int, str]
) -> dict[str, Any]:
    return {
        "guild": accounts[0].topic.guild_id,
        "channel": accounts[0].topic.channel_id,
        "topics": [
            {"id": each.topic.id, "query": each.topic.query, **{name: getattr(each, name) for name in _TALLIES}}
            for each in accounts
        ],
        "messages": [
            {
                "at": each.at,
                "topic": each.topic.id,
                "digest": each.is_digest,
                "count": each.count,
                "again": len(each.again),
                "papers": [{"id": paper, "title": titles.get(paper, "")} for paper in each.papers],
            }
            for each in messages
        ],
    }
