"""The hours in which nothing is posted, as a message that is owed carries them. Reads no clock."""

from datetime import datetime, time, timedelta
from typing import NamedTuple

from bot.domain.local_days import due_instant
from bot.domain.posting import Posting, known_zone

_DAY = timedelta(days=1)


class QuietHours(NamedTuple):
    """Every day from one minute to another, in a zone; over midnight where it ends before it begins."""

    zone: str
    begins: int
    ends: int


def quiet_hours_of(posting: Posting) -> QuietHours | None:
    """Those that somebody chose for a topic."""
    if posting.quiet_from is None or posting.quiet_until is None:
        return None
    return QuietHours(posting.zone, posting.quiet_from, posting.quiet_until)


def quiet_for(quiet: QuietHours | None, now: datetime) -> timedelta:
    """How long nothing is to be posted from now on: until these hours end, where it is one of them."""
    if quiet is None:
        return timedelta()
    local = now.astimezone(known_zone(quiet.zone))
    posting = Posting(zone=quiet.zone, quiet_from=quiet.begins, quiet_until=quiet.ends)
    if not posting.is_quiet_at(60 * local.hour + local.minute):
        return timedelta()
    ends = time(*divmod(quiet.ends % (24 * 60), 60))
    at = (due_instant(local.date() + _DAY * ahead, ends, quiet.zone) for ahead in range(3))
    return next((each - now for each in at if each is not None and each > now), timedelta())
