"""What became of the dates of a channel, as people are told: one line a date, whatever happened. Makes no markup."""

from dataclasses import dataclass
from datetime import date

from bot.domain.deliveries import DeliveryState
from bot.domain.delivery_views import KnownDelivery
from bot.domain.papers import KnownPaper
from bot.domain.schedules import DailyPost, SkipReason

_SKIPPED = {
    SkipReason.OUTAGE: "no paper: I was not running, not connected, or could choose none until its day was over",
    SkipReason.WEEKDAY: "no paper: it is not one of the days chosen",
    SkipReason.ASKED: "no paper: somebody skipped it",
    SkipReason.NOTHING: "no paper: nothing new stood out, nothing was nominated, and no classic was left or wanted",
    SkipReason.STOPPED: "no paper: it was stopped",
    SkipReason.MOVED: "no paper: its time was changed to one that was over already",
    SkipReason.NO_DATE: "no paper: this date does not exist in its time zone",
    SkipReason.MISSED: "not posted: its day was over before, or it was dropped",
    SkipReason.REFUSED: "not posted: it was refused, or given up after it was tried",
}

_NOT_POSTED = {
    DeliveryState.OWED: "not posted yet",
    DeliveryState.HELD: "held back",
    DeliveryState.REJECTED: "not posted",
    DeliveryState.EXPIRED: "not posted before its day was over",
    DeliveryState.DROPPED: "not posted, for it was dropped",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DateOutcome:
    """What became, or becomes, of a date: in words, and with the paper and its message where there are any."""

    on: date
    words: str
    """Plain text, and no sentence: `posted`, `no paper: …`."""
    post: DailyPost | None = None
    """None: nothing is on record for it."""
    paper: KnownPaper | None = None
    delivery: KnownDelivery | None = None


def outcome_words(post: DailyPost, delivery: KnownDelivery | None) -> str:
    """What became of a date, from what is on record."""
    if post.skipped is not None:
        return _SKIPPED[post.skipped]
    if delivery is None:
        return "posted, as far as I still know"
    about = delivery.last_error
    if delivery.state is DeliveryState.SENT:
        return f"posted ({about})" if about else "posted"
    if delivery.state is DeliveryState.OWED and not about:
        return "about to be posted"
    return f"{_NOT_POSTED[delivery.state]}: {about}" if about else _NOT_POSTED[delivery.state]


def unrecorded_words(on: date, *, began_on: date, today: date, is_stopped: bool, is_due: bool) -> str:
    """What is to say of a date that nothing is on record for; `is_due` where its time has come."""
    if on < began_on:
        return "it was not set up yet"
    if is_stopped:
        return "no paper: it is stopped"
    if on >= today and not is_due:
        return "its time has not come"
    if on == began_on:
        return "it was set up that day, after its time"
    return "being looked at"
