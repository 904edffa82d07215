"""Puts what is wrong with the settings into readable lines, each with its place. It never shows a value."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import process
from rapidfuzz.distance import OSA

PREFIX = "PAPERBOY_"

_WANTED = MappingProxyType(
    {
        "database.url": 'must be an address such as "sqlite:///data/paperboy.db" or "postgresql://paperboy@host/papers"',
        "discord.api_url": 'must be an address that ends in /api/v10, such as "https://discord.com/api/v10"',
        "discord.gateway_url": 'must begin with wss:// or ws://, such as "wss://gateway.discord.gg/"',
        "sources.contact": 'must be an e-mail address such as "you@example.org", or a page such as "https://example.org/"',
    }
)
_ADDRESS_WANTED = "must be an address that begins with https:// or http://"
DAY_WANTED = "must be a day such as 2026-12-24"
_NUMBER_WANTED, _YES_OR_NO_WANTED = "must be a whole number", "must be true or false"
_TYPE_WANTED = MappingProxyType(
    {
        "int_type": _NUMBER_WANTED,
        "int_parsing": _NUMBER_WANTED,
        "int_parsing_size": _NUMBER_WANTED,
        "int_from_float": _NUMBER_WANTED,
        "float_type": "must be a number",
        "float_parsing": "must be a number",
        "finite_number": "must be a number",
        "bool_type": _YES_OR_NO_WANTED,
        "bool_parsing": _YES_OR_NO_WANTED,
        "greater_than_equal": "must be {ge:g} or more",
        "less_than_equal": "must be {le:g} or less",
        "string_too_long": "must have {max_length} characters at most",
        "literal_error": "must be {expected}",
        "path_type": "must be text in quotes",
        "string_type": "must be text in quotes",
        "tuple_type": 'must be a list in square brackets, such as ["cs.AI", "cs.CL"]',
        "dict_type": 'must be a table, such as {{ distill = "https://distill.pub/rss.xml" }}',
        "date_from_datetime_parsing": DAY_WANTED,
        "date_from_datetime_inexact": DAY_WANTED,
        "date_type": DAY_WANTED,
        "date_parsing": DAY_WANTED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What may be set: `settings` as `section.key`, and the sections they stand in."""

    settings: Sequence[str]
    sections: Sequence[str]

    def advice(self, name: str, shown: Callable[[str], str] = str) -> str:
        """What to write instead of `name`: a neighbour spelled so, else its namesake, else what is there.

        `shown` writes the name of a setting as it is written there.
        """
        section, _, key = name.rpartition(".")
        every = [*self.settings, *self.sections]
        inside = [each for each in every if each.rpartition(".")[0] == section]
        if meant := _nearest(key, [each.rpartition(".")[2] for each in inside]):
            return f" Did you mean {shown(f'{section}.{meant}' if section else meant)}?"
        if namesake := next((each for each in every if each.rpartition(".")[2] == key), None):
            return f" Did you mean {shown(namesake)}?"
        there = ", ".join(each.rpartition(".")[2] for each in inside)
        return f" {f'[{section}] has' if section else 'The sections are'} {there}." if there else ""

    def advice_on_variable(self, name: str) -> str:
        """The same for a variable, of which `name` is what stands after the prefix, in small letters."""
        if meant := _nearest(name, [each.replace(".", "_") for each in self.settings]):
            return f" Did you mean {variable(meant)}?"
        begun = [each for each in self.sections if f"{name}_".startswith(each.replace(".", "_") + "_")]
        section = max(begun, key=len, default="")
        return replace(self, sections=()).advice(f"{section}.{name[len(section) + 1 :]}" if section else name, variable)


def variable(setting: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + setting.replace(".", "_").upper()


def is_set(setting: str) -> bool:
    """Whether the environment says what this setting is."""
    return any(each.upper() == variable(setting) for each in os.environ)


def called(setting: str) -> str:
    """What the operator knows this setting by: its variable, where the environment says what it is."""
    return variable(setting) if is_set(setting) else setting


def unknown_variables(names: Names, *, besides: str) -> Iterator[str]:
    """A line for each variable with our prefix that is no setting's, and not the one besides."""
    known = {besides, *map(variable, names.settings)}
    for name in sorted(os.environ):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            advice = names.advice_on_variable(name.upper().removeprefix(PREFIX).lower())
            yield f"{name} (environment): I don't know this setting.{advice}"


def explained(error: ValidationError, file: Path, content: Mapping[str, Any], names: Names) -> Iterator[str]:
    """A line for each mistake in the settings that were read from the environment and the content of `file`."""
    for each in error.errors(include_input=False, include_url=False):
        name = ".".join(map(str, each["loc"]))
        place = " or ".join(_places(each["loc"], file, content, names))
        if each["type"] == "extra_forbidden":
            yield f"{place}: I don't know this setting.{names.advice(name)}"
        else:
            yield f"{place}: {_complaint(name, each)}."


def _nearest(word: str, known: Sequence[str]) -> str | None:
    """The one of these that is written with a few letters otherwise: a quarter of them, or one."""
    best = process.extractOne(word[:200], known, scorer=OSA.distance, score_cutoff=max(1, len(word) // 4))
    return best[0] if best else None


def _places(at: Sequence[int | str], file: Path, content: Mapping[str, Any], names: Names) -> Iterator[str]:
    """Where what stands at this place of the settings was said: a section wherever something of it was."""
    name = ".".join(map(str, at))
    said = [each for each in names.settings if is_set(each)]
    if whole := next((each for each in said if f"{name}.".startswith(f"{each}.")), None):
        yield f"{variable(whole)} (environment)"
        return
    inside = [each for each in said if each.startswith(f"{name}.")]
    yield from (f"{variable(each)} (environment)" for each in inside)
    if not inside or _holds(content, at):
        yield f"{name} ({file})"


def _holds(content: Any, at: Sequence[int | str]) -> bool:
    return not at or (isinstance(content, Mapping) and at[0] in content and _holds(content[at[0]], at[1:]))


def _complaint(name: str, mistake: ErrorDetails) -> str:
    if mistake["type"] == "string_pattern_mismatch":
        return _WANTED.get(name, _ADDRESS_WANTED)
    if mistake["type"] == "model_type":
        return f"must be a section, written as [{name}]"
    if told := wanted(mistake):
        return told
    message = mistake["msg"].removeprefix("Value error, ").replace("Input should be ", "must be ", 1)
    return (message[0].lower() + message[1:]).rstrip(".?")


def wanted(mistake: ErrorDetails) -> str | None:
    """What a value must be, without a full stop; None for a mistake that is told in words of our own."""
    told = _TYPE_WANTED.get(mistake["type"])
    return told and told.format(**mistake.get("ctx", {}))
