"""`paperboy copy`: everything from one database into another, of the same kind or not."""

import asyncio
import time
from typing import Annotated
from urllib.parse import unquote, urlsplit

import typer

from bot.command_options import JsonOption
from bot.errors import OperatorError
from bot.logs import start_logging


def copy(
    source: Annotated[
        str, typer.Argument(help="The address of the database to copy, as in the settings.", metavar="SOURCE_URL")
    ],
    target: Annotated[
        str, typer.Argument(help="The address of one that holds nothing, or is not there.", metavar="TARGET_URL")
    ],
    as_json: JsonOption = False,
) -> None:
    """Copy everything from one database into another. Each is SQLite or PostgreSQL; both are proved to hold the same.

    Stop the bot first. Cut off at any moment, the same command goes on from there. The source stays as it is: set
    PAPERBOY_DATABASE_URL to the target, and start no bot on the source any more.
    """
    start_logging("warning", *(unquote(urlsplit(each).password or "") for each in (source, target)))
    from bot.terminal import copy_progress, say, say_json  # noqa: PLC0415
    from storage.copying.between import copy_between  # noqa: PLC0415

    began = time.monotonic()
    try:
        with copy_progress() as progress:
            done = asyncio.run(copy_between(source, target, progress))
    except KeyboardInterrupt:
        raise OperatorError("Stopped. What is copied is kept; run it again to do the rest.", exit_code=130) from None
    seconds = time.monotonic() - began
    if as_json:
        tables = {name: {"rows": each.rows, "sha256": each.sha256} for name, each in done.tables.items()}
        told = {"source": done.source, "target": done.target, "was_begun": done.was_begun, "seconds": round(seconds, 1)}
        say_json({**told, "rows": done.rows, "tables": tables})
        return
    how = "Finished the copy of" if done.was_begun else "Copied"
    say(f"{how} {done.source} to {done.target} in {seconds:,.0f} s: {done.rows:,} rows.")
    say(f"Both were read again: each of the {len(done.tables)} tables has the same rows and checksum in both.")
    say("Set PAPERBOY_DATABASE_URL to the new one before you start the bot, and start none on the old one any more.")
