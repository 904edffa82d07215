"""What is owed is posted: with its card, its marker, its one ping and its thread, and recorded."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.domain.deliveries import DeliveryState
from bot.domain.posts import Posted
from bot.domain.quiet_hours import QuietHours
from bot.fakediscord.state import SUPPRESS_NOTIFICATIONS
from tests.delivery.owing import known, owe, owed, post, settled
from tests.lab import Lab

SENT = DeliveryState.SENT


async def test_a_message_that_is_owed_is_posted_silently_and_recorded(lab: Lab) -> None:
    papers = lab.channel("papers")
    await owe(lab.app.storage, owed(papers, "a", now=datetime.now(UTC)))
    message = await papers.next_message()
    assert message.text.splitlines()[:2] == ["**New paper**", "### Paper 1"]
    assert "-# This channel follows: graphs" in message.text
    assert message.flags & SUPPRESS_NOTIFICATIONS
    done = await settled(lab.app.storage, "a", SENT)
    assert (done.message_id, done.attempts) == (message.id, 1)


async def test_its_buttons_answer_whoever_presses_them(lab: Lab) -> None:
    papers, ada = lab.channel("papers"), lab.person("ada")
    await owe(lab.app.storage, owed(papers, "a", now=datetime.now(UTC)))
    message = await papers.next_message()
    answer = await ada.press(message, "Cite")
    assert answer.private


async def test_several_papers_stand_in_one_message(lab: Lab) -> None:
    papers = lab.channel("papers")
    several = post(papers=tuple(post(each).papers[0] for each in range(1, 8)), words=("graphs",), total=9)
    await owe(lab.app.storage, owed(papers, "a", now=datetime.now(UTC), payload=several.to_json()))
    message = await papers.next_message()
    assert "7\\. Paper 7" in message.text
    assert "and 2 more" in message.text


async def test_what_the_channel_got_before_is_linked_and_not_shown_again(lab: Lab) -> None:
    papers = lab.channel("papers")
    before = (Posted(paper_id=1, at=1_900_000_000, message_id=77), Posted(paper_id=2, at=None, message_id=None))
    several = post(papers=tuple(post(each).papers[0] for each in (1, 2)), posted=before)
    await owe(lab.app.storage, owed(papers, "a", now=datetime.now(UTC), payload=several.to_json()))
    message = await papers.next_message()
    assert f"[posted](https://discord.com/channels/{lab.guild.id}/{papers.id}/77) <t:1900000000:R>" in message.text
    assert "cs.LG · posted here" in message.text


async def test_one_role_is_pinged_and_a_thread_is_started(lab: Lab) -> None:
    papers = lab.channel("papers")
    role = lab.discord.add_role(lab.guild, "readers")
    loud = post(role_id=role.id, silent=False, thread="Paper 1")
    await owe(lab.app.storage, owed(papers, "a", now=datetime.now(UTC), payload=loud.to_json()))
    message = await papers.next_message()
    assert f"<@&{role.id}>" in message.text
    assert not message.flags & SUPPRESS_NOTIFICATIONS
    await settled(lab.app.storage, "a", SENT)
    assert message.thread is not None
    assert message.thread.name == "Paper 1"


async def test_what_could_not_be_posted_in_time_waits_for_the_end_of_quiet_hours(lab: Lab) -> None:
    papers, evening = lab.channel("papers"), datetime(2031, 5, 5, 21, 59, tzinfo=UTC)
    lab.now = evening
    lab.discord.faults.next("POST", "/channels/{channel_id}/messages", status=503)
    quiet = post(quiet=QuietHours("UTC", 22 * 60, 7 * 60))
    await owe(lab.app.storage, owed(papers, "a", now=evening, payload=quiet.to_json()))
    async with asyncio.timeout(5):
        while not (await known(lab.app.storage, "a")).last_error:
            await asyncio.sleep(0.02)
    lab.now = evening + timedelta(hours=4)
    morning = datetime(2031, 5, 6, 7, tzinfo=UTC)
    async with asyncio.timeout(5):
        while (await known(lab.app.storage, "a")).not_before < morning:
            await asyncio.sleep(0.02)
    assert (await known(lab.app.storage, "a")).not_before == morning
    assert papers.messages == {}
    lab.now = morning
    await settled(lab.app.storage, "a", SENT)
    assert len(papers.messages) == 1
