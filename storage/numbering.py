"""Gives papers their numbers: they begin with the publication day, so that greater is newer, and never change."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialects.wording import in_words_of

PER_DAY = 1 << 16
"""Numbers in one day; what a full day cannot hold goes to the next day that has room."""

_FIRST_DAY = date(1899, 12, 31).toordinal()
_LAST_NUMBERS = (
    "SELECT day.value, "
    "(SELECT max(id) FROM papers WHERE id >= day.value * :size AND id < (day.value + 1) * :size), "
    "(SELECT max(number) FROM former_numbers WHERE number >= day.value * :size AND number < (day.value + 1) * :size) "
    "FROM json_each(:days) AS day"
)


def day_of(moment: datetime, today: date) -> int:
    """Days since 1899: at least one, and none later than today, whatever a source claims."""
    return max(1, min(moment.astimezone(UTC).date(), today).toordinal() - _FIRST_DAY)


async def new_numbers(connection: AsyncConnection, days: Sequence[int]) -> list[int]:
    """A free number for a paper of each of these days, in their order."""
    free = await _next_numbers(connection, sorted(set(days)))
    numbers = []
    for wanted in days:
        day = wanted
        while free[day] == (day + 1) * PER_DAY:
            day += 1
            if day not in free:
                free |= await _next_numbers(connection, [day])
        numbers.append(free[day])
        free[day] += 1
    return numbers


async def _next_numbers(connection: AsyncConnection, days: list[int]) -> dict[int, int]:
    wanted = text(in_words_of(connection.dialect.name, _LAST_NUMBERS))
    rows = await connection.execute(wanted, {"size": PER_DAY, "days": str(days)})
    return {day: max(day * PER_DAY, (last or 0) + 1, (former or 0) + 1) for day, last, former in rows}
