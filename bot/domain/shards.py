"""Which shard of a bot a server belongs to, and which of its shards a process is asked to run. Knows no network.

Discord tells each connection of a bot about a part of the bot's servers, its shard
(docs.discord.com/developers/events/gateway#sharding).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

_MOST = 16_384
"""Shards that can be written down: far more than any bot has."""
_WRITTEN = re.compile(r"(?P<list>\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?)*)/(?P<count>\d{1,5})")
AUTO = "auto"


def shard_of(guild_id: int | None, count: int) -> int:
    """The shard that hears of this server; of direct messages, which are in none, the first."""
    return 0 if guild_id is None else (guild_id >> 22) % count


@dataclass(frozen=True, slots=True, kw_only=True)
class Shards:
    """Some shards of so many."""

    ids: frozenset[int]
    count: int

    def has(self, guild_id: int | None) -> bool:
        """Whether one of them hears of this server, or of direct messages."""
        return shard_of(guild_id, self.count) in self.ids

    def __str__(self) -> str:
        return f"{ranges(self.ids) or 'none'}/{self.count}"


ALL = Shards(ids=frozenset({0}), count=1)
"""Every server there is."""


def parse_shards(text: str) -> Shards | None:
    """The shards that `0-3/16` or `0,2,8-11/16` names; None for `auto`. Raises ValueError saying how they are written.

    >>> str(parse_shards("0-3,9/16"))
    '0-3,9/16'
    """
    told = text.strip().replace(" ", "")
    if told == AUTO:
        return None
    found = _WRITTEN.fullmatch(told)
    if found is None:
        raise ValueError(f"{text!r:.60} names no shards. Write auto, or which of how many, such as 0-3/16.")
    count, ids = int(found["count"]), set[int]()
    for each in found["list"].split(","):
        first, _, last = each.partition("-")
        ids.update(range(int(first), int(last or first) + 1))
    if not 0 < count <= _MOST or not ids or max(ids) >= count:
        raise ValueError(f"{text!r:.60} names no shards: of {count} they are 0 to {max(count - 1, 0)}.")
    return Shards(ids=frozenset(ids), count=count)


def ranges(ids: Collection[int]) -> str:
    """These numbers as `0-3,9`.

    >>> ranges([9, 0, 1, 3, 2])
    '0-3,9'
    """
    told: list[list[int]] = []
    for each in sorted(ids):
        if told and told[-1][-1] == each - 1:
            told[-1].append(each)
        else:
            told.append([each])
    return ",".join(str(each[0]) if len(each) == 1 else f"{each[0]}-{each[-1]}" for each in told)
