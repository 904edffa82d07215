"""Rules for who a message may ping.

Discord's own: `parse` and a list of ids exclude each other. Ours, stricter on purpose: every message says what it may
mention, and text that came from elsewhere can never ping anyone, because only ids named one by one are allowed.
"""

import re

from bot.fakediscord.layout import displays
from bot.fakediscord.rules.forms import Form, Path
from bot.fakediscord.wire import Json, snowflake

_EVERYONE = re.compile(r"@(?:everyone|here)\b")
_MENTIONS = {"roles": re.compile(r"<@&(\d+)>"), "users": re.compile(r"<@!?(\d+)>")}


def check_mentions(form: Form, body: Json, path: Path, *, strict: bool) -> None:
    """The `allowed_mentions` of a body whose texts and components were found sound."""
    allowed = body.get("allowed_mentions")
    where = (*path, "allowed_mentions")
    if allowed is None:
        if strict:
            form.wrong(where, "STRICT_MENTIONS_UNSAID", "Say what this message may mention; [] for nothing")
        return
    named = form.mapping(allowed, where)
    parse = form.items(named, "parse", where, most=3)
    for number, each in enumerate(parse):
        if each not in ("roles", "users", "everyone"):
            message = "Value must be one of {'everyone', 'roles', 'users'}."
            form.wrong((*where, "parse", number), "BASE_TYPE_CHOICES", message)
    for kind in _MENTIONS:
        if form.items(named, kind, where, most=100) and kind in parse:
            message = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            form.wrong(where, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)
    if strict and not form.errors:
        _refuse_unnamed(form, _text_of(body), named, where)


def _text_of(body: Json) -> str:
    content = body.get("content")
    components = body.get("components")
    texts = displays(components) if isinstance(components, list) else []
    return "\n".join([content if isinstance(content, str) else "", *texts])


def _refuse_unnamed(form: Form, text: str, named: Json, where: Path) -> None:
    parse = named.get("parse") or []
    if "everyone" in parse and (found := _EVERYONE.search(text)):
        form.wrong(where, "STRICT_MENTIONS_PARSED", f"This would ping {found[0]}")
    for kind, pattern in _MENTIONS.items():
        ids = {snowflake(each) for each in named.get(kind) or ()}
        for found in pattern.finditer(text):
            if kind in parse and int(found[1]) not in ids:
                form.wrong(where, "STRICT_MENTIONS_PARSED", f"This would ping {found[0]}")
