"""Gives people what is kept of them, and erases it; and erases servers. Who may ask, callers check."""

import json
import logging
from collections.abc import Callable
from datetime import date, datetime

from bot.interfaces import Storage

_log = logging.getLogger(__name__)


class Privacy:
    """What people and servers may ask about themselves."""

    def __init__(self, storage: Storage, clock: Callable[[], datetime]) -> None:
        self._storage = storage
        self._clock = clock

    async def export(self, person_id: int) -> str:
        """All that is kept of a person, as JSON to keep and to read."""
        kept = await self._storage.export_person(person_id)
        told = {"person": person_id, "exported_at": self._clock(), "kept": kept}
        return json.dumps(told, indent=2, ensure_ascii=False, default=_plain) + "\n"

    async def erase(self, person_id: int) -> int:
        """Erase a person, in all servers; how many entries spoke of them. Raises UserError where traces are left."""
        gone = await self._storage.erase_person(person_id, now=self._clock())
        _log.info("a person was erased rows=%d", gone)
        return gone

    async def erase_server(self, guild_id: int) -> int:
        """Erase everything of a server; how many entries went. Raises UserError where traces are left."""
        gone = await self._storage.erase_server(guild_id, now=self._clock())
        _log.info("a server was erased rows=%d", gone)
        return gone


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in an export")
