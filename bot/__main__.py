"""The command line: each command opens what it needs, says what happened, and ends with a documented exit code.

Exit codes: 0 done, 1 it could not be done, 2 the command was typed wrongly, 70 a fault of Paperboy's own, 78 the
configuration is wrong, 130 stopped by Ctrl-C. What only some commands need is imported by those: discord.py alone
takes half a second.
"""

import asyncio
import gc
import importlib.metadata
import logging
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.command_options import ConfigOption, JsonOption, PlainCommand, secrets_of, started_with
from bot.config import with_token
from bot.copy_commands import copy
from bot.domain.query_errors import QueryError, pointer
from bot.domain.ranking import Order
from bot.domain.shards import AUTO, parse_shards
from bot.errors import OperatorError, UserError
from bot.logs import start_logging
from bot.outbox_commands import outbox
from bot.privacy_commands import privacy
from bot.rehearsal_commands import rehearse
from bot.stopping import until_stopped
from bot.upkeep_commands import backup, doctor, invite, restore

cli = typer.Typer(
    name="paperboy",
    help="A Discord bot that brings research papers to the channels that care about them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _tell_version(asked: bool) -> None:
    if asked:
        sys.stdout.write(importlib.metadata.version("paperboy") + "\n")
        raise typer.Exit


@cli.callback()
def _paperboy(
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version and end.", callback=_tell_version, is_eager=True)
    ] = False,
) -> None:
    """Options that stand before a command."""


_log = logging.getLogger(__name__)

FormatOption = Annotated[
    str,
    typer.Option(
        "--format",
        help="auto, or one of arxiv-atom, arxiv-snapshot, jsonl, csl-json, bibtex, ris, listing.",
        metavar="FORMAT",
    ),
]
_MINUS_IS_A_WORD = {"ignore_unknown_options": True, "allow_extra_args": True}
"""Lets a query hold `-survey`, which would be taken for an option that nobody knows; `match` looks at what is left."""
_SEARCH_SECONDS = 10.0
"""At a terminal nobody else waits, and each search is the first one: how words are spelt is read for it alone."""


def main() -> None:
    """Run the command line; an error that someone can mend is a sentence and an exit code, not a traceback."""
    try:
        cli()
    except QueryError as error:
        place = f"{pointer(error.text, error.start, error.end)}\n" if error.text.strip() else ""
        _fail(f"{place}{error}", 1)
    except UserError as error:
        _fail(str(error), 1)
    except OperatorError as error:
        _fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        _fail("Stopped.", 130)
    except Exception:
        _log.critical("fault", exc_info=True)  # through the log, where no token passes; Python would write it as it is
        _fail("Something went wrong that is not yours to mend; the lines above say what. Please report it.", 70)


def _fail(message: str, exit_code: int) -> NoReturn:
    sys.stderr.write(message + "\n")
    sys.exit(exit_code)


def _query_words(words: list[str]) -> list[str]:
    """The words of a query, where `-survey` is one; a mistyped option is not."""
    for each in words:
        if each.startswith("--") or words == ["-h"]:
            raise typer.BadParameter(f"There is no option {each}. The command with --help names them all.")
    return words


def _unquoted(words: list[str]) -> OperatorError:
    """What is said where more stands there than a query and a file: the shell has handed it over in several words."""
    *query, file = _query_words(words)
    if _is_file(words[1]):
        told = f"leave out {shlex.join(words[2:])}, or put it into the quotes of the query"
        return OperatorError(f"Type one query and then one file: {told}.", exit_code=2)
    typed = f"paperboy match {shlex.quote(' '.join(query))} {shlex.quote(file)}"
    return OperatorError(f"Put a query of several words in quotes, and one file after it: {typed}", exit_code=2)


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except OSError:  # a name that is too long, say
        return False


def _shards_words(shards: str | None) -> str | None:
    """The shards as they were typed, if they can be read."""
    try:
        return None if shards is None else str(parse_shards(shards) or AUTO)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def run(
    config: ConfigOption = None,
    shards: Annotated[
        str | None,
        typer.Option(
            help="Which part of the bot, where several processes run it on one PostgreSQL: auto, or 0-3/16.",
            metavar="SHARDS",
            callback=_shards_words,
        ),
    ] = None,
) -> None:
    """Run the bot on Discord."""
    settings = with_token(started_with(config))
    if shards is not None:
        settings = settings.model_copy(update={"discord": settings.discord.model_copy(update={"shards": shards})})
    start_logging(settings.log.level, *secrets_of(settings), as_json=settings.log.format == "json")
    gc.disable()  # until the bot is ready: what a start makes stays, and to look through it takes a sixth of the time
    from bot.app import run_until  # noqa: PLC0415

    until_stopped(lambda stop: run_until(settings, stop), lambda name: _log.info("stopping signal=%s", name))


def playground(
    config: ConfigOption = None,
    port: Annotated[
        int | None,
        typer.Option(
            help="The page's port, 0 for any free one; 8420 by default, or any other if that is taken.",
            min=0,
            max=65535,
            metavar="PORT",
            show_default=False,
        ),
    ] = None,
    database: Annotated[
        str | None, typer.Option(help="A database to show; by default playground.db beside your own.", metavar="URL")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Play a short tour in the terminal, and end.")] = False,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser, on a desktop.")] = True,
) -> None:
    """Try the whole bot on this machine: no token, no account."""
    settings = started_with(config, quiet=True)
    gc.disable()  # as `run` does
    from bot.playground import ended_by, serve, tour, with_database  # noqa: PLC0415
    from bot.terminal import say  # noqa: PLC0415

    if once:
        asyncio.run(tour(settings, database, say))
    else:
        shown = with_database(settings, database)
        until_stopped(
            lambda stop: serve(shown, stop, port=port, browser=browser, say=say), lambda name: say(ended_by(name))
        )


def import_papers(
    files: Annotated[
        list[Path], typer.Argument(help="Files of papers, plain or gzip; - is the standard input.", metavar="FILE...")
    ],
    format_name: FormatOption = "auto",
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add the papers of files to the database. Those it has are revised or left as they are."""
    settings = started_with(config, quiet=True)
    from bot.services.imports import ImportReport, import_files  # noqa: PLC0415
    from bot.sources.formats import FORMATS  # noqa: PLC0415
    from bot.terminal import import_lines, import_progress, say, say_json  # noqa: PLC0415
    from storage import open_storage  # noqa: PLC0415

    async def imported() -> ImportReport:
        async with await open_storage(settings.database.url) as storage:
            with import_progress() as progress:
                return await import_files(
                    files,
                    storage=storage,
                    formats=FORMATS,
                    now=datetime.now(UTC),
                    format_name=format_name,
                    progress=progress,
                )

    try:
        report = asyncio.run(imported())
    except KeyboardInterrupt:
        _fail("Stopped. What is committed is kept; run it again to do the rest.", 130)
    if as_json:
        say_json(report.to_json())
    else:
        for line in import_lines(report):
            say(line)
    if any(each.problem or each.rejected == each.read for each in report.files):
        raise typer.Exit(1)


def search(
    words: Annotated[
        list[str],
        typer.Argument(
            help="What to look for, such as: graph networks author:kipf cat:cs.LG",
            metavar="QUERY",
            callback=_query_words,
        ),
    ],
    limit: Annotated[
        int, typer.Option(help="How many papers to show at most.", min=1, max=1000, metavar="NUMBER")
    ] = 10,
    sort: Annotated[Order, typer.Option(help="Which papers come first.", metavar="|".join(Order))] = Order.RELEVANCE,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find papers in the database, the most relevant first."""
    settings = started_with(config, quiet=True)
    from bot.services.search import Search, SearchPage  # noqa: PLC0415
    from bot.terminal import say, say_json, search_json, search_lines  # noqa: PLC0415
    from storage import open_storage  # noqa: PLC0415

    async def found() -> SearchPage:
        async with await open_storage(settings.database.url, is_made=False) as storage:
            search = Search(storage, lambda: datetime.now(UTC), seconds=_SEARCH_SECONDS)
            found = await search.search(" ".join(words), page=0, page_size=limit, order=sort)
            if not found.total and not await storage.count_papers():
                raise OperatorError(f"{storage.name} holds no papers yet. Fill it with `paperboy import FILE`.")
            return found

    page = asyncio.run(found())
    if as_json:
        say_json(search_json(page))
    else:
        for line in search_lines(page, " ".join(words)):
            say(line)


def ingest(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            help="Which sources to ask, such as arxiv_rss, or arxiv_api:cs.AI for one feed; all if none is named.",
            metavar="SOURCE...",
            show_default=False,
        ),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            help="Fill in what came since this day, where a source can go back.",
            formats=["%Y-%m-%d"],
            metavar="DATE",
            show_default=False,
        ),
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask the sources for papers now. A running bot does so by itself."""
    settings = started_with(config, quiet=True, tells_trouble=True)
    from bot.by_hand import AskedByHand, ask_sources  # noqa: PLC0415
    from bot.terminal import say, say_json  # noqa: PLC0415
    from bot.terminal_sources import asking_progress, report_json, report_lines  # noqa: PLC0415

    async def asked() -> AskedByHand:
        with asking_progress() as progress:
            return await ask_sources(settings, sources or [], since=since.date() if since else None, progress=progress)

    try:
        outcome = asyncio.run(asked())
    except KeyboardInterrupt:
        _fail("Stopped. What is committed is kept; run it again to do the rest.", 130)
    if as_json:
        say_json(report_json(outcome))
    else:
        for line in report_lines(outcome):
            say(line)
    if not outcome.is_well:
        raise typer.Exit(1)


def tell_sources(
    days: Annotated[
        int, typer.Option(help="Show what came on so many last days, too.", min=0, max=366, metavar="NUMBER")
    ] = 0,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell how each source stands. It says what is in, what is late, and when each is asked again."""
    settings = started_with(config, quiet=True)
    from bot.by_hand import source_standings  # noqa: PLC0415
    from bot.terminal import say, say_json  # noqa: PLC0415
    from bot.terminal_sources import standing_json, standing_lines  # noqa: PLC0415

    stand = asyncio.run(source_standings(settings, days=days or 1))
    if as_json:
        say_json(standing_json(stand))
    else:
        for line in standing_lines(stand, with_days=bool(days)):
            say(line)


def match(
    context: typer.Context,
    query: Annotated[
        str,
        typer.Argument(help="A query, quoted for the shell, such as: 'graph* -survey after:2016'", metavar="QUERY"),
    ],
    file: Annotated[
        Path, typer.Argument(help="A file of papers, plain or gzip; - is the standard input.", metavar="FILE")
    ],
    format_name: FormatOption = "auto",
    as_json: JsonOption = False,
) -> None:
    """Try a query out on a file of papers. It tells those that a search would find, and needs no database."""
    if context.args:
        raise _unquoted([query, str(file), *context.args])
    from bot.domain.parsing import parse_query  # noqa: PLC0415
    from bot.services.matching import FileMatch  # noqa: PLC0415
    from bot.sources.formats import FORMATS  # noqa: PLC0415
    from bot.terminal import match_json, match_lines, say  # noqa: PLC0415

    asked = parse_query(query)
    found = FileMatch(asked, file, formats=FORMATS, now=datetime.now(UTC), format_name=format_name)
    for line in match_json(found) if as_json else match_lines(found, query):
        say(line)
    if found.problem:
        raise OperatorError(f"{file}: {found.problem}.")


for _name, _command in (
    ("playground", playground),
    ("run", run),
    ("invite", invite),
    ("import", import_papers),
    ("search", search),
    ("match", match),
    ("doctor", doctor),
    ("sources", tell_sources),
    ("ingest", ingest),
    ("rehearse", rehearse),
    ("backup", backup),
    ("restore", restore),
    ("copy", copy),
):  # in the order in which people want them
    _settings = _MINUS_IS_A_WORD if _command in {search, match} else None
    cli.command(_name, cls=PlainCommand, context_settings=_settings)(_command)
cli.add_typer(outbox)
cli.add_typer(privacy)


if __name__ == "__main__":
    main()
