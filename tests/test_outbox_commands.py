"""`paperboy outbox`, as an operator types it."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.domain.deliveries import Trouble
from bot.domain.outcomes import Closed, Delivered, Unsure
from bot.errors import OperatorError
from storage import open_storage
from tests.empty import empty_database
from tests.storage.owing import claim, owe, owed, record


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = empty_database(tmp_path / "papers.db")
    monkeypatch.setenv("PAPERBOY_DATABASE_URL", url)
    monkeypatch.chdir(tmp_path)

    async def fill() -> None:
        async with await open_storage(url) as storage:
            await owe(storage, *(owed(f"topic:{each}:1", channel=each) for each in range(1, 5)))
            sent, held, closed, _ = await claim(storage)
            await record(storage, sent, Delivered(message_id=7))
            await record(storage, held, Unsure())
            await record(storage, closed, Closed(trouble=Trouble.FORBIDDEN, missing=("Send Messages",)))

    asyncio.run(fill())
    return url


def typed(*words: str) -> str:
    result = CliRunner().invoke(cli, ["outbox", *words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def test_what_is_owed_held_and_in_the_way_is_shown(database: str) -> None:
    told = typed("list")
    assert "topic:1:1" not in told
    assert "topic:2:1" in told
    assert "Read Message History" in told
    assert "channel 3 rests until" in told
    assert "grant Send Messages" in told
    assert "In all: 1 held, 2 owed, 1 sent." in told
    assert "topic:1:1" in typed("list", "--state", "sent")


def test_the_same_as_json(database: str) -> None:
    told = json.loads(typed("list", "--json"))
    assert told["counts"] == {"held": 1, "owed": 2, "sent": 1}
    assert [each["key"] for each in told["deliveries"]] == ["topic:4:1", "topic:3:1", "topic:2:1"]
    assert told["resting"][0]["trouble"] == "forbidden"


def test_an_operator_decides(database: str) -> None:
    numbers = {each["key"]: str(each["id"]) for each in json.loads(typed("list", "--json"))["deliveries"]}
    assert typed("retry", numbers["topic:2:1"]) == "1 of 1 sent as soon as can be.\n"
    assert typed("hold", numbers["topic:4:1"], "99") == "1 of 2 held.\n"
    assert typed("drop", numbers["topic:3:1"]) == "1 of 1 dropped.\n"
    assert json.loads(typed("list", "--json"))["counts"] == {"dropped": 1, "held": 1, "owed": 1, "sent": 1}
    with pytest.raises(OperatorError, match="No message 99 can be sent: `paperboy outbox list` shows"):
        typed("retry", "99")
