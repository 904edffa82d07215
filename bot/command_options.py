"""What every command of the command line has in common: its options, and the settings it starts from."""

from pathlib import Path
from typing import Annotated

import typer

from bot.config import Settings, load_settings
from bot.logs import start_logging

ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="The settings file; config.toml in this folder by default.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]


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
