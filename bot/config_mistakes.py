"""Puts what is wrong with the settings into readable lines, each with its place. It never shows a value."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import process

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

    def advice(self, name: str) -> str:
        """What to write instead of `name`: a neighbour spelled so, else its namesake, else what is there."""
        section, _, key = name.rpartition(".")
        every = [*self.settings, *self.sections]
        inside = [each for each in every if each.rpartition(".")[0] == section]
        if meant := _nearest(key, [each.rpartition(".")[2] for each in inside]):
            return f" Did you mean {section}.{meant}?" if section else f" Did you mean {meant}?"
        if namesake := next((each for each in every if each.rpartition(".")[2] == key), None):
            return f" Did you mean {namesake}?"
        return f" [{section}] has {', '.join(each.rpartition('.')[2] for each in inside)}." if section else ""


def variable(setting: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + setting.replace(".", "_").upper()


def is_set(setting: str) -> bool:
    """Whether the environment says what this setting is."""
    return any(each.upper() == variable(setting) for each in os.environ)


def unknown_variables(known: Sequence[str]) -> Iterator[str]:
    """A line for each variable with our prefix that is none of these."""
    for name in sorted(os.environ):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            meant = _nearest(name.upper(), known)
            yield f"{name} (environment): I don't know this setting." + (f" Did you mean {meant}?" if meant else "")


def explained(error: ValidationError, file: Path, names: Names) -> Iterator[str]:
    """A line for each mistake in the settings that were read from `file` and the environment."""
    for each in error.errors(include_input=False, include_url=False):
        name = ".".join(map(str, each["loc"]))
        if is_set(name) and name not in names.settings:
            continue  # told as an unknown variable
        place = f"{variable(name)} (environment)" if is_set(name) else f"{name} ({file})"
        if each["type"] == "extra_forbidden":
            yield f"{place}: I don't know this setting.{names.advice(name)}"
        else:
            yield f"{place}: {_complaint(name, each)}."


def _nearest(word: str, known: Sequence[str]) -> str | None:
    best = process.extractOne(word[:200], known, score_cutoff=60)
    return best[0] if best else None


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
