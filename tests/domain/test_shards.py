"""Which shard hears of a server, and how shards are written down."""

import pytest

from bot.domain.shards import ALL, Shards, parse_shards, ranges, shard_of


def test_a_server_is_heard_of_by_the_shard_that_discord_says() -> None:
    assert shard_of(197038439483310086, 16) == (197038439483310086 >> 22) % 16
    assert shard_of(None, 16) == 0
    assert Shards(ids=frozenset({0, 3}), count=4).has(3 << 22)
    assert not Shards(ids=frozenset({1, 3}), count=4).has(None)
    assert ALL.has(None)
    assert ALL.has(197038439483310086)


@pytest.mark.parametrize(
    ("text", "told"), [("0-3/16", "0-3/16"), ("5/6", "5/6"), (" 8-11, 0 / 16", "0,8-11/16"), ("0/1", "0/1")]
)
def test_shards_as_they_are_written(text: str, told: str) -> None:
    assert str(parse_shards(text)) == told


def test_a_fair_share_names_none() -> None:
    assert parse_shards("auto") is None


@pytest.mark.parametrize("text", ["", "3", "0-3", "16/16", "3-1/4", "0-3/0", "a/4", "0-/4", "-1/4", "0-99999/99999"])
def test_what_names_no_shards_is_said_with_how_it_is_written(text: str) -> None:
    with pytest.raises(ValueError, match="names no shards"):
        parse_shards(text)


def test_ranges() -> None:
    assert ranges([]) == ""
    assert ranges([7, 1, 2, 3, 5]) == "1-3,5,7"
