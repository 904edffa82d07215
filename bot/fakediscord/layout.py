"""Walks a message's components, and reads the text and the buttons in them. Changes nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from bot.fakediscord.wire import Json


class Kind(IntEnum):
    """A component's type, as the API numbers it."""

    ACTION_ROW = 1
    BUTTON = 2
    STRING_SELECT = 3
    TEXT_INPUT = 4
    USER_SELECT = 5
    ROLE_SELECT = 6
    MENTIONABLE_SELECT = 7
    CHANNEL_SELECT = 8
    SECTION = 9
    TEXT_DISPLAY = 10
    THUMBNAIL = 11
    MEDIA_GALLERY = 12
    FILE = 13
    SEPARATOR = 14
    CONTAINER = 17
    LABEL = 18


SELECTS = frozenset(
    {Kind.STRING_SELECT, Kind.USER_SELECT, Kind.ROLE_SELECT, Kind.MENTIONABLE_SELECT, Kind.CHANNEL_SELECT}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button as a person sees it; it has a custom_id or a url, never both."""

    label: str
    custom_id: str | None = None
    url: str | None = None
    disabled: bool = False


def walk(components: Iterable[Json]) -> Iterator[Json]:
    """Every component, depth first, in the order in which a person reads them."""
    for each in components:
        yield each
        yield from walk(each.get("components") or ())
        yield from walk([each[key] for key in ("accessory", "component") if each.get(key)])


def buttons(components: Iterable[Json]) -> list[Button]:
    return [_button(each) for each in walk(components) if each["type"] == Kind.BUTTON]


def _button(component: Json) -> Button:
    emoji = component.get("emoji") or {}
    return Button(
        label=component.get("label") or emoji.get("name") or "",
        custom_id=component.get("custom_id"),
        url=component.get("url"),
        disabled=bool(component.get("disabled")),
    )


def displays(components: Iterable[Json]) -> list[str]:
    """The text of every text display."""
    return [each["content"] for each in walk(components) if each["type"] == Kind.TEXT_DISPLAY]


def readable(content: str, embeds: Iterable[Json], components: Iterable[Json]) -> str:
    pieces = [content, *(piece for embed in embeds for piece in _embed_pieces(embed)), *displays(components)]
    return "\n".join(piece for piece in pieces if piece)


def _embed_pieces(embed: Json) -> Iterator[str]:
    yield (embed.get("author") or {}).get("name") or ""
    yield embed.get("title") or ""
    yield embed.get("description") or ""
    for each in embed.get("fields") or ():
        yield each["name"]
        yield each["value"]
    yield (embed.get("footer") or {}).get("text") or ""
