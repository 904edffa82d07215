"""/status, as people read it: typed to a bot that asks sources and to one that does not, and each state in words."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.domain.deliveries import Trouble
from bot.domain.delivery_views import ChannelStanding, RestingChannel
from bot.domain.ledger import FeedDay, FeedState
from bot.domain.rhythms import Rhythm, next_occasion, occasion_at
from bot.services.ledger import FeedStanding
from cogs._deliveries import delivery_lines
from cogs.status import status_layout
from tests.cogs.judging import faults, text
from tests.lab import Lab, found_paper

NOW = datetime(2031, 6, 3, 12, tzinfo=UTC)
"""A Tuesday, 08:00 in New York."""

TUESDAY = date(2031, 6, 3)
SOON = NOW + timedelta(minutes=20)
FEEDS = [("arxiv_rss", each) for each in ("cs.AI", "cs.CL", "cs.CV", "cs.LG", "stat.ML")] + [("hf_daily", "daily")]


async def keep(lab: Lab, *days: FeedDay) -> None:
    async with lab.app.storage.write() as transaction:
        for each in days:
            await transaction.put_feed_day(each)


async def test_a_bot_that_asks_sources_tells_how_they_stand(lab: Lab) -> None:
    lab.now = NOW
    fresh = [
        FeedDay(source=source, feed=feed, day=TUESDAY, state=FeedState.FRESH, received=100, new=30, attempts=1)
        for source, feed in FEEDS
    ]
    stale = replace(fresh[3], state=FeedState.STALE, next_at=SOON)
    await keep(lab, *fresh[:3], stale, *fresh[4:])
    await lab.import_papers([found_paper(title="One")])
    await lab.stop()
    await lab.start(asks_sources=True)
    answer = await lab.person("ada").slash("status")
    assert answer.private
    told = answer.text.splitlines()
    assert told[:3] == [
        "### How papers arrive",
        "**arXiv** cs.AI, cs.CL, cs.CV, stat.ML: today's batch is in: 400 entries, 120 new.",
        "**Hugging Face** daily: today's list is in: 100 entries, 30 new.",
    ]
    due = int(NOW.replace(hour=4).timestamp())
    assert told[3:] == [
        "### Needs attention",
        f"**arXiv** cs.LG: still shows an earlier batch, though one was due <t:{due}:t>; "
        f"asking again at <t:{int(SOON.timestamp())}:t>.",
        f"### <#{lab.channel('papers').id}>",
        "It follows nothing yet: `/topic follow`.",
        "-# 1 paper kept.",
    ]


async def test_days_that_never_came_are_told(lab: Lab) -> None:
    lab.now = NOW
    five = ("cs.AI", "cs.CL", "cs.CV", "cs.LG", "stat.ML")
    days = [
        FeedDay(source="arxiv_rss", feed=each, day=day, state=FeedState.FRESH, received=9, new=9, attempts=1)
        for each in five
        for day in (date(2031, 5, 30), TUESDAY)
    ]
    await keep(lab, *days)
    await lab.stop()
    await lab.start(asks_sources=True)
    answer = await lab.person("ada").slash("status")
    assert "-# Never came: arXiv cs.AI, cs.CL, cs.CV, cs.LG, stat.ML (Mon 2 June)." in answer.text


async def test_a_bot_that_asks_nobody_says_so_and_what_another_would_ask(lab: Lab) -> None:
    answer = await lab.person("ada").slash("status")
    assert answer.private
    assert (
        "Here no source is asked by itself: try `/search` and `/topic follow` with the papers there are." in answer.text
    )
    assert "arXiv (cs.AI, cs.CL, cs.CV, cs.LG, stat.ML); Hugging Face (daily)" in answer.text
    assert "-# 0 papers kept." in answer.text


async def test_papers_that_arrive_can_be_found(lab: Lab) -> None:
    await lab.ingest(found_paper(title="Graph Neural Networks at Scale", ids=("2606.00001",)))
    answer = await lab.person("ada").slash("paper show", paper="2606.00001")
    assert "Graph Neural Networks at Scale" in answer.text


def stands(
    feed: str = "cs.AI",
    label: str = "arXiv",
    rhythm: Rhythm = Rhythm.ARXIV_FEED,
    missed: tuple[date, ...] = (),
    **told: Any,
) -> FeedStanding:
    occasion = occasion_at(rhythm, NOW)
    plain: dict[str, Any] = {"source": "x", "feed": feed, "day": occasion.day, "state": FeedState.BROKEN}
    today = FeedDay(**(plain | told)) if told else None
    return FeedStanding(
        source="x",
        feed=feed,
        label=label,
        name=f"{label} {feed}",
        rhythm=rhythm,
        occasion=occasion,
        following=next_occasion(rhythm, occasion),
        today=today,
        days=(today,) if today else (),
        missed=missed,
        fill_from=None,
    )


def shown(*standings: FeedStanding, is_live: bool = True) -> str:
    layout = status_layout(standings, 3, NOW, is_live=is_live)
    assert faults(layout) == []
    return text(layout)


def test_what_a_server_wrote_means_nothing() -> None:
    error = "arXiv refused the query: @everyone [click](https://evil.example) <t:1:R> \ue0027\ue003 \ue0020."
    told = shown(stands(feed="**x** <@1>", last_error=error, next_at=SOON))
    assert "@everyone" not in told
    assert "](https" not in told
    assert "\\<t\\:1" in told
    assert "\\*\\*x" in told
    assert "\ue002" not in told


def test_many_feeds_fit_into_one_message() -> None:
    feeds = {f"feed {number}": "x" * 60 for number in range(60)}
    many = [
        stands(
            feed=f"{name} {address}",
            label="Feed",
            rhythm=Rhythm.STEADY,
            missed=tuple(date(2031, 5, 1 + day) for day in range(number % 8)),
            last_error=f"{name} {'y' * 400}.",
        )
        for number, (name, address) in enumerate(feeds.items())
    ]
    told = shown(*many, *[replace(each, label=f"L{number}", today=None) for number, each in enumerate(many)])
    assert "and 53 more feeds; `paperboy sources` tells of them all" in told
    assert "-# Never came: Feed feed 1 xx" in told
    assert "; and of " in told
    assert len(told) < 4_000


def test_what_is_told_of_posts_finds_room_below_the_longest_lists() -> None:
    feeds = [stands(feed=f"{number} {'x' * 200}", label=f"L{number}", last_error="y" * 400) for number in range(60)]
    rest = [
        RestingChannel(
            channel_id=10**18 + each, guild_id=1, trouble=Trouble.FORBIDDEN, missing=("Send Messages in Threads",) * 3,
            since=NOW, again_at=NOW,
        )
        for each in range(9)
    ]  # fmt: skip
    standing = ChannelStanding(last=None, next_at=NOW, owed=20_000, held=3)
    here = delivery_lines(standing, 25, rest, 10**18, NOW)
    layout = status_layout([*feeds, *(replace(each, today=None) for each in feeds)], 3, NOW, is_live=True, here=here)
    assert len(text(layout)) < 4_000
    assert "and 6 more channels in which I may not post" in text(layout)
    assert "3 messages are held" in text(layout)


def test_without_any_source_it_says_where_to_name_one() -> None:
    assert "No source is set up." in shown()


def test_feeds_that_were_not_asked_yet_say_when_they_are() -> None:
    assert "cs.AI, cs.CL: not asked yet; a running bot asks from <t:" in shown(stands("cs.AI"), stands("cs.CL"))
