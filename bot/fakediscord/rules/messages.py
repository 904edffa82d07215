"""Rules for a message that is made or edited: its text, embeds, components, flags and files together.

Limits: docs.discord.com/developers/resources/message#create-message.
"""

from collections.abc import Sequence

from bot.fakediscord import errors
from bot.fakediscord.rules.components import check_layout, check_rows
from bot.fakediscord.rules.embeds import check_embeds
from bot.fakediscord.rules.files import MOST_FILES, check_files
from bot.fakediscord.rules.forms import Form, Path
from bot.fakediscord.rules.mentions import check_mentions
from bot.fakediscord.state import COMPONENTS_V2, EPHEMERAL, SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS, Message
from bot.fakediscord.uploads import Upload
from bot.fakediscord.wire import Json, is_count, units

MOST_CONTENT = 2000
_CREATE_FLAGS = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2
_ANSWER_FLAGS = _CREATE_FLAGS | EPHEMERAL


def check_new_message(
    body: Json, *, files: Sequence[Upload] = (), answers: bool = False, strict: bool, path: Path = ()
) -> None:
    """A message to be made; `answers` when it answers an interaction, so that it may be ephemeral.

    Raises ApiError 50035, or 50006 when there is nothing in it.
    """
    form = Form()
    flags = _check_flags(form, body, path, _ANSWER_FLAGS if answers else _CREATE_FLAGS)
    _check_nonce(form, body, path)
    _check_parts(form, body, path, layout=bool(flags & COMPONENTS_V2), strict=strict)
    form.finish()
    check_files(form, body, path, new=files)
    filled = [body.get("embeds"), body.get("components"), body.get("sticker_ids"), body.get("poll"), files]
    if not (body.get("content") or "").strip() and not any(filled):
        raise errors.empty_message()


def check_edit(body: Json, current: Message, *, files: Sequence[Upload] = (), strict: bool, path: Path = ()) -> None:
    """An edit of `current`: what is not in the body stays. Raises ApiError 50035, or 50006."""
    form = Form()
    # Flags that an edit cannot change are ignored: bots send back all that were set.
    flags = current.flags | form.number(body, "flags", path, least=0, most=2**31 - 1)
    layout = bool(flags & COMPONENTS_V2)
    _check_parts(form, body, path, layout=layout, strict=strict)
    if layout and not current.flags & COMPONENTS_V2:
        _refuse_old_parts(form, {"content": current.content, "embeds": current.embeds, **body}, path)
    form.finish()
    check_files(form, body, path, new=files, old=current.attachments)
    after = [
        body.get("content", current.content),
        body.get("embeds", current.embeds),
        body.get("components", current.components),
        body.get("attachments", current.attachments),
        files,
    ]
    if not any(part.strip() if isinstance(part, str) else part for part in after):
        raise errors.empty_message()


def _check_flags(form: Form, body: Json, path: Path, allowed: int) -> int:
    flags = body.get("flags")
    if flags is None:
        return 0
    if not is_count(flags) or flags & ~allowed:
        form.wrong((*path, "flags"), "MESSAGE_FLAGS_INVALID", f"Only these flags can be set here: {allowed:#x}")
        return 0
    return flags


def _check_nonce(form: Form, body: Json, path: Path) -> None:
    nonce = body.get("nonce")
    if isinstance(nonce, str) and units(nonce) > 25:
        form.wrong((*path, "nonce"), "NONCE_TYPE_TOO_LONG", "Must be 25 or fewer in length.")
    elif nonce is not None and not isinstance(nonce, str) and not is_count(nonce):
        form.wrong((*path, "nonce"), "NONCE_TYPE_INVALID", "A nonce is a string or a number")


def _check_parts(form: Form, body: Json, path: Path, *, layout: bool, strict: bool) -> None:
    form.text(body, "content", path, most=MOST_CONTENT, optional=True)
    check_embeds(form, form.items(body, "embeds", path, most=10), (*path, "embeds"))
    components = form.items(body, "components", path, most=40)
    (check_layout if layout else check_rows)(form, components, (*path, "components"))
    if layout:
        _refuse_old_parts(form, body, path)
    for number, each in enumerate(form.items(body, "attachments", path, most=MOST_FILES)):
        form.mapping(each, (*path, "attachments", number))
    form.finish()  # what follows reads the text of sound components
    check_mentions(form, body, path, strict=strict)


def _refuse_old_parts(form: Form, body: Json, path: Path) -> None:
    for key in ("content", "embeds", "sticker_ids", "poll"):
        if body.get(key):
            message = f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            form.wrong((*path, key), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message)
