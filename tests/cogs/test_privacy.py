"""/privacy: people get what is kept of them, and what is erased is in no file any more, nor comes back."""

import asyncio
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.fakediscord.answers import Refused
from bot.fakediscord.people import Person
from storage import upkeep_of
from storage.dialects import sqlite_erasing
from storage.personal import PERSONAL
from storage.schema import metadata
from tests.command_line import paperboy
from tests.lab import Lab, found_paper
from tests.storage.kinds import sqlite_alone


def database(lab: Lab) -> Path:
    return Path(lab.database_url.removeprefix("sqlite:///"))


def traces(folder: Path, number: int) -> list[str]:
    """The files of a database in which a number stands, however it is written."""
    forms = (number.to_bytes(8, "big"), number.to_bytes(8, "little"), str(number).encode(), f"{number:x}".encode())
    files = [each for each in folder.iterdir() if each.is_file()]
    return [each.name for each in files if any(form in each.read_bytes() for form in forms)]


async def leave_traces(lab: Lab, person: Person) -> None:
    """Do everything of which something is kept."""
    papers, general = lab.channel("papers"), lab.channel("general")
    preview = await person.slash("topic follow", query="graphs", channel=papers)
    await person.press(preview.message, "Follow in #papers")
    await person.slash("topic follow", query="trees", channel=papers)
    preview = await person.slash("daily here", channel=general)
    await person.press(preview.message, "Start in #general")
    await person.slash("daily here", channel=papers)
    await person.slash("daily skip", channel=general)
    await person.slash("daily nominate", paper="Graphs at Scale")
    card = await person.slash("paper show", paper="Graphs at Scale")
    for label in ("Vote", "Vote 1", "Vote"):
        await person.press(card.message, label)


@sqlite_alone  # it looks into the files
async def test_a_canary_is_in_no_file_once_erased_and_does_not_come_back(lab: Lab) -> None:
    canary = lab.person("canary", manage_channels=True, manage_guild=True)
    other = lab.person("other")
    await lab.ingest(found_paper(title="Graphs at Scale"), found_paper(title="Trees"))
    await leave_traces(lab, canary)
    card = await other.slash("paper show", paper="Graphs at Scale")
    await other.press(card.message, "Vote 1")
    path = database(lab)
    assert traces(path.parent, canary.id)
    backup = await upkeep_of(lab.database_url).backup(
        path.parent / "backups" / "old.db", keep=1, compress=False, now=datetime.now(UTC)
    )
    asked = await canary.slash("privacy erase")
    assert asked.private
    assert "It cannot be taken back" in asked.text
    done = await canary.press(asked.message, "Erase me")
    assert "Nothing of you is left" in done.text
    assert traces(path.parent, canary.id) == []
    assert traces(path.parent, other.id)
    assert "graphs" in (await other.slash("topic list", channel=lab.channel("papers"))).text
    shown = await canary.slash("topic show", topic="graphs")
    assert "Set up <t:" in shown.text
    await lab.stop()
    restored = await upkeep_of(lab.database_url).restore(backup.file, now=datetime.now(UTC))
    assert restored.aside is not None
    restored.aside.unlink()
    assert traces(path.parent, canary.id) == []
    assert traces(path.parent, other.id)
    await lab.start()


@sqlite_alone  # backups
async def test_whoever_comes_back_after_being_erased_is_kept_by_a_later_backup(lab: Lab) -> None:
    canary, url = lab.person("canary"), lab.database_url
    await lab.ingest(found_paper(title="Graphs at Scale"))
    await canary.press((await canary.slash("privacy erase")).message, "Erase me")
    await canary.press((await canary.slash("paper show", paper="Graphs at Scale")).message, "Vote")
    later = datetime.now(UTC) + timedelta(minutes=1)
    made = await upkeep_of(url).backup(None, keep=1, compress=True, now=later)
    await lab.stop()
    await upkeep_of(url).restore(made.file, now=later)
    assert database(lab).name in traces(database(lab).parent, canary.id)
    await lab.start()


async def test_an_export_holds_all_of_a_person_and_nobody_else(lab: Lab, tmp_path: Path) -> None:
    ada, boss = lab.person("ada", manage_channels=True), lab.person("boss", manage_guild=True)
    await lab.ingest(found_paper(title="Graphs at Scale"), found_paper(title="Trees"))
    await boss.slash("settings", approve_nominations=True)
    await leave_traces(lab, ada)
    answer = await ada.slash("privacy export")
    assert answer.private
    [file] = answer.message.attachments
    told = json.loads(file.content)
    assert told["person"] == ada.id
    kept = told["kept"]
    assert {name for name, rows in kept.items() if rows} >= {
        "topics",
        "schedules",
        "votes",
        "nominations",
        "asked_dates",
    }
    assert kept["votes"][0]["paper"] == "Graphs at Scale"
    assert str(boss.id) not in json.dumps(told)
    url = lab.database_url
    done = await asyncio.to_thread(paperboy, tmp_path, "privacy", "export", str(ada.id), PAPERBOY_DATABASE_URL=url)
    assert json.loads(done.stdout)["kept"] == kept


@sqlite_alone  # it looks into the files
async def test_a_server_is_erased_by_who_manages_it_and_by_nobody_else(lab: Lab) -> None:
    ada, boss = lab.person("ada", manage_channels=True), lab.person("boss", manage_guild=True, manage_channels=True)
    await lab.ingest(found_paper(title="Graphs at Scale"))
    await leave_traces(lab, ada)
    await lab.ingest(found_paper(title="More Graphs"))
    await lab.channel("papers").next_message()
    await boss.slash("settings", log_channel=lab.channel("general"))
    assert "Manage Server" in (await ada.slash("privacy erase-server")).text
    asked = await boss.slash("privacy erase-server")
    with pytest.raises((Refused, LookupError, AssertionError)):
        await ada.press(asked.message, "Erase this server")
    assert "Nothing was erased" in (await boss.press(asked.message, "Keep it")).text
    asked = await boss.slash("privacy erase-server")
    assert "Nothing of this server is left" in (await boss.press(asked.message, "Erase this server")).text
    places = [lab.guild.id, lab.channel("papers").id, lab.channel("general").id]
    assert [traces(database(lab).parent, each) for each in places] == [[], [], []]
    assert "follows nothing" in (await boss.slash("topic list", channel=lab.channel("papers"))).text


@sqlite_alone  # it looks into the files
async def test_an_operator_erases_beside_the_running_bot(lab: Lab, tmp_path: Path) -> None:
    ada = lab.person("ada")
    await lab.ingest(found_paper(title="Graphs at Scale"))
    await ada.press((await ada.slash("paper show", paper="Graphs at Scale")).message, "Vote")
    told = {"PAPERBOY_DATABASE_URL": lab.database_url}
    done = await asyncio.to_thread(paperboy, tmp_path, "privacy", "erase", str(ada.id), "--yes", **told)
    assert done.stdout.startswith("1 entries erased."), done.stderr
    assert traces(database(lab).parent, ada.id) == []
    done = await asyncio.to_thread(paperboy, tmp_path, "privacy", "erase-server", str(lab.guild.id), "--yes", **told)
    assert done.returncode == 0, done.stderr


def test_every_column_that_names_a_person_is_known_to_whoever_erases() -> None:
    known = {(each.table.name, each.column) for each in PERSONAL}
    found = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if column.name == "person_id" or column.name.endswith("_by")
    }
    assert found == known


def test_a_number_is_found_across_the_pieces_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_erasing, "_CHUNK", 40)
    number, path = 1_409_000_000_000_000_123, tmp_path / "papers.db"
    for at in range(0, 100, 7):
        for form in (number.to_bytes(8, "big"), str(number).encode()):
            path.write_bytes(b"x" * at + form + b"y" * (100 - at))
            assert sqlite_erasing.has_traces(path, [number])
            assert not sqlite_erasing.has_traces(path, [number + 1])


def test_one_that_was_deleted_before_is_removed_from_freed_places(tmp_path: Path) -> None:
    """SQLite leaves what it deletes where it was: the sweep writes the file anew where a trace is found."""
    path = tmp_path / "freed.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as opened:
        opened.execute("PRAGMA secure_delete = OFF")
        opened.execute("CREATE TABLE votes (person_id INTEGER)")
        opened.execute("INSERT INTO votes VALUES (?)", (1 << 60,))
        opened.execute("DELETE FROM votes")
    assert sqlite_erasing.has_traces(path, [1 << 60])
