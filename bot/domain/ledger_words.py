"""Tells how a feed stands in one sentence. It knows no markup: who shows the sentence says how a time is written."""

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.domain.ledger import FeedDay, FeedState
from bot.domain.rhythms import Occasion, Rhythm

_IN = {Rhythm.ARXIV_FEED: "today's batch is in", Rhythm.WEEKDAY_LIST: "today's list is in"}

UNFOUND = " cannot be found: is this machine online?"
"""What an account says, after its name, of a host that no address is known of."""


class ShowTime(Protocol):
    """How a time is written for whoever reads it."""

    def __call__(self, moment: datetime, *, short: bool = False) -> str:
        """`short`: a time in the same sentence has said which zone is meant."""
        ...


def wall_clock(rhythm: Rhythm, now: datetime) -> ShowTime:
    """Times as a clock on the wall shows them where the source is: `20:00 ET`, on another day `Mon 20:00 ET`."""
    zone, name = (ZoneInfo("America/New_York"), "ET") if rhythm.is_easterly else (UTC, "UTC")
    today = now.astimezone(zone).date()

    def at(moment: datetime, *, short: bool = False) -> str:
        local = moment.astimezone(zone)
        day = "" if local.date() == today else f"{local:%a} "
        return f"{day}{local:%H:%M}" + ("" if short else f" {name}")

    return at


def standing(day: FeedDay | None, rhythm: Rhythm, occasion: Occasion, following: Occasion, at: ShowTime) -> str:
    """How a feed stands on this occasion: what came, or why nothing did, and what happens next."""
    if day is None:
        return f"not asked yet; a running bot asks from {at(occasion.ask_at)} on."
    if day.state is FeedState.FRESH:
        return _fresh(day, rhythm, at)
    if day.state in {FeedState.PARTIAL, FeedState.BROKEN}:
        return _in_trouble(day, at)
    return _quiet(day, occasion, following, at)


def day_name(day: date) -> str:
    """A day of late: `Mon 1 June`."""
    return f"{day:%a} {day.day} {day:%B}"


def counts(day: FeedDay) -> str:
    """What came on a day, such as `403 entries, 36 new, 150 revised, 1 unreadable`.

    Entries, for added up over feeds a paper stands in several of them; it is new in one alone.
    """
    parts = [f"{day.received:,} {'entry' if day.received == 1 else 'entries'}", f"{day.new:,} new"]
    parts += [f"{day.revised:,} revised"] if day.revised else []
    parts += [f"{day.rejected:,} unreadable"] if day.rejected else []
    return ", ".join(parts)


def _fresh(day: FeedDay, rhythm: Rhythm, at: ShowTime) -> str:
    trouble = f" The last asking failed: {day.last_error}" if day.last_error else ""
    again = f"; asking again at {at(day.next_at)}" if day.next_at else ""
    return f"{_IN.get(rhythm, 'papers are in')}: {counts(day)}{again}.{trouble}"


def _in_trouble(day: FeedDay, at: ShowTime) -> str:
    what = "only part came" if day.state is FeedState.PARTIAL else "cannot be read"
    again = f"Asking again at {at(day.next_at)}." if day.next_at else "It is not asked again today."
    return f"{what}: {day.last_error or 'it stopped in the middle.'} {again}"


def _quiet(day: FeedDay, occasion: Occasion, following: Occasion, at: ShowTime) -> str:
    if day.state in {FeedState.WEEKEND, FeedState.HOLIDAY}:
        why = "nothing on weekends" if day.state is FeedState.WEEKEND else "nothing today, a holiday"
        return f"{why}; the next batch is due {at(following.due_at)}."
    again = f"; asking again at {at(day.next_at, short=occasion.is_promised)}" if day.next_at else ""
    again = again or "; not asked again today"
    if day.state is FeedState.STALE:
        shows = "still shows an earlier batch" if day.received else "has nothing new"
        return f"{shows}, though one was due {at(occasion.due_at)}{again}."
    return (
        f"not out yet, expected {at(occasion.due_at)}" if occasion.is_promised else "nothing new today"
    ) + f"{again}."
