"""The weekly recap of a channel's papers of the day: when it is due, and of which dates it tells. Reads no clock.

Its dates are those of the schedule, at the schedule's time. Two recaps are a week apart at least, whatever is edited.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.planning import DueDate, next_dates, passed_dates
from bot.domain.schedules import Schedule, SkipReason

LATEST = timedelta(days=3)
"""How long after its time a recap is still worth posting."""

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recap:
    """What became of the recap of one local date: it is owed or was posted, or the reason why there is none."""

    channel_id: int
    on: date
    guild_id: int
    planned_at: datetime
    papers: int = 0
    """How many it tells of."""
    skipped: SkipReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecapPlan:
    """What the dates of recaps become that a schedule has not accounted for."""

    schedule: Schedule
    skipped: tuple[Recap, ...]
    due: DueDate | None
    through: date
    """The newest of these dates."""


def recap_plan(schedule: Schedule, now: datetime, last: date | None) -> RecapPlan | None:
    """What every recap becomes that is not accounted for and whose time has come; None where there is none.

    `last` is the date of the newest one that was made: what comes within a week of it is passed over. All but the
    newest are skipped, and that one too where it is too late by now.
    """
    if schedule.recap_weekday is None or schedule.recapped_through is None:
        return None
    passed = passed_dates(replace(schedule, planned_through=schedule.recapped_through), now)
    dates = [(on, at) for on, at in passed if on.weekday() == schedule.recap_weekday]
    if not dates:
        return None
    through, at = dates[-1]
    due = None
    if at is not None and now < at + LATEST and is_apart(through, last):
        due = DueDate(on=through, at=at)
        dates.pop()
    skipped = [
        skipped_recap(schedule, on, SkipReason.NO_DATE if instant is None else SkipReason.OUTAGE, now)
        for on, instant in dates
        if is_apart(on, last)
    ]
    return RecapPlan(schedule=schedule, skipped=tuple(skipped), due=due, through=through)


def next_recap(schedule: Schedule, now: datetime, last: date | None) -> DueDate | None:
    """When the next recap comes after now; None where there is to be none."""
    if schedule.recap_weekday is None:
        return None
    through = schedule.recapped_through or schedule.planned_through
    weekly = replace(schedule, weekdays=frozenset({schedule.recap_weekday}), planned_through=through)
    return next((each for each in next_dates(weekly, now, 3) if is_apart(each.on, last)), None)


def recaps_passed_over(known: Schedule, begun: Schedule, now: datetime) -> list[Recap]:
    """The recaps that are never due because the time of the schedule was changed to one that is over already."""
    if known.recapped_through is None or begun.recapped_through is None or known.stopped_at is not None:
        return []
    days = range(1, (begun.recapped_through - known.recapped_through).days + 1)
    dates = [known.recapped_through + _DAY * ahead for ahead in days]
    weekdays = {known.recap_weekday} & {begun.recap_weekday}
    return [skipped_recap(known, on, SkipReason.MOVED, now) for on in dates if on.weekday() in weekdays]


def told_dates(on: date, last: date | None) -> tuple[date, date]:
    """The first and the last of the dates that the recap of a date tells of: the week before it.

    After a change of its weekday it may be more than a week since the last one: then it begins where that one ended.
    """
    begins = on - _WEEK
    if last is not None and on - 2 * _WEEK < last < begins:
        begins = last
    return begins, on - _DAY


def is_apart(on: date, last: date | None) -> bool:
    """Whether a recap on this date is a week after the last one at least."""
    return last is None or on - last >= _WEEK


def skipped_recap(schedule: Schedule, on: date, reason: SkipReason, now: datetime) -> Recap:
    """A recap that is not made, for this reason."""
    return Recap(channel_id=schedule.channel_id, on=on, guild_id=schedule.guild_id, planned_at=now, skipped=reason)
