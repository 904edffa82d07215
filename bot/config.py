"""Settings, read once at start from a TOML file and the environment; nothing else in the program reads either.

A wrong setting is never guessed at: every mistake is told at once, each with its place and what was meant.
"""

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict
from rapidfuzz import process

from bot.errors import OperatorError

PREFIX = "PAPERBOY_"
CONFIG_VARIABLE = "PAPERBOY_CONFIG"
DEFAULT_FILE = Path("config.toml")
Source = PydanticBaseSettingsSource
EX_CONFIG = 78
"""The exit code of a wrong configuration (sysexits.h), which a service manager should not restart after."""


class ConfigError(OperatorError):
    """The configuration is wrong; the text holds one readable line for each mistake."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines), exit_code=EX_CONFIG)


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class DatabaseSettings(_Section):
    """Where papers are remembered."""

    url: str = Field("sqlite:///data/paperboy.db", pattern=r"^sqlite(\+aiosqlite)?:///.")


class DiscordSettings(_Section):
    """How Discord is reached, and as whom."""

    token: SecretStr = SecretStr("")
    token_file: Path | None = None
    api_url: str = Field("https://discord.com/api/v10", pattern=r"^https?://[^/]+(/.*)?/api/v10$")
    gateway_url: str = Field("wss://gateway.discord.gg/", pattern=r"^wss?://")

    @field_validator("token", mode="after")
    @classmethod
    def _without_blanks(cls, value: SecretStr) -> SecretStr:
        return SecretStr(value.get_secret_value().strip())

    @field_validator("token_file", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value


class LogSettings(_Section):
    """What is written to standard error."""

    level: Literal["debug", "info", "warning", "error"] = "info"


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
    log: LogSettings = LogSettings()

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
    mistakes = list(_unknown_variables())
    try:
        settings = _read(content)
    except ValidationError as error:
        raise ConfigError([*_explain(error, file), *mistakes]) from None
    if mistakes:
        raise ConfigError(mistakes)
    return settings


def _read(content: dict[str, Any]) -> Settings:
    """The settings of a file's content, the environment's over them."""
    environment = EnvSettingsSource(Settings)()
    sections = {*content, *environment}
    merged = {each: _merged(content.get(each, {}), environment.get(each, {})) for each in sections}
    return Settings(**merged)


def _merged(lower: Any, upper: Any) -> Any:
    return {**lower, **upper} if isinstance(lower, dict) and isinstance(upper, dict) else upper or lower


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
    """Every setting, as `section.key`."""
    return [f"{section}.{key}" for section, model in _sections().items() for key in model.model_fields]


def _sections() -> dict[str, type[BaseModel]]:
    return {
        name: field.annotation
        for name, field in Settings.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
    }


def _variable(setting: str) -> str:
    return PREFIX + setting.replace(".", "_").upper()


def _unknown_variables() -> Iterator[str]:
    known = [CONFIG_VARIABLE, *map(_variable, setting_names())]
    for name in sorted(os.environ):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            yield f"{name} (environment): I don't know this setting.{_did_you_mean(name.upper(), known)}"


def _did_you_mean(word: str, known: list[str]) -> str:
    best = process.extractOne(word[:200], known, score_cutoff=60)
    return f" Did you mean {best[0]}?" if best else ""


def _explain(error: ValidationError, file: Path) -> Iterator[str]:
    for each in error.errors(include_input=False, include_url=False):
        name = ".".join(map(str, each["loc"]))
        if _is_set(name) and name not in setting_names():
            continue  # told as an unknown variable
        place = f"{_variable(name)} (environment)" if _is_set(name) else f"{name} ({file})"
        if each["type"] == "extra_forbidden":
            yield f"{place}: I don't know this setting.{_did_you_mean(name, _siblings(name))}"
        else:
            yield f"{place}: {_complaint(name, each['type'], each['msg'])}"


def _siblings(name: str) -> list[str]:
    return setting_names() if "." in name else list(_sections())


def _is_set(name: str) -> bool:
    return any(each.upper() == _variable(name) for each in os.environ)


_WANTED = {
    "database.url": 'must be an address such as "sqlite:///data/paperboy.db"',
    "discord.api_url": 'must be an address that ends in /api/v10, such as "https://discord.com/api/v10"',
    "discord.gateway_url": 'must begin with wss:// or ws://, such as "wss://gateway.discord.gg/"',
}


def _complaint(name: str, kind: str, message: str) -> str:
    if kind == "string_pattern_mismatch":
        return f"{_WANTED[name]}."
    if kind == "model_type":
        return f"must be a section, written as [{name}]."
    if kind == "string_type":
        return "must be text in quotes."
    return message[0].lower() + message[1:] + "."


def with_token(settings: Settings) -> Settings:
    """The settings with `discord.token` set, from the token file where there is one; what is in the environment wins.

    Only the command that needs a token asks for this. Raises ConfigError for a file or a token that cannot be one.
    """
    discord, told = settings.discord, "discord.token"
    token = discord.token.get_secret_value()
    if discord.token_file is not None and not (token and _is_set("discord.token")):
        if token and not _is_set("discord.token_file"):
            raise ConfigError(["discord.token and discord.token_file are both set. Keep one of them."])
        token, told = _read_token(discord.token_file), f"discord.token_file: {discord.token_file}"
    if not token:
        raise ConfigError([_TOKENLESS])
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise ConfigError(
            [f"{told} holds more than a token. It must be the one word from the Bot page and nothing else."]
        )
    return settings.model_copy(update={"discord": discord.model_copy(update={"token": SecretStr(token)})})


_TOKENLESS = (
    "No token is set: create a bot in Discord's Developer Portal (discord.com/developers/applications), copy the token "
    "from its Bot page into PAPERBOY_DISCORD_TOKEN, and run this again; `paperboy playground` needs none."
)


def _read_token(file: Path) -> str:
    try:
        token = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ConfigError([f"discord.token_file: {file} cannot be read: {reason}."]) from None
    if not token:
        raise ConfigError([f"discord.token_file: {file} is empty. Put the bot's token into it."])
    return token
