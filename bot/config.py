"""Settings, read once at start from a TOML file and the environment; nothing else in the program reads either.

A wrong setting is never guessed at: every mistake is told at once, each with its place and what was meant.
"""

import os
import re
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, TypeGuard, get_origin
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from bot.config_mistakes import PREFIX, Names, called, explained, is_set, unknown_variables, variable
from bot.domain.shards import AUTO, parse_shards
from bot.domain.subscriptions import MOST_TOPICS
from bot.errors import EX_CONFIG, OperatorError
from bot.source_settings import SourcesSettings

CONFIG_VARIABLE = "PAPERBOY_CONFIG"
DEFAULT_FILE = Path("config.toml")
Source = PydanticBaseSettingsSource


class ConfigError(OperatorError):
    """The configuration is wrong; the text holds one readable line for each mistake."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines), exit_code=EX_CONFIG)


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class DatabaseSettings(_Section):
    """Where papers are remembered."""

    url: str = Field(
        "sqlite:///data/paperboy.db", pattern=r"^(sqlite(\+aiosqlite)?:///|postgres(ql(\+asyncpg)?)?://[^#]*/)."
    )

    @property
    def password(self) -> str:
        """The password in the address, which no log may tell; empty where there is none."""
        return unquote(urlsplit(self.url).password or "")


class DiscordSettings(_Section):
    """How Discord is reached, and as whom."""

    token: SecretStr = SecretStr("")
    token_file: Path | None = None
    api_url: str = Field("https://discord.com/api/v10", pattern=r"^https?://[^/]+(/.*)?/api/v10$")
    gateway_url: str = Field("wss://gateway.discord.gg/", pattern=r"^wss?://")
    shards: str = AUTO

    @field_validator("token", mode="after")
    @classmethod
    def _without_blanks(cls, value: SecretStr) -> SecretStr:
        return SecretStr(value.get_secret_value().strip())

    @field_validator("token_file", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("shards", mode="after")
    @classmethod
    def _names_shards(cls, value: str) -> str:
        parse_shards(value)
        return value


class LogSettings(_Section):
    """What is written to standard error."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


class HealthSettings(_Section):
    """Where whoever watches over the bot may ask how it is, on this machine; 0 for nowhere."""

    port: int = Field(0, ge=0, le=65_535)


class BackupSettings(_Section):
    """Where `paperboy backup` puts its files, and how many stay."""

    folder: Path | None = None
    keep: int = Field(7, ge=1, le=10_000)
    compress: bool = False

    @field_validator("folder", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value


class TopicsSettings(_Section):
    """What channels may follow."""

    most_per_channel: int = Field(MOST_TOPICS, ge=1, le=1_000)


class Settings(BaseSettings):
    """Everything that can be set. `PAPERBOY_DISCORD_API_URL` overrides `api_url` of the file's `[discord]`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="_",
        env_nested_max_split=1,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    database: DatabaseSettings = DatabaseSettings()
    discord: DiscordSettings = DiscordSettings()
    backup: BackupSettings = BackupSettings()
    health: HealthSettings = HealthSettings()
    log: LogSettings = LogSettings()
    topics: TopicsSettings = TopicsSettings()
    sources: SourcesSettings = SourcesSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: Source,
        *_others: Source,
        **_named: Source,
    ) -> tuple[Source, ...]:
        """Nothing but what is passed in: only `load_settings` looks at the environment."""
        return (init_settings,)


def load_settings(path: Path | None = None) -> Settings:
    """Read the settings: from `path`, else the file named by PAPERBOY_CONFIG, else `config.toml` if it exists.

    Raises ConfigError naming every mistake at once.
    """
    named = path or (Path(os.environ[CONFIG_VARIABLE]) if os.environ.get(CONFIG_VARIABLE) else None)
    file = named or DEFAULT_FILE
    content = _read_toml(file) if named or file.exists() else {}
    names = _names()
    mistakes = list(unknown_variables(names, besides=CONFIG_VARIABLE))
    try:
        settings = _read(content)
    except ValidationError as error:
        raise ConfigError([*explained(error, file, content, names), *mistakes]) from None
    if mistakes:
        raise ConfigError(mistakes)
    return settings


def _read(content: dict[str, Any]) -> Settings:
    """The settings of a file's content, the environment's over them."""
    return Settings(**_merged(content, _Environment(Settings)()))


class _Environment(EnvSettingsSource):
    """pydantic-settings, but for the values: it could not tell `arxiv_rss.feeds` from `arxiv.rss_feeds`."""

    def prepare_field_value(self, field_name: str, *_: object) -> Any:
        return _variables(field_name) or None


def _variables(section: str) -> dict[str, Any]:
    """What the environment says of a section, as the file would."""
    values = {name.upper(): value for name, value in os.environ.items()}
    told: dict[str, Any] = {}
    for (outer, *inner), model in _sections():
        for key, field in model.model_fields.items() if outer == section else ():
            value = values.get(variable(".".join([outer, *inner, key])))
            if value is not None and not _is_section(field.annotation):
                place = told.setdefault(inner[0], {}) if inner else told
                place[key] = _parsed(value, get_origin(field.annotation))
    return told


def _parsed(value: str, kind: Any) -> Any:
    """A list or table as TOML writes it, a list also as words with commas between; anything else is text."""
    if kind in {tuple, dict} and value.lstrip()[:1] in {"[", "{"}:
        with suppress(tomllib.TOMLDecodeError):
            return tomllib.loads(f"value = {value}")["value"]
    return [each.strip() for each in value.split(",") if each.strip()] if kind is tuple else value


def _merged(lower: Any, upper: Any) -> Any:
    if isinstance(lower, dict) and isinstance(upper, dict):
        return {**lower, **{name: _merged(lower.get(name), value) for name, value in upper.items()}}
    return upper


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([f"{file}: this is not TOML: {error}."]) from None
    except UnicodeDecodeError:
        raise ConfigError([f"{file}: this is not UTF-8 text. Save it as UTF-8."]) from None
    except OSError as error:
        raise ConfigError([f"{file}: cannot be read: {error.strerror}."]) from None


def setting_names() -> list[str]:
    """Every setting, as `section.key` or `sources.kind.key`."""
    return [
        ".".join([*section, key])
        for section, model in _sections()
        for key, field in model.model_fields.items()
        if not _is_section(field.annotation)
    ]


def _sections(model: type[BaseModel] | None = None, *above: str) -> Iterator[tuple[tuple[str, ...], type[BaseModel]]]:
    """Every section with its names, from the outermost on."""
    for name, field in (model or Settings).model_fields.items():
        if _is_section(field.annotation):
            yield (*above, name), field.annotation
            yield from _sections(field.annotation, *above, name)


def _is_section(annotation: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _names() -> Names:
    return Names(settings=setting_names(), sections=[".".join(section) for section, _ in _sections()])


def with_token(settings: Settings) -> Settings:
    """The settings with `discord.token` set, from the token file where there is one; what is in the environment wins.

    Only the command that needs a token asks for this. Raises ConfigError for a file or a token that cannot be one.
    """
    discord, told = settings.discord, called("discord.token")
    token = discord.token.get_secret_value()
    if discord.token_file is not None and not (token and is_set("discord.token")):
        if token and not is_set("discord.token_file"):
            raise ConfigError(["discord.token and discord.token_file are both set. Keep one of them."])
        token, told = _read_token(discord.token_file), f"{called('discord.token_file')}: {discord.token_file}"
    if not token:
        raise ConfigError([_TOKENLESS])
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise ConfigError(
            [f"{told} holds more than a token. It must be the one word from the Bot page and nothing else."]
        )
    if not _TOKEN.fullmatch(token):
        raise ConfigError([f"{told} holds no token: {_TOKENS_SHAPE}"])
    return settings.model_copy(update={"discord": discord.model_copy(update={"token": SecretStr(token)})})


_TOKENLESS = (
    "No token is set: create a bot in Discord's Developer Portal (discord.com/developers/applications), copy the token "
    "from its Bot page into PAPERBOY_DISCORD_TOKEN, or into a file that PAPERBOY_DISCORD_TOKEN_FILE (token_file in the "
    "settings) names, and run this again; `paperboy playground` needs none."
)

_TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
_TOKENS_SHAPE = (
    "one is three parts of letters and digits, with dots between them. Press Reset Token on the Bot page of your "
    "application (discord.com/developers/applications) and copy what it shows."
)


def _read_token(file: Path) -> str:
    try:
        token = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ConfigError([f"{called('discord.token_file')}: {file} cannot be read: {reason}."]) from None
    if not token:
        raise ConfigError([f"{called('discord.token_file')}: {file} is empty. Put the bot's token into it."])
    return token
