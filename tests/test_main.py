"""The command line, run as people run it: processes, their output and their exit codes."""

import gzip
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.main import get_command

from bot.__main__ import cli
from tests.command_line import environment, paperboy, read_json, started
from tests.shared import shared

LISTING = """Trending papers

May 22

A First Paper on Slots

We study slots. Code is at https://github.com/example/slots.

A Second Paper on Graphs

We study graphs.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "listing.txt").write_text(LISTING, encoding="utf-8")
    return tmp_path


def test_the_commands_stand_in_the_order_in_which_people_want_them(folder: Path) -> None:
    told = paperboy(folder, "--help").stdout.partition("Commands:\n")[2]
    names = [line.split()[0] for line in told.splitlines()]
    assert names[:7] == ["playground", "run", "invite", "import", "search", "match", "doctor"]
    assert "..." not in told, "no summary is cut off"


def test_the_help_of_every_command_is_in_words(folder: Path) -> None:
    ways = [[name] for name in get_command(cli).commands]  # type: ignore[attr-defined]
    ways += [["outbox", "list"], ["outbox", "retry"], ["privacy", "erase"]]
    told = {" ".join(words): paperboy(folder, *words, "--help").stdout for words in ways}
    assert [words for words, text in told.items() if not text.startswith("Usage: paperboy ") or "<" in text] == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("playground", "--port", "x"), "'--port': it must be a whole number."),
        (("playground", "--port", "70000"), "'--port': it must be 65535 or less."),
        (("search", "x", "--sort", "age"), "'--sort': it must be relevance, newest or popular."),
        (("outbox", "list", "--state", "x"), "'--state': it must be owed, held, sent, rejected, expired or dropped."),
        (("ingest", "--since", "monday"), "'--since': it must be a day such as 2026-12-24."),
    ],
)
def test_an_option_that_cannot_be_read_is_told_in_plain_words(folder: Path, words: tuple[str, ...], told: str) -> None:
    done = paperboy(folder, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1] == f"Error: Invalid value for {told}"


def test_what_is_imported_is_found(folder: Path) -> None:
    report = read_json(started(folder, "import", "listing.txt", "--json"))
    assert {key: report[key] for key in ("read", "added", "unchanged", "rejected", "links")} == {
        "read": 2,
        "added": 2,
        "unchanged": 0,
        "rejected": 0,
        "links": 1,
    }
    assert read_json(paperboy(folder, "import", "listing.txt", "--json"))["unchanged"] == 2
    (paper,) = read_json(paperboy(folder, "search", "slots", "--json"))["results"]
    assert paper["title"] == "A First Paper on Slots"
    assert paper["code"] == "https://github.com/example/slots"
    assert "-05-22T" in paper["published"], "the listing's date"


def test_the_standard_input_is_imported_and_searched_in(folder: Path) -> None:
    given = gzip.compress(b'{"title": "Looms at Scale", "id": "2401.00001"}\n')
    for words, told in (
        (("import", "-"), "-: 1 read"),
        (("import", "-"), "1 unchanged"),
        (("match", "loom", "-"), "Looms"),
    ):
        command = [sys.executable, "-m", "bot", *words]
        done = subprocess.run(command, cwd=folder, env=environment(), input=given, capture_output=True, check=True)
        assert told in done.stdout.decode().replace(" (jsonl)", "")


def test_a_folder_that_is_imported_is_told_which_files_to_name(folder: Path) -> None:
    (folder / "papers").mkdir()
    imported = paperboy(folder, "import", "papers")
    assert imported.stdout == "papers: it is a folder; name the files in it, such as papers/*.jsonl\n"
    assert imported.returncode == 1
    assert "papers: it is a folder; name the files in it" in paperboy(folder, "match", "loom", "papers").stderr


def test_the_database_is_readable_by_its_owner_alone(folder: Path) -> None:
    paperboy(folder, "import", "listing.txt")
    assert (folder / "data").stat().st_mode & 0o777 == 0o700
    assert (folder / "data" / "paperboy.db").stat().st_mode & 0o777 == 0o600


def test_without_json_people_read_sentences(folder: Path) -> None:
    imported = paperboy(folder, "import", "listing.txt", "missing.txt")
    assert "listing.txt (listing): 2 read, 2 added" in imported.stdout
    assert "missing.txt: it cannot be read: No such file or directory" in imported.stdout
    assert imported.returncode == 1
    assert "1. A Second Paper on Graphs" in paperboy(folder, "search", "graph").stdout
    unfound = paperboy(folder, "search", "unicorns").stdout
    assert unfound == "No paper matches unicorns.\n- Try another word for the same.\n"
    assert "- Shorten the word and end it in a star: `graph*`.\n" in paperboy(folder, "search", "graphwise").stdout
    loosely = paperboy(folder, "search", "graph", "unicorns").stdout
    assert loosely.endswith("1 of 1 paper with words of graph unicorns; none has all of them\n")
    assert "- Leave out `cat:` or `author:`" in paperboy(folder, "search", "cat:cs.CL", "author:hintonski").stdout
    assert "- Choose an earlier day" in paperboy(folder, "search", "after:2090").stdout


def test_dates_that_exclude_each_other_are_told(folder: Path) -> None:
    paperboy(folder, "import", "listing.txt")
    told = "No day is both after:2024 and before:2020: leave one of them out, or give before: a later day."
    found = paperboy(folder, "search", "graph", "after:2024", "before:2020").stdout
    assert found == f"No paper matches graph after:2024 before:2020. {told}\n"
    lines = paperboy(folder, "match", "graph after:2024 before:2020", "listing.txt").stdout.splitlines()
    assert lines == ["0 of 2 papers match graph after:2024 before:2020", told]


def test_a_query_that_is_none_is_answered_with_what_to_type(folder: Path) -> None:
    paperboy(folder, "import", "listing.txt")
    done = paperboy(folder, "search", "athor:hinton")
    assert done.returncode == 1
    assert "Did you mean author:hinton?" in done.stderr
    assert done.stdout == ""
    assert "1706.0376 looks like an arXiv id with a digit missing" in paperboy(folder, "search", "1706.0376").stderr


def test_a_word_with_a_minus_is_one_of_the_query_and_a_mistyped_option_is_not(folder: Path) -> None:
    paperboy(folder, "import", "listing.txt")
    found = read_json(paperboy(folder, "search", "study", "-slots", "--limit", "3", "--json"))
    assert [each["title"] for each in found["results"]] == ["A Second Paper on Graphs"]
    assert "-slots only leaves papers out" in paperboy(folder, "match", "-slots", "listing.txt").stderr
    mistyped = paperboy(folder, "search", "slots", "--limt", "3")
    assert (mistyped.returncode, mistyped.stdout) == (2, "")
    assert "There is no option --limt" in mistyped.stderr


def test_an_empty_query_is_answered_with_words_alone(folder: Path) -> None:
    done = paperboy(folder, "search", " ")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


def test_a_query_is_tried_out_on_a_file(folder: Path) -> None:
    found = read_json(paperboy(folder, "match", "slots has:code", "listing.txt", "--json"))
    assert [each["title"] for each in found["results"]] == ["A First Paper on Slots"]
    assert {**found, "results": []} == {
        "query": "slots has:code",
        "results": [],
        "read": 2,
        "matched": 1,
        "rejected": 0,
        "problem": None,
    }
    done = paperboy(folder, "match", "graph OR unicorn*", "listing.txt")
    assert done.stdout.splitlines()[0] == "1. A Second Paper on Graphs"
    assert done.stdout.splitlines()[-1] == "1 of 2 papers match graph OR unicorn*"
    assert not (folder / "data").exists()


def test_a_query_without_quotes_is_told_to_be_put_in_some(folder: Path) -> None:
    done = paperboy(folder, "match", "graph", "neural", "-slots", "listing.txt")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "Put a query of several words in quotes, and one file after it: "
        "paperboy match 'graph neural -slots' listing.txt\n"
    )
    stray = paperboy(folder, "match", "graph", "listing.txt", "stray")
    assert (stray.returncode, stray.stdout) == (2, "")
    assert stray.stderr == (
        "Type one query and then one file: leave out stray, or put it into the quotes of the query.\n"
    )
    assert paperboy(folder, "match", "graph", "long" * 100, "stray").returncode == 2
    assert "There is no option --limt" in paperboy(folder, "match", "graph", "listing.txt", "--limt", "3").stderr


def test_an_error_in_a_query_is_pointed_at(folder: Path) -> None:
    done = paperboy(folder, "match", "slots cat:cs.CI", "listing.txt")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "slots cat:cs.CI",
        "      ^^^^^^^^^",
        "I don't know the category cs.CI. Did you mean cat:cs.CL (Computation and Language)?",
    ]


def test_run_without_a_token_says_how_to_get_one_and_that_the_playground_needs_none(folder: Path) -> None:
    done = started(folder, "run")
    assert done.returncode == 78
    assert done.stderr.count("\n") == 1
    assert "Developer Portal" in done.stderr
    assert "a file that PAPERBOY_DISCORD_TOKEN_FILE (token_file in the settings) names" in done.stderr
    assert "paperboy playground" in done.stderr


@pytest.mark.parametrize("command", ["run", "invite", "doctor"])
def test_what_cannot_be_a_token_is_told_at_once_and_not_shown(folder: Path, command: str) -> None:
    done = paperboy(folder, command, PAPERBOY_DISCORD_TOKEN="0a1b2c3d-secret")  # noqa: S106 (no token)
    assert done.returncode == 78
    assert "PAPERBOY_DISCORD_TOKEN holds no token: one is three parts" in done.stdout + done.stderr
    assert "0a1b2c3d" not in done.stdout + done.stderr


def test_shards_that_cannot_be_read_are_said_before_anything_starts(folder: Path) -> None:
    done = paperboy(folder, "run", "--shards", "4/4")
    assert done.returncode == 2
    assert "names no shards" in done.stderr


@pytest.mark.parametrize(
    "typed",
    [
        "search slots",
        "sources",
        "rehearse --from 2026-06-01 --to 2026-06-02",
        "outbox list",
        "outbox drop 3",
        "privacy export 12",
        "privacy erase 12 --yes",
        "backup",
        "restore no.db",
    ],
)
def test_a_database_that_is_not_there_is_told_and_not_made(folder: Path, typed: str) -> None:
    done = paperboy(folder, *typed.split(), PAPERBOY_DATABASE_URL=f"sqlite:///{folder}/mistyped/papers.db")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    wrong = "backup no.db." if "restore" in typed else f"database {folder}/mistyped/papers.db"
    assert f"There is no {wrong}" in done.stderr
    assert "set PAPERBOY_DATABASE_URL" in done.stderr or typed.startswith(("backup", "restore"))
    assert not (folder / "mistyped").exists()


def test_an_empty_file_is_not_made_a_database_by_who_only_looks(folder: Path) -> None:
    (folder / "papers.db").touch()
    done = paperboy(folder, "search", "slots", PAPERBOY_DATABASE_URL=f"sqlite:///{folder}/papers.db")
    assert f"{folder}/papers.db is empty. `paperboy import FILE`" in done.stderr


def test_a_database_address_that_cannot_be_one_is_a_wrong_setting(folder: Path) -> None:
    done = paperboy(folder, "search", "slots", PAPERBOY_DATABASE_URL="sqlite:///:memory:")
    assert (done.returncode, done.stderr.count("\n")) == (78, 1)


def test_wrong_settings_are_lines_not_a_traceback(folder: Path) -> None:
    (folder / "config.toml").write_text("[databse]\n", encoding="utf-8")
    done = paperboy(folder, "search", "slots", PAPERBOY_LOG_LEVEL="loud")
    assert done.returncode == 78
    assert done.stderr.splitlines() == [
        "PAPERBOY_LOG_LEVEL (environment): must be 'debug', 'info', 'warning' or 'error'.",
        "databse (config.toml): I don't know this setting. Did you mean database?",
    ]


def test_the_tour_shows_a_search_a_paper_and_what_was_shared(folder: Path) -> None:
    done = started(folder, "playground", "--once")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "Results for diffusion models" in done.stdout
    assert "Diffusion Models Beat GANs on Image Synthesis" in done.stdout
    assert "Shared by" in done.stdout
    assert "Trending this week in this server" in done.stdout
    assert "+3 votes" in done.stdout
    assert not (folder / "data").exists()


def started_playground(folder: Path, *words: str) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "bot", "playground", "--no-browser", *words]
    running = subprocess.Popen(command, cwd=folder, env=environment(), stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    return running, running.stdout.readline()


@contextmanager
def handed_down(name: str, action: signal.Handlers) -> Iterator[None]:
    """Have what is started in the block begin with this, whatever these tests were started with, such as nohup."""
    before = signal.signal(signal.Signals[name], action)
    try:
        yield
    finally:
        signal.signal(signal.Signals[name], before)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_it_ends_cleanly_when_told_to_and_says_by_what(folder: Path, name: str) -> None:
    with handed_down(name, signal.SIG_DFL):
        running, line = started_playground(folder, "--port", "0")
    assert "http://127.0.0.1:" in line
    try:
        running.send_signal(signal.Signals[name])
        told, _ = running.communicate(timeout=20)
        assert running.returncode == 0
        assert told.startswith(f"Ended by {name}")
    finally:
        running.kill()
        running.communicate()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_what_nohup_started_outlives_its_terminal(folder: Path) -> None:
    with handed_down("SIGHUP", signal.SIG_IGN):
        running, _ = started_playground(folder, "--port", "0")
    try:
        running.send_signal(signal.SIGHUP)
        running.send_signal(signal.SIGTERM)
        assert running.communicate(timeout=20)[0] == "Ended by SIGTERM.\n"
    finally:
        running.kill()
        running.communicate()


def test_a_second_bot_on_the_same_database_is_refused_and_the_first_ends_cleanly_when_told_to(folder: Path) -> None:
    running, _ = started_playground(folder, "--port", "0")
    try:
        second = paperboy(folder, "playground")
        assert second.returncode == 1
        assert "Another bot or playground is already running" in second.stderr
        assert paperboy(folder, "playground", "--once").returncode == 0
        assert paperboy(folder, "import", "listing.txt").returncode == 0
        assert "A First Paper on Slots" in paperboy(folder, "search", "slots").stdout
    finally:
        running.terminate()
        running.communicate(timeout=20)
    assert sys.platform == "win32" or running.returncode == 0, "Windows has no SIGTERM to handle"


def test_the_real_list_of_trending_papers(folder: Path) -> None:
    listing = str(shared("seed/trending.txt"))
    report = read_json(paperboy(folder, "import", listing, "--json"))
    assert (report["read"], report["added"], report["rejected"], report["links"]) == (71, 71, 0, 25)
    assert read_json(paperboy(folder, "import", listing, "--json"))["unchanged"] == 71
    found = read_json(paperboy(folder, "search", "object-centric learning", "--json"))
    assert found["results"][0]["title"] == "Are We Done with Object-Centric Learning?"
