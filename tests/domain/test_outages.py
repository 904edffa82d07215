"""When nobody saw to deliveries, and for how long that matters."""

from datetime import UTC, datetime, timedelta

from bot.domain.outages import REMEMBERED, Gap, gap_after

NOW = datetime(2026, 6, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OLD = Gap(began_at=NOW - 5 * MINUTE, ended_at=NOW - 4 * MINUTE)


def test_whoever_begins_where_others_were_before_begins_after_a_gap() -> None:
    assert gap_after(None, None, is_new=True, now=NOW) is None
    assert gap_after(None, None, is_new=False, now=NOW) == Gap(began_at=NOW - REMEMBERED, ended_at=NOW)
    for seen in (NOW - timedelta(seconds=1), NOW - 2 * MINUTE):
        assert gap_after(seen, None, is_new=False, now=NOW) == Gap(began_at=seen, ended_at=NOW)
    assert gap_after(NOW - timedelta(days=99), None, is_new=False, now=NOW) == Gap(
        began_at=NOW - REMEMBERED, ended_at=NOW
    )


def test_an_earlier_gap_is_remembered_and_joined_as_long_as_it_matters() -> None:
    assert gap_after(None, OLD, is_new=False, now=NOW) == OLD
    joined = gap_after(NOW - 2 * MINUTE, OLD, is_new=False, now=NOW)
    assert joined == Gap(began_at=OLD.began_at, ended_at=NOW)
    later = OLD.ended_at + REMEMBERED
    assert gap_after(later, OLD, is_new=False, now=later) == Gap(began_at=later, ended_at=later)


def test_it_is_written_and_read_back() -> None:
    assert Gap.from_text(OLD.to_text()) == OLD
