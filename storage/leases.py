"""What each process does for a while: whose it is and until when, by the clock of the database where it has one.

Decides nothing: that does `bot.domain.leases`.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.leases import Decision, Lease
from bot.lease_interfaces import RecountedError
from storage.database import Database
from storage.dialects.clock import now_of
from storage.dialects.inserting import put_row
from storage.dialects.locking import lease_alone
from storage.meta import get_meta, put_meta
from storage.schema import leases

_COUNT = "shard_count"
_FORGOTTEN_AFTER = timedelta(days=1)


class SqlLeases:
    """Leases in an SQL database."""

    _database: Database

    async def agree_on_count(self, count: int, presence: str, *, owner: str, lease: timedelta) -> int:
        """Be there, by the lease of this name; of how many shards everybody is: of so many, where nobody else is."""
        async with self._database.write_at_once() as connection:
            await lease_alone(connection)
            now, known = await now_of(connection), await get_meta(connection, _COUNT)
            others = [each for each in await _living(connection, now) if each.owner != owner]
            agreed = int(known) if known and others else count
            await put_meta(connection, _COUNT, str(agreed))
            await _put(connection, Lease(name=presence, owner=owner, until=now + lease))
            return agreed

    async def look_after_leases(
        self, owner: str, decide: Callable[[Sequence[Lease], datetime], Decision], *, count: int, lease: timedelta
    ) -> Decision:
        """Have `decide` look at all leases, and take or renew for so long what it says that `owner` has.

        Raises RecountedError where everybody is of another count of shards by now.
        """
        async with self._database.write_at_once() as connection:
            await lease_alone(connection)
            if (agreed := await get_meta(connection, _COUNT)) and int(agreed) != count:
                raise RecountedError(count, int(agreed))
            now = await now_of(connection)
            decided = decide(await _living(connection, now), now)
            await _put(connection, *(Lease(name=each, owner=owner, until=now + lease) for each in sorted(decided.has)))
            await connection.execute(delete(leases).where(leases.c.until < now - _FORGOTTEN_AFTER))
            return decided

    async def release_leases(self, owner: str, names: Collection[str] | None = None) -> None:
        """Give these leases of an owner back, or all of them."""
        theirs = leases.c.owner == owner
        async with self._database.write_at_once() as connection:
            await lease_alone(connection)
            which = theirs if names is None else theirs & leases.c.name.in_(list(names))
            await connection.execute(delete(leases).where(which))

    async def list_leases(self) -> list[Lease]:
        """The leases that are not over."""
        async with self._database.read() as connection:
            return await _living(connection, await now_of(connection))


async def has_leases(database: Database) -> bool:
    """Whether some process says that it runs on it, by a lease that is not over."""
    async with database.read() as connection:
        is_there = await connection.run_sync(lambda sync: sync.dialect.has_table(sync, leases.name))
        return is_there and bool(await _living(connection, await now_of(connection)))


async def _living(connection: AsyncConnection, now: datetime) -> list[Lease]:
    found = await connection.execute(select(leases).where(leases.c.until > now).order_by(leases.c.name))
    return [Lease(**each._mapping) for each in found]


async def _put(connection: AsyncConnection, *put: Lease) -> None:
    await put_row(connection, leases, *({"name": each.name, "owner": each.owner, "until": each.until} for each in put))
