"""Rules for the files of a message: what the body says of each, and every `attachment://` that stands for one.

docs.discord.com/developers/reference#uploading-files; the codes as Discord was seen to answer.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.fakediscord import errors
from bot.fakediscord.rules.forms import Form, Path
from bot.fakediscord.state import Attachment
from bot.fakediscord.uploads import Upload, final_name, is_reference, kept, referenced
from bot.fakediscord.wire import Json, snowflake

MOST_FILES = 10
MOST_FILE_BYTES = 10 * 1024 * 1024


def check_files(form: Form, body: Json, path: Path, *, new: Sequence[Upload], old: Sequence[Attachment] = ()) -> None:
    """The files of a body that is sound otherwise. Raises ApiError 50035, or 30015 for more than ten."""
    known = {each.number for each in new} | {each.id for each in old}
    for number, each in enumerate(body.get("attachments") or []):
        where = (*path, "attachments", number)
        if snowflake(each.get("id")) not in known:
            form.wrong(where, "ATTACHMENT_NOT_FOUND", "Attachment data not found")
        form.text(each, "filename", where, least=1, most=1024, optional=True)
        form.text(each, "description", where, most=1024, optional=True)
    form.finish()
    names = {final_name(body, each) for each in new} | {each.filename for each in kept(body, old)}
    if len(new) + len(kept(body, old)) > MOST_FILES:
        raise errors.too_many_files()
    for where, url in _media(body.get("components") or [], (*path, "components")):
        if is_reference(url) and referenced(str(url), dict.fromkeys(names, True)) is None:
            message = f'The referenced attachment ("{url}") was not found'
            form.wrong(where, "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", message)
    form.finish()


def _media(components: list[Any], path: Path) -> Iterator[tuple[Path, object]]:
    """The place and the address of everything pictured or attached in the components."""
    for number, each in enumerate(components):
        yield from _media_of(each, (*path, number))


def _media_of(component: Json, path: Path) -> Iterator[tuple[Path, object]]:
    for key in ("media", "file"):
        if key in component:
            yield (*path, key, "url"), component[key].get("url")
    yield from _media(component.get("items") or [], (*path, "items"))
    yield from _media(component.get("components") or [], (*path, "components"))
    if component.get("accessory"):
        yield from _media_of(component["accessory"], (*path, "accessory"))
