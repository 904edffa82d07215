"""`paperboy copy`: from one address to another, neither of which anybody else may use meanwhile."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import OperatorError
from bot.upkeep_interfaces import Checksum, Copied
from storage.copying.copies import Copy, Tell, Told
from storage.copying.marks import Mark, finished_copy_of, get_mark
from storage.copying.rows import checksum, counts, held, tables
from storage.database import Database, told
from storage.dialects.bulk import may_be_idle
from storage.dialects.dialect import Dialect, ForeignDatabase, InUse
from storage.leases import has_leases
from storage.migrations import HEAD, migrate_alone, revision
from storage.opening import dialect_of

COMMAND = "paperboy copy"
_NAMED = 3
"""Tables that are named where there are rows that should not be."""


async def copy_between(source_url: str, target_url: str, tell: Tell) -> Copied:
    """Copy all that the one database holds into the other, which is made where it can be, and prove it.

    Cut off at any moment, it goes on from there the next time. Raises OperatorError, in a sentence that says what to
    do, where a bot runs on either, where the target holds anything else, and where the source is changed meanwhile.
    """
    source, target = dialect_of(source_url, otherwise="Name one that is there."), dialect_of(target_url)
    if source.name == target.name:
        raise OperatorError(f"{source.name} is both source and target. Name two databases.")
    async with alone_on(source) as kept, alone_on(target) as new:
        await require_ours(kept)
        await make_ready(new)
        async with _unchanged(kept), kept.still() as connection:
            mark = Mark(of=source.name, command=COMMAND, counts=await counts(connection))
            begun = await _begun(new, mark)
            if begun is None:
                same = await _same_already(connection, new, mark, tell)
            else:
                same = await Copy(connection, new, mark, tell).make()
        return Copied(source=source.name, target=target.name, was_begun=begun is not False, tables=same)


@asynccontextmanager
async def alone_on(dialect: Dialect) -> AsyncIterator[Database]:
    """The database, with no bot on it; raises OperatorError where one is."""
    in_use = OperatorError(
        f"A bot is running on {dialect.name}. Stop it first: only what stands still can be copied, and what a copy "
        "is made in is nobody else's meanwhile."
    )
    try:
        with told(dialect):
            release = await dialect.be_the_bot()
    except InUse:
        raise in_use from None
    database = Database(dialect)
    try:
        if await has_leases(database):  # the lock goes where the server is restarted, and leases do not
            raise OperatorError(f"{in_use} One that was killed is forgotten in half a minute.")
        yield database
    finally:
        await database.close()
        release()


@asynccontextmanager
async def _unchanged(database: Database) -> AsyncIterator[None]:
    """Let nobody write there, such as `paperboy import`: they wait, and hear that it is busy."""
    async with database.write() as connection:
        await may_be_idle(connection)
        yield


async def require_ours(database: Database) -> None:
    """Raises OperatorError unless it can be copied as it is."""
    known = await revision(database)
    if known is None:
        raise OperatorError(f"{database.name} is no database of Paperboy's. Name one that it has made.")
    if known != HEAD:
        raise OperatorError(
            f"{database.name} was made by another version. Start the bot on it once, which migrates it."
        )
    async with database.read() as connection:
        if mark := await get_mark(connection):
            raise OperatorError(f"The database {database.name} {mark.sentence}")


async def make_ready(database: Database) -> None:
    """Have the tables in it, of this version. Raises OperatorError where there are others."""
    try:
        with told(database.dialect):
            await database.dialect.look_over()
    except ForeignDatabase:
        raise OperatorError(f"{database.name} is another program's. {_NAME_EMPTY}") from None
    known = await revision(database)
    if known is None:
        await migrate_alone(database)
    elif known != HEAD:
        raise OperatorError(f"{database.name} was made by another version. {_NAME_EMPTY}")


_NAME_EMPTY = "Name a database that holds nothing: a new file, or one that `createdb` has made."


async def _begun(target: Database, mark: Mark) -> bool | None:
    """Whether this copy was begun; None where it was finished. Raises OperatorError where there is anything else."""
    async with target.read() as connection:
        if known := await get_mark(connection):
            if (known.of, known.command) != (mark.of, mark.command):
                raise OperatorError(f"{target.name} {known.sentence} Or name another database.")
            return True
        found = await held(connection)
        if not found:
            return False
        if await finished_copy_of(connection) == mark.of and await counts(connection) == mark.counts:
            return None
    listed = ", ".join(f"{many:,} in {name}" for name, many in list(found.items())[:_NAMED])
    more = " and more" if len(found) > _NAMED else ""
    raise OperatorError(f"{target.name} is in use: it has rows, {listed}{more}. {_NAME_EMPTY}")


async def _same_already(source: AsyncConnection, target: Database, mark: Mark, tell: Tell) -> Mapping[str, Checksum]:
    """What every table of a finished copy holds. Raises OperatorError where it differs by now."""
    progress = Told(tell, "checking", 2 * sum(mark.counts.values()))
    same = {}
    async with target.still() as connection:
        for table in tables():
            found = await checksum(connection, table, progress.more)
            if found != await checksum(source, table, progress.more):
                raise OperatorError(f"{target.name} was a copy of {mark.of}, and differs by now. {_NAME_EMPTY}")
            same[table.name] = found
    return same
