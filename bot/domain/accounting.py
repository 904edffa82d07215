"""How what a feed brought becomes its account of the day: how the day stands, and when to ask again.

Pure: told the time and what is on record, it reads neither a clock nor a table.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.calendars import WhyNone
from bot.domain.ledger import FeedDay, FeedState
from bot.domain.rhythms import Occasion, Rhythm
from bot.domain.tallies import Tally

FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=2)
QUIET_PAUSE = timedelta(hours=6)
"""How often a day without anything due is looked at, in case something comes late."""

GRACE = timedelta(hours=2)
"""How long after it is due a batch is not out yet, rather than missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One time that a feed was asked, as far as it has come."""

    asked_at: datetime
    is_begun: bool = False
    """Whether the account knows of this asking already."""
    is_over: bool = True
    """False: more batches are on their way."""
    unchanged: bool = False
    """The source says that it has nothing it did not have at the last asking."""
    is_another: bool = False
    """What came is known not to be what the last asking brought."""
    trouble: str | None = None
    """Why it could not be read to its end, in one sentence."""
    is_short: bool = False
    """Whether the trouble is that it sent less than it said."""
    rest: timedelta = timedelta()
    """How long the source asks to be left alone."""


def joined(
    before: FeedDay, tally: Tally, asking: Asking, *, more: Tally, rhythm: Rhythm, occasion: Occasion, now: datetime
) -> FeedDay:
    """The account of a day with what an asking has brought for it by now.

    `tally` counts from the start of the asking, and `more` is the part of it that is not in the account yet. What is
    brought once more, as after a crash or by another process, changes no count: it is neither new nor a revision then,
    and lies before the place in the list that the account has reached.
    """
    all_new = before.new + more.new
    received = max(before.received, tally.received, all_new)
    is_beyond = tally.received - more.received >= before.received
    rejected = before.rejected + more.rejected if is_beyond else max(before.rejected, tally.rejected)
    rejected = min(rejected, received - all_new)
    revised = min(before.revised + more.revised, received - all_new - rejected)
    day = replace(
        before,
        expected=before.expected if tally.expected is None else tally.expected,
        received=received,
        new=all_new,
        revised=revised,
        known=received - all_new - rejected - revised,
        rejected=rejected,
        attempts=before.attempts + (not asking.is_begun),
        asked_at=asking.asked_at,
        took=max(now - asking.asked_at, timedelta()),
    )
    day = replace(day, state=_state(day, tally, asking, rhythm, occasion, now))
    return replace(
        day,
        last_error=asking.trouble or _complaint(day, tally),
        next_at=_next_at(day, asking, rhythm, occasion, now),
    )


def _state(day: FeedDay, tally: Tally, asking: Asking, rhythm: Rhythm, occasion: Occasion, now: datetime) -> FeedState:
    """How a day stands with these counts; `day.state` is how it stood before. What was in once stays in."""
    was_fresh = day.state is FeedState.FRESH
    if day.expected is not None and day.received < day.expected:
        return FeedState.PARTIAL
    if asking.trouble and not was_fresh:
        is_partial = tally.received or asking.is_short or day.state is FeedState.PARTIAL
        return FeedState.PARTIAL if is_partial else FeedState.BROKEN
    if was_fresh or not asking.is_over:
        return FeedState.FRESH if was_fresh else FeedState.PARTIAL
    if tally.received and tally.rejected == tally.received:
        return FeedState.BROKEN
    # The rest of a list that broke off may hold nothing new; what it held before then counts as well.
    began_fresh = day.state is FeedState.PARTIAL and day.new + day.revised > 0
    return FeedState.FRESH if began_fresh or _is_fresh(tally, asking, rhythm) else _quiet(occasion, now)


def _quiet(occasion: Occasion, now: datetime) -> FeedState:
    """What it means that nothing new has come by now."""
    if occasion.why_none:
        return FeedState.WEEKEND if occasion.why_none is WhyNone.WEEKEND else FeedState.HOLIDAY
    if not occasion.is_promised or now < occasion.due_at + GRACE:
        return FeedState.NOT_YET
    return FeedState.STALE


def _is_fresh(tally: Tally, asking: Asking, rhythm: Rhythm) -> bool:
    """Whether this is the day's own batch, and not that of an earlier day: its papers tell, never its dates.

    An arXiv feed shown again under a new date differs in a few revisions: of four feeds over twenty days, by 2 to 4 %.
    A small one may hold nothing but cross-listings of known papers: then it counts that it is another list.
    """
    if rhythm.lists_days:
        return tally.received > 0
    if asking.unchanged:
        return False
    if rhythm is Rhythm.ARXIV_FEED:
        changed = tally.added + tally.revised > 0 or (asking.is_another and tally.received > tally.rejected)
        return 2 * tally.unseen >= tally.announced if tally.announced else changed
    return tally.new > 0 or tally.unseen > 0


def _complaint(day: FeedDay, tally: Tally) -> str | None:
    """What is wrong with an answer that came without trouble."""
    if day.state is FeedState.PARTIAL and day.expected is not None and day.received < day.expected:
        return f"it sent {day.received:,} of the {day.expected:,} records it has."
    if day.state is FeedState.BROKEN:
        return f"none of its {tally.received:,} records could be read."
    return None


def _next_at(day: FeedDay, asking: Asking, rhythm: Rhythm, occasion: Occasion, now: datetime) -> datetime | None:
    """When to ask again; None where that would be after the day is over."""
    match day.state:
        case FeedState.FRESH:
            pause = rhythm.again
        case FeedState.WEEKEND | FeedState.HOLIDAY:
            pause = QUIET_PAUSE
        case FeedState.NOT_YET if not occasion.is_promised:
            pause = rhythm.again or QUIET_PAUSE
        case _:
            pause = growing_pause(day.attempts)
    if pause is None:
        return None
    at = now + max(pause, asking.rest)
    if day.state is FeedState.NOT_YET:
        at = max(at, occasion.ask_at)
    return at if at < occasion.closes_at else None


def growing_pause(attempts: int) -> timedelta:
    """The pause after so many askings in vain: five minutes, and twice as long each time, to two hours."""
    return min(FIRST_PAUSE * (1 << min(max(attempts - 1, 0), 10)), LONGEST_PAUSE)


def due_at(day: FeedDay | None, occasion: Occasion) -> datetime | None:
    """When a feed is asked next on this day, whose account this is; None: not any more."""
    return occasion.ask_at if day is None else day.next_at
