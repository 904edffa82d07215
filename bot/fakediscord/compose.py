"""Turns the body of a request that passed the rules into what a message holds."""

from dataclasses import dataclass, field
from typing import Any

from bot.fakediscord.layout import SELECTS, Kind, walk
from bot.fakediscord.state import COMPONENTS_V2, SUPPRESS_EMBEDS, Attachment, Message, Snowflakes
from bot.fakediscord.wire import Json, snowflake

_DEFAULTS: dict[int, Json] = {
    Kind.CONTAINER: {"accent_color": None, "spoiler": False},
    Kind.FILE: {"name": None, "size": None, "spoiler": False},
    Kind.SEPARATOR: {"divider": True, "spacing": 1},
    Kind.THUMBNAIL: {"description": None, "spoiler": False},
    **{each: {"min_values": 1, "max_values": 1} for each in SELECTS},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that came with a request."""

    filename: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a new message will hold."""

    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0


def draft(body: Json, uploads: list[Upload], ids: Snowflakes) -> Draft:
    return Draft(
        content=(body.get("content") or "").strip(),
        embeds=_embeds(body.get("embeds")),
        components=_components(body.get("components"), ids),
        attachments=_stored(uploads, ids),
        flags=body.get("flags") or 0,
    )


def revise(message: Message, body: Json, uploads: list[Upload], ids: Snowflakes) -> None:
    """Change the parts of the message that the body names; null empties a part."""
    if "content" in body:
        message.content = (body["content"] or "").strip()
    if "embeds" in body:
        message.embeds = _embeds(body["embeds"])
    if "components" in body:
        message.components = _components(body["components"], ids)
    if body.get("attachments") is not None:
        kept = {snowflake(each.get("id")) for each in body["attachments"]}
        message.attachments = [each for each in message.attachments if each.id in kept]
    message.attachments = [*message.attachments, *_stored(uploads, ids)]
    if (flags := body.get("flags")) is not None:
        message.flags = message.flags & ~SUPPRESS_EMBEDS | flags & (SUPPRESS_EMBEDS | COMPONENTS_V2)


def _components(given: list[Json] | None, ids: Snowflakes) -> list[Json]:
    """The components as Discord keeps them: numbered, nothing null, and what was left out filled in."""
    components: list[Json] = _without_nulls(given or [])
    taken = {each.get("id") for each in walk(components)}
    free = (number for number in range(1, 1000) if number not in taken)
    for each in walk(components):
        each["id"] = each.get("id") or next(free)
        for key, value in _DEFAULTS.get(each["type"], {}).items():
            each.setdefault(key, value)
        for item in each.get("items", []):
            item.setdefault("description", None)
            item.setdefault("spoiler", False)
        for holder in (each, *each.get("items", [])):
            for media in (holder[key] for key in ("media", "file") if key in holder):
                media |= {"id": str(ids.next()), "proxy_url": media["url"]}
    return components


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(each) for key, each in value.items() if each is not None}
    return [_without_nulls(each) for each in value] if isinstance(value, list) else value


def _embeds(embeds: list[Any] | None) -> list[Json]:
    return [{**each, "type": "rich"} for each in embeds or ()]


def _stored(uploads: list[Upload], ids: Snowflakes) -> list[Attachment]:
    return [Attachment(id=ids.next(), filename=each.filename, content=each.content) for each in uploads]
