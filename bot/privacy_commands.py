"""`paperboy privacy`: what is kept of a person, and the end of it; for whoever was asked to, beside a running bot."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.command_options import ConfigOption, PlainCommand, started_with
from bot.errors import OperatorError

if TYPE_CHECKING:
    from bot.services.privacy import Privacy

Result = TypeVar("Result")

privacy = typer.Typer(
    name="privacy", help="Give and erase what is kept of a person, or of a server.", no_args_is_help=True
)
Person = Annotated[int, typer.Argument(help="The Discord number of a person.", metavar="PERSON", min=1)]
Server = Annotated[int, typer.Argument(help="The Discord number of a server.", metavar="SERVER", min=1)]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]


@privacy.command(cls=PlainCommand)
def export(person: Person, config: ConfigOption = None) -> None:
    """Print all that is kept of a person, as JSON."""
    sys.stdout.write(_done(config, lambda kept: kept.export(person)))


@privacy.command(cls=PlainCommand)
def erase(person: Person, yes: Yes = False, config: ConfigOption = None) -> None:
    """Erase a person in all servers. Nothing is left in the tables, the files, or a backup that is restored later."""
    _ask(f"Erase all that is kept of person {person}?", yes)
    gone = _done(config, lambda kept: kept.erase(person))
    sys.stdout.write(f"{gone:,} entries erased. Backups made until now hold them until they are deleted.\n")


@privacy.command("erase-server", cls=PlainCommand)
def erase_server(server: Server, yes: Yes = False, config: ConfigOption = None) -> None:
    """Erase everything of a server, in the same way."""
    _ask(f"Erase all that is kept of server {server}?", yes)
    gone = _done(config, lambda kept: kept.erase_server(server))
    sys.stdout.write(f"{gone:,} entries erased. Backups made until now hold them until they are deleted.\n")


def _ask(question: str, yes: bool) -> None:
    if not yes and not typer.confirm(question, err=True):
        raise OperatorError("Nothing was erased.")


def _done(config: Path | None, work: "Callable[[Privacy], Awaitable[Result]]") -> Result:
    settings = started_with(config, quiet=True)
    from bot.services.privacy import Privacy  # noqa: PLC0415
    from storage import open_storage  # noqa: PLC0415

    async def done() -> Result:
        async with await open_storage(settings.database.url, is_made=False) as storage:
            return await work(Privacy(storage, lambda: datetime.now(UTC)))

    return asyncio.run(done())
