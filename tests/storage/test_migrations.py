"""The migrations make the tables that the program knows, whole and from every database there has been.

`tests/data/databases` holds a small database for each revision, made by the program as it was then.
"""

import asyncio
import gzip
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from bot.domain.deliveries import DeliveryState, Timing
from bot.domain.identifiers import ExternalId
from bot.domain.ledger import FeedDay, FeedState
from bot.domain.posting import Posting
from bot.domain.posts import post_from
from storage import migrations, open_storage
from storage.schema import metadata
from tests.storage.shelf import NOW, paper, put, titles

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
INDEX_TABLES = ("paper_index", "title_index", "title_terms", "known_index", "paper_titles", "alembic_version")
OLD = sorted((Path(__file__).parents[1] / "data" / "databases").glob("*.db.gz"))


@pytest.fixture(params=OLD, ids=lambda each: each.name.split(".")[0])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database as an earlier program left it."""
    (tmp_path / "old.db").write_bytes(gzip.decompress(request.param.read_bytes()))
    return f"sqlite:///{tmp_path}/old.db"


async def test_the_migrated_database_has_the_tables_of_the_schema(url: str) -> None:
    await (await open_storage(url)).close()
    await assert_schema(url)


async def test_an_old_database_keeps_its_papers_and_gets_what_is_new(old: str) -> None:
    async with await open_storage(old) as storage:
        assert await storage.count_papers() == 3
        assert await titles(storage, "weaving") == ["Weaving Graphs by Hand"]
        known = await storage.find_paper(ExternalId("arxiv", "hep-th/9901001"))
        assert known is not None
        threads = paper("Größe matters: naïve threads", "doi:10.1000/threads", "arxiv:hep-th/9901001", authors="Ørsted")
        assert (known.paper, known.first_seen_at) == (threads, NOW)
        assert await storage.list_feed_days(since=NOW.date()) == []
        async with storage.write() as transaction:
            await transaction.put_feed_day(FeedDay(source="arxiv", feed="cs.AI", day=NOW.date(), state=FeedState.FRESH))
        await put(storage, paper("New in an old house", "arxiv:2605.00002"))
        assert await titles(storage, "house") == ["New in an old house"]
    await assert_schema(old)


async def test_what_was_followed_and_owed_before_is_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "old.db").write_bytes(gzip.decompress((OLD[0].parent / "0007.db.gz").read_bytes()))
    async with await open_storage(f"sqlite:///{tmp_path}/old.db") as storage:
        (topic,) = await storage.list_subscriptions()
        assert (topic.guild_id, topic.channel_id, topic.query, topic.created_by) == (7, 70, "weaving", 700)
        assert (topic.posting, topic.paused_at) == (Posting(), None)
        owed, sent = await storage.list_deliveries(list(DeliveryState), limit=9)
        assert (owed.state, sent.state, sent.message_id) == (DeliveryState.OWED, DeliveryState.SENT, 7000)
        (claim,) = await storage.claim_deliveries(now=NOW, timing=Timing(), limit=9)
        assert claim.key == owed.key
        assert post_from(claim.payload).because == "This channel follows: weaving"
        (home,) = await storage.list_homes([int(sent.key.rpartition(":")[2])], guild_id=7)
        assert home.message_id == 7000


async def test_what_was_typed_for_a_topic_that_is_looked_at_is_kept(tmp_path: Path) -> None:
    (tmp_path / "old.db").write_bytes(gzip.decompress((OLD[0].parent / "0013.db.gz").read_bytes()))
    async with await open_storage(f"sqlite:///{tmp_path}/old.db") as storage:
        draft = await storage.get_topic_draft(1, guild_id=7, person_id=700, now=NOW)
        assert draft is not None
        assert (draft.query, draft.typed, draft.posting) == ("graph weaving", "Papers on graph weaving", Posting())


async def test_many_processes_may_open_an_old_database_at_once(old: str) -> None:
    opened = await asyncio.gather(*(open_storage(old) for _ in range(4)))
    assert [await each.count_papers() for each in opened] == [3] * 4
    for each in opened:
        await each.close()


async def assert_schema(url: str) -> None:
    address = make_url(url)
    engine = create_async_engine(address.set(drivername=DRIVERS[address.drivername]))
    async with engine.connect() as connection:
        assert await connection.run_sync(_differences) == []
    await engine.dispose()


def _differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(
        connection,
        opts={
            "compare_server_default": True,
            "include_name": lambda name, kind, _: not (kind == "table" and str(name).startswith(INDEX_TABLES)),
        },
    )
    # What a table is for, only the schema says.
    return [each for each in compare_metadata(context, metadata) if each[0] != "add_table_comment"]


def test_the_head_is_the_newest_revision() -> None:
    assert ScriptDirectory(str(Path(migrations.__file__).parent)).get_current_head() == migrations.HEAD


async def test_a_database_at_its_head_is_opened_without_alembic(url: str) -> None:
    await (await open_storage(url)).close()
    code = (
        "import asyncio, sys; from storage import open_storage\n"
        "async def main(): await (await open_storage(sys.argv[1])).close()\n"
        "asyncio.run(main()); sys.exit('alembic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, url], cwd=Path(__file__).parents[2], check=True)
