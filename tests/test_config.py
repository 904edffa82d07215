"""Settings: where they come from, which wins, and how a mistake is told."""

import logging
import os
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.config import ConfigError, Settings, load_settings, setting_names, with_token
from bot.errors import EX_CONFIG

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

    def written(section: dict[str, object], *names: str) -> Iterator[str]:
        for key, value in section.items():
            if isinstance(value, dict) and value:
                yield from written(value, *names, key)
            else:
                yield ".".join([*names, key])

    assert sorted(written(example)) == sorted(setting_names())
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
        ('[log]\nlevel = "loud"', "log.level (settings.toml): must be 'debug', 'info', 'warning' or 'error'."),
        ('[database]\nurl = "mysql://x"', 'database.url (settings.toml): must be an address such as "sqlite:///'),
        ("[log", "settings.toml: this is not TOML: "),
        (
            '[sources.arxiv_rss]\nfeeds = ["cs.A1"]',
            "sources.arxiv_rss (settings.toml): 'cs.A1' is no arXiv category; did",
        ),
        ('[sources.arxiv_rss]\nfeeds = "cs.AI"', "sources.arxiv_rss.feeds (settings.toml): must be a list in square"),
        ("[sources.arxiv_rss]\nfeeds = [3]", "sources.arxiv_rss.feeds.0 (settings.toml): must be text in quotes."),
        ('[sources.arxiv_rss]\nbase_url = "x"', "sources.arxiv_rss.base_url (settings.toml): must be an address that"),
        ("[sources.arxiv_api]\npage_size = 0", "sources.arxiv_api (settings.toml): page_size must be from 1 to 2,000."),
        (
            '[sources.arxiv_oai]\nprefix = "marc"',
            "sources.arxiv_oai.prefix (settings.toml): must be 'arXivRaw',",
        ),
        (
            '[sources.feed]\nfeeds = ["https://x.org/"]',
            "sources.feed.feeds (settings.toml): must be a table, such as {",
        ),
        (
            '[sources.feed.feeds]\nlooms = "x.org"',
            "sources.feed (settings.toml): the feed 'looms' needs an address that",
        ),
        (
            "[sources]\narxiv_pace = 1",
            "sources.arxiv_pace (settings.toml): must be 3 or more.",
        ),
        ('[sources]\nlook_ups = ["scholar"]', "sources.look_ups (settings.toml): there is no look-up 'scholar', only"),
        (
            "[sources]\nextra_holidays = [12]",
            "sources.extra_holidays.0 (settings.toml): must be a day such as 2026-12-24.",
        ),
        (
            '[sources.arxiv_rs]\nfeeds = ["cs.AI"]',
            "sources.arxiv_rs (settings.toml): I don't know this setting. Did you ",
        ),
        (
            "[sources.arxiv_rss]\nsecret = 1",
            "sources.arxiv_rss.secret (settings.toml): I don't know this setting. [sources.arxiv_rss] has feeds",
        ),
        ("hello = 1", "hello (settings.toml): I don't know this setting. The sections are database, discord, backup,"),
        ("[database]\nhello = 1", "database.hello (settings.toml): I don't know this setting. [database] has url."),
        ("[log]\ntoken = 1", "log.token (settings.toml): I don't know this setting. Did you mean discord.token?"),
        (
            "[arxiv_rss]\nfeeds = []",
            "arxiv_rss (settings.toml): I don't know this setting. Did you mean sources.arxiv_rss?",
        ),
        (
            "[sources]\narxiv_rss = 1",
            "sources.arxiv_rss (settings.toml): must be a section, written as [sources.arxiv_",
        ),
    ],
)
def test_a_wrong_value_says_what_is_wanted(text: str, told: str) -> None:
    (line,) = mistakes(text)
    assert line.startswith(told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[health]\nport = "x"', "health.port (settings.toml): must be a whole number."),
        ("[health]\nport = 1.5", "health.port (settings.toml): must be a whole number."),
        ("[health]\nport = 70000", "health.port (settings.toml): must be 65535 or less."),
        ('[sources]\npace = "slow"', "sources.pace (settings.toml): must be a number."),
        ('[backup]\ncompress = "x"', "backup.compress (settings.toml): must be true or false."),
        ("[backup]\nfolder = 3", "backup.folder (settings.toml): must be text in quotes."),
        (f'[sources]\ncontact = "{"a" * 300}"', "sources.contact (settings.toml): must have 200 characters at most."),
    ],
)
def test_a_wrong_kind_of_value_is_told_in_plain_words(text: str, told: str) -> None:
    assert mistakes(text) == [told]


@pytest.mark.parametrize("value", ['"x"', "-1", "1000000000", "[]", "{}", "true", "1.5", "nan", "1979-05-27", "[[]]"])
def test_no_mistake_is_told_in_the_words_of_a_library(value: str) -> None:
    told = []
    for section, _, key in (name.rpartition(".") for name in setting_names()):
        try:
            load_settings(write(f"[{section}]\n{key} = {value}\n"))
        except ConfigError as error:
            told.append(str(error))
    assert told
    foreign = re.compile(r"[Ii]nput|valid|pars|string|integer|boolean|class|equal to")
    assert [each for each in told if foreign.search(each)] == []


def test_a_missing_or_unreadable_file_is_named() -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml: cannot be read: No such file"):
        load_settings(Path("nowhere.toml"))
    Path("binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match=r"binary\.toml: this is not UTF-8 text"):
        load_settings(Path("binary.toml"))


def token() -> str:
    return with_token(load_settings()).discord.token.get_secret_value()


def test_the_token_can_stand_in_a_file_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("token").write_text("secret.of-the.bot\n", encoding="utf-8")
    monkeypatch.setenv("PAPERBOY_DISCORD_TOKEN_FILE", "token")
    assert token() == "secret.of-the.bot"


def test_a_token_in_the_environment_wins_over_a_file_named_in_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("config.toml").write_text('[discord]\ntoken_file = "gone"\n', encoding="utf-8")
    monkeypatch.setenv("PAPERBOY_DISCORD_TOKEN", " secret.of-the.bot ")
    assert token() == "secret.of-the.bot"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "gone cannot be read: No such file"),
        ("\n", "gone is empty"),
        ("one\ntwo\n", "gone holds more than a token"),
        ("tok en", "gone holds more than a token"),
        ("secret-of-a-client", "gone holds no token: one is three parts .* Press Reset Token on the Bot page"),
        ("a.b.", "gone holds no token"),
        ("a.b.c.d", "gone holds no token"),
    ],
)
def test_a_file_that_holds_no_token_is_told(monkeypatch: pytest.MonkeyPatch, content: str | None, told: str) -> None:
    if content is not None:
        Path("gone").write_text(content, encoding="utf-8")
    monkeypatch.setenv("PAPERBOY_DISCORD_TOKEN_FILE", "gone")
    with pytest.raises(ConfigError, match=rf"PAPERBOY_DISCORD_TOKEN_FILE: {told}"):
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
    monkeypatch.setenv("PAPERBOY_DISCORD_TOKEN", "secret.of-the.bot")
    settings = load_settings()
    assert "secret" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    monkeypatch.setenv("PAPERBOY_LOG_LEVEL", "loud")
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert "secret" not in str(caught.value)
    logging.getLogger("bot.config").debug("nothing here reads %s", settings)


def test_sources_can_be_set_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERBOY_SOURCES_ARXIV_RSS_FEEDS", "cs.RO, cs.HC")
    monkeypatch.setenv("PAPERBOY_SOURCES_FEED_FEEDS", '{ looms = "https://looms.example/feed" }')
    monkeypatch.setenv("PAPERBOY_SOURCES_HF_DAILY_FEEDS", "[]")
    monkeypatch.setenv("PAPERBOY_SOURCES_EXTRA_HOLIDAYS", "[2026-12-24, 2026-12-28]")
    monkeypatch.setenv("PAPERBOY_SOURCES_CONTACT", "ada@example.org")
    settings = load_settings(write('[sources.arxiv_rss]\nbase_url = "http://127.0.0.1:8000"\n')).sources
    feeds = {each.kind: each.feeds() for each in settings.sources()}
    assert (feeds["arxiv_rss"], feeds["feed"], feeds["hf_daily"]) == (("cs.RO", "cs.HC"), ("looms",), ())
    assert settings.extra_holidays == (date(2026, 12, 24), date(2026, 12, 28))
    assert settings.contact == "ada@example.org"
    assert settings.own_addresses() == ["http://127.0.0.1:8000"]


@pytest.mark.parametrize(
    "contact", ["", "ada@example.org", " ada@example.org ", "https://example.org", "http://x/~ada"]
)
def test_a_contact_is_an_address_to_write_to_or_a_page(monkeypatch: pytest.MonkeyPatch, contact: str) -> None:
    monkeypatch.setenv("PAPERBOY_SOURCES_CONTACT", contact)
    assert load_settings().sources.contact == contact


@pytest.mark.parametrize("contact", ["nonsense", "ada@", "@ada", "ada @example.org", "https://", "ftp://example.org"])
def test_a_contact_that_reaches_nobody_is_told(monkeypatch: pytest.MonkeyPatch, contact: str) -> None:
    monkeypatch.setenv("PAPERBOY_SOURCES_CONTACT", contact)
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert str(caught.value) == (
        "PAPERBOY_SOURCES_CONTACT (environment): must be an e-mail address such as "
        '"you@example.org", or a page such as "https://example.org/".'
    )


def test_a_wrong_source_in_the_environment_is_named_as_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERBOY_SOURCES_ARXIV_RSS_BASE_URL", "ftp://example.org")
    monkeypatch.setenv("PAPERBOY_SOURCES_ARXIV_RSS_FEED", "cs.AI")
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert str(caught.value).splitlines() == [
        "PAPERBOY_SOURCES_ARXIV_RSS_BASE_URL (environment): must be an address that begins with https:// or http://.",
        "PAPERBOY_SOURCES_ARXIV_RSS_FEED (environment): I don't know this setting. "
        "Did you mean PAPERBOY_SOURCES_ARXIV_RSS_FEEDS?",
    ]


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("FOO", "1", "I don't know this setting."),
        ("HELLO", "1", "I don't know this setting."),
        ("LOG", "debug", "I don't know this setting. [log] has level, format."),
        ("DATABASE", "papers.db", "I don't know this setting. [database] has url."),
        (
            "DISCORD_FOO",
            "1",
            "I don't know this setting. [discord] has token, token_file, api_url, gateway_url, shards.",
        ),
        ("TOKEN", "1", "I don't know this setting. Did you mean PAPERBOY_DISCORD_TOKEN?"),
        ("DISCRD_TOKEN", "1", "I don't know this setting. Did you mean PAPERBOY_DISCORD_TOKEN?"),
        ("SOURCES_ARXIV_RS_FEEDS", "1", "I don't know this setting. Did you mean PAPERBOY_SOURCES_ARXIV_RSS_FEEDS?"),
        ("SOURCES_ARXIV_RSS_FEEDS", "cs.A1", "'cs.A1' is no arXiv category; did you mean cs.AI."),
        ("SOURCES_ARXIV_RSS_FEEDS", "[3]", "must be text in quotes."),
        ("SOURCES_ARXIV_API_PAGE_SIZE", "0", "page_size must be from 1 to 2,000."),
        ("SOURCES_EXTRA_HOLIDAYS", "12", "must be a day such as 2026-12-24."),
        ("BACKUP_KEEP", "x", "must be a whole number."),
    ],
)
def test_a_mistake_in_the_environment_is_told_of_the_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(f"PAPERBOY_{name}", value)
    assert mistakes("") == [f"PAPERBOY_{name} (environment): {told}"]


def test_a_mistake_in_a_section_is_told_wherever_something_of_it_was_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERBOY_SOURCES_ARXIV_RSS_BASE_URL", "https://example.org")
    assert mistakes('[sources.arxiv_rss]\nfeeds = ["cs.A1"]') == [
        "PAPERBOY_SOURCES_ARXIV_RSS_BASE_URL (environment) or sources.arxiv_rss (settings.toml): "
        "'cs.A1' is no arXiv category; did you mean cs.AI."
    ]


def test_out_of_the_box_arxiv_and_hugging_face_are_asked() -> None:
    sources = Settings().sources
    asked = {each.kind: each.feeds() for each in sources.sources() if each.feeds()}
    assert asked == {"arxiv_rss": ("cs.AI", "cs.CL", "cs.CV", "cs.LG", "stat.ML"), "hf_daily": ("daily",)}
    assert [each.kind for each in sources.look_up_services()] == ["arxiv_api", "crossref"]
    assert sources.own_addresses() == []


def test_the_key_of_a_source_shows_nowhere() -> None:
    settings = load_settings(write('[sources.openalex]\napi_key = "hush-hush"\n'))
    assert "hush" not in f"{settings!r} {settings}"
