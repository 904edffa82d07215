"""Papers of the day: set up, planned, skipped, stopped, posted at once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.deliveries import DeliveryKind, DeliveryState
from bot.domain.delivery_views import KnownDelivery
from bot.domain.posts import post_from
from bot.domain.schedules import DailyPost, Origin, SkipReason
from bot.errors import UserError
from bot.interfaces import Storage
from tests.services.daily_days import CHANNEL, GUILD, PERSON, Days, schedule
from tests.storage.kinds import on_both
from tests.storage.owing import TIMING

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
NINE = datetime(2026, 5, 26, 7, tzinfo=UTC)
"""In Berlin."""


@pytest.fixture
async def days(storage: Storage) -> Days:
    days = Days(storage=storage)
    await days.stock(12)
    return days


async def owed(days: Days) -> list[KnownDelivery]:
    found = await days.storage.list_deliveries(list(DeliveryState), limit=99)
    return sorted((each for each in found if each.kind is DeliveryKind.DAILY), key=lambda each: each.id)


@on_both
async def test_each_date_gets_a_paper_at_its_time_once(days: Days) -> None:
    await days.set_up()
    assert await days.run(NINE - timedelta(seconds=1)) == 0
    assert await days.run(NINE) == 1
    assert await days.run(NINE + HOUR) == 0
    assert await days.run(NINE + DAY) == 1
    assert await days.told() == ["26 May paper 1", "27 May paper 2"]
    first, second = await owed(days)
    assert [first.key, second.key] == [f"daily:{CHANNEL}:2026-05-26", f"daily:{CHANNEL}:2026-05-27"]
    assert first.expires_at == datetime(2026, 5, 26, 22, tzinfo=UTC), "midnight in Berlin"


async def test_the_message_is_as_the_schedule_says(days: Days) -> None:
    await days.set_up(has_thread=True, role_id=5, is_pinned=True, is_silent=False)
    await days.run(NINE)
    [claim] = await days.storage.claim_deliveries(now=NINE, timing=TIMING, limit=9)
    post = post_from(claim.payload)
    assert post.heading == "Paper of the day · Tuesday 26 May"
    assert post.because == "It is next."
    assert (post.role_id, post.silent, post.thread, post.is_pinned) == (5, False, "Paper 1", True)


@on_both
async def test_after_an_outage_todays_is_caught_up_and_the_others_are_explained(days: Days) -> None:
    await days.set_up(weekdays=frozenset({0, 1, 2, 3, 4}))
    await days.run(NINE)
    assert await days.run(NINE + 7 * DAY + 5 * HOUR) == 1
    assert await days.told() == [
        "26 May paper 1",
        "27 May outage",
        "28 May outage",
        "29 May outage",
        "30 May weekday",
        "31 May weekday",
        "1 Jun outage",
        "2 Jun paper 2",
    ]


async def test_a_date_that_is_over_is_not_caught_up(days: Days) -> None:
    await days.set_up()
    assert await days.run(NINE + 15 * HOUR) == 0
    assert await days.told() == ["26 May outage"]


async def test_a_wrong_clock_plans_nothing_and_nothing_is_lost_by_that(days: Days) -> None:
    await days.set_up()
    days.is_time_right = False
    assert await days.run(NINE) == 0
    assert await days.told() == []
    with pytest.raises(UserError, match="My clock is wrong, so I plan nothing by it"):
        await days.set_up(at=8 * 60)
    days.is_time_right = True
    assert await days.run(NINE + HOUR) == 1


async def test_where_nothing_is_good_enough_that_is_the_reason(days: Days) -> None:
    await days.set_up()
    days.picks.has_any = False
    assert await days.run(NINE) == 0
    assert await days.told() == ["26 May nothing"]
    assert await owed(days) == []


async def test_a_new_schedule_begins_with_the_next_time_that_comes(days: Days) -> None:
    days.now = NINE + MINUTE
    kept = await days.set_up()
    assert [each.on for each in await days.daily.next_dates(kept, 2)] == [date(2026, 5, 27), date(2026, 5, 28)]
    assert await days.run(NINE + HOUR) == 0
    assert await days.run(NINE + DAY) == 1
    assert await days.told() == ["27 May paper 1"]


async def test_who_sets_up_a_time_that_is_over_and_then_one_to_come_gets_a_paper_today(days: Days) -> None:
    days.now = NINE + MINUTE
    kept = await days.set_up()
    later = replace(kept, at=11 * 60)
    assert [each.on for each in await days.daily.next_dates(later, 1)] == [date(2026, 5, 26)]
    await days.daily.set_up(later)
    assert await days.run(NINE + 2 * HOUR) == 1
    await days.daily.set_up(replace(kept, at=12 * 60))
    assert [each.on for each in await days.daily.next_dates(later, 1)] == [date(2026, 5, 27)]
    assert await days.run(NINE + 3 * HOUR) == 0
    assert await days.told() == ["26 May paper 1"]


@pytest.mark.parametrize(
    "edit", [{"at": 15 * 60}, {"zone": "Pacific/Honolulu"}, {"zone": "Pacific/Kiritimati", "at": 23 * 60}]
)
async def test_an_edited_time_or_zone_never_posts_twice_on_a_date(days: Days, edit: dict[str, object]) -> None:
    kept = await days.set_up()
    await days.run(NINE)
    await days.daily.set_up(replace(kept, **edit))  # type: ignore[arg-type]
    for hour in range(72):
        await days.run(NINE + HOUR * hour)
    dates = list(await days.dates())
    assert dates == [dates[0] + DAY * each for each in range(len(dates))]
    keys = [each.key for each in await owed(days)]
    assert len(keys) == len(set(keys))


async def test_a_time_that_is_moved_to_one_that_is_over_says_so(days: Days) -> None:
    kept = await days.set_up(at=18 * 60)
    days.now = NINE + HOUR
    await days.daily.set_up(replace(kept, at=9 * 60))
    assert await days.told() == ["26 May moved"]
    assert await days.run(NINE + DAY) == 1


@on_both
async def test_whoever_edits_at_the_moment_at_which_it_is_due_gets_both(days: Days) -> None:
    kept = await days.set_up()
    days.now = NINE
    await days.daily.set_up(replace(kept, at=8 * 60))
    assert await days.told() == ["26 May paper 1"]


@on_both
async def test_a_date_is_skipped_and_that_is_taken_back(days: Days) -> None:
    kept = await days.set_up()
    on = await days.daily.skip(CHANNEL, None, guild_id=GUILD, person_id=PERSON)
    assert on == date(2026, 5, 26)
    assert (await days.daily.next_dates(kept, 1))[0].on == date(2026, 5, 27)
    await days.daily.skip(CHANNEL, date(2026, 5, 28), guild_id=GUILD, person_id=PERSON)
    await days.daily.unskip(CHANNEL, date(2026, 5, 28), guild_id=GUILD)
    assert [await days.run(NINE + DAY * each) for each in range(3)] == [0, 1, 1]
    assert await days.told() == ["26 May asked", "27 May paper 1", "28 May paper 2"]
    with pytest.raises(UserError, match="is over"):
        await days.daily.unskip(CHANNEL, on, guild_id=GUILD)


async def test_a_skip_that_is_taken_back_while_its_date_is_looked_at_leaves_no_hole(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    await days.set_up()
    on = await days.daily.skip(CHANNEL, None, guild_id=GUILD, person_id=PERSON)
    days.now = NINE
    listed = days.storage.list_daily_posts

    async def late(*args: Any, **told: Any) -> list[DailyPost]:
        found = await listed(*args, **told)
        await days.daily.unskip(CHANNEL, on, guild_id=GUILD)
        return found

    monkeypatch.setattr(days.storage, "list_daily_posts", late)
    assert await days.run() == 0
    monkeypatch.undo()
    assert await days.run() == 1
    assert await days.told() == ["26 May paper 1"]


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 5, 25), "Monday 25 May is over"),
        (date(2026, 5, 30), "not one of the days"),
        (date(2027, 5, 28), "too far away"),
        (date(2026, 5, 27), "settled already"),
    ],
)
async def test_a_date_that_cannot_be_skipped_says_why(days: Days, on: date, words: str) -> None:
    await days.set_up(weekdays=frozenset({0, 1, 2, 3, 4}))
    await days.daily.skip(CHANNEL, date(2026, 5, 27), guild_id=GUILD, person_id=PERSON)
    with pytest.raises(UserError, match=words):
        await days.daily.skip(CHANNEL, on, guild_id=GUILD, person_id=PERSON)


async def test_stopped_and_set_up_again_it_explains_the_days_between(days: Days) -> None:
    kept = await days.set_up()
    await days.run(NINE)
    await days.daily.stop(CHANNEL, guild_id=GUILD)
    assert [each.state for each in await owed(days)] == [DeliveryState.DROPPED]
    assert await days.run(NINE + 2 * DAY) == 0
    with pytest.raises(UserError, match="no paper of the day"):
        await days.daily.stop(CHANNEL, guild_id=GUILD)
    words = [each.words for each in await days.records.explained(CHANNEL, guild_id=GUILD, days=3)]
    assert words == ["no paper: it is stopped", "no paper: it is stopped", "not posted, for it was dropped: by hand"]
    days.now = NINE + 3 * DAY - HOUR
    await days.daily.set_up(replace(kept, stopped_at=None))
    assert await days.run(NINE + 3 * DAY) == 1
    assert await days.told() == ["26 May paper 1", "27 May stopped", "28 May stopped", "29 May paper 2"]


async def test_whoever_stops_it_also_stops_what_was_asked_for_and_no_edit_is_lost_by_that(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = await days.set_up()
    picked = await days.daily.choose_now(CHANNEL, guild_id=GUILD)
    assert picked is not None
    await days.daily.post_now(CHANNEL, picked.paper, picked.because, guild_id=GUILD, person_id=PERSON)
    asked, edited = days.storage.get_schedule, []

    async def late(*args: Any, **told: Any) -> Any:
        found = await asked(*args, **told)
        monkeypatch.undo()
        edited.append(await days.daily.set_up(replace(kept, at=60)))
        return found

    monkeypatch.setattr(days.storage, "get_schedule", late)
    stopped = await days.daily.stop(CHANNEL, guild_id=GUILD)
    monkeypatch.undo()
    assert stopped.at == (60 if edited else kept.at)
    assert [each.state for each in await owed(days)] == [DeliveryState.DROPPED]


async def test_where_no_date_is_to_come_none_is_skipped(days: Days) -> None:
    async with days.storage.write() as transaction:
        await transaction.put_schedule(schedule(weekdays=frozenset()))
    with pytest.raises(UserError, match="No date is coming up that could be skipped: see /daily status"):
        await days.daily.skip(CHANNEL, None, guild_id=GUILD, person_id=PERSON)


async def test_one_is_posted_at_once_without_spending_the_dates_own(days: Days) -> None:
    await days.set_up(role_id=5, is_pinned=True)
    picked = await days.daily.choose_now(CHANNEL, guild_id=GUILD)
    assert picked is not None
    await days.daily.post_now(CHANNEL, picked.paper, picked.because, guild_id=GUILD, person_id=PERSON)
    with pytest.raises(UserError, match="already"):
        await days.daily.post_now(CHANNEL, picked.paper, picked.because, guild_id=GUILD, person_id=PERSON)
    assert await days.run(NINE) == 1
    assert [each.key for each in await owed(days)] == [f"daily:{CHANNEL}:2026-05-26:1", f"daily:{CHANNEL}:2026-05-26"]
    page = await days.records.history(CHANNEL, 0, guild_id=GUILD)
    assert [(each.post.number, each.post.origin) for each in page.outcomes if each.post] == [
        (1, Origin.ASKED),
        (0, Origin.PICK),
    ]
    assert [each.words for each in page.outcomes] == ["about to be posted"] * 2


async def test_each_of_the_last_dates_is_explained(days: Days) -> None:
    await days.set_up(weekdays=frozenset({0, 1, 2, 3, 4}))
    await days.run(NINE)
    await days.run(NINE + DAY)
    days.now = NINE + 5 * DAY
    await days.run()
    told = await days.records.explained(CHANNEL, guild_id=GUILD)
    assert len(told) == 14
    assert [each.words.partition(":")[0] for each in told[:7]] == [
        "no paper",
        "no paper",
        "no paper",
        "no paper",
        "about to be posted",
        "about to be posted",
        "it was not set up yet",
    ]
    assert [each.post.skipped for each in told[:4] if each.post] == [
        SkipReason.WEEKDAY,
        SkipReason.WEEKDAY,
        SkipReason.OUTAGE,
        SkipReason.OUTAGE,
    ]
    assert await days.records.explained(CHANNEL, guild_id=GUILD + 1) == []


async def test_a_preview_shows_todays_message_and_keeps_nothing(days: Days) -> None:
    preview = await days.daily.preview(schedule())
    assert preview.post is not None
    assert preview.post.heading == "Paper of the day · Tuesday 26 May"
    assert [each.at for each in preview.dates] == [NINE + DAY * each for each in range(5)]
    assert await days.daily.get(CHANNEL, guild_id=GUILD) is None
