"""`paperboy doctor`, as an operator types it: beside a running bot, and where things are broken."""

import asyncio
import gzip
import json
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.deliveries import DeliveryState
from bot.domain.delivery_views import OutboxStanding
from bot.domain.findings import LEAST_FREE, Level, size_words
from bot.domain.leases import Lease
from bot.domain.ledger import FeedDay, FeedState
from bot.fakediscord.permissions import Permission
from bot.fakediscord.state import Overwrite
from bot.services.checkup import ago, disk_finding, failing_since, last_answer, lease_finding, outbox_findings
from tests.command_line import paperboy
from tests.empty import empty_database
from tests.lab import Lab

NOW = datetime(2026, 5, 26, 12, tzinfo=UTC)


async def examined(lab: Lab, folder: Path, **added: str) -> tuple[dict[str, list[dict[str, str]]], int]:
    """What the doctor says of each matter, and what it ended with."""
    told = {
        "PAPERBOY_DATABASE_URL": lab.database_url,
        "PAPERBOY_DISCORD_TOKEN": "token.of.lab",
        "PAPERBOY_DISCORD_API_URL": lab.discord.api_url,
        "PAPERBOY_DISCORD_GATEWAY_URL": lab.discord.gateway_url,
        "PAPERBOY_SOURCES_ARXIV_RSS_FEEDS": "cs.AI",
        "PAPERBOY_SOURCES_HF_DAILY_FEEDS": "",
        **added,
    }
    done = await asyncio.to_thread(paperboy, folder, "doctor", "--json", **told)
    assert done.stderr == ""
    found: dict[str, list[dict[str, str]]] = {}
    for each in json.loads(done.stdout)["findings"]:
        found.setdefault(each["matter"], []).append(each)
    return found, done.returncode


async def test_beside_a_running_bot_all_is_well_until_a_permission_is_taken(
    lab: Lab, tmp_path: Path, database_kind: str
) -> None:
    ada = lab.person("ada", manage_channels=True)
    preview = await ada.slash("topic follow", query="graphs", channel=lab.channel("papers"))
    await ada.press(preview.message, "Follow in #papers")
    found, code = await examined(lab, tmp_path)
    assert [(each["level"], each["told"]) for each in found.pop("sources")] == [
        ("unchecked", "1 of 1 feeds not asked yet: a running bot asks each when it is due.")
    ]
    of_a_server = found.pop("disk") if database_kind == "postgresql" else []
    assert {each["level"] for each in of_a_server} <= {"unchecked"}, "nobody sees the disk of a server"
    assert {each["level"] for some in found.values() for each in some} == {"ok"}, found
    assert code == 0
    assert "1 topics" in found["database"][0]["told"]
    assert "Nothing lacks in the 1 channels" in found["permissions"][0]["told"]
    assert "last seen to" in found["outbox"][0]["told"]
    denied = Overwrite(target_id=lab.guild.id, is_member=False, deny=int(Permission.READ_MESSAGE_HISTORY))
    lab.channel("papers").overwrites[lab.guild.id] = denied
    found, code = await examined(lab, tmp_path)
    assert found["permissions"][0]["told"] == "Reading group, #papers: grant Read Message History to my role there."
    assert code == 1


async def test_a_refused_token_a_wrong_clock_and_no_discord_are_told(lab: Lab, tmp_path: Path) -> None:
    lab.discord.faults.next("GET", "/users/@me", status=401)
    found, code = await examined(lab, tmp_path)
    assert "refuses the token" in found["token"][0]["told"]
    assert [found[each][0]["level"] for each in ("clock", "permissions")] == ["unchecked", "unchecked"]
    assert code == 78
    lab.discord.faults.clear()
    found, code = await examined(lab, tmp_path, PAPERBOY_DISCORD_API_URL="http://127.0.0.1:9/api/v10")
    assert "cannot be reached" in found["token"][0]["told"]
    assert code == 1


async def test_a_feed_is_well_once_it_has_answered_and_not_before(lab: Lab, tmp_path: Path) -> None:
    asked_at = datetime.now(UTC) - timedelta(days=20)
    told = {}
    for state in (FeedState.BROKEN, FeedState.FRESH):
        day = FeedDay(source="arxiv_rss", feed="cs.AI", day=asked_at.date(), state=state, attempts=1, asked_at=asked_at)
        async with lab.app.storage.write() as transaction:
            await transaction.put_feed_day(day)
        found, _ = await examined(lab, tmp_path)
        told[state] = [(each["level"], each["told"]) for each in found["sources"]]
    assert told[FeedState.FRESH] == [("ok", "1 of 1 feeds are well; the last answered 20 days ago.")]
    ((level, failing),) = told[FeedState.BROKEN]
    assert level == "attention"
    assert "Failing since" in failing


async def test_offline_all_feeds_are_told_of_at_once(tmp_path: Path) -> None:
    told = {
        "PAPERBOY_DATABASE_URL": empty_database(tmp_path / "papers.db"),
        "PAPERBOY_SOURCES_ARXIV_RSS_FEEDS": "cs.AI",
        "PAPERBOY_SOURCES_ARXIV_RSS_BASE_URL": "http://one.invalid",
        "PAPERBOY_SOURCES_HF_DAILY_BASE_URL": "http://two.invalid",
    }
    await asyncio.to_thread(paperboy, tmp_path, "ingest", **told)
    lines = (await asyncio.to_thread(paperboy, tmp_path, "doctor", **told)).stdout.splitlines()
    (line,) = (each for each in lines if " sources " in each)
    assert "arXiv cs.AI, Hugging Face daily: cannot be read: one.invalid and two.invalid cannot be" in line
    assert line.endswith("None has answered of late. `paperboy ingest arxiv_rss hf_daily` asks them now.")
    (line,) = (each for each in lines if " outbox " in each)
    assert line.endswith("0 messages owed, none late; no bot was connected to Discord yet.")


def _no_sqlite(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)


def _damaged(path: Path) -> None:
    empty_database(path)
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 9] = b"\xff" * (4096 * 6)
    path.write_bytes(bytes(content))


def _foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE theirs (id INTEGER)")


def _older(path: Path) -> None:
    path.write_bytes(gzip.decompress((Path(__file__).parent / "data" / "databases" / "0007.db.gz").read_bytes()))


def _newer(path: Path) -> None:
    empty_database(path)
    with closing(sqlite3.connect(path)) as opened, opened:
        opened.execute("UPDATE alembic_version SET version_num = '9999'")


def _folder(path: Path) -> None:
    path.mkdir()


BROKEN: list[tuple[Any, str, str]] = [
    (_no_sqlite, "database", "is not a database file"),
    (_damaged, "database", "damaged"),
    (_foreign, "database", "another program's"),
    (_folder, "database", "is a folder"),
    (_newer, "migrations", "update Paperboy"),
]


@pytest.mark.parametrize(("breaks", "matter", "says"), BROKEN, ids=[each[0].__name__[1:] for each in BROKEN])
def test_a_broken_database_is_a_line_that_says_what_to_do(breaks: Any, matter: str, says: str, tmp_path: Path) -> None:
    breaks(tmp_path / "papers.db")
    before = (tmp_path / "papers.db").read_bytes() if (tmp_path / "papers.db").is_file() else None
    done = paperboy(tmp_path, "doctor", PAPERBOY_DATABASE_URL="sqlite:///papers.db")
    assert done.stderr == ""
    line = next(each for each in done.stdout.splitlines() if each.startswith(f"!! {matter}"))
    assert says in line
    assert done.returncode == 78  # for there is no token
    if before is not None:
        assert (tmp_path / "papers.db").read_bytes() == before


def test_a_wrong_setting_and_a_missing_database_are_told(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[log]\nlevel = 'loud'\n[discrd]\ntoken = 'x'\n", encoding="utf-8")
    done = paperboy(tmp_path, "doctor")
    assert (done.returncode, done.stderr) == (78, "")
    assert done.stdout.count("!! config") == 2
    (tmp_path / "config.toml").unlink()
    done = paperboy(tmp_path, "doctor", PAPERBOY_DISCORD_TOKEN="two words")  # noqa: S106 (no token)
    assert (done.returncode, done.stderr) == (78, "")
    assert "There is none yet" in done.stdout
    assert "ok migrations  No database yet: it is made at the first start, with all it needs." in done.stdout
    assert not (tmp_path / "data").exists()
    done = paperboy(tmp_path, "doctor", PAPERBOY_DATABASE_URL="sqlite:///a.db?mode=memory")
    assert (done.returncode, done.stderr) == (78, "")


def _shut(folder: Path) -> None:
    folder.chmod(0o500)
    if os.access(folder, os.W_OK):
        pytest.skip("whoever runs this may write anywhere")


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "shut"
    folder.mkdir()
    url = f"sqlite:///{folder}/papers.db"
    empty_database(folder / "papers.db")
    _shut(folder)
    told = paperboy(tmp_path, "doctor", PAPERBOY_DATABASE_URL=url).stdout
    assert "cannot be opened for writing. Check the permissions of the file and its folder." in told
    folder.chmod(0o700)
    (folder / "papers.db").unlink()
    _shut(folder)
    lines = paperboy(tmp_path, "doctor", PAPERBOY_DATABASE_URL=url).stdout.splitlines()
    assert f"!! database    There is none at {folder}/papers.db, and none can be made: {folder} cannot be" in lines[1]
    assert lines[2] == "-- migrations  There is no database yet."


def test_migrations_that_are_due_are_told_and_not_made(tmp_path: Path) -> None:
    _older(tmp_path / "papers.db")
    done = paperboy(tmp_path, "doctor", PAPERBOY_DATABASE_URL="sqlite:///papers.db")
    assert "ok migrations  From 0007 to " in done.stdout
    assert "-- sources     Not known until the database is migrated." in done.stdout


def test_what_waits_and_what_is_held_is_told() -> None:
    counts = {DeliveryState.OWED: 3, DeliveryState.HELD: 2}
    late = OutboxStanding(counts=counts, resting=(), oldest_due_at=NOW - timedelta(hours=3), seen_at=None)
    told = [each.told for each in outbox_findings(late, NOW)]
    assert told == [
        "3 messages are owed, the oldest since 3 h ago: start `paperboy run`, or look at its log if it runs.",
        "2 may have been posted or not, and wait for you: `paperboy outbox list --state held`.",
    ]
    assert [disk_finding(each).level for each in (None, LEAST_FREE - 1, LEAST_FREE)] == [
        Level.UNCHECKED,
        Level.ATTENTION,
        Level.OK,
    ]
    assert [ago(NOW - timedelta(seconds=each), NOW) for each in (-9, 59, 300, 9_000, 400_000)] == [
        "just now",
        "59 s ago",
        "5 min ago",
        "2 h ago",
        "4 days ago",
    ]
    assert [size_words(each) for each in (1 << 19, 1 << 30, 20 << 30)] == ["0.5 MB", "1,024 MB", "20.0 GB"]


def test_which_process_runs_which_shards_is_told() -> None:
    assert lease_finding([]) is None
    until = NOW + timedelta(seconds=20)
    held = {
        "sharer b": "b",
        "shard 3": "b",
        "sharer a": "a",
        "work": "a",
        "shard 0": "a",
        "shard 1": "a",
        "shard 2": "a",
    }
    told = lease_finding([Lease(name=name, owner=owner, until=until) for name, owner in held.items()])
    assert told is not None
    assert told.told == "2 run: a runs shards 0-2 and asks the sources; b runs shards 3."


def test_since_when_a_feed_fails_is_known_from_its_days() -> None:
    states = [FeedState.BROKEN, FeedState.BROKEN, FeedState.FRESH, FeedState.BROKEN]
    days = [
        FeedDay(source="s", feed="f", day=(at := NOW - timedelta(days=ago)).date(), state=state, asked_at=at)
        for ago, state in enumerate(states)
    ]
    assert failing_since(days) == NOW - timedelta(days=1)
    assert last_answer(days) == NOW - timedelta(days=2)
    assert failing_since(days[2:]) is None
