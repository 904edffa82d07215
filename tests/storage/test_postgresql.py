"""What is PostgreSQL's alone: a server that goes away and comes back, and addresses that lead nowhere."""

import asyncio
import socket

import asyncpg
import pytest

from bot.domain.leases import LeaseTiming
from bot.errors import EX_CONFIG, OperatorError
from storage import open_storage, upkeep_of
from storage.dialects import postgresql
from storage.migrations import HEAD
from storage.sql import SqlStorage
from tests.storage.kinds import postgresql_alone
from tests.storage.shelf import NOW, paper, put, titles

pytestmark = postgresql_alone


def _name(url: str) -> str:
    return url.rpartition("/")[2].partition("?")[0]


async def _end_connections(url: str) -> None:
    own = await asyncpg.connect(url)
    await own.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND application_name = 'paperboy'"
    )
    await own.close()


async def test_connections_that_the_server_has_ended_are_made_anew(storage: SqlStorage, empty: str) -> None:
    for each in range(3):
        await put(storage, paper(f"Paper {each}", f"arxiv:{each}"))
        assert len(await titles(storage, "paper")) == await storage.count_papers() == each + 1
        await _end_connections(empty)


async def test_a_statement_that_is_cut_off_is_told(storage: SqlStorage, empty: str) -> None:
    async def cut_off() -> None:
        async with storage.write() as transaction:
            await _end_connections(empty)
            await transaction.get_feed_day("arxiv", "cs.AI", NOW.date())

    with pytest.raises(OperatorError, match=r"Check that PostgreSQL is running|stopped or started"):
        await cut_off()
    assert await put(storage, paper("After", "arxiv:1")) == ["added"]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://papers@127.0.0.1:1/papers", "papers on 127.0.0.1:1 cannot be reached"),
        ("postgresql+asyncpg://papers@/papers?host=/nowhere", "papers on /nowhere cannot be reached"),
    ],
)
async def test_where_no_server_is(address: str, said: str, kind: str) -> None:
    with pytest.raises(OperatorError, match=said):
        await open_storage(address)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://papers:sesame@localhost:abc/papers", "The database URL cannot be read"),
        ("postgresql://papers:open@sesame@localhost/papers", "Write %40 for an @ in its password"),
        ("postgresql://papers:sesame@localhost/papers?sslmode=always", "`sslmode` parameter must be one of: disable"),
    ],
)
async def test_an_address_that_cannot_be_used(address: str, said: str, kind: str) -> None:
    with pytest.raises(OperatorError, match=said) as refused:
        await open_storage(address)
    assert refused.value.exit_code == EX_CONFIG
    assert "sesame" not in str(refused.value)


async def test_an_address_as_other_programs_take_it(url: str) -> None:
    asks = "&" if "?" in url else "?"
    await (await open_storage(f"{url}{asks}sslmode=prefer")).close()
    with pytest.raises(OperatorError, match='cannot be used: unrecognized configuration parameter "colour"'):
        await open_storage(f"{url}{asks}colour=red")


async def test_a_connection_ends_where_the_other_machine_is_gone_without_a_word(kind: str) -> None:
    async def hear(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(hear, "127.0.0.1", 0) as server:
        transport, _ = await asyncio.get_running_loop().create_connection(
            asyncio.Protocol, *server.sockets[0].getsockname()
        )
        postgresql.end_in_silence(transport)
        carrier = transport.get_extra_info("socket")
        assert carrier.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert carrier.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) < LeaseTiming().lease.total_seconds()
        transport.close()


async def test_a_database_that_is_not_there_and_one_that_is_another_programs(url: str) -> None:
    with pytest.raises(OperatorError, match="is not there"):
        await open_storage(url.replace("paperboy_", "no_paperboy_"))
    own = await asyncpg.connect(url)
    await own.execute("CREATE TABLE photos (name text)")
    with pytest.raises(OperatorError, match="is another program's"):
        await open_storage(url)
    state = await upkeep_of(url).examine()
    assert "is another program's" in (state.trouble or "")
    await own.execute("DROP TABLE photos")
    await (await open_storage(url)).close()
    await own.execute(f"ALTER DATABASE {_name(url)} SET default_transaction_read_only = on")
    await own.close()
    state = await upkeep_of(url).examine()
    assert "cannot be written to" in (state.trouble or "")


async def test_a_newer_database_is_left_alone(url: str) -> None:
    await (await open_storage(url)).close()
    own = await asyncpg.connect(url)
    await own.execute("UPDATE alembic_version SET version_num = '9999'")
    await own.close()
    with pytest.raises(OperatorError, match="newer Paperboy"):
        await open_storage(url)


async def test_a_database_that_cannot_keep_every_text(url: str) -> None:
    name = _name(url)
    own = await asyncpg.connect(url)
    await own.execute(f"CREATE DATABASE {name}_latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    latin = url.replace(name, f"{name}_latin")
    try:
        with pytest.raises(OperatorError, match="keeps text as LATIN1"):
            await open_storage(latin)
        assert "--encoding UTF8" in ((await upkeep_of(latin).examine()).trouble or "")
    finally:
        await own.execute(f"DROP DATABASE {name}_latin WITH (FORCE)")
        await own.close()


async def test_how_a_database_is(url: str, storage: SqlStorage, empty: str) -> None:
    new = await upkeep_of(url).examine()
    assert (new.trouble, new.revision, new.counts) == (None, None, {})
    await put(storage, paper("One", "arxiv:1"))
    state = await upkeep_of(empty).examine()
    assert (state.trouble, state.revision, state.newest, state.counts["papers"]) == (None, HEAD, HEAD, 1)
    assert (state.server or "").startswith("PostgreSQL ")
    assert state.size == (await upkeep_of(empty).measure()).size > 1 << 20
    away = await upkeep_of("postgresql://u:sesame@127.0.0.1:1/papers").examine()
    assert "cannot be reached" in (away.trouble or "")
    assert "sesame" not in repr(away)
