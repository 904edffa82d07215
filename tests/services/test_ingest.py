"""What becomes of what sources bring: papers, accounts and checkpoints together, whatever goes wrong."""

import asyncio
import logging
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.identifiers import ExternalId
from bot.domain.ledger import FeedState
from bot.domain.papers import Announcement
from bot.domain.rhythms import Rhythm
from bot.errors import OperatorError
from bot.interfaces import Batch, Rejection, SourceError, SourceTrouble, Storage
from bot.services.feeds import Progressed
from tests.storage.kinds import on_both
from tests.supply import TUESDAY, Clock, Fetch, Supply, accounts, ingest, named

CROSS, REPLACE = Announcement.CROSS, Announcement.REPLACE
ON_TUESDAY, ON_MONDAY = date(2026, 6, 2), date(2026, 6, 1)
AWAY = SourceError("supply.example is out of order (503).", reason=SourceTrouble.UNAVAILABLE)


def day_of(*numbers: int, day: date | None = ON_TUESDAY, **told: Any) -> Batch:
    return replace(Batch(found=tuple(map(named, numbers)), day=day), **told)


async def test_a_batch_is_kept_with_its_account_and_checkpoint(storage: Storage) -> None:
    batch = day_of(1, 2, checkpoint="here", rejected=(Rejection(place="item 3", reason="it has no title"),))
    source = Supply({"cs.AI": [[batch]]})
    (report,) = await ingest(storage, source, Clock()).run()
    assert (report.name, report.day.state) == ("Supply cs.AI", FeedState.FRESH)
    assert (report.received, report.new, report.revised, report.known, report.rejected) == (3, 2, 0, 0, 1)
    assert await storage.count_papers() == 2
    assert await storage.get_checkpoint("supply", "cs.AI") == "here"
    assert await accounts(storage) == {("cs.AI", "2026-06-02"): report.day}
    await ingest(storage, source, Clock()).run()
    assert source.asked == [("cs.AI", None, None), ("cs.AI", "here", None)]


async def test_each_paper_is_new_once_over_all_feeds_and_all_askings(storage: Storage) -> None:
    shelves = {
        "cs.AI": [[Batch(found=(named(1), named(2, CROSS), named(3, REPLACE)), day=ON_TUESDAY)]],
        "cs.CL": [[Batch(found=(named(2), named(1, CROSS)), day=ON_TUESDAY)]],
        "cs.LG": [[Batch(found=(named(4), named(2, CROSS)), day=ON_TUESDAY)]],
    }
    running = ingest(storage, Supply(shelves), Clock())
    assert [report.new for report in await running.run()] == [1, 1, 1]
    assert [report.new for report in await running.run()] == [0, 0, 0]
    assert {feed: day.new for (feed, _), day in (await accounts(storage)).items()} == dict.fromkeys(shelves, 1)
    assert await storage.count_papers() == 4


async def test_a_deleted_record_says_that_a_known_paper_is_withdrawn(storage: Storage) -> None:
    gone = (named(1, title="", version=None, withdrawn=True), named(2, title="", version=None, withdrawn=True))
    fetches: list[Fetch] = [[day_of(1)], [Batch(found=gone, day=ON_TUESDAY)]]
    running = ingest(storage, Supply({"cs.AI": fetches}, rhythm=Rhythm.STEADY), Clock())
    await running.run()
    (report,) = await running.run()
    assert (report.received, report.revised, report.known, report.gone, report.rejected) == (2, 1, 0, 1, 0)
    assert (report.day.received, report.day.rejected, report.day.last_error) == (2, 0, None)
    known = await storage.find_paper(ExternalId("arxiv", "2606.00001"))
    assert known is not None
    assert (known.paper.title, known.paper.withdrawn) == ("Paper 1", True)
    assert await storage.count_papers() == 1


async def test_a_small_feed_of_known_cross_listings_alone_is_fresh_when_it_is_another_list(storage: Storage) -> None:
    crosses = Batch(found=(named(1, CROSS), named(2, CROSS)), day=ON_TUESDAY)
    clock = Clock(TUESDAY - timedelta(days=9))
    await ingest(storage, Supply({"cs.AI": [[day_of(1, 2, day=None)]]}), clock).run()
    small = Supply({"math.GM": [[crosses], [replace(crosses, is_another=True)]]})
    reports = [await ingest(storage, small, Clock()).run() for _ in range(2)]
    assert [some[0].day.state for some in reports] == [FeedState.STALE, FeedState.FRESH]
    assert [some[0].new for some in reports] == [0, 0]


async def test_a_feed_that_shows_yesterdays_batch_is_stale_and_asked_again(storage: Storage) -> None:
    clock = Clock(TUESDAY - timedelta(days=1))
    # On Tuesday the feed claims Tuesday's date for Monday's batch, with one revision among it.
    fetches = [[day_of(1, 2, 3, day=ON_MONDAY)], [day_of(1, 2, 3)], [day_of(4, 5)]]
    running = ingest(storage, Supply({"cs.AI": fetches}), clock)
    await running.run()
    clock.now = TUESDAY
    (stale,) = await running.run()
    assert (stale.day.state, stale.day.received, stale.new) == (FeedState.STALE, 3, 0)
    assert stale.day.next_at == TUESDAY + timedelta(minutes=5)
    clock.now = stale.day.next_at
    (fresh,) = await running.run_due()
    assert (fresh.day.state, fresh.day.new, fresh.day.attempts, fresh.day.next_at) == (FeedState.FRESH, 2, 2, None)


async def test_a_batch_that_comes_a_day_late_heals_its_own_day(storage: Storage) -> None:
    running = ingest(storage, Supply({"cs.AI": [[day_of(1, 2, day=ON_MONDAY)]]}), Clock())
    for _ in range(2):  # asked again, it is still Monday's
        (report,) = await running.run()
        days = await accounts(storage)
        monday, tuesday = days["cs.AI", "2026-06-01"], days["cs.AI", "2026-06-02"]
        assert (monday.state, monday.new, monday.next_at) == (FeedState.FRESH, 2, None)
        assert (tuesday.state, tuesday.new, tuesday.received) == (FeedState.STALE, 0, 2)
        assert report.day == tuesday


async def test_a_weekend_and_a_quiet_feed_are_told_as_such(storage: Storage) -> None:
    saturday = Clock(TUESDAY + timedelta(days=4))
    (report,) = await ingest(storage, Supply({"cs.AI": [[Batch(found=())]]}), saturday).run()
    assert report.day.state is FeedState.WEEKEND
    (report,) = await ingest(storage, Supply({"x": [[Batch(found=())]]}, rhythm=Rhythm.STEADY), Clock()).run()
    assert report.day.state is FeedState.NOT_YET


async def test_a_source_without_any_batch_has_an_account_too(storage: Storage) -> None:
    (report,) = await ingest(storage, Supply({"cs.AI": [[]]}), Clock()).run()
    assert (report.day.state, report.day.attempts) == (FeedState.STALE, 1)


async def test_trouble_is_an_account_and_what_came_before_it_is_kept(storage: Storage) -> None:
    resting = SourceError("Rest.", reason=SourceTrouble.THROTTLED, retry_after=timedelta(hours=3))
    pages: Fetch = [day_of(1, complete=False, checkpoint="after 1", expected=3), AWAY]
    source = Supply({"cs.AI": [[AWAY], [resting], pages, [day_of(2, 3, expected=3, earlier=1)]]})
    running = ingest(storage, source, Clock())
    (broken,) = await running.run()
    assert (broken.day.state, broken.day.last_error) == (FeedState.BROKEN, str(AWAY))
    assert not broken.is_well
    (throttled,) = await running.run()
    assert throttled.day.next_at == TUESDAY + timedelta(hours=3)
    (partial,) = await running.run()
    assert (partial.day.state, partial.day.received, partial.day.expected) == (FeedState.PARTIAL, 1, 3)
    assert await storage.count_papers() == 1
    (whole,) = await running.run()
    assert (whole.day.state, whole.day.received, whole.day.new) == (FeedState.FRESH, 3, 3)
    assert source.asked[-1] == ("cs.AI", "after 1", None)
    assert whole.is_well


async def test_fewer_than_stated_is_never_a_success(storage: Storage) -> None:
    (report,) = await ingest(storage, Supply({"cs.AI": [[day_of(1, 2, expected=3)]]}), Clock()).run()
    assert (report.day.state, report.day.last_error) == (FeedState.PARTIAL, "it sent 2 of the 3 records it has.")
    assert report.day.next_at is not None


async def test_lists_of_days_have_an_account_each(storage: Storage) -> None:
    batches: Fetch = [
        day_of(1, 2, day=ON_MONDAY, complete=False, checkpoint="monday"),
        day_of(2, 3, day=ON_TUESDAY, checkpoint="tuesday"),
    ]
    source = Supply({"daily": [batches, [*batches, AWAY][1:], [AWAY]]}, rhythm=Rhythm.WEEKDAY_LIST)
    running = ingest(storage, source, Clock())
    (report,) = await running.run()
    days = await accounts(storage)
    assert {day: (each.state, each.received, each.new) for (_, day), each in days.items()} == {
        "2026-06-01": (FeedState.FRESH, 2, 2),
        "2026-06-02": (FeedState.FRESH, 2, 1),
    }
    assert report.day.next_at == TUESDAY + timedelta(hours=6)
    for _ in range(2):  # what is in stays in, and the trouble is noted
        (report,) = await running.run()
        assert (report.day.state, report.day.last_error) == (FeedState.FRESH, str(AWAY))


async def test_pages_of_a_days_list_count_together(storage: Storage) -> None:
    pages = [day_of(1, 2, expected=3, complete=False), day_of(3, expected=3)]
    (report,) = await ingest(storage, Supply({"x": [pages]}, rhythm=Rhythm.DAY_LIST), Clock()).run()
    assert (report.day.state, report.day.received, report.day.attempts) == (FeedState.FRESH, 3, 1)
    cut: Fetch = [day_of(4, 5, expected=3, complete=False), AWAY]
    (report,) = await ingest(storage, Supply({"y": [cut]}, rhythm=Rhythm.DAY_LIST), Clock()).run()
    assert (report.day.state, report.day.last_error, report.day.attempts) == (FeedState.PARTIAL, str(AWAY), 1)


async def test_votes_are_kept_as_they_stood_each_day(storage: Storage) -> None:
    def listed(upvotes: int) -> list[Batch | Exception]:
        return [Batch(found=(named(1, upvotes=upvotes), named(2)), day=ON_TUESDAY)]

    clock = Clock()
    source = Supply({"daily": [listed(3), listed(9), listed(40)]}, rhythm=Rhythm.WEEKDAY_LIST)
    running = ingest(storage, source, clock)
    await running.run()
    await running.run()
    clock.now += timedelta(days=1)
    await running.run()
    known = await storage.find_paper(ExternalId("arxiv", "2606.00001"))
    assert known is not None
    assert known.paper.upvotes == 40
    assert [(each.on.day, each.upvotes) for each in await storage.list_upvotes(known.id)] == [(2, 9), (3, 40)]


async def test_records_that_are_no_papers_are_counted_and_named(storage: Storage) -> None:
    batch = Batch(found=(named(1), named(2, title="…")), day=ON_TUESDAY)
    (report,) = await ingest(storage, Supply({"cs.AI": [[batch]]}), Clock()).run()
    assert (report.received, report.new, report.rejected) == (2, 1, 1)
    assert report.rejections == (Rejection(place="2606.00002", reason="the title has no words"),)


async def test_a_fault_in_a_source_is_told_and_hurts_nobody(storage: Storage, caplog: pytest.LogCaptureFixture) -> None:
    source = Supply({"a": [[day_of(1, complete=False), KeyError("x")]], "b": [[day_of(2)]]})
    with caplog.at_level(logging.INFO):
        bad, good = await ingest(storage, source, Clock()).run()
    assert bad.day.state is FeedState.PARTIAL
    assert bad.day.last_error == "The program stumbled over what came (KeyError); please report this."
    assert good.day.state is FeedState.FRESH
    assert "Traceback" not in caplog.text
    assert await storage.count_papers() == 2


async def test_what_is_wrong_with_storage_is_raised(storage: Storage) -> None:
    full = OperatorError("The database cannot grow: the disk is full.")
    running = ingest(storage, Supply({"a": [[day_of(1), full]], "b": [[day_of(2)]]}), Clock())
    with pytest.raises(OperatorError, match="the disk is full"):
        await running.run()
    assert await storage.count_papers() == 1


async def test_an_asking_that_is_stopped_keeps_what_it_has_and_goes_on_from_there(storage: Storage) -> None:
    source = Supply({"cs.AI": [[day_of(1, complete=False, checkpoint="after 1"), day_of(2)]]})
    running = ingest(storage, source, Clock())
    stopped: asyncio.Task[object]

    def stop(made: Progressed) -> None:
        assert (made.name, made.received, made.expected) == ("Supply cs.AI", 1, None)
        stopped.cancel()

    stopped = asyncio.create_task(running.run(progress=stop))
    with pytest.raises(asyncio.CancelledError):
        await stopped
    (day,) = (await accounts(storage)).values()
    assert (day.state, day.received, day.attempts) == (FeedState.PARTIAL, 1, 1)
    assert day.next_at is not None
    assert await storage.get_checkpoint("supply", "cs.AI") == "after 1"


async def test_a_back_fill_begins_where_it_is_told_to(storage: Storage) -> None:
    source = Supply({"cs.AI": [[day_of(1)]]})
    await ingest(storage, source, Clock()).run(since=date(2026, 1, 1))
    assert source.asked == [("cs.AI", None, date(2026, 1, 1))]


async def test_one_feed_may_be_asked_alone(storage: Storage) -> None:
    source = Supply({"a": [[day_of(1)]], "b": [[day_of(2)]]})
    running = ingest(storage, source, Clock())
    reports = await running.run([each for each in running.feeds if each.feed == "b"])
    assert [each.feed for each in reports] == ["b"]
    assert [feed for feed, *_ in source.asked] == ["b"]


async def test_feeds_are_due_by_the_calendar_and_by_their_accounts(storage: Storage) -> None:
    clock = Clock(TUESDAY.replace(hour=4, minute=0))  # midnight in New York
    source = Supply({"a": [[AWAY], [day_of(1)]], "b": [[day_of(2)]]})
    running = ingest(storage, source, clock)
    assert await running.next_at() == clock.now + timedelta(minutes=5)
    assert await running.run_due() == []
    clock.now += timedelta(minutes=5)
    assert [each.feed for each in await running.run_due()] == ["a", "b"]
    assert await running.next_at() == clock.now + timedelta(minutes=5)
    clock.now += timedelta(minutes=5)
    assert [each.feed for each in await running.run_due()] == ["a"]
    assert await running.next_at() == TUESDAY.replace(hour=4, minute=5) + timedelta(days=1)
    assert await ingest(storage, Supply({}), clock).next_at() is None


@on_both
async def test_two_at_once_count_each_paper_once(storage: Storage) -> None:
    papers = [day_of(*range(20), complete=False), day_of(*range(20, 40))]
    first, second = (
        ingest(storage, Supply({"cs.AI": [papers]}), Clock(TUESDAY + each * timedelta(seconds=1))) for each in (0, 1)
    )
    reports = await asyncio.gather(first.run(), second.run())
    (day,) = (await accounts(storage)).values()
    assert (day.state, day.received, day.new, day.attempts) == (FeedState.FRESH, 40, 40, 2)
    assert sum(report.new for (report,) in reports) == 40
    assert await storage.count_papers() == 40
