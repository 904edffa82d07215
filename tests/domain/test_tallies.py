"""Which papers of a batch are new, over feeds that show each other's papers; and which day a batch belongs to."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ledger import FeedDay, FeedState
from bot.domain.papers import Announcement
from bot.domain.rhythms import Rhythm, occasion_on
from bot.domain.tallies import Arrival, News, Tally, day_of_batch, news_in, tally_of

TODAY = occasion_on(Rhythm.ARXIV_FEED, date(2026, 6, 3))
MONDAY, TUESDAY = date(2026, 6, 1), date(2026, 6, 2)
NEW, CROSS, REPLACE, UNSTATED = (
    Announcement.NEW,
    Announcement.CROSS,
    Announcement.REPLACE,
    Announcement.UNSTATED,
)


def arrival(
    number: int,
    announcement: Announcement = NEW,
    *,
    added: bool = False,
    revised: bool = False,
) -> Arrival:
    return Arrival(paper_id=number, announcement=announcement, is_added=added, is_revised=revised)


def test_what_was_not_known_and_is_announced_is_new() -> None:
    arrivals = [arrival(1, added=True), arrival(2, UNSTATED, added=True), arrival(3), arrival(4, UNSTATED)]
    assert news_in(arrivals, set()) == News(new=frozenset({1, 2}))


def test_a_cross_listing_or_a_replacement_is_never_new() -> None:
    arrivals = [arrival(1, CROSS, added=True), arrival(2, REPLACE, added=True), arrival(3, Announcement.REPLACE_CROSS)]
    assert news_in(arrivals, {3}) == News(set_aside=frozenset({1, 2}))


def test_a_paper_cross_listed_first_is_new_once_it_is_announced() -> None:
    assert news_in([arrival(1), arrival(2)], {1}) == News(new=frozenset({1}))


def test_a_paper_that_comes_both_ways_in_one_batch_is_new_once() -> None:
    arrivals = [arrival(1, CROSS, added=True), arrival(1, NEW)]
    news = news_in(arrivals, set())
    assert news == News(new=frozenset({1}))
    assert tally_of(arrivals, news, recent=frozenset()) == Tally(received=2, new=1, added=1, announced=1, unseen=1)


def test_a_batch_is_counted() -> None:
    arrivals = [
        arrival(1, added=True),
        arrival(2, CROSS, added=True),
        arrival(3, REPLACE, revised=True),
        arrival(4, NEW, revised=True),  # announced elsewhere an hour ago
        arrival(5, NEW),
    ]
    news = news_in(arrivals, set())
    counted = tally_of(arrivals, news, recent={1, 2, 4})
    assert counted == Tally(received=5, new=1, revised=2, added=2, announced=3, unseen=2)


@st.composite
def feeds(draw: st.DrawFn) -> list[list[tuple[int, Announcement]]]:
    """Feeds over the same papers, each of which is announced as new by at most one of them."""
    papers = draw(st.lists(st.integers(0, 30), unique=True, max_size=12))
    homes = {number: draw(st.integers(0, 3)) for number in papers}
    kinds = st.sampled_from([CROSS, REPLACE, Announcement.REPLACE_CROSS])
    shown = [
        [
            (number, NEW if homes[number] == feed else draw(kinds))
            for number in papers
            if homes[number] == feed or draw(st.booleans())
        ]
        for feed in range(3)
    ]
    return draw(st.permutations(shown)) + draw(st.lists(st.sampled_from(shown), max_size=2))


@given(feeds())
def test_in_any_order_each_announced_paper_is_new_exactly_once(shown: list[list[tuple[int, Announcement]]]) -> None:
    known: set[int] = set()
    unannounced: set[int] = set()
    new: list[int] = []
    for batch in shown:
        arrivals = []
        for number, announcement in batch:
            arrivals.append(arrival(number, announcement, added=number not in known))
            known.add(number)
        news = news_in(arrivals, unannounced)
        unannounced = (unannounced | news.set_aside) - news.new
        new.extend(news.new)
    announced = {number for batch in shown for number, announcement in batch if announcement is NEW}
    assert sorted(new) == sorted(announced)


def account(state: FeedState) -> FeedDay:
    return FeedDay(source="arxiv_rss", feed="cs.AI", day=TUESDAY, state=state)


def test_a_batch_belongs_to_the_day_it_states() -> None:
    fresh = Tally(received=10, announced=8, new=8, unseen=8)
    assert day_of_batch(TODAY.day, TODAY, fresh, None) == TODAY.day
    assert day_of_batch(None, TODAY, fresh, None) == TODAY.day
    assert day_of_batch(TUESDAY, TODAY, fresh, None) == TUESDAY
    assert day_of_batch(TUESDAY, TODAY, fresh, account(FeedState.STALE)) == TUESDAY


def test_a_date_that_lags_is_seen_through() -> None:
    fresh, repeated = Tally(received=10, announced=8, new=8), Tally(received=10, announced=8, new=1)
    assert day_of_batch(TUESDAY, TODAY, fresh, account(FeedState.FRESH)) == TODAY.day
    assert day_of_batch(TUESDAY, TODAY, repeated, account(FeedState.FRESH)) == TUESDAY
    assert day_of_batch(TUESDAY, TODAY, Tally(), account(FeedState.FRESH)) == TUESDAY


def test_a_date_out_of_the_blue_is_not_believed() -> None:
    for stated in (date(1999, 1, 1), date(2026, 5, 1), date(2027, 1, 1)):
        assert day_of_batch(stated, TODAY, Tally(), None) == TODAY.day
    assert day_of_batch(MONDAY, TODAY, Tally(), None) == MONDAY


TALLIES = st.builds(Tally, **{name: st.integers(0, 99) for name in ("received", "new", "announced")})


@given(TALLIES, TALLIES, TALLIES)
def test_tallies_add_up(first: Tally, second: Tally, third: Tally) -> None:
    assert (first + second) + third == first + (second + third)
    assert first + Tally() == first


def test_the_last_stated_expectation_counts() -> None:
    assert (Tally(expected=5) + Tally()).expected == 5
    assert (Tally(expected=5) + Tally(expected=6)).expected == 6
