"""At which instants a topic's digests are due, whatever its zone does to its clocks. It reads no clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.posting import Cadence, Posting

_A_DAY = timedelta(days=1)
_A_SECOND = timedelta(seconds=1)
_FURTHEST = 16
"""Days to look ahead: a weekly digest, even where its day is one that a zone left out."""


def due_instant(day: date, minute: int, zone: ZoneInfo) -> datetime | None:
    """The first time on a date that its clocks show this minute, or, where they skip it, the first instant after that.

    In UTC; None where the date does not exist in this zone.
    """
    if not _exists(day, zone):
        return None
    wall = datetime.combine(day, time(*divmod(minute, 60)), zone)
    instant = wall.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return instant
    return _leap(wall.replace(fold=1).astimezone(UTC), instant, zone)


def digest_minute(posting: Posting) -> int:
    """The minute of the day at which a topic's digests are posted: after the quiet hours, where it falls into them."""
    begin, end, minute = posting.quiet_from, posting.quiet_until, posting.digest_at
    if begin is None or end is None:
        return minute
    is_quiet = begin <= minute < end if begin <= end else minute >= begin or minute < end
    return end if is_quiet else minute


def next_due(posting: Posting, now: datetime) -> datetime | None:
    """When the first digest after now is due; days on which nothing waits are not left out."""
    zone = ZoneInfo(posting.zone)
    today = now.astimezone(zone).date()
    for ahead in range(_FURTHEST):
        day = today + ahead * _A_DAY
        if posting.cadence is Cadence.WEEKLY and day.weekday() != posting.weekday:
            continue
        instant = due_instant(day, digest_minute(posting), zone)
        if instant is not None and instant > now:
            return instant
    return None


def _exists(day: date, zone: ZoneInfo) -> bool:
    return datetime.combine(day, time(12), zone).astimezone(UTC).astimezone(zone).date() == day


def _leap(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The instant between these two at which the zone's clocks leap."""
    offset = after.astimezone(zone).utcoffset()
    while after - before > _A_SECOND:
        middle = before + ((after - before) // 2 // _A_SECOND) * _A_SECOND
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after
