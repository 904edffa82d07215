"""Rules for a message's components, the old rows of buttons and the new layouts (IS_COMPONENTS_V2).

Limits: docs.discord.com/developers/components/reference; the size in bytes: discord-api-docs issue 8554.
"""

from typing import Any

from bot.fakediscord import errors
from bot.fakediscord.layout import SELECTS, Kind
from bot.fakediscord.rules.controls import check_button, check_select
from bot.fakediscord.rules.forms import Form, Path, distinct
from bot.fakediscord.wire import Json, is_count, units

MOST_COMPONENTS = 40
MOST_TEXT = 4000
MOST_BYTES = 10_170
"""Above this, Discord answers 500. Seen for text displays (their UTF-8 bytes and 12 for each); counted here for
every component and all the text in it, which is stricter than need be."""

_MEDIA_SCHEMES = ("http", "https", "attachment")
_ROW = {Kind.BUTTON, *SELECTS}
_LAYOUT = {
    Kind.ACTION_ROW,
    Kind.SECTION,
    Kind.TEXT_DISPLAY,
    Kind.MEDIA_GALLERY,
    Kind.FILE,
    Kind.SEPARATOR,
}


class _Components:
    """One pass over the components of one message: the rule of each, then the rules of all together."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.found: list[tuple[Path, Json]] = []

    def check_all(self, components: list[Any], path: Path, allowed: set[Kind]) -> None:
        for number, each in enumerate(components):
            self.check(each, (*path, number), allowed)

    def check(self, value: object, path: Path, allowed: set[Kind]) -> Kind | None:
        component = self.form.mapping(value, path)
        if component is not value:
            return None
        kind = component.get("type")
        if not is_count(kind) or kind not in allowed:
            known = ", ".join(str(int(each)) for each in sorted(allowed))
            message = f'Value of field "type" must be one of ({known}).'
            self.form.wrong((*path, "type"), "UNION_TYPE_CHOICES", message)
            return None
        self.form.number(component, "id", path, least=0, most=2**31 - 1)
        self.found.append((path, component))
        self._check_kind(Kind(kind), component, path)
        return Kind(kind)

    def _check_kind(self, kind: Kind, component: Json, path: Path) -> None:
        match kind:
            case Kind.ACTION_ROW:
                self._check_row(component, path)
            case Kind.BUTTON:
                check_button(self.form, component, path)
            case Kind.SECTION:
                self._check_section(component, path)
            case Kind.TEXT_DISPLAY:
                self.form.text(component, "content", path, least=1, most=MOST_TEXT)
            case Kind.THUMBNAIL:
                self._check_media(component, "media", path)
            case Kind.MEDIA_GALLERY:
                self._check_gallery(component, path)
            case Kind.FILE:
                self._check_media(component, "file", path, schemes=("attachment",))
            case Kind.SEPARATOR:
                if component.get("spacing") is not None:
                    self.form.choice(component, "spacing", path, among=(1, 2))
            case Kind.CONTAINER:
                self.form.number(component, "accent_color", path, least=0, most=0xFFFFFF)
                inside = self.form.items(component, "components", path, least=1, most=MOST_COMPONENTS, optional=False)
                self.check_all(inside, (*path, "components"), _LAYOUT)
            case _:
                check_select(self.form, component, path)

    def _check_row(self, row: Json, path: Path) -> None:
        inside = self.form.items(row, "components", path, least=1, most=5, optional=False)
        kinds = [self.check(each, (*path, "components", number), _ROW) for number, each in enumerate(inside)]
        if len(kinds) > 1 and any(each in SELECTS for each in kinds if each):
            message = "The specified component exceeds the maximum width"
            self.form.wrong((*path, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message)

    def _check_section(self, section: Json, path: Path) -> None:
        inside = self.form.items(section, "components", path, least=1, most=3, optional=False)
        self.check_all(inside, (*path, "components"), {Kind.TEXT_DISPLAY})
        if section.get("accessory") is None:
            self.form.required((*path, "accessory"))
        else:
            self.check(section["accessory"], (*path, "accessory"), {Kind.BUTTON, Kind.THUMBNAIL})

    def _check_gallery(self, gallery: Json, path: Path) -> None:
        items = self.form.items(gallery, "items", path, least=1, most=10, optional=False)
        for number, each in enumerate(items):
            where = (*path, "items", number)
            self._check_media(self.form.mapping(each, where), "media", where)

    def _check_media(self, holder: Json, key: str, path: Path, *, schemes: tuple[str, ...] = _MEDIA_SCHEMES) -> None:
        media = self.form.mapping(holder.get(key), (*path, key))
        self.form.url(media, "url", (*path, key), most=2048, schemes=schemes)
        self.form.text(holder, "description", path, least=1, most=1024, optional=True)

    def check_together(self, path: Path) -> None:
        ids = [((*where, "custom_id"), each.get("custom_id")) for where, each in self.found]
        strings: list[tuple[Path, object]] = [(where, value) for where, value in ids if isinstance(value, str)]
        distinct(self.form, strings, "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
        numbers: list[tuple[Path, object]] = [
            ((*where, "id"), each["id"]) for where, each in self.found if is_count(each.get("id"))
        ]
        distinct(self.form, numbers, "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")
        if len(self.found) > MOST_COMPONENTS:
            message = f"The total number of components cannot exceed {MOST_COMPONENTS}"
            self.form.wrong(path, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", message)
        if self._text_length() > MOST_TEXT:
            message = f"Components displayable text size exceeds maximum size of {MOST_TEXT}"
            self.form.wrong(path, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", message)

    def _text_length(self) -> int:
        texts = [each.get("content") for _, each in self.found if each["type"] == Kind.TEXT_DISPLAY]
        return sum(units(text) for text in texts if isinstance(text, str))


def check_layout(form: Form, components: list[Any], path: Path) -> None:
    """Components of a message with the IS_COMPONENTS_V2 flag."""
    walked = _Components(form)
    walked.check_all(components, path, {*_LAYOUT, Kind.CONTAINER})
    walked.check_together(path)
    if not form.errors and _bytes_in(components) > MOST_BYTES:
        raise errors.server_error(f"these components hold more than {MOST_BYTES} bytes")


def check_rows(form: Form, components: list[Any], path: Path) -> None:
    """Components of a message without that flag: up to five action rows."""
    walked = _Components(form)
    if len(components) > 5:
        form.wrong(path, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    walked.check_all(components, path, {Kind.ACTION_ROW})
    walked.check_together(path)


def _bytes_in(value: object) -> int:
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, list):
        return sum(map(_bytes_in, value))
    if isinstance(value, dict):
        return (12 if "type" in value else 0) + sum(map(_bytes_in, value.values()))
    return 0
