"""Collects everything wrong with one body, each thing at its path, as Discord's 50035 answer lists it."""

from collections.abc import Collection, Iterable
from typing import Any
from urllib.parse import urlsplit

from bot.fakediscord import errors
from bot.fakediscord.wire import Json, is_count, units

Path = tuple[str | int, ...]


class Form:
    """The complaints about one body. Its checks return a harmless value of the right type when they complain."""

    def __init__(self) -> None:
        self.errors: Json = {}

    def wrong(self, path: Path, code: str, message: str) -> None:
        node = self.errors
        for step in path:
            node = node.setdefault(str(step), {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def finish(self) -> None:
        """Raises ApiError 50035 when anything was wrong."""
        if self.errors:
            raise errors.invalid_form(self.errors)

    def required(self, path: Path) -> None:
        self.wrong(path, "BASE_TYPE_REQUIRED", "This field is required")

    def mapping(self, value: object, path: Path) -> Json:
        if isinstance(value, dict):
            return value
        self.wrong(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return {}

    def text(self, holder: Json, key: str, path: Path, *, most: int, least: int = 0, optional: bool = False) -> str:
        """The string at `key`, whose length must lie within the bounds; blanks around it do not fill it."""
        value = holder.get(key)
        if value is None:
            if not optional:
                self.required((*path, key))
            return ""
        if not isinstance(value, str):
            self.wrong((*path, key), "STRING_TYPE_CONVERT", f"Could not interpret {value!r:.100} as string.")
            return ""
        length = units(value)
        self._length((*path, key), units(value.strip()) if length <= most else length, least, most)
        return value

    def items(
        self, holder: Json, key: str, path: Path, *, most: int, least: int = 0, optional: bool = True
    ) -> list[Any]:
        """The list at `key`, whose length must lie within the bounds."""
        value = holder.get(key)
        if value is None:
            if not optional:
                self.required((*path, key))
            return []
        if not isinstance(value, list):
            self.wrong((*path, key), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        self._length((*path, key), len(value), least, most)
        return value

    def _length(self, path: Path, length: int, least: int, most: int) -> None:
        if least <= length <= most:
            return
        if not length:
            self.required(path)
        elif least:
            self.wrong(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        else:
            self.wrong(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    def number(self, holder: Json, key: str, path: Path, *, least: int, most: int, default: int = 0) -> int:
        """The whole number at `key`, or `default` when there is none."""
        value = holder.get(key)
        if value is None:
            return default
        if not is_count(value):
            self.wrong((*path, key), "NUMBER_TYPE_COERCE", f'Value "{value!r:.100}" is not int.')
            return default
        if value < least:
            self.wrong((*path, key), "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {least}.")
        elif value > most:
            self.wrong((*path, key), "NUMBER_TYPE_MAX", f"int value should be less than or equal to {most}.")
        return int(value)

    def boolean(self, holder: Json, key: str, path: Path) -> bool:
        value = holder.get(key)
        if value is not None and not isinstance(value, bool):
            self.wrong((*path, key), "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
        return value is True

    def choice(self, holder: Json, key: str, path: Path, *, among: Collection[int]) -> int | None:
        """The number at `key`, which must be one of these."""
        value = holder.get(key)
        if is_count(value) and value in among:
            return int(value)
        known = ", ".join(map(str, sorted(among)))
        self.wrong((*path, key), "BASE_TYPE_CHOICES", f"Value must be one of {{{known}}}.")
        return None

    def url(self, holder: Json, key: str, path: Path, *, most: int, schemes: tuple[str, ...]) -> str:
        """The address at `key`, absolute and of one of these schemes."""
        text = self.text(holder, key, path, most=most, least=1)
        if not text:
            return ""
        try:
            parts = urlsplit(text)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme.lower() not in schemes:
            told = ", ".join(repr(each) for each in schemes)
            message = f"Scheme {parts.scheme!r:.40} is not supported. Scheme must be one of ({told})."
            self.wrong((*path, key), "URL_TYPE_INVALID_SCHEME", message)
        elif not parts.netloc or any(each.isspace() or ord(each) < 32 for each in text):
            self.wrong((*path, key), "URL_TYPE_INVALID_URL", "Not a well formed URL.")
        return text


def distinct(form: Form, values: Iterable[tuple[Path, object]], code: str, message: str) -> None:
    """Complain at every path whose value was there before; an empty value is no repeat."""
    seen: set[object] = set()
    for path, value in values:
        if value in seen:
            form.wrong(path, code, message)
        elif value:
            seen.add(value)
