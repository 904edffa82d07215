"""A channel's paper of the day as somebody set it up, and what became of each of its dates. Plans and picks nothing."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

EVERY_DAY = frozenset(range(7))
"""Monday is 0."""

DRAFT_KEPT_FOR = timedelta(days=1)
"""How long the buttons of a preview work."""


class Fallback(StrEnum):
    """What is posted on a date for which nothing new is good enough and nothing is nominated."""

    SHELF = "shelf"
    """A classic that the channel has not had."""
    SILENCE = "silence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When and how a channel gets its paper of the day. A channel has one at most."""

    guild_id: int
    channel_id: int
    at: int = 9 * 60
    """The minute of the day, counted from midnight in `zone`."""
    zone: str = "UTC"
    """A name of the time zone database; the schedule's dates are the dates there."""
    weekdays: frozenset[int] = EVERY_DAY
    """On which days of the week it posts, 0 for Monday; at least one."""
    query: str = ""
    """What it chooses from, written canonically; empty: from everything."""
    fallback: Fallback = Fallback.SHELF
    has_thread: bool = False
    """Whether each paper gets a thread to talk in."""
    role_id: int | None = None
    """The one role that is pinged."""
    is_pinned: bool = False
    """Whether today's is pinned, and the one before unpinned."""
    is_silent: bool = True
    recap_weekday: int | None = None
    """On which day of the week the week's papers are posted too, 0 for Monday; None: never."""
    created_by: int
    created_at: datetime
    planned_through: date
    """The newest local date that is accounted for: every date after it is yet to be planned."""
    recapped_through: date | None = None
    """Likewise for recaps; known wherever there are to be any."""
    stopped_at: datetime | None = None
    """Since when nothing is posted, until somebody sets it up again."""
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleDraft:
    """A schedule as it would be, while somebody looks at its preview; nobody else may use it."""

    person_id: int
    made_at: datetime
    schedule: Schedule
    id: int = 0


class Origin(StrEnum):
    """Where a paper of the day came from."""

    PICK = "pick"
    QUEUE = "queue"
    SHELF = "shelf"
    ASKED = "asked"
    """Somebody had it posted at once, besides the date's own."""


class SkipReason(StrEnum):
    """Why a date has no paper."""

    OUTAGE = "outage"
    """Paperboy was not running when it was due, and its date was over when it was again."""
    WEEKDAY = "weekday"
    """The schedule does not post on this day of the week."""
    ASKED = "asked"
    """Somebody skipped it."""
    NOTHING = "nothing"
    """Nothing new was good enough, nothing was nominated, and no classic was left or wanted."""
    STOPPED = "stopped"
    """The schedule was stopped."""
    MOVED = "moved"
    """Its time or zone was changed, and by the new one it was over."""
    NO_DATE = "no date"
    """The date does not exist in this zone."""
    MISSED = "missed"
    """A paper was chosen, and its message never sent: its day was over before, or it was dropped."""
    REFUSED = "refused"
    """A paper was chosen, and its message was given up once it had been tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyPost:
    """What became of one local date of a channel: a paper that is owed or was posted, or the reason for none.

    `number` is 0 for the date's own and counts those that people had posted besides from 1. Either `paper_id` or
    `skipped` is None; a paper whose message is known not to have come has both once that message is forgotten.
    """

    channel_id: int
    on: date
    guild_id: int
    planned_at: datetime
    number: int = 0
    paper_id: int | None = None
    origin: Origin | None = None
    because: str = ""
    """Why this paper, in plain words, as the card says it."""
    skipped: SkipReason | None = None
    person_id: int | None = None
    """Who had it posted or skipped."""
