"""What every command of the command line has in common: its options, and the settings it starts from."""

import re
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from typer.core import TyperCommand

from bot.config import Settings, load_settings
from bot.config_mistakes import DAY_WANTED, wanted
from bot.logs import start_logging

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", help="The settings file; config.toml in this folder by default.", metavar="FILE"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]

_RANGE = re.compile(r"(\d+)<=x<=(\d+)")
_CHOICE = re.compile("'([^']+)'")
_AT_LEAST = re.compile(r"x>=(\d+)")


class PlainCommand(TyperCommand):
    """A command whose help and mistakes are told in words, where typer would name types of Python."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        rows: dict[str, list[tuple[str, str]]] = {"argument": [], "option": []}
        for each in self.get_params(ctx):
            if record := each.get_help_record(ctx):
                names = record[0] if each.param_type_name == "option" else str(each.metavar)
                told = _AT_LEAST.sub(r"\1 or more", _RANGE.sub(r"\1 to \2", record[1]))
                rows[each.param_type_name].append((names, told))
        for title, some in (("Arguments", rows["argument"]), ("Options", rows["option"])):
            if some:
                with formatter.section(title):
                    formatter.write_dl(some)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except typer.BadParameter as error:
            told = wanted(error.__cause__.errors()[0]) if isinstance(error.__cause__, ValidationError) else None
            if not told and "%Y-%m-%d" in error.message:
                told = DAY_WANTED
            if not told and (choices := _CHOICE.findall(error.message.partition(" is not one of ")[2])):
                told = f"must be {', '.join(choices[:-1])} or {choices[-1]}"
            error.message = f"it {told}." if told else error.message.removeprefix("Value error, ")
            raise


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """What no line of the log may tell."""
    return settings.discord.token.get_secret_value(), settings.database.password


def started_with(config: Path | None, *, quiet: bool = False, tells_trouble: bool = False) -> Settings:
    """The settings, with logging started: less of it where the command says what it does, and even its trouble."""
    settings = load_settings(config)
    level: str = settings.log.level
    if quiet and level == "info":
        level = "warning"
    if tells_trouble and level == "warning":
        level = "error"
    start_logging(level, *secrets_of(settings), as_json=settings.log.format == "json")
    return settings
