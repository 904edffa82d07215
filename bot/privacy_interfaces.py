"""What is kept of people and servers, as whoever asks for it may have it, and its end."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

Export = Mapping[str, Sequence[Mapping[str, Any]]]
"""What is kept, kind by kind; times and dates are such, and each paper has its title beside its number."""


class PrivacyStorage(Protocol):
    """Gives and erases what is kept of one person or server."""

    async def export_person(self, person_id: int) -> Export:
        """All that is kept of a person, in all servers, and nothing of anybody else."""
        ...

    async def erase_person(self, person_id: int, *, now: datetime) -> int:
        """Erase a person, in all servers; how many rows spoke of them. What they set up for others stays.

        Nothing of them is in the database's files then, and none comes back with a backup that is restored. Raises
        UserError where the last traces cannot be removed just now; to call it again is safe.
        """
        ...

    async def erase_server(self, guild_id: int, *, now: datetime) -> int:
        """Erase everything of a server, in the same way; how many rows went."""
        ...
