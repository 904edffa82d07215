"""Hostile strings, shown and typed: a short form of `python -m tests.faults.hostile`."""

from tests.faults.hostile import run, type_all


def test_hostile_strings_make_messages_that_discord_takes() -> None:
    assert run(200) == (0, [])


async def test_hostile_strings_can_be_typed() -> None:
    assert await type_all(50) == []
