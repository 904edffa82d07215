"""Where people stand in the tables, and how each place forgets one. A test finds a column that is missing here."""

from dataclasses import dataclass

from sqlalchemy import Table

from bot.domain.nominations import WAITING
from bot.domain.people import FORGOTTEN
from storage.daily_schema import daily_posts, nominations, schedule_drafts, schedules, votes
from storage.schema import subscriptions, topic_drafts

_WAITING = ", ".join(f"'{each.value}'" for each in sorted(WAITING))


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """A column that holds people's numbers."""

    name: str
    """What it holds, for people."""
    table: Table
    column: str
    erase: tuple[str, ...]
    """Statements that forget the person `:person` there."""


def _gone(table: Table, column: str, also: str = "") -> tuple[str, ...]:
    return (f"DELETE FROM {table.name} WHERE {column} = :person{also}",)  # noqa: S608 (names of our own)


def _nobody(table: Table, column: str, instead: int | str = FORGOTTEN) -> tuple[str, ...]:
    return (f"UPDATE {table.name} SET {column} = {instead} WHERE {column} = :person",)  # noqa: S608 (the same)


def _none(table: Table, column: str) -> tuple[str, ...]:
    return _nobody(table, column, "NULL")


PERSONAL = (
    Personal(name="topics", table=subscriptions, column="created_by", erase=_nobody(subscriptions, "created_by")),
    Personal(name="schedules", table=schedules, column="created_by", erase=_nobody(schedules, "created_by")),
    Personal(name="topic_drafts", table=topic_drafts, column="person_id", erase=_gone(topic_drafts, "person_id")),
    Personal(
        name="schedule_drafts",
        table=schedule_drafts,
        column="person_id",
        # A draft of another's may tell who set the schedule up.
        erase=_gone(schedule_drafts, "person_id", " OR schedule LIKE '%' || CAST(:person AS TEXT) || '%'"),
    ),
    Personal(name="votes", table=votes, column="person_id", erase=_gone(votes, "person_id")),
    Personal(
        name="nominations",
        table=nominations,
        column="person_id",
        erase=(*_gone(nominations, "person_id", f" AND state IN ({_WAITING})"), *_nobody(nominations, "person_id")),
    ),
    Personal(name="decisions", table=nominations, column="decided_by", erase=_none(nominations, "decided_by")),
    Personal(name="asked_dates", table=daily_posts, column="person_id", erase=_none(daily_posts, "person_id")),
)
