"""Topics for hypothesis and for long rehearsals: in few channels, so that they meet, and posted in every way."""

from datetime import UTC, datetime
from random import Random

from hypothesis import strategies as st

from bot.domain.posting import Cadence, Posting
from bot.domain.subscriptions import NewSubscription, Subscription

FOLLOWED_AT = datetime(2026, 5, 1, tzinfo=UTC)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia")

_quiet = st.none() | st.tuples(st.integers(0, 1439), st.integers(0, 1439)).filter(lambda each: each[0] != each[1])


@st.composite
def postings(draw: st.DrawFn) -> Posting:
    """Every way to post."""
    quiet = draw(_quiet)
    return Posting(
        cadence=draw(st.sampled_from(Cadence)),
        zone=draw(st.sampled_from(ZONES)),
        digest_at=draw(st.integers(0, 1439)),
        weekday=draw(st.integers(0, 6)),
        most_per_day=draw(st.integers(1, 4)),
        quiet_from=quiet[0] if quiet else None,
        quiet_until=quiet[1] if quiet else None,
        role_id=draw(st.sampled_from((None, 77))),
    )


@st.composite
def topics(draw: st.DrawFn, *, most: int = 8) -> list[Subscription]:
    """Up to so many topics in three channels, some of them paused."""
    return [
        Subscription(
            id=number,
            guild_id=1,
            channel_id=draw(st.integers(1, 3)),
            query=f"word{number}",
            created_at=FOLLOWED_AT,
            created_by=9,
            posting=draw(postings()),
            paused_at=draw(st.sampled_from((None, None, None, FOLLOWED_AT))),
        )
        for number in range(1, draw(st.integers(1, most)) + 1)
    ]


def chosen_posting(chance: Random) -> Posting:
    """One way to post, by chance."""
    quiet = chance.sample(range(1440), 2) if chance.random() < 0.3 else (None, None)
    return Posting(
        cadence=chance.choice([Cadence.ARRIVAL, Cadence.ARRIVAL, Cadence.DAILY, Cadence.WEEKLY]),
        zone=chance.choice(ZONES),
        digest_at=chance.randrange(1440),
        weekday=chance.randrange(7),
        most_per_day=chance.randint(1, 6),
        quiet_from=quiet[0],
        quiet_until=quiet[1],
        role_id=chance.choice((None, 70 + chance.randrange(3))),
    )


def new_topic(query: str, *, channel: int, guild: int = 1, posting: Posting | None = None) -> NewSubscription:
    return NewSubscription(guild_id=guild, channel_id=channel, query=query, created_by=9, posting=posting or Posting())
