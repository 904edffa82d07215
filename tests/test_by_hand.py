"""Sources that somebody asks by hand, and sees at a terminal what comes of it."""

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest

from bot.by_hand import ask_sources, chosen, notes
from bot.config import DatabaseSettings, Settings
from bot.domain.ledger import FeedDay, FeedState
from bot.domain.rhythms import Rhythm, occasion_at
from bot.errors import OperatorError
from bot.intake import intake_for
from bot.terminal_sources import asking_progress
from storage import open_storage
from tests.command_line import paperboy, read_json
from tests.empty import empty_database
from tests.sources.asking import DATA
from tests.sources.servers import local_server, page, status


class Terminal(StringIO):
    """Standard error as somebody looks at it."""

    def isatty(self) -> bool:
        return True


async def test_a_source_that_cannot_be_reached_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before all that were asked are done."""
    sources = {"arxiv_rss": {"feeds": ["cs.AI"], "base_url": "http://nowhere.invalid"}, "hf_daily": {"feeds": []}}
    database = DatabaseSettings(url=f"sqlite:///{tmp_path}/papers.db")
    settings = Settings.model_validate({"database": database, "sources": sources})
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with asking_progress() as progress:
        await ask_sources(settings, [], since=None, progress=progress)
        told = terminal.getvalue()
    assert "arXiv cs.AI: nowhere.invalid cannot be found: is this machine online?" in told


async def test_sources_are_asked_by_hand_and_told_of(tmp_path: Path) -> None:
    """The server's dates are of long ago, so that it is today's batch on whatever day this runs."""
    async with local_server() as server:
        server.on("/rss/cs.AI", page((DATA / "arxiv_rss" / "answer.xml").read_bytes().replace(b"2026", b"1999")))
        told = {
            "PAPERBOY_SOURCES_ARXIV_RSS_BASE_URL": server.url("/rss"),
            "PAPERBOY_SOURCES_ARXIV_RSS_FEEDS": "cs.AI",
            "PAPERBOY_SOURCES_HF_DAILY_FEEDS": "",
            "PAPERBOY_SOURCES_CONTACT": "ada@example.org",
        }
        asked = await asyncio.to_thread(paperboy, tmp_path, "ingest", **told)
        assert (asked.returncode, asked.stderr) == (0, "")
        assert asked.stdout.splitlines() == [
            "arXiv cs.AI: today's batch is in: 5 entries, 1 new, 1 unreadable.",
            "  5 read, 1 new, 0 revised, 3 known, 1 rejected",
            "  item 5: it has no arXiv id",
        ]
        after = read_json(await asyncio.to_thread(paperboy, tmp_path, "sources", "--json", **told))
        assert [(each["name"], each["state"], each["days"][0]["new"]) for each in after["feeds"]] == [
            ("arXiv cs.AI", "fresh", 1)
        ]
        server.on("/rss/cs.AI", status(404))
        broken = await asyncio.to_thread(paperboy, tmp_path, "ingest", "arxiv_rss:cs.AI", "--json", **told)
        assert broken.returncode == 1
        assert broken.stderr == ""
        (feed,) = json.loads(broken.stdout)["feeds"]
        assert feed["day"]["last_error"] == "127.0.0.1/rss/cs.AI does not exist (404)."
        days = await asyncio.to_thread(paperboy, tmp_path, "sources", "--days", "2", **told)
        assert "fresh: 5 read, 1 new, 0 revised, 3 known, 1 rejected; asked 2 times; 127.0.0.1/rss" in days.stdout
    assert all("ada@example.org" in each.headers["user-agent"] for each in server.asked)


async def test_what_never_came_is_told_with_how_to_fill_it_in(tmp_path: Path) -> None:
    """Somebody has filled in 10,000 by hand today, before a list of 300 was asked for."""
    today = occasion_at(Rhythm.ARXIV_FEED, datetime.now(UTC)).day
    days = [
        FeedDay(
            source="arxiv_rss",
            feed="cs.AI+cs.CL",
            day=today - timedelta(days=each),
            state=FeedState.FRESH,
            expected=300,
            received=10_000,
            attempts=1,
        )
        for each in (0, 6)
    ]
    async with await open_storage(empty_database(tmp_path / "papers.db")) as storage, storage.write() as transaction:
        for each in days:
            await transaction.put_feed_day(each)
    told = {
        "PAPERBOY_DATABASE_URL": f"sqlite:///{tmp_path}/papers.db",
        "PAPERBOY_SOURCES_ARXIV_RSS_FEEDS": "cs.AI+cs.CL",
    }
    _, line, day, *_ = (
        await asyncio.to_thread(paperboy, tmp_path, "sources", "--days", "1", **told)
    ).stdout.splitlines()
    assert "fresh: 10,000 read, 0 new" in day
    assert line.startswith("  never came: ")
    assert "; fill in with: paperboy ingest arxiv_api:cs.AI arxiv_api:cs.CL --since 20" in line


async def test_a_deletion_of_what_was_never_here_is_told_as_such(tmp_path: Path) -> None:
    record = (
        '<record><header status="deleted"><identifier>oai:arXiv.org:2606.00001</identifier>'
        "<datestamp>2026-06-02</datestamp></header></record>"
    )
    body = f"<OAI-PMH><responseDate>2026-06-02T03:00:00Z</responseDate><ListRecords>{record}</ListRecords></OAI-PMH>"
    async with local_server() as server:
        told = {"PAPERBOY_SOURCES_ARXIV_OAI_BASE_URL": server.on("/oai", page(body.encode()))}
        asked = await asyncio.to_thread(paperboy, tmp_path, "ingest", "arxiv_oai:cs.AI", **told)
    assert asked.stdout.splitlines()[1:] == [
        "  1 read, 0 new, 0 revised, 0 known, 0 rejected, 1 deleted there and never here"
    ]
    assert asked.returncode == 0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("arxiv_rs", "There is no source arxiv_rs. Choose from arxiv_rss, arxiv_api,"),
        ("arxiv_api", "arxiv_api has no feeds. Name one, as in arxiv_api:FEED, or set sources.arxiv_api.feeds."),
        ("arxiv_api:cs.A1", "arxiv_api: 'cs.A1' is no arXiv category; did you mean cs.AI?"),
        ("feed:looms", "sources.feed.feeds names no feed looms."),
    ],
)
def test_a_source_that_nobody_knows_is_told(name: str, words: str) -> None:
    with pytest.raises(OperatorError) as caught:
        chosen(Settings(), [name])
    assert str(caught.value).startswith(words)
    assert caught.value.exit_code == 2


def test_one_feed_can_be_asked_that_is_not_configured() -> None:
    (source,) = chosen(Settings(), ["arxiv_api:cs.RO"])
    assert source.feeds() == ("cs.RO",)
    assert [each.kind for each in chosen(Settings(), [])] == ["arxiv_rss", "hf_daily"]
    (source,) = chosen(Settings(), ["arxiv_rss"])
    assert len(source.feeds()) == 5


async def test_what_the_reader_of_sources_should_know_besides_is_said(tmp_path: Path) -> None:
    settings = Settings(database=DatabaseSettings(url=empty_database(tmp_path / "papers.db")))
    async with await open_storage(settings.database.url) as storage:
        intake = intake_for(settings, storage, clock=lambda: datetime(2027, 1, 1, 12, tzinfo=UTC))
        standings = await intake.ledger.standings()
    assert list(notes(settings, standings, intake.ledger.now())) == [
        "I don't know arXiv's holidays of 2027: on one of them a feed would be told as late. "
        "Name them in sources.extra_holidays."
    ]
    assert list(notes(settings, standings, datetime(2026, 1, 1, tzinfo=UTC))) == []
    assert list(notes(settings, [], datetime(2027, 1, 1, tzinfo=UTC))) == [
        "No source has feeds. Name some in the settings, under [sources.arxiv_rss] and so on."
    ]
