"""Rules for a message's embeds. Limits: docs.discord.com/developers/resources/message#embed-object-embed-limits."""

from typing import Any

from bot.fakediscord.rules.forms import Form, Path
from bot.fakediscord.wire import Json, units

MOST_IN_ALL = 6000
_PAGE_SCHEMES = ("http", "https", "discord")
_MEDIA_SCHEMES = ("http", "https", "attachment")


def check_embeds(form: Form, embeds: list[Any], path: Path) -> None:
    """Each embed by itself, and the text of all of them together."""
    total = sum(_check_embed(form, form.mapping(each, (*path, n)), (*path, n)) for n, each in enumerate(embeds))
    if total > MOST_IN_ALL:
        form.wrong(path, "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {MOST_IN_ALL}")


def _check_embed(form: Form, embed: Json, path: Path) -> int:
    texts = [
        form.text(embed, "title", path, most=256, optional=True),
        form.text(embed, "description", path, most=4096, optional=True),
    ]
    form.number(embed, "color", path, least=0, most=0xFFFFFF)
    if embed.get("url") is not None:
        form.url(embed, "url", path, most=2048, schemes=_PAGE_SCHEMES)
    for key, inner, most in (("footer", "text", 2048), ("author", "name", 256)):
        if embed.get(key) is not None:
            part = form.mapping(embed[key], (*path, key))
            texts.append(form.text(part, inner, (*path, key), least=1, most=most))
            _check_url(form, part, "url", (*path, key), _PAGE_SCHEMES)
            _check_url(form, part, "icon_url", (*path, key), _MEDIA_SCHEMES)
    for key in ("image", "thumbnail"):
        if embed.get(key) is not None:
            _check_url(form, form.mapping(embed[key], (*path, key)), "url", (*path, key), _MEDIA_SCHEMES)
    texts += _check_fields(form, embed, path)
    if not any(texts) and not embed.get("image") and not embed.get("thumbnail"):
        form.required((*path, "description"))
    return sum(map(units, texts))


def _check_url(form: Form, holder: Json, key: str, path: Path, schemes: tuple[str, ...]) -> None:
    if holder.get(key) is not None:
        form.url(holder, key, path, most=2048, schemes=schemes)


def _check_fields(form: Form, embed: Json, path: Path) -> list[str]:
    texts = []
    for number, each in enumerate(form.items(embed, "fields", path, most=25)):
        where = (*path, "fields", number)
        field = form.mapping(each, where)
        texts.append(form.text(field, "name", where, least=1, most=256))
        texts.append(form.text(field, "value", where, least=1, most=1024))
    return texts
