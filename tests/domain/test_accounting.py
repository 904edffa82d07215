"""How a day stands after each asking, as a table of days of 2026; and laws for any order of askings."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.accounting import LONGEST_PAUSE, Asking, due_at, growing_pause, joined
from bot.domain.ledger import FeedDay, FeedState
from bot.domain.rhythms import Occasion, Rhythm, occasion_on
from bot.domain.tallies import Tally

TUESDAY, SATURDAY, AFTER_LABOR_DAY = date(2026, 6, 2), date(2026, 6, 6), date(2026, 9, 8)
NOTHING = Tally()
FRESH = Tally(received=10, new=6, revised=3, added=7, announced=6, unseen=6)
AGAIN = Tally(received=10, announced=6)
CROSSES = Tally(received=4, added=1)
TROUBLE = "rss.arxiv.org/rss/cs.AI is out of order (503)."


def account(
    tally: Tally = NOTHING,
    *,
    day: date = TUESDAY,
    after: timedelta = timedelta(minutes=5),
    rhythm: Rhythm = Rhythm.ARXIV_FEED,
    before: FeedDay | None = None,
    more: Tally | None = None,
    **asked: object,
) -> FeedDay:
    """The account after one asking, so long after the batch was due."""
    occasion = occasion_on(rhythm, day)
    now = occasion.due_at + after
    asking = Asking(asked_at=now - timedelta(seconds=2), **asked)  # type: ignore[arg-type]
    before = before or FeedDay(source="arxiv_rss", feed="cs.AI", day=day, state=FeedState.NOT_YET)
    return joined(
        before,
        tally,
        asking,
        more=more or tally,
        rhythm=rhythm,
        occasion=occasion,
        now=now,
    )


LATE = timedelta(hours=3)


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (FeedState.FRESH, account(FRESH)),
        (FeedState.FRESH, account(CROSSES)),
        (FeedState.NOT_YET, account(AGAIN)),
        (FeedState.NOT_YET, account()),
        (FeedState.NOT_YET, account(unchanged=True)),
        (FeedState.STALE, account(AGAIN, after=LATE)),
        (FeedState.STALE, account(replace(AGAIN, unseen=2, new=2), after=LATE)),  # a repeat differs in a few papers
        (FeedState.STALE, account(after=LATE)),
        (FeedState.STALE, account(Tally(received=4), after=LATE)),
        (FeedState.FRESH, account(Tally(received=4), after=LATE, is_another=True)),  # cross-listings of known papers
        (FeedState.STALE, account(replace(AGAIN, unseen=1), after=LATE, is_another=True)),
        (FeedState.WEEKEND, account(day=SATURDAY)),
        (FeedState.WEEKEND, account(AGAIN, day=SATURDAY, after=LATE)),
        (FeedState.HOLIDAY, account(day=AFTER_LABOR_DAY, after=LATE)),
        (FeedState.FRESH, account(FRESH, day=AFTER_LABOR_DAY)),  # a holiday that is none
        (FeedState.PARTIAL, account(replace(FRESH, expected=11))),
        (FeedState.PARTIAL, account(replace(AGAIN, expected=11), after=LATE)),
        (FeedState.PARTIAL, account(FRESH, is_over=False)),
        (FeedState.PARTIAL, account(FRESH, trouble=TROUBLE)),
        (FeedState.PARTIAL, account(trouble="It stopped.", is_short=True)),
        (FeedState.BROKEN, account(trouble=TROUBLE)),
        (FeedState.BROKEN, account(trouble=TROUBLE, day=SATURDAY)),
        (FeedState.BROKEN, account(Tally(received=3, rejected=3))),
        (FeedState.FRESH, account(Tally(received=10), rhythm=Rhythm.WEEKDAY_LIST)),  # a list of known papers is one
        (FeedState.NOT_YET, account(rhythm=Rhythm.WEEKDAY_LIST)),
        (FeedState.STALE, account(rhythm=Rhythm.WEEKDAY_LIST, after=LATE)),
        (FeedState.WEEKEND, account(rhythm=Rhythm.WEEKDAY_LIST, day=SATURDAY)),
        (FeedState.NOT_YET, account(rhythm=Rhythm.DAY_LIST, after=LATE)),
        (FeedState.NOT_YET, account(AGAIN, rhythm=Rhythm.STEADY, after=LATE)),
        (FeedState.FRESH, account(replace(AGAIN, new=1, unseen=1), rhythm=Rhythm.STEADY, after=LATE)),
        (FeedState.STALE, account(AGAIN, rhythm=Rhythm.ARXIV_HARVEST, after=LATE)),
        (FeedState.FRESH, account(replace(AGAIN, unseen=1), rhythm=Rhythm.ARXIV_HARVEST, after=LATE)),
    ],
)
def test_the_state_of_a_day(state: FeedState, told: FeedDay) -> None:
    assert told.state is state


def test_what_is_in_stays_in() -> None:
    fresh = account(FRESH)
    for later in (
        account(before=fresh, trouble=TROUBLE, after=LATE),
        account(AGAIN, before=fresh, after=LATE),
        account(before=fresh, unchanged=True, after=LATE),
    ):
        assert later.state is FeedState.FRESH
        assert (later.received, later.new, later.attempts) == (10, 6, 2)


def test_what_lacks_something_is_never_a_success() -> None:
    fresh = account(FRESH)
    grown = account(Tally(received=3, expected=12), before=fresh, trouble=TROUBLE, after=LATE)
    assert (grown.state, grown.last_error) == (FeedState.PARTIAL, TROUBLE)
    assert account(Tally(received=10, expected=12), before=fresh).last_error == "it sent 10 of the 12 records it has."
    assert account(Tally(received=12, expected=12), before=grown).state is not FeedState.PARTIAL


def test_a_partial_day_is_partial_until_it_is_whole() -> None:
    partial = account(FRESH, trouble=TROUBLE)
    assert account(before=partial, trouble=TROUBLE).state is FeedState.PARTIAL
    assert account(Tally(received=12, new=2, announced=8, unseen=8), before=partial).state is FeedState.FRESH


def test_the_counts_of_two_askings_join() -> None:
    first = account(FRESH)
    assert (first.received, first.new, first.revised, first.known, first.rejected) == (10, 6, 3, 1, 0)
    second = account(Tally(received=12, new=2, revised=1, rejected=1, announced=8), before=first)
    assert (second.received, second.new, second.revised, second.known, second.rejected) == (12, 8, 3, 0, 1)


def test_a_list_that_another_asking_goes_on_with_is_counted_on() -> None:
    first = account(Tally(received=4, revised=3, rejected=1), trouble=TROUBLE)
    page = Tally(received=4, revised=2, rejected=1)
    whole = account(Tally(received=4) + page, before=first, more=page)
    assert (whole.received, whole.revised, whole.known, whole.rejected) == (8, 5, 1, 2)
    seen = Tally(received=4, rejected=1)
    late = account(Tally(received=4) + seen, before=whole, more=seen)
    assert (late.received, late.revised, late.known, late.rejected) == (8, 5, 1, 2)
    assert account(Tally(received=8) + page, before=late, more=page).rejected == 3


def test_a_list_whose_rest_holds_nothing_new_is_as_fresh_as_its_beginning() -> None:
    begun = account(Tally(received=4, revised=3, unseen=3, expected=5), rhythm=Rhythm.ARXIV_HARVEST, trouble=TROUBLE)
    rest = Tally(received=1)
    whole = account(Tally(received=4) + rest, more=rest, before=begun, rhythm=Rhythm.ARXIV_HARVEST, after=LATE)
    assert (begun.state, whole.state) == (FeedState.PARTIAL, FeedState.FRESH)


def test_many_polls_of_a_day_count_each_new_paper() -> None:
    day = account(Tally(received=20, new=20, announced=20), rhythm=Rhythm.STEADY)
    day = account(Tally(received=20, new=15, announced=20), before=day, rhythm=Rhythm.STEADY)
    assert (day.received, day.new, day.known) == (35, 35, 0)


# --- asking again


def test_pauses_grow_to_two_hours() -> None:
    minutes = [growing_pause(attempts).total_seconds() / 60 for attempts in range(1, 8)]
    assert minutes == [5, 10, 20, 40, 80, 120, 120]
    assert growing_pause(10_000) == LONGEST_PAUSE


def test_a_day_in_vain_is_asked_until_it_is_over() -> None:
    occasion = occasion_on(Rhythm.ARXIV_FEED, TUESDAY)
    day: FeedDay | None = None
    now: datetime | None = occasion.ask_at
    asked: list[datetime] = []
    while now is not None:
        asked.append(now)
        day = account(before=day, trouble=TROUBLE, after=now - occasion.due_at)
        now = due_at(day, occasion)
    assert day is not None
    assert (day.attempts, day.state, day.next_at) == (len(asked), FeedState.BROKEN, None)
    assert 10 < len(asked) < 20
    assert asked[-1] < occasion.closes_at <= asked[-1] + LONGEST_PAUSE


def test_a_day_that_is_in_is_done_with_or_read_again_for_votes() -> None:
    assert account(FRESH).next_at is None
    listed = account(FRESH, rhythm=Rhythm.WEEKDAY_LIST)
    assert listed.next_at == occasion_on(Rhythm.WEEKDAY_LIST, TUESDAY).due_at + timedelta(hours=6, minutes=5)


def test_a_server_that_wants_to_rest_is_left_alone() -> None:
    told = account(trouble=TROUBLE, rest=timedelta(hours=5))
    assert told.next_at == occasion_on(Rhythm.ARXIV_FEED, TUESDAY).due_at + timedelta(hours=5, minutes=5)
    assert account(trouble=TROUBLE, rest=timedelta(days=1)).next_at is None


def test_before_it_is_due_nothing_is_asked_twice() -> None:
    early = account(rhythm=Rhythm.WEEKDAY_LIST, after=timedelta(hours=-5))
    assert early.next_at == occasion_on(Rhythm.WEEKDAY_LIST, TUESDAY).ask_at


def test_a_day_without_account_is_asked_once_it_is_due() -> None:
    occasion = occasion_on(Rhythm.ARXIV_FEED, TUESDAY)
    assert due_at(None, occasion) == occasion.due_at + timedelta(minutes=5)


# --- laws

COUNTS = st.integers(0, 50)
ASKED = st.builds(
    Asking,
    asked_at=st.just(datetime(2026, 6, 2, 5, tzinfo=UTC)),
    is_begun=st.booleans(),
    is_over=st.booleans(),
    unchanged=st.booleans(),
    trouble=st.none() | st.just(TROUBLE),
    is_short=st.booleans(),
    rest=st.integers(0, 100_000).map(lambda seconds: timedelta(seconds=seconds)),
)


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    """Counts as a batch can have them."""
    new, revised, rejected, known = (draw(COUNTS) for _ in range(4))
    announced = new + draw(COUNTS)
    return Tally(
        received=new + revised + rejected + known,
        new=new,
        revised=revised,
        rejected=rejected,
        added=new,
        announced=announced,
        unseen=draw(st.integers(new, announced)),
        expected=draw(st.none() | COUNTS),
    )


def joining(before: FeedDay, tally: Tally, asking: Asking, more: Tally, occasion: Occasion, hours: float) -> FeedDay:
    now = occasion.opens_at + timedelta(hours=hours)
    return joined(before, tally, asking, more=more, rhythm=Rhythm.ARXIV_FEED, occasion=occasion, now=now)


@given(
    st.lists(st.tuples(tallies(), ASKED, st.floats(0, 30)), min_size=1, max_size=6),
    st.sampled_from([TUESDAY, SATURDAY]),
)
def test_whatever_is_asked_the_account_is_sound(askings: list[tuple[Tally, Asking, float]], on: date) -> None:
    occasion = occasion_on(Rhythm.ARXIV_FEED, on)
    day = FeedDay(source="arxiv_rss", feed="cs.AI", day=on, state=FeedState.NOT_YET)
    for tally, asking, hours in askings:
        before, day = day, joining(day, tally, asking, tally, occasion, hours)
        now = occasion.opens_at + timedelta(hours=hours)
        assert day.received == day.new + day.revised + day.known + day.rejected
        assert min(day.new, day.revised, day.known, day.rejected) >= 0
        assert day.new == before.new + tally.new
        assert day.received >= before.received
        assert day.next_at is None or now < day.next_at < occasion.closes_at
        assert day.next_at is None or day.next_at >= now + asking.rest
        lacks = day.expected is not None and day.received < day.expected
        assert not lacks or day.state is FeedState.PARTIAL
        assert day.last_error or day.state not in {FeedState.BROKEN}
        assert (day.last_error is None) or asking.trouble or day.state in {FeedState.PARTIAL, FeedState.BROKEN}


def counts(day: FeedDay) -> tuple[int | None, ...]:
    return day.expected, day.received, day.new, day.revised, day.known, day.rejected


@given(tallies(), ASKED, st.floats(0, 23))
def test_replaying_what_is_in_the_account_changes_no_count(tally: Tally, asking: Asking, hours: float) -> None:
    """A run that was killed after its commit brings the same batch again, with nothing new in it."""
    occasion = occasion_on(Rhythm.ARXIV_FEED, TUESDAY)
    blank = FeedDay(source="arxiv_rss", feed="cs.AI", day=TUESDAY, state=FeedState.NOT_YET)
    once = joining(blank, tally, asking, tally, occasion, hours)
    replayed = replace(tally, new=0, revised=0, added=0)
    twice = joining(once, replayed, replace(asking, is_begun=True), replayed, occasion, hours)

    assert counts(twice) == counts(once)
    assert twice.attempts == once.attempts


@given(tallies(), tallies(), ASKED, st.floats(0, 23))
def test_two_processes_may_join_in_either_order(first: Tally, second: Tally, asking: Asking, hours: float) -> None:
    occasion = occasion_on(Rhythm.ARXIV_FEED, TUESDAY)
    blank = FeedDay(source="arxiv_rss", feed="cs.AI", day=TUESDAY, state=FeedState.NOT_YET)
    first, second = replace(first, expected=None), replace(second, expected=None)
    days = [
        joining(joining(blank, one, asking, one, occasion, hours), other, asking, other, occasion, hours)
        for one, other in ((first, second), (second, first))
    ]
    assert counts(days[0]) == counts(days[1])
    assert days[0].attempts == days[1].attempts
