"""The paper of the day is pinned, and the one before is not any more; whatever comes of that, it is posted once."""

import asyncio
from typing import Any

import pytest

from bot.domain.deliveries import DeliveryState
from bot.domain.delivery_views import KnownDelivery
from bot.fakediscord.permissions import Permission
from tests.delivery.conftest import Street
from tests.delivery.owing import post, settled

PIN = ("PUT", "/channels/{channel_id}/messages/pins/{message_id}")
UNPIN = ("DELETE", "/channels/{channel_id}/messages/pins/{message_id}")


def allow_pins(street: Street) -> None:
    street.discord.set_overwrite(street.papers, street.guild.everyone, allow=Permission.PIN_MESSAGES)


async def posted(street: Street, key: str, **told: Any) -> KnownDelivery:
    await street.owe(key, payload=post(is_pinned=True, **told).to_json())
    return await settled(street.storage, key, DeliveryState.SENT)


def papers(street: Street) -> list[int]:
    """The messages with papers; that something was pinned is told by a message of its own."""
    return [each.id for each in street.papers.messages.values() if each.components]


async def test_todays_is_pinned_and_the_one_before_is_not_any_more(street: Street) -> None:
    allow_pins(street)
    first = await posted(street, "a")
    assert street.papers.pins == [first.message_id]
    second = await posted(street, "b", unpinned=first.message_id)
    assert street.papers.pins == [second.message_id]
    assert (first.last_error, second.last_error) == (None, None)
    assert papers(street) == [first.message_id, second.message_id]


async def test_what_people_pinned_stays_pinned(street: Street) -> None:
    allow_pins(street)
    first = await posted(street, "a")
    second = await posted(street, "b")
    assert street.papers.pins == [first.message_id, second.message_id]


async def test_one_before_that_was_deleted_is_no_reason_not_to_pin(street: Street) -> None:
    allow_pins(street)
    done = await posted(street, "a", unpinned=1)
    assert street.papers.pins == [done.message_id]
    assert done.last_error is None


@pytest.mark.parametrize(("code", "why"), [(50013, "not allowed"), (30003, "too many pins")])
async def test_a_refused_pin_is_told_and_the_paper_stays(street: Street, code: int, why: str) -> None:
    street.discord.faults.next(*PIN, status=403 if code == 50013 else 400, code=code)
    done = await posted(street, "a", thread="Talk")
    assert done.last_error == f"not pinned: {why}"
    assert len(papers(street)) == 1
    assert await street.storage.list_resting(street.guild.id) == []


async def test_without_the_permission_it_is_posted_and_said(street: Street) -> None:
    assert (await posted(street, "a")).last_error == "not pinned: not allowed"
    assert (await posted(street, "b")).last_error == "not pinned: not allowed"
    allow_pins(street)
    assert (await posted(street, "c")).last_error is None
    assert len(papers(street)) == 3
    (told,) = street.told()
    assert (
        f"<#{street.papers.id}>: papers arrive there, but not with all that you chose (not pinned: not allowed)" in told
    )
    assert "grant Pin Messages to my role in that channel. I say this once." in told
    street.discord.set_overwrite(street.papers, street.guild.everyone, deny=Permission.PIN_MESSAGES)
    await posted(street, "d")
    async with asyncio.timeout(10):
        while len(street.told()) < 2:  # what is taken away again is told again
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("route", [PIN, UNPIN])
@pytest.mark.parametrize("after_effect", [True, False])
async def test_a_pin_that_fails_unclearly_is_tried_again_for_the_same_message(
    street: Street, route: tuple[str, str], after_effect: bool
) -> None:
    allow_pins(street)
    first = await posted(street, "a")
    street.discord.faults.next(*route, cut=True, after_effect=after_effect)
    second = await posted(street, "b", unpinned=first.message_id)
    assert street.papers.pins == [second.message_id]
    assert papers(street) == [first.message_id, second.message_id]
