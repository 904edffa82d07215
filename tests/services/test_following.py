"""What is owed and held back when papers come in: by limits, digests, pauses and quiet hours, and through one topic."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain.analysis import prepare
from bot.domain.arranging import HoldReason
from bot.domain.deliveries import DeliveryState, Timing
from bot.domain.papers import Paper
from bot.domain.posting import Cadence, Posting
from bot.domain.posts import post_from
from bot.domain.subscriptions import NewSubscription, Subscription
from bot.interfaces import Storage
from bot.services.digests import Digests
from bot.services.following import Following
from tests.storage.kinds import on_both
from tests.storage.owing import owed as owed_now
from tests.storage.shelf import NOW, paper

GRAPHS = [paper(f"Weaving graphs, part {number}", f"arxiv:2606.0000{number}") for number in range(1, 8)]


async def follow(storage: Storage, query: str, *, channel: int = 2, posting: Posting | None = None) -> Subscription:
    new = NewSubscription(
        guild_id=1, channel_id=channel, query=query, created_by=3, posting=posting or Posting(most_per_day=50)
    )
    async with storage.write() as transaction:
        kept = await transaction.add_subscription(new, most=25, now=NOW)
    assert kept is not None
    return kept


async def arrive(storage: Storage, following: Following, papers: Sequence[Paper], *, hours: int = 0) -> int:
    now = NOW + timedelta(hours=hours)
    prepared = [prepare(each) for each in papers]
    matched = await following.match(prepared, now=now)
    async with storage.write() as transaction:
        put = await transaction.put_papers(prepared, now=now)
        numbers = [each.paper_id for each in put]
        return await following.owe(transaction, matched, prepared, numbers, new=set(numbers), now=now)


async def owed(storage: Storage) -> list[str]:
    return [each.key for each in await storage.list_deliveries([DeliveryState.OWED], limit=100)]


async def test_the_limit_of_a_day_holds_back_the_rest_until_the_next_day(storage: Storage) -> None:
    following = Following(storage)
    topic = await follow(storage, "graphs", posting=Posting(most_per_day=2))
    assert await arrive(storage, following, GRAPHS[:1]) == 1
    assert await arrive(storage, following, GRAPHS[1:4]) == 1
    waiting = await storage.list_waiting(topic.id, until=NOW + timedelta(days=1))
    assert [each.reason for each in waiting] == [HoldReason.LIMIT] * 2
    assert await storage.list_topics_waiting() == [topic]
    numbers = [each.id for each in await storage.list_deliveries([DeliveryState.OWED], limit=100)]
    await storage.end_deliveries(numbers, DeliveryState.SENT, now=NOW)
    assert await arrive(storage, following, GRAPHS[4:], hours=24) == 2
    async with storage.write() as transaction:
        await transaction.bring_held_back(topic.id, [each.paper_id for each in waiting], key="digest:1:2026-06-02")
    assert len(await storage.list_waiting(topic.id, until=NOW + timedelta(days=2))) == 1


async def test_a_digest_a_pause_and_quiet_hours_hold_everything_back(storage: Storage) -> None:
    following = Following(storage)
    daily = await follow(storage, "graphs", posting=Posting(cadence=Cadence.DAILY))
    quiet = await follow(storage, "weaving", channel=3, posting=Posting(quiet_from=0, quiet_until=1439))
    paused = await follow(storage, "part", channel=4)
    async with storage.write() as transaction:
        assert await transaction.change_subscription(replace(paused, paused_at=NOW))
    assert await arrive(storage, following, GRAPHS[:1]) == 0
    later = NOW + timedelta(days=1)
    for topic, reasons in ((daily, [HoldReason.DIGEST]), (quiet, [HoldReason.QUIET]), (paused, [])):
        assert [each.reason for each in await storage.list_waiting(topic.id, until=later)] == reasons
    async with storage.write() as transaction:
        assert await transaction.change_subscription(replace(paused, paused_at=None))
    assert await arrive(storage, following, GRAPHS[1:2]) == 1


@on_both
async def test_one_channel_gets_a_paper_once_and_is_told_of_each_topic(storage: Storage) -> None:
    following = Following(storage)
    first = await follow(storage, "graphs")
    await follow(storage, "weaving")
    other = await follow(storage, "weaving", channel=3)
    assert await arrive(storage, following, GRAPHS[:1]) == 2
    assert {each.split(":")[1] for each in await owed(storage)} == {str(first.id), str(other.id)}
    posts = [post_from(each.payload) for each in await storage.claim_deliveries(now=NOW, timing=Timing(), limit=9)]
    told = {(each.because, each.words) for each in posts}
    assert told == {
        ("This channel follows: graphs · weaving", ("graphs", "Weaving")),
        ("This channel follows: weaving", ("Weaving",)),
    }
    assert await storage.list_topics_waiting() == []


async def test_a_channel_that_had_a_paper_before_it_was_announced_gets_it_no_more(storage: Storage) -> None:
    following = Following(storage)
    prepared = [prepare(each) for each in GRAPHS[:2]]
    async with storage.write() as transaction:
        numbers = [each.paper_id for each in await transaction.put_papers(prepared, now=NOW)]
        days = [
            owed_now(f"daily:2:2026-06-0{each}", channel=2, guild=1, paper_id=number)
            for each, number in enumerate(numbers, 1)
        ]
        await transaction.add_deliveries(days)
    (last,) = await storage.list_deliveries([DeliveryState.OWED], limit=1)
    await storage.end_deliveries([last.id], DeliveryState.DROPPED, now=NOW)
    topic = await follow(storage, "graphs")
    await follow(storage, "weaving", channel=3)
    assert await arrive(storage, following, GRAPHS[:2]) == 3
    found = await storage.whereabouts(numbers[0], guild_id=1, topics=[topic.id])
    assert (found.held[topic.id].reason, found.held[topic.id].delivery_key) == (HoldReason.HERE_ALREADY, days[0].key)
    assert await arrive(storage, following, GRAPHS[:2]) == 0
    assert not (await storage.whereabouts(numbers[1], guild_id=1, topics=[topic.id])).held


async def test_what_changes_between_two_batches_counts_at_once_for_every_process(storage: Storage) -> None:
    one, another = Following(storage), Following(storage)
    assert await arrive(storage, one, GRAPHS[:1]) == await arrive(storage, another, GRAPHS[1:2]) == 0
    topic = await follow(storage, "graphs")
    assert await arrive(storage, one, GRAPHS[2:3]) == await arrive(storage, another, GRAPHS[3:4]) == 1
    async with storage.write() as transaction:
        assert await transaction.remove_subscription(topic.id, guild_id=1)
    assert await arrive(storage, another, GRAPHS[4:5]) == await arrive(storage, one, GRAPHS[5:6]) == 0


async def test_a_topic_that_is_followed_while_papers_are_matched_counts(storage: Storage) -> None:
    following = Following(storage)
    prepared = [prepare(GRAPHS[0])]
    matched = await following.match(prepared, now=NOW)
    topic = await follow(storage, "graphs", posting=Posting(role_id=77, is_silent=False, has_threads=True))
    async with storage.write() as transaction:
        (put,) = await transaction.put_papers(prepared, now=NOW)
        assert await following.owe(transaction, matched, prepared, [put.paper_id], new={put.paper_id}, now=NOW) == 1
    (claim,) = await storage.claim_deliveries(now=NOW, timing=Timing(), limit=9)
    post = post_from(claim.payload)
    assert claim.key == f"topic:{topic.id}:{put.paper_id}"
    assert (post.role_id, post.silent, post.thread) == (77, False, GRAPHS[0].title)


async def test_what_is_given_up_is_not_posted_afterwards_and_what_others_wait_for_is(storage: Storage) -> None:
    following = Following(storage)
    one, other = await follow(storage, "graphs"), await follow(storage, "weaving", channel=3)
    beside = await follow(storage, "part")
    await follow(storage, "weaving part", channel=3)
    await arrive(storage, following, GRAPHS[:3])
    assert len(await owed(storage)) == 6
    tried = (await storage.claim_deliveries(now=NOW, timing=Timing(), limit=1))[0]
    async with storage.write() as transaction:
        assert await transaction.drop_owed(one.id, now=NOW) == 0, "another topic left them to it"
        await transaction.remove_subscription(beside.id, guild_id=1)
        assert await transaction.drop_owed(beside.id, now=NOW) == 0
    alone = await follow(storage, "graphs", channel=4)
    await arrive(storage, following, GRAPHS[3:5])
    async with storage.write() as transaction:
        assert await transaction.drop_owed(alone.id, now=NOW) == 2
    assert {each.split(":")[1] for each in await owed(storage)} == {str(one.id), str(other.id)}
    assert tried.key in await owed(storage)


async def test_what_a_dropped_digest_was_to_bring_waits_again(storage: Storage) -> None:
    following = Following(storage)
    topic = await follow(storage, "graphs", posting=Posting(cadence=Cadence.DAILY))
    await arrive(storage, following, GRAPHS[:2])
    later = NOW + timedelta(days=1)
    assert await Digests(storage, lambda: later).run_due() == 1
    assert await storage.list_topics_waiting() == []
    async with storage.write() as transaction:
        assert await transaction.drop_owed(topic.id, now=later) == 1
    assert await owed(storage) == []
    assert len(await storage.list_waiting(topic.id, until=later)) == 2
    assert await Digests(storage, lambda: later + timedelta(days=1)).run_due() == 1
