"""When digests are due, in their own zones, and the message that one is. Reads no clock and posts nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.domain.deliveries import VALID_FOR, DeliveryKind, NewDelivery
from bot.domain.local_days import due_instant
from bot.domain.papers import KnownPaper
from bot.domain.posting import Cadence, Posting, known_zone
from bot.domain.posts import Post, Posted
from bot.domain.quiet_hours import quiet_hours_of
from bot.domain.subscriptions import Subscription

MOST_KEPT = 25
"""Papers that a digest itself holds; whoever wants to see the others asks for them."""

MOST_AT_ONCE = 5_000
"""Papers that are marked as brought in one transaction, and that are read for it."""

_DAY = timedelta(days=1)
_FAR = 16
"""Days within which a weekly digest is due, even where a date was skipped."""


def digest_key(subscription: int, on: date) -> str:
    """The key of the digest of a topic for a local date: a date has one, whatever its time is changed to."""
    return f"{DeliveryKind.DIGEST}:{subscription}:{on.isoformat()}"


def digest_topic(key: str) -> int:
    """The number of the topic whose digest has this key."""
    return int(key.split(":")[1])


def digest_minute(posting: Posting) -> int:
    """The minute of the day at which a topic's digests are posted: after the quiet hours, where it falls into them."""
    end = posting.quiet_until
    return end if end is not None and posting.is_quiet_at(posting.digest_at) else posting.digest_at


def last_due(posting: Posting, now: datetime) -> tuple[date, datetime] | None:
    """The newest date whose digest is due by now, and since when; those missed before it are made up for with it."""
    today = now.astimezone(known_zone(posting.zone)).date()
    found = (each for each in _due(posting, [today - _DAY * back for back in range(-1, _FAR)]) if each[1] <= now)
    return next(found, None)


def next_due(posting: Posting, now: datetime) -> datetime | None:
    """When the next digest is due after now."""
    today = now.astimezone(known_zone(posting.zone)).date()
    return next((at for _, at in _due(posting, [today + _DAY * on for on in range(-1, _FAR)]) if at > now), None)


def _due(posting: Posting, dates: Sequence[date]) -> Iterator[tuple[date, datetime]]:
    at = time(*divmod(digest_minute(posting) % (24 * 60), 60))
    for on in dates:
        if posting.cadence is Cadence.WEEKLY and on.weekday() != posting.weekday:
            continue
        if (instant := due_instant(on, at, posting.zone)) is not None:
            yield on, instant


def digest_of(
    topic: Subscription,
    on: date,
    papers: Sequence[KnownPaper],
    *,
    total: int,
    posted: Sequence[Posted],
    now: datetime,
) -> NewDelivery:
    """The one message with what waited for a topic: the first papers of `total`, some of them posted there before."""
    more = "more " if topic.posting.cadence is Cadence.ARRIVAL else ""
    count = f"{total:,} {more}paper{'' if total == 1 else 's'}"
    post = Post(
        heading=f"{count} · {on:%A} {on.day} {on:%B}",
        papers=tuple(papers if total == 1 else map(brief, papers[:MOST_KEPT])),
        because=f"This channel follows: {topic.query}",
        role_id=topic.posting.role_id,
        silent=topic.posting.is_silent,
        total=total,
        digest=f"{topic.id}:{on.isoformat()}",
        posted=tuple(posted),
        quiet=quiet_hours_of(topic.posting),
    )
    return NewDelivery(
        kind=DeliveryKind.DIGEST,
        key=digest_key(topic.id, on),
        channel_id=topic.channel_id,
        guild_id=topic.guild_id,
        payload=post.to_json(),
        not_before=now,
        expires_at=now + VALID_FOR,
    )


def brief(known: KnownPaper) -> KnownPaper:
    """The paper without what a list does not show: whoever chooses it gets it whole."""
    brief = replace(known.paper, abstract="", authors=known.paper.authors[:2], comment=None, journal_ref=None)
    return replace(known, paper=brief)
