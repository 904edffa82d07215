"""Judges a message of ours before it is sent: Discord's limits, and nothing in its text that we did not put there."""

import re
from collections.abc import Collection
from typing import Any

import discord

from bot.fakediscord.errors import ApiError
from bot.fakediscord.layout import buttons, displays
from bot.fakediscord.rules.messages import check_new_message
from bot.fakediscord.state import COMPONENTS_V2
from bot.fakediscord.uploads import Upload
from cogs._layout import Layout
from cogs._markdown import address
from tests.cogs.reader import constructs, raw_constructs

_CODE = re.compile(r"^```\n.*\n```$", re.DOTALL | re.MULTILINE)
_OURS = {"bold", "heading", "small print", "list", "code", "time"}
_OURS_SOMETIMES = {"masked link", "masked link, escapes heeded", "person"}


def components(layout: Layout) -> list[Any]:
    """What is sent for it."""
    made: list[Any] = layout.to_components()  # type: ignore[no-untyped-call]
    return made


def text(layout: Layout) -> str:
    """Everything one can read in it, as markdown."""
    return "\n".join(displays(components(layout)))


def faults(
    layout: Layout,
    *,
    links: Collection[str | None] = (),
    people: Collection[int] = (),
    files: Collection[discord.File] = (),
) -> list[str]:
    """Everything wrong with the message, where only these links, people and files were to be in it.

    What stands in a block of code is text, if it does not end the block.
    """
    parts = components(layout)
    allowed = {address(each) for each in links} - {None}
    found = [*_refusals(parts, files)]
    for button in buttons(parts):
        if button.url is not None and button.url not in allowed:
            found.append(f"button to {button.url}")
    for each in displays(parts):
        found += _strangers(without_code(each), allowed, {f"<@{each}>" for each in people})
    return found


def _refusals(parts: list[Any], files: Collection[discord.File]) -> list[str]:
    try:
        check_new_message(
            {"components": parts, "flags": COMPONENTS_V2, "allowed_mentions": {"parse": []}},
            files=[Upload(number=n, filename=each.filename, content=b"") for n, each in enumerate(files)],
            answers=True,
            strict=True,
        )
    except ApiError as refusal:
        return [repr(refusal.body)]
    return []


def without_code(text: str) -> str:
    """The text but for its one block of code, in which everything is text."""
    return _CODE.sub("", text) if text.count("```") == 2 else text


def strangers(text: str) -> list[str]:
    """What means something in the text of any message, and is nothing that we ever write."""
    return [f"{each.kind}: {each.content}" for each in constructs(text) if each.kind not in _OURS | _OURS_SOMETIMES]


def _strangers(text: str, links: Collection[str | None], people: Collection[str]) -> list[str]:
    found = strangers(text)
    for each in constructs(text):
        if each.kind in _OURS_SOMETIMES and each.content not in {*links, *people}:
            found.append(f"{each.kind}: {each.content}")
    for link in links:
        text = text.replace(f"]({link})", "]")
    text = re.sub(r"<t:-?[0-9]+:[DRft]>", "", text)
    for person in people:
        text = text.replace(person, "")
    return found + [f"raw: {each}" for each in raw_constructs(text)]
