"""What one kind of database has to answer for all the rest to work on it; the contract of its neighbours here."""

from collections.abc import Callable, Collection
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import OperatorError
from storage.readers import Reading


class ForeignDatabase(Exception):  # noqa: N818 (said of a database, before anything is done to it)
    """The database holds tables, and not ours."""


class InUse(OperatorError):  # noqa: N818 (no fault, as above)
    """A bot is on the database."""


class Dialect(Protocol):
    """One database of some kind."""

    @property
    def name(self) -> str:
        """What people know it by, without any password."""

    @property
    def writers(self) -> int:
        """How many of its connections may write at once."""

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What `in_words` may have words for."""

    async def look_over(self) -> None:
        """Make it ready. Raises OperatorError where it is damaged, and ForeignDatabase where it is not ours."""

    async def be_a_bot(self) -> Callable[[], None]:
        """Be a bot on it until the answer is called, or the process ends: the only one, where it is for one process.

        Raises InUse where there is one already, or somebody wants to be alone.
        """

    async def be_the_bot(self) -> Callable[[], None]:
        """Be the one bot on it until the answer is called, or the process ends. Raises InUse where one is."""

    def saved(self, *, before: str) -> AbstractAsyncContextManager[None]:
        """Make a backup of it as it is before it becomes this version, and let nobody else migrate meanwhile, where
        that is Paperboy's business."""

    def writing_engine(self) -> AsyncEngine: ...

    def reading_engine(self, connections: int) -> AsyncEngine:
        """Connections that cannot write and are in no transaction between statements."""

    def reading_connection(self) -> Reading:
        """One more connection for somebody's turn. Blocks."""

    async def hold_still(self, connection: AsyncConnection) -> None:
        """Let this reading connection see what there is now, and nothing else, until it is rolled back."""

    async def remember_erased(self, secret: bytes, subject: str, now: datetime) -> None:
        """Note what is about to be erased, such as `person:17`, where Paperboy restores backups: to erase it again."""

    def secure_deletes(self, connection: AsyncConnection) -> AbstractAsyncContextManager[None]:
        """Overwrite what is deleted meanwhile, where the database can."""

    async def sweep(self, connection: AsyncConnection, numbers: Collection[int]) -> None:
        """Remove traces of these numbers, which no table holds any more, from the files. In no transaction."""

    async def stand_alone(self, connection: AsyncConnection) -> None:
        """Wait until no other transaction of any process stands alone; this one does then, until it ends."""

    def in_words(self, error: BaseException) -> str | None:
        """What is wrong and what to do, said after the name; None where nobody but a programmer can mend it."""
