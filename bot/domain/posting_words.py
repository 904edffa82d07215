"""How and when a topic is posted, in people's words, both ways. Knows no language but English and no clock."""

import re
from dataclasses import dataclass

from bot.domain.posting import Cadence, Posting
from bot.errors import UserError

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_PER_DAY_AT_ALL = 50
"""Nobody may ask for more messages a day of one topic: what is more is a wall."""

_DAY = 24 * 60
_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2})|(?<=\d\d)(\d{2})|\s?h)?\s*([ap])?(?(4)\.?m\.?)", re.IGNORECASE)
_NAMED_TIMES = {"noon": 12 * 60, "midday": 12 * 60, "midnight": 0}
_BETWEEN = re.compile(r"\s*(?:-|–|—|to|until)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """The minutes between which nothing is posted; both None: there are none."""

    begins: int | None = None
    ends: int | None = None


def minute_of(typed: str) -> int:
    """The minute of a day that a time names: `9`, `09:30`, `0930`, `9 pm`, `noon`. Raises UserError."""
    if (named := _NAMED_TIMES.get(typed.strip().casefold())) is not None:
        return named
    found = _TIME.fullmatch(typed.strip())
    if found:
        hour, minute, half = int(found[1]), int(found[2] or found[3] or 0), (found[4] or "").lower()
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
        elif half:
            hour = _DAY
        if hour < 24 and minute < 60:
            return hour * 60 + minute
    raise UserError(f"I cannot read the time {typed.strip()!r}. Write it as 09:00 or 17:30.")


def quiet_hours(typed: str) -> Quiet:
    """The hours of `22-7` or `22:30-07:00`; none for `none`. Raises UserError."""
    if typed.strip().casefold() in {"", "none", "no", "off", "-"}:
        return Quiet()
    ends = _BETWEEN.split(typed.strip())
    if len(ends) != 2 or not all(ends):
        raise UserError(f"I cannot read the quiet hours {typed.strip()!r}. Write them as 22-7 or 22:30-07:00, or none.")
    first, last = map(minute_of, (each if each != "24" else "0" for each in ends))
    if first == last:
        raise UserError("Those quiet hours are the whole day. Pause the topic instead: /topic pause.")
    return Quiet(begins=first, ends=last)


def written_time(minute: int) -> str:
    """Such as `09:00`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def written_zone(zone: str) -> str:
    """Its name as people write it, such as `America/New York`."""
    return zone.replace("_", " ")


def time_and_zone(typed: str) -> tuple[str, str]:
    """The two of `9 pm America/New York`, neither of them read yet; no zone is an empty one."""
    time, _, zone = typed.strip().partition(" ")
    half, _, rest = zone.strip().partition(" ")
    return (time + half, rest.strip()) if half.casefold() in {"am", "pm"} else (time, zone.strip())


def written_quiet(posting: Posting) -> str:
    """As `quiet_hours` reads them; empty where there are none."""
    if posting.quiet_from is None or posting.quiet_until is None:
        return ""
    return f"{written_time(posting.quiet_from)}-{written_time(posting.quiet_until)}"


def when_posted(posting: Posting) -> str:
    """When papers are posted, and what becomes of those that are too many or come at night."""
    at = f"{written_time(posting.digest_at)} {written_zone(posting.zone)}"
    match posting.cadence:
        case Cadence.DAILY:
            return f"in one digest a day, at {at}"
        case Cadence.WEEKLY:
            return f"in one digest a week, on {WEEKDAYS[posting.weekday]} at {at}"
        case Cadence.ARRIVAL:
            quiet = written_quiet(posting)
            told = f"as they arrive, at most {posting.most_per_day} a day"
            told += f", none from {quiet.replace('-', ' to ')}" if quiet else ""
            return f"{told}; the rest in one digest at {at}"


def how_posted(posting: Posting) -> list[str]:
    """The rest of it, but for who is pinged: how loudly, and whether with threads, which digests have none of."""
    told = ["silent" if posting.is_silent else "with a notification"]
    has_threads = posting.has_threads and posting.cadence is Cadence.ARRIVAL
    return [*told, "a thread for each paper"] if has_threads else told
