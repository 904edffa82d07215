"""The short form of the damage run, and forty settings that are wrong."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.errors import EX_CONFIG, OperatorError
from tests.faults.broken import DAMAGES, run

WRONG = [
    "[",
    "level = info",
    "\0",
    "[log]\nlevel = 'loud'",
    "[log]\nlevel = 3",
    "[log]\nformat = 'xml'",
    "[log]\nlvel = 'info'",
    "[lag]\nlevel = 'info'",
    "log = 'info'",
    "[log]\n[log]",
    "[database]\nurl = ''",
    "[database]\nurl = 'sqlite://'",
    "[database]\nurl = 'papers.db'",
    "[database]\nurl = 'mysql://somebody@somewhere/papers'",
    "[database]\nurl = 5",
    "[database]\nurl = 'sqlite:///:memory:'",
    "[database]\nurl = 'sqlite:///papers.db?mode=ro'",
    "[database]\npath = 'papers.db'",
    "[discord]\ntoken = 5",
    "[discord]\ntoken = 'two words'",
    "[discord]\ntoken = 'tokén'",
    "[discord]\ntoken_file = 'gone'",
    "[discord]\ntoken_file = '.'",
    "[discord]\ntoken = 'a'\ntoken_file = 'config.toml'",
    "[discord]\napi_url = 'discord.com'",
    "[discord]\napi_url = 'https://discord.com/api/v9'",
    "[discord]\ngateway_url = 'https://gateway.discord.gg'",
    "[topics]\nmost_per_channel = 0",
    "[topics]\nmost_per_channel = 'many'",
    "[topics]\nmost_per_channel = 1e9",
    "[health]\nport = -1",
    "[health]\nport = 70000",
    "[health]\nport = 'http'",
    "[backup]\nkeep = 0",
    "[backup]\nkeep = 'all'",
    "[backup]\ncompress = 'perhaps'",
    "[sources]\narxiv_pace = 'quick'",
    "[sources]\nlook_ups = ['nobody']",
    "[sources.arxiv_rss]\nfeeds = 'cs.AI'\nbase_url = 7",
    "[sources.nobody]\nfeeds = []",
]


async def test_whatever_is_damaged_is_told_and_comes_back_with_a_backup(tmp_path: Path) -> None:
    told: list[str] = []
    await run(tmp_path, len(DAMAGES) * 2, tell=told.append)
    assert "'told'" in told[0]


@pytest.mark.parametrize("content", WRONG, ids=[repr(each)[1:40] for each in WRONG])
def test_a_wrong_setting_is_told_in_clear_lines(content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("PAPERBOY_CONFIG", "PAPERBOY_DISCORD_TOKEN", "PAPERBOY_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    Path("config.toml").write_text(content, encoding="utf-8")
    ran = CliRunner().invoke(cli, ["run"])
    assert isinstance(ran.exception, OperatorError)
    assert ran.exception.exit_code == EX_CONFIG
    lines = str(ran.exception).splitlines()
    assert 0 < len(lines) < 4
    assert all(len(each) < 300 for each in lines)
    checked = CliRunner().invoke(cli, ["doctor"])
    assert (checked.exit_code, isinstance(checked.exception, SystemExit)) == (EX_CONFIG, True)
    assert "!!" in checked.output
    assert "Traceback" not in checked.output
    assert not Path("data").exists()
