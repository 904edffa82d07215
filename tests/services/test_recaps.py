"""Weekly recaps: made once, of what was posted, with its votes and replies as they are by then."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.deliveries import DeliveryKind, DeliveryState
from bot.domain.delivery_views import KnownDelivery
from bot.domain.outcomes import Deleted, Delivered, Outcome, settle
from bot.domain.posts import Post, post_from
from bot.domain.recap_messages import MOST_TOLD
from bot.interfaces import Storage
from bot.services.recaps import MOST_AT_ONCE
from tests.services.daily_days import CHANNEL, GUILD, PERSON, Days, schedule
from tests.storage.owing import TIMING

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NINE = datetime(2026, 5, 25, 7, tzinfo=UTC)
"""In Berlin, on a Monday."""
MONDAY = date(2026, 5, 25)


@pytest.fixture
async def days(storage: Storage) -> Days:
    days = Days(storage=storage, now=NINE - HOUR)
    await days.stock(30)
    return days


async def recaps(days: Days) -> list[KnownDelivery]:
    found = await days.storage.list_deliveries(list(DeliveryState), limit=99)
    return sorted((each for each in found if each.kind is DeliveryKind.RECAP), key=lambda each: each.id)


async def send(days: Days, outcome: Outcome | None = None) -> list[Post]:
    """Post what is owed, in messages numbered from 1000 by their deliveries; what was posted."""
    posted = []
    while claims := await days.storage.claim_deliveries(now=days.now, timing=TIMING, limit=9):
        for claim in claims:
            told = settle(claim, outcome or Delivered(message_id=1000 + claim.id), days.now, TIMING, chance=0.5)
            await days.storage.record_delivery(claim, told, now=days.now, timing=TIMING)
            posted.append(post_from(claim.payload))
    return posted


async def vote(days: Days, paper: int, people: int) -> None:
    async with days.storage.write() as transaction:
        for person in range(people):
            await transaction.toggle_vote(GUILD, days.picks.papers[paper - 1], 900 + person, now=days.now)


async def a_week(days: Days, **chosen: object) -> Post:
    """A week of papers, then the recap of the next Monday."""
    await days.set_up(recap_weekday=0, **chosen)
    for day in range(7):
        await days.run(NINE + day * DAY)
        await send(days)
    await vote(days, 3, 4)
    await vote(days, 5, 1)
    days.replies = {1003: 12, 1001: 2}
    await days.run(NINE + 7 * DAY)
    return next(each for each in await send(days) if each.recap)


async def test_the_weeks_papers_with_their_votes_and_replies_the_most_voted_first(days: Days) -> None:
    post = await a_week(days)
    assert post.heading == "The papers of the week · 25 to 31 May"
    assert [each.paper.title for each in post.papers[:3]] == ["Paper 3", "Paper 5", "Paper 1"]
    first, second, third = post.recap[:3]
    assert (first.on, first.votes, first.replies) == ("2026-05-27", 4, 12)
    assert (second.votes, second.replies, third.votes, third.replies) == (1, None, 0, 2)
    assert (post.total, len(post.papers), post.role_id, post.is_pinned) == (7, 7, None, False)
    assert first.message_id == 1003
    [delivery] = await recaps(days)
    assert delivery.key == f"recap:{CHANNEL}:2026-06-01"
    assert delivery.expires_at == NINE + 10 * DAY


async def test_it_is_made_once_and_pings_nobody(days: Days) -> None:
    post = await a_week(days, role_id=5, is_pinned=True, is_silent=False)
    assert (post.role_id, post.is_pinned, post.silent) == (None, False, False)
    for hours in (1, 30, 100):
        await days.run(NINE + 7 * DAY + hours * HOUR)
    assert len(await recaps(days)) == 1
    await days.run(NINE + 14 * DAY)
    assert [each.key[-10:] for each in await recaps(days)] == ["2026-06-01", "2026-06-08"]


async def test_only_what_was_posted_is_told_of_and_what_was_asked_for_as_well(days: Days) -> None:
    await days.set_up(recap_weekday=0)
    await days.run(NINE)
    await send(days)
    await days.run(NINE + DAY)
    await send(days, Deleted())
    picked = await days.daily.choose_now(CHANNEL, guild_id=GUILD)
    assert picked is not None
    await days.daily.post_now(CHANNEL, picked.paper, "Asked.", guild_id=GUILD, person_id=PERSON)
    await send(days)
    await days.run(NINE + 2 * DAY)
    await days.run(NINE + 7 * DAY)
    [post] = [each for each in await send(days) if each.recap]
    assert sorted(each.paper.title for each in post.papers) == ["Paper 1", "Paper 3"]


async def test_a_week_without_a_paper_has_no_recap_and_says_so(days: Days) -> None:
    kept = await days.set_up(recap_weekday=0)
    days.picks.has_any = False
    await days.run(NINE + 7 * DAY)
    assert await recaps(days) == []
    standing = await days.recaps.standing(kept)
    assert standing.words == "there was none, for nothing was posted in that week"
    assert standing.next is not None
    assert standing.next.on == MONDAY + 14 * DAY


async def test_after_an_outage_it_is_made_up_for_unless_it_is_days_late(days: Days) -> None:
    kept = await days.set_up(recap_weekday=0)
    await days.run(NINE)
    await send(days)
    await days.run(NINE + 9 * DAY)
    assert [each.key[-10:] for each in await recaps(days)] == ["2026-06-01"]
    assert (await days.recaps.standing(kept)).words == "about to be posted"
    await days.run(NINE + 18 * DAY)
    assert len(await recaps(days)) == 1
    assert "I was not running, or not connected" in (await days.recaps.standing(kept)).words


async def test_a_wrong_clock_makes_none_and_nothing_is_lost_by_that(days: Days) -> None:
    await days.set_up(recap_weekday=0)
    await days.run(NINE)
    await send(days)
    days.is_time_right = False
    await days.run(NINE + 7 * DAY)
    assert await recaps(days) == []
    days.is_time_right = True
    await days.run(NINE + 7 * DAY + HOUR)
    assert len(await recaps(days)) == 1


async def test_an_edit_at_the_moment_at_which_it_is_due_loses_none_and_doubles_none(days: Days) -> None:
    kept = await days.set_up(recap_weekday=0)
    await days.run(NINE)
    await send(days)
    days.now = NINE + 7 * DAY
    await days.daily.set_up(replace(kept, at=8 * 60))
    assert len(await recaps(days)) == 1
    await days.daily.set_up(replace(kept, at=10 * 60, recap_weekday=2))
    for hour in range(0, 24 * 14, 5):
        await days.run(NINE + 7 * DAY + hour * HOUR)
        await send(days)
    assert [each.key[-10:] for each in await recaps(days)] == ["2026-06-01", "2026-06-10"]


async def test_stopping_drops_one_that_is_not_posted_yet(days: Days) -> None:
    await days.set_up(recap_weekday=0)
    await days.run(NINE)
    await send(days)
    await days.run(NINE + 7 * DAY)
    stopped = await days.daily.stop(CHANNEL, guild_id=GUILD)
    assert [each.state for each in await recaps(days)] == [DeliveryState.DROPPED]
    standing = await days.recaps.standing(stopped)
    assert (standing.next, standing.words) == (None, "not posted, for it was dropped (by hand)")
    days.now += 15 * DAY
    assert (await days.recaps.standing(stopped)).last is None, "that was long ago"


async def test_of_many_the_first_are_named_and_all_are_counted(days: Days) -> None:
    await days.set_up(recap_weekday=0)
    await days.run(NINE)
    for _ in range(MOST_TOLD + 2):
        picked = await days.daily.choose_now(CHANNEL, guild_id=GUILD)
        assert picked is not None
        await days.daily.post_now(CHANNEL, picked.paper, "Asked.", guild_id=GUILD, person_id=PERSON)
    await send(days)
    await days.run(NINE + 7 * DAY)
    [post] = [each for each in await send(days) if each.recap]
    assert (len(post.papers), len(post.recap), post.total) == (MOST_TOLD, MOST_TOLD, MOST_TOLD + 3)


async def test_where_very_many_are_due_at_once_others_have_their_turn_in_between(days: Days) -> None:
    for channel in range(MOST_AT_ONCE + 3):
        await days.set_up(channel_id=100 + channel, recap_weekday=0)
    recaps, days.now = days.recaps, NINE + 7 * DAY
    await recaps.run_due()
    assert await recaps.next_at() == days.now + timedelta(seconds=5)
    await recaps.run_due()
    assert await recaps.next_at() == NINE + 14 * DAY
    told = [await days.storage.list_recaps(100 + each, guild_id=GUILD, limit=9) for each in range(MOST_AT_ONCE + 3)]
    assert [each[0].on for each in told] == [MONDAY + 7 * DAY] * (MOST_AT_ONCE + 3)


async def test_a_preview_says_when_the_first_one_comes(days: Days) -> None:
    new = await days.daily.preview(schedule(recap_weekday=0))
    assert new.recap is not None
    assert new.recap.at == NINE + 7 * DAY, "there is nothing to tell of before"
    kept = await days.set_up()
    assert (await days.daily.preview(kept)).recap is None
    preview = await days.daily.preview(replace(kept, recap_weekday=0))
    assert preview.recap is not None
    assert preview.recap.at == NINE, "its time is still to come today"
    days.now = NINE
    preview = await days.daily.preview(replace(kept, recap_weekday=0))
    assert preview.recap is not None
    assert preview.recap.at == NINE + 7 * DAY
