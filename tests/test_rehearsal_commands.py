"""`paperboy rehearse`, as an operator types it."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.domain.posting import Posting
from bot.domain.schedules import Fallback
from bot.errors import OperatorError
from storage import open_storage
from tests.domain.topics import new_topic
from tests.empty import empty_database
from tests.services.daily_days import schedule
from tests.services.test_rehearsal import follow
from tests.storage.shelf import paper, put

JUNE = ("--from", "2026-06-01", "--to", "2026-06-02")


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = empty_database(tmp_path / "papers.db")
    monkeypatch.setenv("PAPERBOY_DATABASE_URL", url)
    monkeypatch.chdir(tmp_path)

    async def fill() -> None:
        async with await open_storage(url) as storage:
            few = Posting(most_per_day=1)
            await follow(storage, new_topic("graph", channel=7, posting=few), new_topic("looms", channel=8, guild=2))
            graphs = [paper(f"Graph [red]{number}", f"arxiv:2606.0000{number}") for number in range(1, 5)]
            await put(storage, *graphs, now=datetime(2026, 6, 1, 8, tzinfo=UTC))

    asyncio.run(fill())
    return url


def typed(*words: str, exit_code: int = 0) -> str:
    result = CliRunner().invoke(cli, ["rehearse", *words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == exit_code
    return " ".join(result.output.replace("│", " ").split()) if exit_code else result.output


def test_what_each_channel_would_get_is_shown(database: str) -> None:
    told = typed(*JUNE).splitlines()
    assert told[:2] == ["Channel 7 of server 1", "  graph: 4 match; 1 posted, 3 in digests"]
    assert [" ".join(each.split()) for each in told[2:5]] == [
        "when (UTC) topic what",
        "2026-06-01 08:00 graph Graph [red]1",
        "2026-06-01 09:00 graph digest of 3: Graph [red]2; Graph [red]3; Graph [red]4",
    ]
    assert "  looms: 0 match" in told
    assert told[-1] == "4 papers arrived from 2026-06-01 to 2026-06-02: 2 messages."


def test_the_same_as_json_and_of_one_server_or_channel(database: str) -> None:
    told = json.loads(typed(*JUNE, "--json"))
    assert [each["channel"] for each in told["channels"]] == [7, 8]
    (first, _) = told["channels"]
    assert [each["digest"] for each in first["messages"]] == [False, True]
    assert [each["title"] for each in first["messages"][1]["papers"]] == [f"Graph [red]{at}" for at in (2, 3, 4)]
    assert first["topics"][0] | {"id": 1, "query": "graph", "matched": 4, "waiting": 0} == first["topics"][0]
    for only, channels in ((("--guild", "2"), [8]), (("--channel", "7"), [7])):
        told = json.loads(typed(*JUNE, "--json", *only))
        assert [each["channel"] for each in told["channels"]] == channels


def test_it_works_beside_a_running_bot(database: str) -> None:
    async def beside() -> str:
        async with await open_storage(database, exclusive=True):
            return await asyncio.to_thread(typed, *JUNE)

    assert "2 messages" in asyncio.run(beside())


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (("2026-06-02", "2026-06-01"), "is before --from 2026-06-02"),
        (("2024-06-02", "2026-06-01"), "730 days; 366 at most"),
        (("2999-01-01", "2999-01-02"), "is yet to come"),
        (("2026-06-31", "2026-07-01"), "must be a day such as"),
        (("yesterday", "2026-07-01"), "must be a day such as"),
    ],
)
def test_wrong_days_are_refused_with_the_reason(database: str, days: tuple[str, str], told: str) -> None:
    assert told in typed("--from", days[0], "--to", days[1], exit_code=2)


def test_where_nothing_is_followed_it_says_so(database: str) -> None:
    with pytest.raises(OperatorError, match="Nothing is followed there"):
        typed(*JUNE, "--guild", "99")


def test_papers_of_the_day_are_rehearsed_and_nothing_is_written(database: str) -> None:
    async def set_up() -> None:
        async with await open_storage(database) as storage, storage.write() as transaction:
            for channel, fallback in ((7, Fallback.SHELF), (9, Fallback.SILENCE)):
                await transaction.put_schedule(
                    schedule(channel_id=channel, fallback=fallback, weekdays=frozenset({0, 1}), recap_weekday=1)
                )

    asyncio.run(set_up())
    told = typed(*JUNE).splitlines()
    place = told.index("Papers of the day in channel 7 of server 1")
    assert [" ".join(each.split()) for each in told[place + 1 : place + 5]] == [
        "when (UTC) date there what",
        "2026-06-01 07:00 2026-06-01 a classic, if one is left",
        "2026-06-02 07:00 2026-06-02 a classic, if one is left",
        "2026-06-02 07:00 2026-06-02 recap of classics, if any are left",
    ]
    as_json = json.loads(typed(*JUNE, "--json", "--channel", "9"))
    assert [(each["on"], each["papers"]) for each in as_json["recaps"]] == [("2026-06-02", [])]
    assert [(each["on"], each["paper"], each["because"]) for each in as_json["daily"]] == [
        (f"2026-06-0{day}", None, "nothing: silence was chosen") for day in (1, 2)
    ]

    async def kept() -> int:
        async with await open_storage(database) as storage:
            return await storage.count_papers() + await storage.count_daily_papers(7, guild_id=1)

    assert asyncio.run(kept()) == 4
