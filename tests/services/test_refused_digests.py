"""Digests that Discord refuses, and those with more papers than one commit takes: nothing is lost, nothing loops."""

from datetime import timedelta

import pytest

from bot.domain.deliveries import DeliveryState
from bot.services.digests import Digests
from tests.delivery.owing import known, settled
from tests.lab import Lab
from tests.services.test_digests import DAY, MORNING, NINE, follow, graphs, keys, made

CREATE = ("POST", "/channels/{channel_id}/messages")
REJECTED, SENT = DeliveryState.REJECTED, DeliveryState.SENT


def key(on: str) -> str:
    return f"digest:1:2031-05-{on}"


async def refused(lab: Lab, on: int) -> None:
    """Let the digest of this day be made, and refused."""
    lab.discord.faults.next(*CREATE, status=400, code=50035)
    assert await made(lab, NINE + on * DAY) == 1
    await settled(lab.app.storage, key(f"{5 + on:02}"), REJECTED)


async def why(lab: Lab, number: int) -> str:
    return (await lab.person("lin").slash("paper why", paper=f"2606.{number:05}", _in=lab.channel("papers"))).text


async def test_what_a_refused_digest_held_comes_with_the_next_but_not_with_a_third(lab: Lab) -> None:
    topic = await follow(lab)
    lab.now = MORNING
    await lab.ingest(*graphs(1, 2))
    await refused(lab, 0)
    assert await made(lab, NINE + timedelta(minutes=1)) == 0
    told = await why(lab, 1)
    assert f"It waits for the digest of <t:{int((NINE + DAY).timestamp())}:f>" in told
    assert "Discord refused the last one: Discord refuses it with 50035" in told
    await lab.ingest(*graphs(3))
    await refused(lab, 1)
    assert "Discord refused it in two digests: Discord refuses it with 50035" in await why(lab, 1)
    assert "It waits for the digest" in await why(lab, 3)
    assert await made(lab, NINE + 2 * DAY) == 1
    message = await lab.channel("papers").next_message()
    assert "1 paper ·" in message.text
    assert "Graph Paper 3" in message.text
    await settled(lab.app.storage, key("07"), SENT)
    assert await made(lab, NINE + 3 * DAY) == 0
    assert "It was posted" in await why(lab, 3)
    assert [await brought(lab, topic.id, each) for each in ("05", "06", "07")] == [0, 2, 1]


async def brought(lab: Lab, topic: int, on: str) -> int:
    return len(await lab.app.storage.list_brought(topic, key(on), guild_id=lab.guild.id))


async def test_a_refused_digest_that_is_sent_by_hand_brings_its_papers_again(lab: Lab) -> None:
    topic = await follow(lab)
    lab.now = MORNING
    await lab.ingest(*graphs(1, 2))
    await refused(lab, 0)
    assert await brought(lab, topic.id, "05") == 0
    storage = lab.app.storage
    assert await storage.retry_deliveries([(await known(storage, key("05"))).id], now=NINE) == 1
    await settled(storage, key("05"), SENT)
    assert await brought(lab, topic.id, "05") == 2
    assert await made(lab, NINE + DAY) == 0


async def test_a_digest_of_very_many_papers_takes_several_commits_and_a_kill_between_loses_none(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.digests.MOST_AT_ONCE", 3)
    topic = await follow(lab)
    lab.now = MORNING
    await lab.ingest(*graphs(*range(1, 9)))
    assert await made(lab, NINE) == 1
    assert "8 papers" in (await lab.channel("papers").next_message()).text
    assert await brought(lab, topic.id, "05") == 8
    await settled(lab.app.storage, key("05"), SENT)
    await lab.ingest(*graphs(*range(11, 19)))

    async def killed(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(Digests, "_bring_rest", killed)
        with pytest.raises(ZeroDivisionError):
            await made(lab, NINE + DAY)
    assert await made(lab, NINE + DAY + timedelta(minutes=1)) == 0
    await settled(lab.app.storage, key("06"), SENT)
    assert await made(lab, NINE + 2 * DAY) == 1
    assert [await brought(lab, topic.id, each) for each in ("05", "06", "07")] == [8, 3, 5]
    assert await keys(lab) == [key("05"), key("06"), key("07")]
    listed = [await lab.app.storage.list_brought(topic.id, key(each), guild_id=lab.guild.id) for each in ("06", "07")]
    assert len({number for some in listed for number in some}) == 8
