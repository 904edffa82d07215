"""Digests, from papers that are held back to the one message with all of them."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.deliveries import DeliveryKind, DeliveryState
from bot.domain.papers import FoundPaper
from bot.domain.posting import Cadence, Posting
from bot.domain.subscriptions import NewSubscription, Subscription
from bot.fakediscord.permissions import Permission
from bot.fakediscord.state import Channel
from bot.services.digests import Digests
from tests.delivery.owing import settled
from tests.lab import Lab, found_paper

MORNING = datetime(2031, 5, 5, 7, 0, tzinfo=UTC)
NINE = MORNING.replace(hour=9)
DAY = timedelta(days=1)


def graphs(*numbers: int) -> list[FoundPaper]:
    return [found_paper(title=f"Graph Paper {each}", ids=(f"2606.{each:05}",)) for each in numbers]


async def follow(lab: Lab, query: str = "graph", channel: Channel | None = None, **chosen: object) -> Subscription:
    place = channel or lab.channel("papers")
    posting = Posting(**{"cadence": Cadence.DAILY, **chosen})  # type: ignore[arg-type]
    new = NewSubscription(
        guild_id=lab.guild.id, channel_id=place.id, query=query, created_by=lab.discord.bot.id, posting=posting
    )
    async with lab.app.storage.write() as transaction:
        made = await transaction.add_subscription(new, most=25, now=MORNING)
    assert made is not None
    return made


async def made(lab: Lab, at: datetime) -> int:
    """How many digests are made at this time."""
    lab.now = at
    return await Digests(lab.app.storage, lambda: at).run_due()


async def keys(lab: Lab) -> list[str]:
    found = await lab.app.storage.list_deliveries(list(DeliveryState), limit=99)
    return sorted(each.key for each in found if each.kind is DeliveryKind.DIGEST)


async def test_a_digest_brings_what_waited_in_one_message_once(lab: Lab) -> None:
    topic, papers, lin = await follow(lab), lab.channel("papers"), lab.person("lin")
    lab.now = MORNING
    await lab.ingest(*graphs(1, 2, 3))
    assert await made(lab, NINE - timedelta(seconds=1)) == 0
    assert await made(lab, NINE) == 1
    message = await papers.next_message()
    assert "3 papers · Monday 5 May" in message.text
    for number in (1, 2, 3):
        assert f"{number}\\. Graph Paper" in message.text.replace("[", "")
    assert await made(lab, NINE + timedelta(hours=3)) == 0
    assert await keys(lab) == [f"digest:{topic.id}:2031-05-05"]
    shown = await lin.choose(message, "Show one of them, to you alone", ["Graph Paper 2"])
    assert shown.private
    assert "Graph Paper 2" in shown.text
    await asyncio.sleep(0.1)
    assert len([each for each in papers.messages.values() if each.visible_to is None]) == 1


async def test_status_says_when_the_next_digest_comes_and_what_waits_for_it(lab: Lab) -> None:
    await follow(lab)
    lab.now = MORNING
    await lab.ingest(*graphs(1, 2))
    told = (await lab.person("lin").slash("status", _in=lab.channel("papers"))).text
    assert f"Next digest <t:{int(NINE.timestamp())}:R>: 2 papers wait for it." in told


async def test_where_nothing_waits_there_is_no_message(lab: Lab) -> None:
    await follow(lab)
    assert [await made(lab, NINE + DAY * each) for each in range(3)] == [0, 0, 0]


async def test_missed_digests_are_made_up_for_in_one(lab: Lab) -> None:
    topic = await follow(lab)
    lab.now = MORNING
    await lab.ingest(*graphs(1))
    lab.now = MORNING + DAY
    await lab.ingest(*graphs(2))
    assert await made(lab, NINE + 4 * DAY + timedelta(hours=5)) == 1
    assert await keys(lab) == [f"digest:{topic.id}:2031-05-09"]


async def test_a_date_has_one_digest_even_where_its_time_is_changed(lab: Lab) -> None:
    topic = await follow(lab)
    lab.now = MORNING
    await lab.ingest(*graphs(1))
    assert await made(lab, NINE) == 1
    await settled(lab.app.storage, (await keys(lab))[0], DeliveryState.SENT)
    async with lab.app.storage.write() as transaction:
        await transaction.change_subscription(replace(topic, posting=replace(topic.posting, digest_at=15 * 60)))
    lab.now = NINE + timedelta(hours=1)
    await lab.ingest(*graphs(2))
    assert await made(lab, NINE + timedelta(hours=7)) == 0
    assert await made(lab, NINE + timedelta(hours=31)) == 1
    assert len(await keys(lab)) == 2


async def test_many_at_once_make_one(lab: Lab) -> None:
    await follow(lab)
    lab.now = MORNING
    await lab.ingest(*graphs(1, 2))
    several = [Digests(lab.app.storage, lambda: NINE) for _ in range(4)]
    assert sum(await asyncio.gather(*(each.run_due() for each in several))) == 1


@pytest.mark.parametrize(
    "chosen",
    [
        {"cadence": Cadence.ARRIVAL, "most_per_day": 1},
        {"cadence": Cadence.ARRIVAL, "quiet_from": 6 * 60, "quiet_until": 8 * 60},
    ],
)
async def test_what_the_limit_or_quiet_hours_hold_back_comes_in_a_digest(lab: Lab, chosen: dict[str, Any]) -> None:
    await follow(lab, **chosen)
    lab.now = MORNING
    await lab.ingest(*graphs(1, 2, 3))
    await made(lab, NINE)
    count = 2 if "most_per_day" in chosen else 3
    papers = lab.channel("papers")
    message = await papers.next_message()
    if count == 2:
        assert "New paper" in message.text
        message = await papers.next_message(timeout=10)
    assert f"{count} more papers · Monday 5 May" in message.text


async def test_a_paper_that_was_posted_there_is_linked_and_each_digest_of_a_channel_knows_the_others(lab: Lab) -> None:
    first = await follow(lab, "graph")
    await follow(lab, "paper graph")
    lab.now = MORNING
    await lab.ingest(*graphs(1, 2))
    assert await made(lab, NINE) == 1
    papers = lab.channel("papers")
    one = await papers.next_message()
    await settled(lab.app.storage, f"digest:{first.id}:2031-05-05", DeliveryState.SENT)
    assert await made(lab, NINE + timedelta(minutes=1)) == 1
    other = await papers.next_message(timeout=10)
    assert "posted" not in one.text
    assert other.text.count(f"/{papers.id}/{one.id}) <t:") == 2


async def test_a_paper_of_a_topic_that_was_given_up_is_linked_all_the_same(lab: Lab) -> None:
    given_up, general = await follow(lab, cadence=Cadence.ARRIVAL), lab.channel("general")
    moved, storage = await follow(lab, channel=general), lab.app.storage
    lab.now = MORNING
    await lab.ingest(*graphs(1))
    message = await lab.channel("papers").next_message()
    (owed,) = await storage.list_deliveries(list(DeliveryState), limit=9)
    await settled(storage, owed.key, DeliveryState.SENT)
    async with storage.write() as transaction:
        assert await transaction.remove_subscription(given_up.id, guild_id=lab.guild.id)
        await transaction.change_subscription(replace(moved, channel_id=lab.channel("papers").id))
    assert await made(lab, NINE) == 1
    assert f"{message.id}" in (await lab.channel("papers").next_message(timeout=10)).text
    shown = await lab.person("lin").slash("paper show", paper="2606.00001")
    assert "[posted](" in shown.text


async def test_what_does_not_fit_is_counted_and_can_be_seen(lab: Lab) -> None:
    topic = await follow(lab)
    lab.now = MORNING
    await lab.ingest(*[replace(each, title=f"{each.title} {'on looms ' * 20}") for each in graphs(*range(1, 41))])
    await made(lab, NINE)
    message = await lab.channel("papers").next_message()
    assert "40 papers" in message.text
    shown = len([each for each in message.text.splitlines() if "Graph Paper" in each])
    assert f"and {40 - shown} more" in message.text
    lin = lab.person("lin")
    page = await lin.press(message, "All 40 papers")
    assert page.private
    assert "1–10" in page.text
    for _ in range(3):
        page = await lin.press(page.message, "More")
    assert "31–40" in page.text
    last = (await lab.app.storage.list_brought(topic.id, f"digest:{topic.id}:2031-05-05", guild_id=lab.guild.id))[-1]
    chosen = await lin.choose(page.message, "Show one of them, to you alone", [str(last)])
    assert "Graph Paper 40" in chosen.text


async def test_a_paused_topic_has_none_until_it_is_resumed(lab: Lab) -> None:
    topic = await follow(lab)
    lab.now = MORNING
    await lab.ingest(*graphs(1))
    async with lab.app.storage.write() as transaction:
        await transaction.change_subscription(replace(topic, paused_at=MORNING))
    assert await made(lab, NINE) == 0
    async with lab.app.storage.write() as transaction:
        await transaction.change_subscription(topic)
    assert await made(lab, NINE + DAY) == 1


async def test_a_zone_that_is_no_more_stops_neither_its_topic_nor_others(lab: Lab) -> None:
    await follow(lab, zone="Atlantis/Poseidonis")
    await follow(
        lab, channel=lab.channel("general"), cadence=Cadence.ARRIVAL, zone="../UTC", quiet_from=1, quiet_until=9
    )
    lab.now = MORNING
    await lab.ingest(*graphs(1))
    assert await made(lab, NINE) == 1
    for name in ("papers", "general"):
        assert "Graph Paper 1" in (await lab.channel(name).next_message()).text


async def test_a_topic_that_is_given_up_or_moved_while_digests_are_made_gets_none(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic, storage = await follow(lab), lab.app.storage
    lab.now = MORNING
    await lab.ingest(*graphs(1))
    listed = storage.list_topics_waiting

    async def late() -> list[Subscription]:
        found = await listed()
        async with storage.write() as transaction:
            await transaction.change_subscription(replace(topic, channel_id=lab.channel("general").id))
        return found

    monkeypatch.setattr(storage, "list_topics_waiting", late)
    assert await made(lab, NINE) == 0
    monkeypatch.undo()
    assert await made(lab, NINE) == 1
    assert "Graph Paper 1" in (await lab.channel("general").next_message()).text


async def test_another_servers_digest_is_never_shown(lab: Lab) -> None:
    topic = await follow(lab)
    lab.now = MORNING
    await lab.ingest(*graphs(1))
    await made(lab, NINE)
    digests = lab.app.services.digests
    assert (await digests.page(topic.id, NINE.date(), 0, guild_id=lab.guild.id)).total == 1
    with pytest.raises(Exception, match="not known any more"):
        await digests.page(topic.id, NINE.date(), 0, guild_id=lab.guild.id + 1)


async def test_a_channel_that_was_closed_for_days_finds_no_wall_when_it_opens(lab: Lab) -> None:
    papers = lab.channel("papers")
    await follow(lab, cadence=Cadence.ARRIVAL, most_per_day=2)
    bots = next(each for each in lab.guild.roles.values() if each.managed)
    lab.discord.set_overwrite(papers, bots, deny=Permission.SEND_MESSAGES)
    await asyncio.sleep(0.1)
    for day in range(4):
        lab.now = MORNING + day * DAY
        await lab.ingest(*graphs(*range(10 * day, 10 * day + 5)))
        await made(lab, NINE + day * DAY)
    owed = await lab.app.storage.list_deliveries([DeliveryState.OWED], limit=99)
    assert sorted(each.kind for each in owed) == [DeliveryKind.DIGEST, DeliveryKind.TOPIC, DeliveryKind.TOPIC]
    lab.discord.set_overwrite(papers, bots)
    lab.now = NINE + 3 * DAY + timedelta(hours=2)
    for each in owed:
        await settled(lab.app.storage, each.key, DeliveryState.SENT)
    assert await made(lab, lab.now) == 1
    last = (await settled(lab.app.storage, (await keys(lab))[-1], DeliveryState.SENT)).message_id
    assert last is not None
    assert "15 more papers" in papers.messages[last].text
    assert len(papers.messages) == 4
