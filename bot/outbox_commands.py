"""`paperboy outbox`: what is owed, what was posted and what is in the way; and what an operator decides about it."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from bot.command_options import ConfigOption, JsonOption, PlainCommand, started_with
from bot.config import Settings
from bot.domain.deliveries import DeliveryState
from bot.domain.delivery_views import KnownDelivery, OutboxStanding, in_words
from bot.errors import OperatorError
from bot.outbox_interfaces import DeliveryStorage

Result = TypeVar("Result")

outbox = typer.Typer(name="outbox", help="Show and steer the messages that are owed to channels.", no_args_is_help=True)
_WIDE = 400
"""Columns for who reads through a pipe: nothing is broken into lines there."""
_OPEN = (DeliveryState.OWED, DeliveryState.HELD)
Numbers = Annotated[list[int], typer.Argument(help="Numbers of deliveries, as `list` shows them.", metavar="NUMBER...")]


def _with_storage(settings: Settings, work: Callable[[DeliveryStorage], Awaitable[Result]]) -> Result:
    from storage import open_storage  # noqa: PLC0415

    async def worked() -> Result:
        async with await open_storage(settings.database.url, is_made=False) as storage:
            return await work(storage)

    return asyncio.run(worked())


@outbox.command("list", cls=PlainCommand)
def list_deliveries(
    state: Annotated[
        list[DeliveryState] | None,
        typer.Option(
            help="Show those in this state; what is owed and held if none is named.",
            show_default=False,
            metavar="|".join(DeliveryState),
        ),
    ] = None,
    limit: Annotated[int, typer.Option(help="How many to show at most.", min=1, max=10_000, metavar="NUMBER")] = 20,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the newest deliveries, and which channels rest and why."""
    settings = started_with(config, quiet=True)
    from bot.terminal import say, say_json  # noqa: PLC0415

    async def asked(storage: DeliveryStorage) -> tuple[list[KnownDelivery], OutboxStanding]:
        return await storage.list_deliveries(state or _OPEN, limit=limit), await storage.outbox_standing()

    found, standing = _with_storage(settings, asked)
    if as_json:
        resting = [{**asdict(each), "sentence": in_words(each)} for each in standing.resting]
        told = {"counts": standing.counts, "resting": resting, "deliveries": [asdict(each) for each in found]}
        say_json(told)
        return
    if found:
        _show(found)
    for each in standing.resting:
        say(f"channel {each.channel_id} rests until {_when(each.again_at)}: {in_words(each)}")
    counted = ", ".join(f"{many:,} {each}" for each, many in sorted(standing.counts.items()))
    say(f"In all: {counted}." if counted else "Nothing is owed, and nothing was ever posted.")


def _show(found: list[KnownDelivery]) -> None:
    from rich.console import Console  # noqa: PLC0415 (a tenth of a second that only this needs)
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table("number", "state", "key", "channel", "due", "tries", "what is wrong", box=None, pad_edge=False)
    for each in found:
        key = f"{each.key}#{each.part}" if each.part else each.key
        cells = (
            each.id,
            each.state,
            key,
            each.channel_id,
            _when(each.not_before),
            each.attempts,
            each.last_error or "",
        )
        table.add_row(*(Text(str(cell)) for cell in cells))
    Console(width=None if sys.stdout.isatty() else _WIDE).print(table)


def _when(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


@outbox.command(cls=PlainCommand)
def retry(numbers: Numbers, config: ConfigOption = None) -> None:
    """Send these again now. What was refused, dropped or came too late may be named too; what was sent stays as it is.

    What was held is looked for in its channel first. Where Paperboy cannot read that, look yourself before you do this.
    """
    now = datetime.now(UTC)
    _decide(config, numbers, lambda storage: storage.retry_deliveries(numbers, now=now), "sent as soon as can be")


@outbox.command(cls=PlainCommand)
def hold(numbers: Numbers, config: ConfigOption = None) -> None:
    """Keep these back until `retry` or `drop`."""
    now = datetime.now(UTC)
    _decide(config, numbers, lambda storage: storage.end_deliveries(numbers, DeliveryState.HELD, now=now), "held")


@outbox.command(cls=PlainCommand)
def drop(numbers: Numbers, config: ConfigOption = None) -> None:
    """Never send these."""
    now = datetime.now(UTC)
    _decide(config, numbers, lambda storage: storage.end_deliveries(numbers, DeliveryState.DROPPED, now=now), "dropped")


def _none_of(numbers: list[int]) -> str:
    return f"None of the messages {', '.join(map(str, numbers))}" if len(numbers) > 1 else f"No message {numbers[0]}"


def _decide(
    config: Path | None, numbers: list[int], work: Callable[[DeliveryStorage], Awaitable[int]], done: str
) -> None:
    settings = started_with(config, quiet=True)
    from bot.terminal import say  # noqa: PLC0415

    many = _with_storage(settings, work)
    if not many:
        raise OperatorError(
            f"{_none_of(numbers)} can be {done.partition(' ')[0]}: `paperboy outbox list` shows those that are owed or "
            "held, and with `--state sent`, or another state, those that are over."
        )
    say(f"{many:,} of {len(set(numbers)):,} {done}.")
