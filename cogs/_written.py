"""Everything that is written in somebody's message, wherever it stands, as one text to look for papers in."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import discord

from bot.domain.identifiers import LONGEST_TEXT


def written_in(message: discord.Message) -> str:
    """The message's text and that of its embeds, its components and the messages it forwards, a line for each piece.

    Has at most LONGEST_TEXT characters; addresses behind links and buttons are in it.
    """
    pieces: list[str] = []
    length = 0
    for each in chain(_pieces(message), *map(_pieces, message.message_snapshots)):
        pieces.append(each)
        length += len(each) + 1
        if length > LONGEST_TEXT:
            break
    return "\n".join(pieces)[:LONGEST_TEXT]


def _pieces(message: discord.Message | discord.MessageSnapshot) -> Iterator[str]:
    yield message.content
    yield from _strings([each.to_dict() for each in message.embeds])
    yield from _read(message.components)


def _strings(value: Any) -> Iterator[str]:
    """Every text in JSON, in order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


def _read(components: Iterable[Any]) -> Iterator[str]:
    """What components show and lead to, in reading order."""
    for each in components:
        yield from (text for name in ("content", "url") if isinstance(text := getattr(each, name, None), str))
        yield from _read(getattr(each, "children", ()))
        if accessory := getattr(each, "accessory", None):
            yield from _read([accessory])
