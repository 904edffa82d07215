"""Topics with papers that wait for a digest that is due, for the fault runs: whoever delivers makes the digests too."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.domain.analysis import prepare
from bot.domain.arranging import HeldBack, HoldReason
from bot.domain.digests import digest_key
from bot.domain.papers import paper_from
from bot.domain.posting import Cadence, Posting
from bot.domain.posts import post_from
from bot.domain.subscriptions import NewSubscription
from bot.errors import OperatorError
from bot.fakediscord.state import Channel
from bot.interfaces import Transaction
from bot.services.digests import Digests
from storage.sql import SqlStorage
from tests.faults.databases import Disturbed
from tests.lab.papers import found_paper

_PAPERS = 9
_AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A topic and which papers wait for its digest, for which of the reasons."""

    query: str
    topic: int = 0
    """Its number, once it has one."""
    began: datetime
    cadence: Cadence
    reason: HoldReason
    papers: tuple[int, ...]

    @property
    def key(self) -> str:
        return digest_key(self.topic, self.began.date())


async def stock(storage: SqlStorage) -> list[int]:
    """Papers for the digests; their numbers."""
    papers = [paper_from(found_paper(title=f"Looms {each}", ids=(f"2606.{each:05}",))) for each in range(_PAPERS)]
    async with storage.write() as transaction:
        put = await transaction.put_papers([prepare(each) for each in papers], now=datetime.now(UTC))
    return [each.paper_id for each in put]


def some_waiting(place: int, papers: Sequence[int], chance: random.Random) -> Waiting:
    """Some of these papers, which wait since an hour ago for a digest that is due this very minute."""
    cadence = chance.choice(list(Cadence))
    held = HoldReason.DIGEST
    if cadence is Cadence.ARRIVAL:
        held = chance.choice([HoldReason.LIMIT, HoldReason.QUIET])
    some = tuple(chance.sample(papers, chance.randint(1, len(papers))))
    return Waiting(query=f"w{place}", began=datetime.now(UTC), cadence=cadence, reason=held, papers=some)


async def hold(transaction: Transaction, told: Waiting, channel: Channel) -> Waiting:
    """Let the channel follow the topic and the papers wait, unless they do or did; with the number of the topic."""
    guild, at = channel.guild.id if channel.guild else 0, told.began
    posting = Posting(cadence=told.cadence, digest_at=60 * at.hour + at.minute, weekday=at.weekday())
    new = NewSubscription(guild_id=guild, channel_id=channel.id, query=told.query, created_by=1, posting=posting)
    kept = await transaction.add_subscription(new, most=1_000_000, now=at)
    assert kept is not None
    await transaction.hold_back(
        [
            HeldBack(
                subscription_id=kept.id,
                paper_id=each,
                guild_id=guild,
                channel_id=channel.id,
                matched_at=at - _AN_HOUR,
                reason=told.reason,
            )
            for each in told.papers
        ]
    )
    return replace(told, topic=kept.id)


async def make_digests(storage: SqlStorage, every: float) -> None:
    """Make what is due, again and again."""
    digests = Digests(storage, lambda: datetime.now(UTC))
    while True:
        try:
            await digests.run_due()
        except OperatorError:  # another process was writing for too long
            continue
        await asyncio.sleep(every)


async def astray(database: Disturbed, waiting: Mapping[str, Waiting]) -> list[str]:
    """Papers that their digest does not bring, or that it brings without saying so."""
    held = await database.fetch("SELECT subscription_id, paper_id, delivery_key FROM held_back")
    made: dict[str, str] = dict(await database.fetch("SELECT key, payload FROM deliveries WHERE kind = 'digest'"))
    keys = {(topic, paper): key for topic, paper, key in held}
    wrong = [f"{key}: never due" for key in made.keys() - waiting.keys()]
    for key, told in waiting.items():
        shown = {each.id for each in post_from(made[key]).papers} if key in made else set()
        brought = {paper for paper in told.papers if keys.get((told.topic, paper)) == key}
        if not shown == brought == {*told.papers}:
            wrong.append(f"{key}: shows {sorted(shown)} and brings {sorted(brought)} of {sorted(told.papers)}")
    return wrong
