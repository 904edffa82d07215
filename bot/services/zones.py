"""Time zones by the names people type, each with the time it is there."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from rapidfuzz import fuzz, process

from bot.domain.posting_words import written_zone
from bot.errors import UserError
from bot.services.search import Suggestion

_FIRST = (
    "UTC",
    "America/New_York",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Europe/London",
    "Europe/Berlin",
    "Africa/Lagos",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
)
_LIKE = 70
"""How alike a name must be to be offered, of 100."""
_LONGEST_TYPED = 60


class Zones:
    """The zones of the time zone database, read from disk once."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._names: dict[str, str] = {}
        """By their names as people may type them: folded, and blanks for underscores."""

    async def suggest(self, typed: str, *, first: str = "UTC", limit: int = 25) -> list[Suggestion]:
        """The zones that a half-typed name may mean, each with its time; `first` and some well-known ones for none."""
        names = await self._ready()
        wanted = _folded(typed)
        if not wanted:
            found = list(dict.fromkeys([first, *_FIRST]))
        else:
            held = [name for key, name in names.items() if wanted in key]
            held.sort(key=lambda name: (not _city(name).startswith(wanted), name.count("/"), name))
            found = held or _alike(names, wanted, limit)
        return await asyncio.to_thread(self._told, found[:limit])

    async def require(self, typed: str) -> str:
        """The name of the zone that was picked, or typed in full or by its city. Raises UserError."""
        names = await self._ready()
        wanted = _folded(typed)
        cities = [name for name in names.values() if _city(name) == wanted]
        name = names.get(wanted) or next(iter(sorted(cities, key=lambda each: (each.count("/"), each))), None)
        if name is None:
            likely = process.extractOne(wanted, list(names), scorer=fuzz.WRatio, score_cutoff=_LIKE) if wanted else None
            meant = f" Did you mean {written_zone(names[likely[0]])}?" if likely else ""
            raise UserError(
                f"I don't know the time zone {typed.strip()[:_LONGEST_TYPED]!r}.{meant} Pick one as you type."
            )
        await asyncio.to_thread(ZoneInfo, name)  # read from disk, and kept: nobody waits for it later
        return name

    def _told(self, names: list[str]) -> list[Suggestion]:
        now = self._clock()
        return [
            Suggestion(label=f"{written_zone(each)} · {now.astimezone(ZoneInfo(each)):%H:%M} now", value=each)
            for each in names
        ]

    async def _ready(self) -> dict[str, str]:
        if not self._names:
            found = await asyncio.to_thread(available_timezones)
            usual = [
                each for each in sorted(found) if not each.startswith(("Etc/", "SystemV/")) and each != "localtime"
            ]
            self._names = {_folded(each): each for each in usual}
        return self._names


def _alike(names: Mapping[str, str], wanted: str, limit: int) -> list[str]:
    """The zones whose names are like what was typed, the most alike first."""
    alike = process.extract(
        wanted, list(names), scorer=fuzz.partial_ratio, score_cutoff=_LIKE, limit=limit, processor=None
    )
    return [names[key] for key, _, _ in alike]


def _folded(name: str) -> str:
    return " ".join(name[:_LONGEST_TYPED].replace("_", " ").casefold().split())


def _city(name: str) -> str:
    return _folded(name.rpartition("/")[2])
