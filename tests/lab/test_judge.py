"""The judge itself: it knows Discord's description and is as lenient as Discord."""

from typing import Any

import pytest

from tests.lab.judge import Judge, discord_judge
from tests.shared import shared

CREATE = ("POST", "/channels/{channel_id}/messages")


@pytest.fixture
def judge() -> Judge:
    shared("discord/openapi.json")
    found = discord_judge()
    assert found is not None
    return found


@pytest.mark.parametrize(
    "body",
    [
        {"content": "a", "nonce": "1", "allowed_mentions": {"parse": []}},
        {"content": None, "allowed_mentions": {"users": [5, "6"]}},
        {"flags": 1 << 15, "components": [{"type": 10, "content": "a"}]},
    ],
)
def test_sound_bodies(judge: Judge, body: Any) -> None:
    assert judge(*CREATE, body) == []


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"content": 5}, "$.content"),
        ({"components": [{"type": 99}]}, "99 is not one of"),
        ({"components": [{"type": 17, "components": [{"type": 10}]}]}, '"content" is a required property'),
        ({"embeds": [{"title": "a" * 257}]}, "$.embeds[0].title"),
    ],
)
def test_unsound_bodies(judge: Judge, body: Any, says: str) -> None:
    assert any(says in each for each in judge(*CREATE, body))


def test_what_the_description_does_not_know_is_not_judged(judge: Judge) -> None:
    assert judge("POST", "/nowhere", {"a": 1}) == []
    assert judge("GET", "/users/@me", {"a": 1}) == []
