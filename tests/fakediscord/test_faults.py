"""Faults on request, as discord.py meets them."""

import asyncio

import aiohttp
import discord
import pytest

from bot.fakediscord.interactions import Reply
from bot.fakediscord.people import Person
from bot.fakediscord.server import FakeDiscord
from bot.fakediscord.state import Channel
from tests.fakediscord.api import QUIET, Api, opened_api, waiting
from tests.fakediscord.example_bot import ExampleBot
from tests.fakediscord.test_answers import Clock

SEND = ("POST", "/channels/{channel_id}/messages")
ANSWER = ("POST", "/interactions/{interaction_id}/{interaction_token}/callback")


async def test_discord_py_waits_out_a_limit(example: ExampleBot, fake: FakeDiscord, papers: Channel) -> None:
    fault = fake.faults.next(*SEND, status=429, retry_after=0.01, times=2)
    await example.get_partial_messageable(papers.id).send("at last")
    assert fault.hits == 2
    assert fake.refusals[429] == 2
    assert len(papers.messages) == 1


async def test_a_limit_without_via_looks_like_a_ban(example: ExampleBot, fake: FakeDiscord, papers: Channel) -> None:
    fake.faults.next(*SEND, status=429, has_via=False)
    with pytest.raises(discord.HTTPException) as banned:
        await example.get_partial_messageable(papers.id).send("no")
    assert banned.value.status == 429


@pytest.mark.parametrize(("after_effect", "made"), [(False, 0), (True, 1)])
@pytest.mark.parametrize("cut", [False, True])
async def test_broken_before_or_after_the_effect(
    example: ExampleBot, fake: FakeDiscord, papers: Channel, after_effect: bool, made: int, cut: bool
) -> None:
    fake.faults.next(*SEND, status=None if cut else 503, cut=cut, after_effect=after_effect)
    channel = example.get_partial_messageable(papers.id)
    with pytest.raises((discord.DiscordServerError, aiohttp.ClientError)):
        await channel.send("once", nonce=7)
    assert len(papers.messages) == made
    await channel.send("once", nonce=7)
    assert [each.text for each in papers.messages.values()] == ["once"]


async def test_an_answer_that_was_taken_but_answered_with_an_error(
    fake: FakeDiscord, api: Api, ada: Person, papers: Channel
) -> None:
    asked = waiting(fake, ada, papers)
    fake.faults.next(*ANSWER, status=500, after_effect=True)
    sent = {"content": "a", "allowed_mentions": QUIET}
    assert (await api.answer(asked, Reply.MESSAGE, **sent)).status == 500
    assert (await api.answer(asked, Reply.MESSAGE, **sent)).code == 40060
    assert len(papers.messages) == 1


async def test_a_request_hangs_until_it_is_released(example: ExampleBot, fake: FakeDiscord, papers: Channel) -> None:
    fault = fake.faults.next(*SEND, hang=True, after_effect=True)
    sending = asyncio.create_task(example.get_partial_messageable(papers.id).send("slow"))
    await fault.reached.wait()
    assert len(papers.messages) == 1
    assert not sending.done()
    fault.release()
    assert (await sending).content == "slow"


async def test_a_slow_answer(fake: FakeDiscord, api: Api, papers: Channel) -> None:
    fault = fake.faults.next(*SEND, delay=0.01)
    assert (await api.send(papers, content="a")).status == 200
    assert (await api.send(papers, content="b")).status == 200
    assert fault.hits == 1


async def test_faults_can_be_taken_back(fake: FakeDiscord, api: Api, papers: Channel) -> None:
    fake.faults.next(*SEND, status=500, times=100)
    fake.faults.clear()
    assert (await api.send(papers, content="a")).status == 200
    with pytest.raises(ValueError, match="no route POST /massages"):
        fake.faults.next("POST", "/massages")


async def test_limits_are_kept_when_switched_on() -> None:
    clock = Clock()
    async with FakeDiscord(limits=True, clock=clock) as fake:
        await fake.start()
        guild = fake.add_guild("Reading group")
        papers, other = fake.add_channel(guild, "papers"), fake.add_channel(guild, "other")
        async with opened_api(fake) as api:
            sent = [await api.send(papers, content="a") for _ in range(6)]
            assert [each.status for each in sent] == [200] * 5 + [429]
            assert [each.headers["X-RateLimit-Remaining"] for each in sent] == ["4", "3", "2", "1", "0", "0"]
            assert sent[-1].body == {
                "message": "You are being rate limited.",
                "code": 0,
                "retry_after": 5.0,
                "global": False,
            }
            assert (await api.send(other, content="a")).status == 200
            clock.now += 5
            assert (await api.send(papers, content="a")).status == 200


async def test_the_whole_bot_has_fifty_a_second() -> None:
    clock = Clock()
    async with FakeDiscord(limits=True, clock=clock) as fake:
        await fake.start()
        guild = fake.add_guild("Reading group")
        papers = fake.add_channel(guild, "papers")
        ada = fake.add_person("ada", guild=guild)
        async with opened_api(fake) as api:
            paths = ["/users/@me", "/gateway/bot"] * 25
            assert {(await api("GET", path)).status for path in paths} == {200}
            reply = await api("GET", "/applications/@me")
            assert (reply.status, reply.body["global"]) == (429, True)
            assert reply.headers["X-RateLimit-Global"] == "true"
            asked = waiting(fake, ada, papers)
            answered = await api.answer(asked, Reply.MESSAGE, content="a", allowed_mentions=QUIET)
            assert answered.status == 200
