"""Which dates of a schedule are to be accounted for by now, and as what; which come next. It picks nothing."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.local_days import due_instant, end_of, today_in
from bot.domain.schedules import DailyPost, Schedule, SkipReason

AT_LEAST = timedelta(hours=1)
"""So long a date's paper may be posted, even where its date is over sooner: one for 23:59 has more than a minute."""

_DAY = timedelta(days=1)
_WEEK = 7
_LONGEST_WAIT = 60
"""Days within which the next dates of any schedule lie, five of one weekday with a missing one among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDate:
    """A date on which a schedule posts, and when."""

    on: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the dates that a schedule has not accounted for become; at least one."""

    schedule: Schedule
    skipped: tuple[DailyPost, ...]
    due: DueDate | None
    """The date that a paper is to be picked for."""
    through: date
    """The newest of these dates."""


def plan(schedule: Schedule, now: datetime) -> Plan | None:
    """What every date becomes that is not accounted for and whose time has come; None where there is none.

    All but the newest are skipped, and that one too where its day is over or not one of the schedule's.
    """
    passed = list(passed_dates(schedule, now))
    if not passed:
        return None
    on, at = passed[-1]
    due = None
    if at is not None and on.weekday() in schedule.weekdays and now < posted_until(DueDate(on=on, at=at), schedule):
        due = DueDate(on=on, at=at)
        passed.pop()
    skipped = [_skip(schedule, each, _reason(schedule, each, instant), now) for each, instant in passed]
    return Plan(schedule=schedule, skipped=tuple(skipped), due=due, through=on)


def next_dates(schedule: Schedule, now: datetime, count: int, *, skipped: Collection[date] = ()) -> list[DueDate]:
    """The next dates for which it posts a paper after now, in order; those that somebody `skipped` left out."""
    begin = max(schedule.planned_through + _DAY, today_in(schedule.zone, now) - _DAY)
    found: list[DueDate] = []
    for ahead in range(_LONGEST_WAIT + _WEEK * len(skipped)):
        on = begin + _DAY * ahead
        if len(found) == count:
            break
        if on.weekday() not in schedule.weekdays or on in skipped:
            continue
        at = due_instant(on, _time(schedule), schedule.zone)
        if at is not None and at > now:
            found.append(DueDate(on=on, at=at))
    return found


def passed_through(schedule: Schedule, now: datetime) -> date:
    """The newest date whose time is over by now: whoever sets up a schedule gets its first paper after it."""
    today = today_in(schedule.zone, now)
    for on in (today + _DAY, today):
        at = due_instant(on, _time(schedule), schedule.zone)
        if at is not None and at <= now:
            return on
    return today - _DAY


def begun_through(begun: Schedule, known: Schedule, posts: Collection[DailyPost]) -> date:
    """The newest date that is accounted for once `begun` takes the place of `known`, where this is on record.

    A date without one, that `known` began after, may come yet: whoever sets up a time that is over and then one to come
    gets a paper today.
    """
    told = [each.on for each in posts if each.number == 0 and each.on <= known.planned_through]
    return max([begun.planned_through, *told])


def passed_over(schedule: Schedule, through: date, reason: SkipReason, now: datetime) -> list[DailyPost]:
    """What those dates become, up to this one, that are not accounted for and will never be due.

    What is moved is one of the schedule's days: the others have their own reason.
    """
    days = range(1, (through - schedule.planned_through).days + 1)
    told = [(schedule.planned_through + _DAY * ahead) for ahead in days]
    others = SkipReason.WEEKDAY if reason is SkipReason.MOVED else reason
    return [_skip(schedule, on, reason if on.weekday() in schedule.weekdays else others, now) for on in told]


def posted_until(due: DueDate, schedule: Schedule) -> datetime:
    """Until when the paper of this date may be posted."""
    end = end_of(due.on, schedule.zone)
    return max(end, due.at + AT_LEAST) if end is not None else due.at + AT_LEAST


def passed_dates(schedule: Schedule, now: datetime) -> Iterator[tuple[date, datetime | None]]:
    """The dates after the newest that is accounted for whose time has come, each with its time.

    One that does not exist has none, and comes with the next.
    """
    missing: list[date] = []
    on = schedule.planned_through
    while on < date.max and len(missing) < 3:
        on += _DAY
        at = due_instant(on, _time(schedule), schedule.zone)
        if at is None:
            missing.append(on)
            continue
        if at > now:
            return
        yield from ((each, None) for each in missing)
        missing.clear()
        yield on, at


def _reason(schedule: Schedule, on: date, at: datetime | None) -> SkipReason:
    if at is None:
        return SkipReason.NO_DATE
    return SkipReason.OUTAGE if on.weekday() in schedule.weekdays else SkipReason.WEEKDAY


def _skip(schedule: Schedule, on: date, reason: SkipReason, now: datetime) -> DailyPost:
    return DailyPost(channel_id=schedule.channel_id, on=on, guild_id=schedule.guild_id, planned_at=now, skipped=reason)


def _time(schedule: Schedule) -> time:
    return time(*divmod(schedule.at % (24 * 60), 60))
