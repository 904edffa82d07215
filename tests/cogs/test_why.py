"""/paper why, typed by people: which topics match a paper, which part of the others failed, and what came of it."""

import asyncio
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import insert

from bot.domain.arranging import HeldBack, HoldReason
from bot.domain.deliveries import DeliveryKind, DeliveryState, Trouble, topic_key
from bot.domain.delivery_views import KnownDelivery, RestingChannel
from bot.domain.explaining import Explanation, Failure
from bot.domain.identifiers import ExternalId
from bot.domain.query import Words
from bot.domain.subscriptions import Subscription
from bot.domain.whereabouts import Happened, Upshot
from bot.fakediscord.people import Person
from bot.fakediscord.permissions import Permission
from bot.services.why import PaperStory, TopicStory
from cogs._why import why
from storage.schema import held_back
from storage.sql import SqlStorage
from tests.cogs.following import follow
from tests.cogs.hostility import hostile_text
from tests.cogs.judging import faults, text
from tests.cogs.samples import known, paper
from tests.delivery.owing import settled
from tests.lab import Lab, found_paper

GRAPHS = found_paper(title="Graph Neural Networks at Scale", ids=("2606.00001",))
AT = datetime(2026, 6, 2, 12, tzinfo=UTC)


async def number(lab: Lab) -> int:
    found = await lab.app.storage.find_paper(ExternalId("arxiv", "2606.00001"))
    assert found is not None
    return found.id


def manager(lab: Lab) -> Person:
    return lab.person("ada", manage_channels=True)


async def test_what_a_paper_met_and_where_it_was_posted(lab: Lab) -> None:
    ada, general = manager(lab), lab.channel("general")
    await follow(ada, "graph network", channel=general)
    for query in ("graph neural", "graph -scale", "cat:cs.CL", "looms OR threads"):
        await follow(ada, query)
    await lab.ingest(GRAPHS)
    for topic in (1, 2):
        await settled(lab.app.storage, topic_key(topic, await number(lab)), DeliveryState.SENT)
    message = next(each for each in lab.channel("papers").messages.values() if each.visible_to is None)
    [offered] = await ada.complete("paper why", option="paper", text="graph neu")
    answer = await ada.slash("paper why", paper=offered.value)
    assert answer.private
    assert "2 of 5 topics that you can see match" in answer.text
    here, there = answer.text.split(f"<#{general.id}>")
    assert "- **graph neural** matches: **Graph**, **Neural**. It was posted <t:" in here
    assert f"https://discord.com/channels/{lab.guild.id}/{lab.channel('papers').id}/{message.id}" in here
    assert "does not match: \\-scale: the title holds 'Scale'." in here
    assert "needs cat\\:cs.CL, the paper is in cs.LG." in here
    assert "neither 'looms' nor 'threads'." in here
    assert "- **graph network** matches: **Graph**, **Networks**. It was posted" in there


async def test_a_long_list_is_paged_with_this_channels_topics_first_also_after_a_restart(lab: Lab) -> None:
    ada = manager(lab)
    for number in range(4):
        await follow(ada, f"elsewhere{number}", channel=lab.channel("general"))
    for number in range(4):
        await follow(ada, f"here{number}")
    await lab.import_papers([GRAPHS])
    answer = await ada.slash("paper why", paper="2606.00001")
    assert [answer.text.count(each) for each in ("**here", "**elsewhere")] == [4, 2]
    await lab.restart()
    await ada.press(answer.message, "Next")
    assert [answer.message.text.count(each) for each in ("**here", "**elsewhere")] == [0, 2]
    await ada.press(answer.message, "Previous")
    assert "**here0**" in answer.message.text


async def test_what_came_before_it_was_followed_and_what_never_was_news(lab: Lab) -> None:
    ada = manager(lab)
    await lab.import_papers([GRAPHS])
    await follow(ada, "graph")
    assert "It came before the channel followed this" in (await ada.slash("paper why", paper="2606.00001")).text
    await lab.import_papers([found_paper(title="A Second Graph", ids=("2606.00002",))])
    assert "nothing announced it as new" in (await ada.slash("paper why", paper="2606.00002")).text


async def test_a_topic_that_was_changed_since_keeps_what_it_did(lab: Lab) -> None:
    ada = manager(lab)
    await follow(ada, "graph")
    await lab.ingest(GRAPHS)
    await settled(lab.app.storage, topic_key(1, await number(lab)), DeliveryState.SENT)
    await lab.ingest(found_paper(title="Neural Networks at Scale", ids=("2606.00001",), version=2))
    told = (await ada.slash("paper why", paper="2606.00001")).text
    assert "matched when it came; the paper or the topic has changed since. It was posted" in told


async def test_a_channel_that_is_closed_is_told_with_what_to_grant(lab: Lab) -> None:
    ada, general = manager(lab), lab.channel("general")
    await follow(ada, "graph", channel=general)
    for role in lab.guild.roles.values():
        lab.discord.set_overwrite(general, role, deny=Permission.SEND_MESSAGES)
    await asyncio.sleep(0.1)
    await lab.ingest(GRAPHS)
    async with asyncio.timeout(5):
        while not await lab.app.storage.list_resting(lab.guild.id):
            await asyncio.sleep(0.02)
    assert (
        "It waits: I may not post there: grant Send Messages" in (await ada.slash("paper why", paper="2606.00001")).text
    )


async def test_nothing_of_another_server_or_of_a_hidden_channel_is_shown(lab: Lab) -> None:
    ada, general = manager(lab), lab.channel("general")
    other = lab.discord.add_guild("Elsewhere")
    there = lab.discord.add_channel(other, "elsewhere")
    eve = lab.discord.add_person("eve", guild=other, permissions=Permission.MANAGE_CHANNELS)
    await asyncio.sleep(0.1)
    await follow(ada, "graph", channel=general)
    await follow(eve, "neural", _in=there)
    await lab.ingest(GRAPHS)
    assert "neural" not in (await ada.slash("paper why", paper="2606.00001")).text
    told = (await eve.slash("paper why", _in=there, paper="2606.00001")).text
    assert "The one topic you can see matches" in told
    assert "graph**" not in told
    lin = lab.person("lin")
    lab.discord.set_overwrite(general, lin, deny=Permission.VIEW_CHANNEL)
    await asyncio.sleep(0.1)
    assert "No channel that you can see follows a topic yet." in (await lin.slash("paper why", paper="2606.00001")).text


async def test_where_there_are_no_topics_a_sentence_says_what_to_do(lab: Lab) -> None:
    await lab.import_papers([GRAPHS])
    ada = manager(lab)
    assert "Begin with `/topic follow`" in (await ada.slash("paper why", paper="2606.00001")).text
    told = await ada.slash("paper why", _in=ada.dm, paper="2606.00001")
    assert told.private
    assert "Ask me again in a channel of one" in told.text
    assert "I don't have" in (await ada.slash("paper why", paper="2501.99999")).text


_MESSAGE = KnownDelivery(
    id=1,
    kind=DeliveryKind.TOPIC,
    key="topic:1:7",
    part=0,
    state=DeliveryState.SENT,
    guild_id=10**18,
    channel_id=10**18,
    attempts=1,
    not_before=AT,
    expires_at=AT + timedelta(days=7),
    settled_at=AT,
    message_id=10**18,
    last_error="[x](https://evil.example) @everyone " * 9,
)


def told(query: str, upshot: Upshot, explanation: Explanation, reason: HoldReason = HoldReason.LIMIT) -> TopicStory:
    topic = Subscription(id=1, guild_id=2, channel_id=10**18, query=query, created_at=AT, created_by=4)
    held = HeldBack(
        subscription_id=1,
        paper_id=7,
        guild_id=2,
        channel_id=10**18,
        matched_at=AT,
        reason=reason,
        delivery_key="digest:1:2026-06-02",
    )
    resting = RestingChannel(
        channel_id=3, guild_id=2, trouble=Trouble.FORBIDDEN, missing=("Send Messages",) * 5, since=AT, again_at=AT
    )
    return TopicStory(
        topic=topic,
        explanation=explanation,
        happened=Happened(upshot=upshot, by=_MESSAGE, held=held, resting=resting, due_at=AT),
    )


@pytest.mark.parametrize("upshot", Upshot)
def test_whatever_stands_in_it_a_page_fits_in_a_message(upshot: Upshot) -> None:
    chance = Random(upshot.value)
    for _ in range(10):
        words = [hostile_text(chance) * 9 for _ in range(9)]
        failures = tuple(Failure(part=Words(("x",)), told=each) for each in words)
        stories = [
            told(words[0], upshot, Explanation(words=tuple(words))),
            TopicStory(
                topic=told(words[1], upshot, Explanation()).topic,
                explanation=Explanation(failures=failures),
                happened=None,
            ),
        ] * 3
        shown = why(PaperStory(known=known(paper(title=words[2])), topics=tuple(stories)), page=0)
        found = [
            each for each in faults(shown, links=[_MESSAGE.url, "https://arxiv.org/abs/2207.12598"]) if "<#" not in each
        ]
        assert [each for each in found if not each.startswith("raw: <t:")] == []


def test_what_waits_and_what_a_digest_brought_are_told_with_the_reason() -> None:
    explained = Explanation(words=("Graph",))
    pages = {
        "limit": why(PaperStory(known=known(), topics=(told("graph", Upshot.WAITS, explained),)), page=0),
        "quiet": why(
            PaperStory(known=known(), topics=(told("graph", Upshot.POSTED, explained, HoldReason.QUIET),)), page=0
        ),
        "other": why(PaperStory(known=known(), topics=(told("graph", Upshot.HERE_ALREADY, explained),)), page=0),
    }
    assert f"It waits for the digest of <t:{int(AT.timestamp())}:f>: the day's limit" in text(pages["limit"])
    in_forum = PaperStory(known=known(), topics=(told("graph", Upshot.POSTED, explained),))
    assert f"(https://discord.com/channels/{10**18}/{10**18})" in text(why(in_forum, page=0, forums={10**18}))
    assert ", in a digest: it came in the quiet hours." in text(pages["quiet"])
    assert "This channel gets it through another topic <t:" in text(pages["other"])


async def test_what_was_held_back_is_found_with_what_brings_it(lab: Lab) -> None:
    ada = manager(lab)
    for query in ("graph", "neural", "scale"):
        await follow(ada, query)
    await lab.import_papers([GRAPHS])
    storage = lab.app.storage
    assert isinstance(storage, SqlStorage)
    key = "digest:2:2026-06-02"
    rows = [(HoldReason.DIGEST, None), (HoldReason.LIMIT, key), (HoldReason.PAUSED, None)]
    here: dict[str, object] = {"guild_id": lab.guild.id, "channel_id": lab.channel("papers").id}
    here |= {"paper_id": await number(lab), "matched_at": AT}
    async with storage._database.write() as connection:
        for topic, (reason, bringing) in enumerate(rows, 1):
            row = {"subscription_id": topic, "reason": reason, "delivery_key": bringing}
            await connection.execute(insert(held_back), here | row)
    told = (await ada.slash("paper why", paper="2606.00001")).text
    assert "It waits for the digest of <t:" in told
    assert "the topic posts digests." in told
    assert "The topic was paused when it came" in told
