"""What the documents promise is there: the commands people type, the settings, the measurements, the pictures."""

import re
import shlex
from importlib.util import find_spec
from pathlib import Path

from discord.app_commands import AppCommandGroup
from typer.main import get_command

from bot.__main__ import cli
from bot.domain.parsing import MAX_DEPTH, MAX_LENGTH, MAX_WORDS, parse_query
from tests.lab import Lab

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


async def test_the_table_names_the_commands_that_discord_knows(lab: Lab) -> None:
    table = README.partition("## What people type")[2].partition("\n\nA query")[0]
    told = set(re.findall(r"^\| `/([a-z -]+?)(?: query| paper)?` \|", table, re.MULTILINE))
    told.update(re.findall(r"^\| `([A-Z][a-z ]+)` in a message's menu \|", table, re.MULTILINE))
    registered = set()
    for command in await lab.app.client.tree.fetch_commands():
        inner = [each.qualified_name for each in command.options if isinstance(each, AppCommandGroup)]
        registered.update(inner or [command.name])
    assert told == registered


def shown_queries() -> list[str]:
    """What the README's table of queries says to type, but what stands there with dots in it."""
    table = README.partition("| you type | you get |")[2].partition("\n\n")[0]
    shown = re.findall(r"`([^`]+)`", "".join(row.split(" | ")[0] for row in table.splitlines()))
    return [each for each in shown if "…" not in each]


def test_every_query_that_is_shown_is_one() -> None:
    shown = shown_queries()
    assert len(shown) > 15
    for each in shown:
        query = parse_query(f"x {each}")
        assert parse_query(str(query)) == query
    limits = f"at most {MAX_LENGTH} characters, {MAX_WORDS} words and {MAX_DEPTH} levels of parentheses"
    assert limits in " ".join(README.split())


def test_every_command_of_the_command_line_that_is_named_exists() -> None:
    named = set(re.findall(r"`?paperboy ([a-z]+)", README + CONTRIBUTING))
    assert named == set(get_command(cli).commands)  # type: ignore[attr-defined]


def test_the_modules_that_are_run_exist() -> None:
    modules = re.findall(r"`python -m ([\w.]+)", CONTRIBUTING)
    assert modules
    assert [each for each in modules if find_spec(each) is None] == []


def test_the_test_command_is_one_line_that_a_shell_can_read() -> None:
    block = README.partition("<!-- the test command -->")[2].partition("```sh\n")[2].partition("\n```")[0]
    assert "\n" not in block
    assert ".venv/bin/pytest" in shlex.split(block)


def test_the_files_that_are_linked_exist() -> None:
    for document in (README, CONTRIBUTING):
        targets = re.findall(r"\]\(([^)#:]+)\)", document)
        assert [each for each in targets if not (ROOT / each).exists()] == []


def test_no_file_names_a_package_registry() -> None:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert "://" not in pins
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in pins.splitlines() if not line.startswith("#"))
