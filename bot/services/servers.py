"""What servers settle, whether they are still there, and what goes once they are not. Who may settle, callers check."""

import logging
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.servers import ServerSettings
from bot.domain.shards import ALL, Shards
from bot.errors import EX_CONFIG, OperatorError
from bot.interfaces import Storage

_log = logging.getLogger(__name__)

LEFT_FOR = timedelta(days=30)
"""So long after Paperboy was removed from a server everything of it is kept."""
ENDED_FOR = timedelta(days=90)
"""So long a delivery is kept after it was posted or given up."""
_EVERY = timedelta(days=1)
_AT_ONCE = 500
"""Rows of a kind that are deleted in one transaction."""
_MOST_ROUNDS = 100
"""Transactions of one call, of each sort."""


class Servers:
    """The servers that Paperboy is in, or was."""

    def __init__(self, storage: Storage, clock: Callable[[], datetime]) -> None:
        self._storage = storage
        self._clock = clock
        self._cleaned_at: datetime | None = None

    async def require_own(self, application_id: int) -> None:
        """Raises OperatorError where all this is another bot's: its servers would count as left, and be forgotten."""
        owner = await self._storage.belongs_to(application_id)
        if owner != application_id:
            raise OperatorError(
                f"This database is that of another bot (application {owner}; the token is of {application_id}). "
                "Set that bot's token, or name another database in PAPERBOY_DATABASE_URL.",
                exit_code=EX_CONFIG,
            )

    async def settings(self, guild_id: int) -> ServerSettings:
        """What a server has settled."""
        return await self._storage.get_server(guild_id)

    async def settle(
        self,
        guild_id: int,
        *,
        manager_role_id: int | None = None,
        log_channel_id: int | None = None,
        zone: str | None = None,
        approves_nominations: bool | None = None,
        clear: Collection[str] = (),
    ) -> ServerSettings:
        """Change what is given and clear the fields that are named; the settings as they are then."""
        given = {
            "manager_role_id": manager_role_id,
            "log_channel_id": log_channel_id,
            "zone": zone,
            "approves_nominations": approves_nominations,
        }
        changed: dict[str, object] = {name: value for name, value in given.items() if value is not None}
        changed |= {"manager_role_id": None} if "manager_role_id" in clear else {}
        changed |= {"log_channel_id": None} if "log_channel_id" in clear else {}
        settings = replace(await self._storage.get_server(guild_id), **changed)  # type: ignore[arg-type]
        if changed:
            await self._storage.put_server(settings)
        return settings

    async def are(self, present: Collection[int], *, of: Shards = ALL) -> None:
        """Take note of all the servers of some shards that Paperboy is in, as it finds them when it connects."""
        await self._storage.note_presence(present, of=of, now=self._clock())

    async def joined(self, guild_id: int) -> None:
        """Take note that it was added, perhaps again: what the server had follows on."""
        await self._storage.note_server(guild_id, is_present=True, now=self._clock())

    async def left(self, guild_id: int) -> None:
        """Take note that it was removed; everything is kept for a while."""
        await self._storage.note_server(guild_id, is_present=False, now=self._clock())

    async def reopen(self, guild_id: int) -> None:
        """Take note that who may do what in a server has changed: channels that were closed are tried again at once."""
        if opened := await self._storage.reopen_channels(guild_id, now=self._clock()):
            _log.info("channels tried again guild=%d count=%d", guild_id, opened)

    async def clean_up(self) -> int:
        """Once a day delete what has been kept for long enough, a few rows at a time; how many went.

        What is not done in a while is gone on with at the next call, so that nothing else waits for it.
        """
        now = self._clock()
        if self._cleaned_at is not None and now - self._cleaned_at < _EVERY:
            return 0
        gone = 0
        for _ in range(_MOST_ROUNDS):
            some = await self._storage.forget_left(before=now - LEFT_FOR, limit=_AT_ONCE)
            some += await self._storage.forget_old(before=now - ENDED_FOR, limit=_AT_ONCE)
            gone += some
            if not some:
                self._cleaned_at = now
                break
        if gone:
            _log.info("cleaned up rows=%d", gone)
        return gone
