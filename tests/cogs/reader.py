"""Reads text as Discord's own parser does, from its published rules; shares nothing with the escaper it judges.

Where versions of that parser differ, the reading that sees more is taken.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Construct:
    """Something that Discord would not show as the text it is: its kind and what it holds."""

    kind: str
    content: str


_ESCAPE = re.compile(r"\\[^0-9A-Za-z\s]")
_AT_LINE_START = {
    "heading": re.compile(r" *#{1,3}\s+\S[^\n]*"),
    "small print": re.compile(r" *-# +\S[^\n]*"),
    "list": re.compile(r" *(?:[-*+]|\d+\.)\s+\S"),
    "quote": re.compile(r" *>(?:>>)?\s"),
}
_ANYWHERE = {
    "code": re.compile(r"(`+)([\s\S]*?[^`])\1(?!`)"),
    "automatic link": re.compile(r"<(?:(?:https?|discord|steam|mailto|tel|sms):|\+?[0-9]|[^\s<>@:]+@)[^\s<>]*>"),
    # simple-markdown's rule, which takes escaped brackets for brackets, and Discord's later one, which does not
    "masked link": re.compile(
        r"\[((?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))+)\]\(\s*<?((?:\([^)]*\)|[^\s\\]|\\.)*?)>?(?:\s+['\"].*?['\"])?\s*\)"
    ),
    "masked link, escapes heeded": re.compile(r"\[((?:\\.|[^\[\]\\])+)\]\(\s*<?((?:[^\s\\()]|\\.)*)>?\s*\)"),
    "bare link": re.compile(r"(?:https?|discord|steam)://[^\s<]+"),
    "invitation": re.compile(r"discord(?:app)?\.(?:gg|com|new|gift)\b", re.IGNORECASE),
    "person": re.compile(r"<@!?\d+>"),
    "role": re.compile(r"<@&\d+>"),
    "channel": re.compile(r"<#\d+>"),
    "command": re.compile(r"</[^<>:]+:\d+>"),
    "guide": re.compile(r"<id:\w+>"),
    "time": re.compile(r"<t:-?\d+(?::[A-Za-z])?>"),
    "emoji": re.compile(r"<a?:\w+:\d+>|:[^\s:]+:"),
    "everyone": re.compile(r"@(?:everyone|here)"),
    "bold": re.compile(r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)"),
    "underline": re.compile(r"__((?:\\[\s\S]|[^\\])+?)__(?!_)"),
    "italic": re.compile(r"_((?:\\[\s\S]|[^\\_])+?)_|\*(?=\S)((?:\\[\s\S]|[^\\*])+?)\*(?!\*)"),
    "strike": re.compile(r"~~((?:\\[\s\S]|[^\\])+?)~~"),
    "spoiler": re.compile(r"\|\|((?:\\[\s\S]|[^\\])+?)\|\|"),
}
_NESTED = {"bold", "underline", "italic", "strike", "spoiler", "masked link", "masked link, escapes heeded"}
_PLAIN = re.compile(r"[^\\`*_~|<\[@:hsd\n]+")
_UNESCAPED_TOO = re.compile(
    r"<@[!&]?\d+>|<#\d+>|<t:-?\d+|<a?:\w+:\d+>|<id:\w|</\w+:\d|@everyone|@here|https?://|discord\.gg"
)


def constructs(text: str) -> list[Construct]:
    """Everything in the text that Discord would not show as it stands, the nested included."""
    return list(_read(text))


def _read(text: str) -> Iterator[Construct]:
    at, is_line_start = 0, True
    while at < len(text):
        if is_line_start:
            for kind, rule in _AT_LINE_START.items():
                if found := rule.match(text, at):
                    yield Construct(kind, found[0])
        is_line_start = text[at] == "\n"
        if plain := _PLAIN.match(text, at) or _ESCAPE.match(text, at):
            at = plain.end()
            continue
        held, at = _construct(text, at)
        yield from held


def _construct(text: str, at: int) -> tuple[list[Construct], int]:
    for kind, rule in _ANYWHERE.items():
        if found := rule.match(text, at):
            held = found[found.lastindex or 0] if "masked" in kind else found[0]
            nested = constructs(found[1] or found[found.lastindex or 0]) if kind in _NESTED else []
            return [Construct(kind, held), *nested], found.end()
    return [], at + 1


def raw_constructs(text: str) -> list[str]:
    """What a server that knows no backslashes would find: mentions, times, emoji, links."""
    return [found[0] for found in _UNESCAPED_TOO.finditer(text)]
