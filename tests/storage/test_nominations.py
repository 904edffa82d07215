"""Nominations as they are kept: one of a paper and server, in their order, until their paper was chosen."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.domain.daily_messages import daily_post_key
from bot.domain.daily_outcomes import outcome_words
from bot.domain.deliveries import DeliveryKind, DeliveryState, NewDelivery
from bot.domain.nominations import Nomination, NominationState
from bot.domain.schedules import DailyPost, Origin
from bot.interfaces import Storage
from storage.schema import deliveries
from storage.sql import SqlStorage
from tests.storage.shelf import NOW, number, paper, put

HERE, THERE = 1, 2


def nomination(paper_id: int, place: int = 1, **told: object) -> Nomination:
    plain = {"guild_id": HERE, "person_id": 5, "made_at": NOW, "state": NominationState.QUEUED}
    return Nomination(paper_id=paper_id, place=place, **{**plain, **told})  # type: ignore[arg-type]


async def kept(storage: Storage, *some: Nomination) -> list[Nomination]:
    async with storage.write() as transaction:
        return [await transaction.put_nomination(each) for each in some]


async def test_a_nomination_is_kept_whole_and_once_a_paper(storage: Storage) -> None:
    (first,) = await kept(storage, nomination(7))
    decided = replace(first, state=NominationState.REJECTED, decided_by=9, decided_at=NOW)
    assert await kept(storage, decided) == [decided]
    (other,) = await kept(storage, nomination(7, guild_id=THERE))
    assert other.id != first.id
    async with storage.write() as transaction:
        assert await transaction.find_nomination(7, guild_id=HERE) == decided
        assert await transaction.find_nomination(7, guild_id=THERE) == other
        assert await transaction.find_nomination(8, guild_id=THERE) is None


async def test_the_line_is_by_place_and_those_to_be_approved_come_last(storage: Storage) -> None:
    one, two, three, _, elsewhere = await kept(
        storage,
        nomination(1, 2),
        nomination(2, 1),
        nomination(3, 0, state=NominationState.PROPOSED),
        nomination(4, 0, state=NominationState.REMOVED),
        nomination(5, guild_id=THERE),
    )
    assert await storage.list_nominations(guild_id=HERE) == [two, one, three]
    async with storage.write() as transaction:
        await transaction.place_nominations({one.id: 1, two.id: 2, elsewhere.id: 9}, guild_id=HERE)
    assert [each.paper_id for each in await storage.list_nominations(guild_id=HERE)] == [1, 2, 3]
    assert await storage.list_nominations(guild_id=THERE) == [elsewhere]


async def test_what_was_chosen_for_a_day_waits_no_more_in_its_server(storage: Storage) -> None:
    await kept(storage, nomination(1), nomination(1, guild_id=THERE))
    assert await storage.was_chosen(1, guild_id=HERE) is None
    post = DailyPost(
        channel_id=10, on=NOW.date(), guild_id=HERE, planned_at=NOW, paper_id=1, origin=Origin.QUEUE, because="Line."
    )
    async with storage.write() as transaction:
        await transaction.add_daily_posts([post])
    assert await storage.was_chosen(1, guild_id=HERE) == NOW.date()
    assert await storage.list_nominations(guild_id=HERE) == []
    assert len(await storage.list_nominations(guild_id=THERE)) == 1
    assert await storage.was_chosen(1, guild_id=THERE) is None


@pytest.mark.parametrize("asked", [0, 2])
@pytest.mark.parametrize(
    ("state", "attempts", "is_back"),
    [
        (DeliveryState.OWED, 0, False),
        (DeliveryState.HELD, 1, False),
        (DeliveryState.SENT, 1, False),
        (DeliveryState.REJECTED, 1, False),
        (DeliveryState.EXPIRED, 1, True),
        (DeliveryState.DROPPED, 0, True),
        (DeliveryState.DROPPED, 1, False),
    ],
)
async def test_what_was_chosen_and_cannot_have_been_posted_waits_again(
    storage: SqlStorage, state: DeliveryState, attempts: int, asked: int, *, is_back: bool
) -> None:
    (mine,) = await kept(storage, nomination(1))
    post = DailyPost(channel_id=10, on=NOW.date(), guild_id=HERE, planned_at=NOW, paper_id=1, number=asked)
    owed = NewDelivery(
        kind=DeliveryKind.DAILY,
        key=daily_post_key(10, NOW.date(), asked),
        channel_id=10,
        guild_id=HERE,
        payload="{}",
        not_before=NOW,
        expires_at=NOW + timedelta(days=1),
        paper_id=1,
    )
    async with storage.write() as transaction:
        await transaction.add_daily_posts([post])
        await transaction.add_deliveries([owed])
    async with storage._database.write() as connection:
        await connection.execute(update(deliveries).values(state=state, attempts=attempts))
    assert await storage.list_nominations(guild_id=HERE) == ([mine] if is_back else [])
    assert (await storage.was_chosen(1, guild_id=HERE) is None) == is_back
    had = await storage.had_here([1], guild_id=HERE, channel_id=10)
    assert had == {1}, "a channel gets no paper twice by itself, whatever became of the first"
    assert await storage.papers_given(10) == (frozenset() if is_back else {1}), "what it missed can be asked for"
    if state in (DeliveryState.OWED, DeliveryState.HELD):
        return
    async with storage._database.write() as connection:
        await connection.execute(update(deliveries).values(settled_at=NOW))
    assert await storage.forget_old(before=NOW + timedelta(days=1), limit=9) == 1
    assert await storage.list_nominations(guild_id=HERE) == ([mine] if is_back else []), "forgotten, it is as it was"
    assert (await storage.was_chosen(1, guild_id=HERE) is None) == is_back
    (of_date,) = await storage.list_daily_papers(10, guild_id=HERE, limit=9)
    words = outcome_words(of_date, None)
    assert (of_date.number, of_date.paper_id, words.startswith("posted")) == (asked, 1, state is DeliveryState.SENT)
    assert await storage.had_here([1], guild_id=HERE, channel_id=10) == {1}
    assert await storage.papers_given(10) == (frozenset() if is_back else {1})


async def test_nominations_of_papers_that_are_one_become_one(storage: Storage) -> None:
    authors = "Lovelace Babbage Somerville"
    await put(storage, paper("Looms that Weave Graphs", "doi:10.1/one", authors=authors))
    await put(storage, paper("Something Else Entirely", "arxiv:2401.00001", authors=authors))
    one, two = await number(storage, "doi:10.1/one"), await number(storage, "arxiv:2401.00001")
    await kept(storage, nomination(one), nomination(two), nomination(one, guild_id=THERE))
    await put(storage, paper("Looms that Weave Graphs", "doi:10.1/one", "arxiv:2401.00001", authors=authors))
    left = await number(storage, "doi:10.1/one")
    for guild in (HERE, THERE):
        assert [each.paper_id for each in await storage.list_nominations(guild_id=guild)] == [left]
    assert await kept(storage, nomination(one + two - left, 8)) == await storage.list_nominations(guild_id=HERE)
