"""Turns the body of a request that passed the rules into what a message holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.fakediscord.layout import SELECTS, Kind, walk
from bot.fakediscord.state import COMPONENTS_V2, SUPPRESS_EMBEDS, Attachment, Message, Snowflakes
from bot.fakediscord.uploads import Upload, final_name, kept, referenced, told_of
from bot.fakediscord.wire import Json

_DEFAULTS: dict[int, Json] = {
    Kind.CONTAINER: {"accent_color": None, "spoiler": False},
    Kind.FILE: {"name": None, "size": None, "spoiler": False},
    Kind.SEPARATOR: {"divider": True, "spacing": 1},
    Kind.THUMBNAIL: {"description": None, "spoiler": False},
    **{each: {"min_values": 1, "max_values": 1} for each in SELECTS},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a new message will hold."""

    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0


def draft(body: Json, uploads: list[Upload], ids: Snowflakes) -> Draft:
    attachments = _stored(body, uploads, ids)
    return Draft(
        content=(body.get("content") or "").strip(),
        embeds=_embeds(body.get("embeds"), attachments),
        components=_components(body.get("components"), attachments, ids),
        attachments=attachments,
        flags=body.get("flags") or 0,
    )


def revise(message: Message, body: Json, uploads: list[Upload], ids: Snowflakes) -> None:
    """Change the parts of the message that the body names; null empties a part."""
    message.attachments = [*kept(body, message.attachments), *_stored(body, uploads, ids)]
    if "content" in body:
        message.content = (body["content"] or "").strip()
    if "embeds" in body:
        message.embeds = _embeds(body["embeds"], message.attachments)
    if "components" in body:
        message.components = _components(body["components"], message.attachments, ids)
    if (flags := body.get("flags")) is not None:
        message.flags = message.flags & ~SUPPRESS_EMBEDS | flags & (SUPPRESS_EMBEDS | COMPONENTS_V2)


def _components(given: list[Json] | None, attachments: list[Attachment], ids: Snowflakes) -> list[Json]:
    """The components as Discord keeps them: numbered, nothing null, and what was left out filled in."""
    components: list[Json] = _without_nulls(given or [])
    files = {each.filename: each for each in attachments}
    taken = {each.get("id") for each in walk(components)}
    free = (number for number in range(1, 1000) if number not in taken)
    for each in walk(components):
        each["id"] = each.get("id") or next(free)
        for key, value in _DEFAULTS.get(each["type"], {}).items():
            each.setdefault(key, value)
        for item in each.get("items", []):
            item.setdefault("description", None)
            item.setdefault("spoiler", False)
        if each["type"] == Kind.FILE and (file := referenced(each["file"]["url"], files)):
            each |= {"name": file.filename, "size": len(file.content)}
        for holder in (each, *each.get("items", [])):
            for key in ("media", "file"):
                if key in holder:
                    holder[key] |= {"id": str(ids.next()), **_place(holder[key]["url"], files)}
    return components


def _place(url: str, files: Mapping[str, Attachment]) -> Json:
    """Where a picture or file is, and which attachment it is."""
    found = referenced(url, files)
    if found is None:
        return {"proxy_url": url}
    return {"url": found.url, "proxy_url": found.url, "attachment_id": str(found.id)}


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(each) for key, each in value.items() if each is not None}
    return [_without_nulls(each) for each in value] if isinstance(value, list) else value


def _embeds(embeds: list[Any] | None, attachments: list[Attachment]) -> list[Json]:
    files = {each.filename: each for each in attachments}
    kept_embeds: list[Json] = [{**each, "type": "rich"} for each in embeds or ()]
    for each in kept_embeds:
        for key in ("image", "thumbnail"):
            if (media := each.get(key)) and (found := referenced(media.get("url") or "", files)):
                each[key] = {**media, "url": found.url, "proxy_url": found.url}
    return kept_embeds


def _stored(body: Json, uploads: list[Upload], ids: Snowflakes) -> list[Attachment]:
    return [
        Attachment(
            id=ids.next(),
            filename=final_name(body, each),
            content=each.content,
            description=told_of(body, each).get("description"),
        )
        for each in uploads
    ]
