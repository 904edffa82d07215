"""Digests of papers of which nothing can be trusted: each is a message that Discord takes, and quickly made."""

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

from bot.domain.deliveries import DeliveryKind, DeliveryState
from bot.domain.identifiers import page_url
from bot.domain.papers import KnownPaper
from bot.domain.posts import Post, Posted
from bot.services.digests import DigestPage
from cogs._digests import digest_layout
from cogs._posts import post_layout
from cogs._where import Where
from tests.cogs.hostility import hostile_text
from tests.cogs.judging import faults
from tests.cogs.samples import hostile_paper, known
from tests.delivery.owing import owe, owed, settled
from tests.lab import Lab

NINE = datetime(2026, 6, 2, 9, tzinfo=UTC)
HERE = Where(2**62, 2**62)


def papers(random: Random, count: int = 25) -> tuple[KnownPaper, ...]:
    return tuple(known(hostile_paper(random), number=10**17 + each) for each in range(count))


def digests(seed: int) -> Iterator[Post]:
    random = Random(seed)
    while True:
        some = papers(random)
        posted = tuple(
            Posted(each.id, random.choice((None, 1_780_000_000)), random.choice((None, 2**62))) for each in some[:9]
        )
        yield Post(
            heading="25 papers · Tuesday 2 June",
            papers=some,
            because=f"This channel follows: {hostile_text(random, 20)}",
            total=random.choice((25, 10**6)),
            digest="4611686018427387904:2026-06-02",
            posted=random.choice(((), posted)),
        )


def test_hostile_papers_make_digests_that_discord_takes() -> None:
    for _, post in zip(range(25), digests(1), strict=False):
        links = [page_url(each.paper) for each in post.papers]
        links += [f"https://discord.com/channels/{2**62}/{2**62}/{2**62}"]
        assert faults(post_layout(post, "a" * 10, HERE), links=links) == []
        page = DigestPage(papers=post.papers[:10], page=99_999, pages=100_000, total=10**6)
        assert faults(digest_layout(page, post.digest), links=links) == []


async def test_they_are_posted_and_shown_to_whoever_chooses_one(lab: Lab) -> None:
    channel, storage = lab.channel("papers"), lab.app.storage
    post = next(digests(2))
    payload = post.to_json().encode(errors="ignore").decode()  # no half of a pair is ever stored
    key = "digest:1:2026-06-02"
    now = datetime.now(UTC)
    await owe(storage, owed(channel, key, now=now, kind=DeliveryKind.DIGEST, payload=payload))
    await settled(storage, key, DeliveryState.SENT)
    message = await channel.next_message()
    chosen = await lab.person("lin").choose(message, "Show one of them, to you alone", [str(post.papers[7].id)])
    assert "no longer in the library" in chosen.text  # it was never kept
