"""How a feed stands, in words: each state once as people read it."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.ledger import FeedDay, FeedState
from bot.domain.ledger_words import standing, wall_clock
from bot.domain.rhythms import Rhythm, next_occasion, occasion_on

EASTERN = ZoneInfo("America/New_York")
TUESDAY, FRIDAY, SATURDAY = date(2026, 6, 2), date(2026, 6, 5), date(2026, 6, 6)


def eastern(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=EASTERN)


def told(
    state: FeedState | None,
    *,
    day: date = TUESDAY,
    rhythm: Rhythm = Rhythm.ARXIV_FEED,
    now: datetime | None = None,
    **said: object,
) -> str:
    occasion = occasion_on(rhythm, day)
    account = FeedDay(source="", feed="", day=day, state=state) if state else None
    account = replace(account, **said) if account else None  # type: ignore[arg-type]
    at = wall_clock(rhythm, now or occasion.ask_at)
    return standing(account, rhythm, occasion, next_occasion(rhythm, occasion), at)


NIGHT, LATER = eastern("2026-06-02 21:15"), eastern("2026-06-02 05:30")
TROUBLE = "rss.arxiv.org/rss/cs.AI does not exist (404)."


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        (
            told(FeedState.NOT_YET, rhythm=Rhythm.ARXIV_LIST, next_at=NIGHT),
            "not out yet, expected 20:00 ET; asking again at 21:15.",
        ),
        (told(FeedState.NOT_YET, next_at=LATER), "not out yet, expected 00:00 ET; asking again at 05:30."),
        (told(FeedState.FRESH, received=1), "today's batch is in: 1 entry, 0 new."),
        (
            told(FeedState.FRESH, received=1403, new=36, revised=150, rejected=2),
            "today's batch is in: 1,403 entries, 36 new, 150 revised, 2 unreadable.",
        ),
        (
            told(FeedState.FRESH, received=34, new=5, rhythm=Rhythm.WEEKDAY_LIST, next_at=eastern("2026-06-02 08:00")),
            "today's list is in: 34 entries, 5 new; asking again at 12:00 UTC.",
        ),
        (
            told(FeedState.FRESH, received=2, new=2, last_error=TROUBLE, rhythm=Rhythm.ARXIV_HARVEST),
            f"papers are in: 2 entries, 2 new. The last asking failed: {TROUBLE}",
        ),
        (
            told(FeedState.STALE, received=381, next_at=LATER),
            "still shows an earlier batch, though one was due 00:00 ET; asking again at 05:30.",
        ),
        (told(FeedState.STALE), "has nothing new, though one was due 00:00 ET; not asked again today."),
        (told(FeedState.WEEKEND, day=SATURDAY), "nothing on weekends; the next batch is due Mon 00:00 ET."),
        (
            told(FeedState.HOLIDAY, day=date(2026, 9, 8)),
            "nothing today, a holiday; the next batch is due Wed 00:00 ET.",
        ),
        (told(FeedState.PARTIAL, next_at=LATER), "only part came: it stopped in the middle. Asking again at 05:30 ET."),
        (
            told(FeedState.BROKEN, last_error=TROUBLE, next_at=LATER),
            f"cannot be read: {TROUBLE} Asking again at 05:30 ET.",
        ),
        (told(FeedState.BROKEN, last_error=TROUBLE), f"cannot be read: {TROUBLE} It is not asked again today."),
        (
            told(FeedState.NOT_YET, rhythm=Rhythm.STEADY, next_at=eastern("2026-06-02 21:30")),
            "nothing new today; asking again at Wed 01:30 UTC.",
        ),
        (told(None), "not asked yet; a running bot asks from 00:05 ET on."),
    ],
)
def test_how_a_feed_stands_in_words(sentence: str, words: str) -> None:
    assert sentence == words


@pytest.mark.parametrize("state", FeedState)
@pytest.mark.parametrize("rhythm", Rhythm)
@pytest.mark.parametrize("day", [TUESDAY, FRIDAY, SATURDAY])
def test_every_state_of_every_source_has_words(state: FeedState, rhythm: Rhythm, day: date) -> None:
    told_more: list[dict[str, Any]] = [{}, {"next_at": NIGHT, "received": 3, "last_error": TROUBLE}]
    for said in told_more:
        sentence = told(state, rhythm=rhythm, day=day, **said)
        assert sentence.endswith(".")
        assert "None" not in sentence
