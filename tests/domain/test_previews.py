"""What a preview says of counts, and the steps by which a query is tightened and loosened."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.arrivals import Span, TriedOut, by_day, days_until, quarter_of, tallied
from bot.domain.papers import Paper
from bot.domain.parsing import QueryError, parse_query
from bot.domain.previews import FLOOD, Preview, previewed, stepped, steps
from bot.domain.query import Query
from tests.domain.query_trees import papers, queries

FRIDAY = datetime(2026, 5, 22, 18, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def preview(counts: Sequence[int], others: Sequence[int] = ()) -> Preview:
    """Of a query that matches so many on each of the last days, where there were so many others."""
    days = len(counts)
    moments = [
        [FRIDAY - timedelta(days - 1 - at) for at, count in enumerate(each) for _ in range(count)]
        for each in (counts, others)
    ]
    tried = TriedOut(matched=tallied(moments[0]), arrived=tallied([*moments[0], *moments[1]]), newest=(), further=())
    return previewed(parse_query("graph"), days_until(FRIDAY, days, UTC), tried, [])


def test_the_days_of_a_zone_are_counted_also_where_its_clocks_leap() -> None:
    span = days_until(datetime(2026, 3, 30, 21, 59, tzinfo=UTC), 3, BERLIN)
    assert span.dates() == [date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 30)]
    assert span.until - span.since == timedelta(hours=71)
    at = [span.since, datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 29, 21, 59, tzinfo=UTC)]
    assert by_day(tallied([*at, span.until - timedelta(minutes=1)]), span) == [1, 2, 1]


@given(
    st.lists(st.integers(0, 30 * 96 - 1), max_size=60),
    st.sampled_from(["UTC", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Kiritimati"]),
    st.integers(0, 20 * 365 * 24).map(lambda hours: datetime(2015, 1, 1, tzinfo=UTC) + timedelta(hours=hours)),
)
def test_every_paper_of_a_span_counts_on_one_of_its_days(ahead: list[int], zone: str, now: datetime) -> None:
    span = days_until(now, 30, ZoneInfo(zone))
    moments = [each for at in ahead if (each := span.since + at * timedelta(minutes=15)) < span.until]
    assert sum(by_day(tallied(moments), span)) == len(moments)
    for each in moments:
        assert quarter_of(each) == quarter_of(each + timedelta(minutes=14, seconds=59))


def test_a_rate_is_that_of_working_days_since_papers_arrive() -> None:
    told = preview([0, 0, 0, 6, 0, 0, 3, 3, 3, 3, 0])  # the second day from the left on which any came is a Saturday
    assert told.known_from == date(2026, 5, 15)
    assert [count for _, count in told.working_days] == [6, 3, 3, 3, 3, 0]
    assert told.per_working_day == 3
    assert told.total == 18
    assert told.chart == "▁▁▁█▁▁▅▅▅▅▁"


def test_a_day_with_few_papers_is_told_from_one_without() -> None:
    assert preview([0, 1, 100]).chart == "▁▂█"
    assert preview([0, 0]).chart == "▁▁"


def test_absurd_rates_are_known() -> None:
    assert preview([0] * 29 + [FLOOD + 1]).is_flood
    assert not preview([FLOOD]).is_flood
    assert preview([30], [20]).is_nearly_everything
    assert not preview([30], [31]).is_nearly_everything
    assert not preview([3]).is_nearly_everything
    nothing = preview([0, 0])
    assert nothing.known_from is None
    assert nothing.per_working_day == 0


def test_words_and_categories_tighten_a_query_and_each_part_of_it_loosens_it() -> None:
    told = [
        Paper(title=title, categories=(category,))
        for title, category in (
            ("Graph networks: a survey", "cs.LG"),
            ("A new survey of graphs", "cs.LG"),
            ("Benchmarking graphs", "cs.CV"),
            ("Graph benchmarking", "cs.CV"),
            ("The graphs", "cs.LG"),
        )
    ]
    found = steps(parse_query("graph (network OR new)"), told)
    assert [each.added for each in found if each.added] == ["-benchmarking", "-survey", "cat:cs.LG", "cat:cs.CV"]
    assert [each.dropped for each in found if each.dropped] == ["graph", "(network OR new)"]
    assert [str(each.query) for each in found if each.dropped] == ["network OR new", "graph"]
    no_more = steps(parse_query("graph cat:cs.LG"), told)
    assert not [each for each in no_more if each.added.startswith("cat:")]


def test_nothing_is_left_where_only_what_is_excluded_would_be() -> None:
    assert [each.dropped for each in steps(parse_query("graph -survey"), [])] == ["-survey"]
    assert steps(parse_query("graph OR survey"), []) == []


@given(queries, st.lists(papers, max_size=12))
def test_a_step_is_found_again_by_its_value_and_leads_to_a_query_that_can_be_typed(
    tree: Query, found: list[Paper]
) -> None:
    try:
        query = parse_query(str(tree))
    except QueryError:  # longer than anybody can type
        return
    ways = steps(query, found)
    assert len({each.value for each in ways}) == len(ways)
    for each in ways:
        assert len(each.value) <= 100
        assert stepped(query, each.value) == each.query
        assert parse_query(str(each.query)) == each.query


@pytest.mark.parametrize("value", ["", "+", "-", "+(", "?", "-nowhere", "+after:banana", "+" + "x" * 400])
def test_what_no_preview_offered_is_no_step(value: str) -> None:
    assert stepped(parse_query("graph network"), value) is None


def test_a_span_is_told_by_its_first_and_last_moment() -> None:
    span = Span(first=date(2026, 5, 1), days=1, zone=UTC)
    assert (span.since, span.until) == (datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 5, 2, tzinfo=UTC))
