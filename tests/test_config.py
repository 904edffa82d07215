"""Settings: where they come from, which wins, and how a mistake is told."""

import logging
import os
import tomllib
from pathlib import Path

import pytest

from bot.config import EX_CONFIG, ConfigError, Settings, load_settings, setting_names, with_token

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def only_our_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.upper().startswith("PAPERBOY_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def write(text: str) -> Path:
    file = Path("settings.toml")
    file.write_text(text, encoding="utf-8")
    return file


def mistakes(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_settings(write(text))
    assert caught.value.exit_code == EX_CONFIG
    return str(caught.value).splitlines()


def test_the_example_file_holds_every_setting_with_its_default() -> None:
    example = tomllib.loads((ROOT / "config.example.toml").read_text(encoding="utf-8"))
    written = [f"{section}.{key}" for section, keys in example.items() for key in keys]
    assert sorted(written) == sorted(setting_names())
    assert load_settings(ROOT / "config.example.toml") == Settings()


def test_without_a_file_the_defaults_hold() -> None:
    assert load_settings() == Settings()


def test_a_file_in_this_folder_is_found() -> None:
    Path("config.toml").write_text('[log]\nlevel = "debug"\n', encoding="utf-8")
    assert load_settings().log.level == "debug"


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERBOY_DATABASE_URL", "sqlite:///elsewhere.db")
    settings = load_settings(write('[database]\nurl = "sqlite:///here.db"\n[log]\nlevel = "error"\n'))
    assert settings.database.url == "sqlite:///elsewhere.db"
    assert settings.log.level == "error"


def test_the_environment_can_name_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERBOY_CONFIG", str(write('[log]\nlevel = "warning"\n')))
    assert load_settings().log.level == "warning"


def test_every_mistake_is_told_at_once_each_with_its_place_and_what_was_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERBOY_DISCORD_GATEWAY_URL", "http://example.org")
    monkeypatch.setenv("PAPERBOY_LOG_LEVLE", "info")
    told = mistakes('lgo = 1\n[database]\nulr = "x"\nurl = 3\n[discord]\napi_url = "https://example.org"\n')
    assert sorted(told) == [
        "PAPERBOY_DISCORD_GATEWAY_URL (environment): must begin with wss:// or ws://, "
        'such as "wss://gateway.discord.gg/".',
        "PAPERBOY_LOG_LEVLE (environment): I don't know this setting. Did you mean PAPERBOY_LOG_LEVEL?",
        "database.ulr (settings.toml): I don't know this setting. Did you mean database.url?",
        "database.url (settings.toml): must be text in quotes.",
        "discord.api_url (settings.toml): must be an address that ends in /api/v10, "
        'such as "https://discord.com/api/v10".',
        "lgo (settings.toml): I don't know this setting. Did you mean log?",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("log = 3", "log (settings.toml): must be a section, written as [log]."),
        ('[log]\nlevel = "loud"', "log.level (settings.toml): input should be 'debug', 'info', 'warning' or 'error'."),
        ('[database]\nurl = "mysql://x"', 'database.url (settings.toml): must be an address such as "sqlite:///'),
        ("[log", "settings.toml: this is not TOML: "),
    ],
)
def test_a_wrong_value_says_what_is_wanted(text: str, told: str) -> None:
    (line,) = mistakes(text)
    assert line.startswith(told)


def test_a_missing_or_unreadable_file_is_named() -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml: cannot be read: No such file"):
        load_settings(Path("nowhere.toml"))
    Path("binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match=r"binary\.toml: this is not UTF-8 text"):
        load_settings(Path("binary.toml"))


def token() -> str:
    return with_token(load_settings()).discord.token.get_secret_value()


def test_the_token_can_stand_in_a_file_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("token").write_text("secret-of-the-bot\n", encoding="utf-8")
    monkeypatch.setenv("PAPERBOY_DISCORD_TOKEN_FILE", "token")
    assert token() == "secret-of-the-bot"


def test_a_token_in_the_environment_wins_over_a_file_named_in_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("config.toml").write_text('[discord]\ntoken_file = "gone"\n', encoding="utf-8")
    monkeypatch.setenv("PAPERBOY_DISCORD_TOKEN", " secret-of-the-bot ")
    assert token() == "secret-of-the-bot"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "gone cannot be read: No such file"),
        ("\n", "gone is empty"),
        ("one\ntwo\n", "gone holds more than a token"),
        ("tok en", "gone holds more than a token"),
    ],
)
def test_a_file_that_holds_no_token_is_told(monkeypatch: pytest.MonkeyPatch, content: str | None, told: str) -> None:
    if content is not None:
        Path("gone").write_text(content, encoding="utf-8")
    monkeypatch.setenv("PAPERBOY_DISCORD_TOKEN_FILE", "gone")
    with pytest.raises(ConfigError, match=rf"discord\.token_file: {told}"):
        token()


def test_two_tokens_in_one_file_are_one_too_many() -> None:
    Path("token").write_text("a", encoding="utf-8")
    Path("config.toml").write_text('[discord]\ntoken = "b"\ntoken_file = "token"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="Keep one of them"):
        token()


def test_what_needs_no_token_asks_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERBOY_DISCORD_TOKEN_FILE", "gone")
    assert load_settings().discord.token.get_secret_value() == ""


def test_the_token_shows_in_no_repr_and_no_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERBOY_DISCORD_TOKEN", "secret-of-the-bot")
    settings = load_settings()
    assert "secret" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    monkeypatch.setenv("PAPERBOY_LOG_LEVEL", "loud")
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert "secret" not in str(caught.value)
    logging.getLogger("bot.config").debug("nothing here reads %s", settings)
