"""Which days a source that is read day by day still owes, and the checkpoint in which it remembers the others."""

from dataclasses import dataclass
from datetime import date, timedelta

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One day to read, and what to remember once all of it has been read."""

    day: date
    checkpoint: str


def days_owed(
    checkpoint: str | None, *, since: date | None, today: date, again: int, earliest: date
) -> tuple[Step, ...]:
    """The days to read, oldest first: those never read, and in any case the last `again` days, today among them.

    The checkpoint `2026-08-03/2026-08-20` says that the first day, the last and all between have been read; `since`
    before the first begins anew there. Today never counts as read, for it is not over. `earliest` is when lists began.
    """
    yesterday, first_again = today - _A_DAY, today - _A_DAY * (again - 1)
    since = max(since, earliest) if since else None
    read = _interval(checkpoint)
    if read is None or (since is not None and since < read[0]):
        first = min(since or first_again, first_again)
        last = first - _A_DAY
    else:
        first, last = read[0], min(read[1], yesterday)
    steps = []
    day = max(min(last + _A_DAY, first_again), earliest)
    while day <= today:
        last = max(last, min(day, yesterday))
        steps.append(Step(day=day, checkpoint=f"{first}/{last}"))
        day += _A_DAY
    return tuple(steps)


def _interval(checkpoint: str | None) -> tuple[date, date] | None:
    first, _, last = (checkpoint or "").partition("/")
    try:
        return date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None
