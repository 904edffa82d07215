"""Rules for registering commands and for the choices that autocomplete offers.

Limits: docs.discord.com/developers/interactions/application-commands.
"""

import unicodedata
from copy import deepcopy
from functools import lru_cache
from typing import Any

from bot.fakediscord.rules.forms import Form, Path, distinct
from bot.fakediscord.wire import Json, dumps, is_count, loads, units

MOST_OF_A_KIND = {1: 100, 2: 15, 3: 15}
"""Slash commands, user menus and message menus that one scope can hold."""
MOST_CHARACTERS = 8000
_SUBCOMMAND, _GROUP = 1, 2
_STRING, _INTEGER, _NUMBER = 3, 4, 10
_VALUE_KINDS = range(3, 12)


def check_commands(commands: object) -> list[Json]:
    """A whole list of commands to register. Raises ApiError 50035; returns the list."""
    form = Form()
    form.errors = deepcopy(_wrong_in_each(dumps(commands)))
    form.finish()
    listed: list[Json] = commands if isinstance(commands, list) else []
    names: list[tuple[Path, object]] = [
        ((number, "name"), (each.get("type") or 1, each["name"])) for number, each in enumerate(listed)
    ]
    distinct(form, names, "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
    for kind, most in MOST_OF_A_KIND.items():
        if sum((each.get("type") or 1) == kind for each in listed) > most:
            form.wrong((), "APPLICATION_COMMAND_TOO_MANY", f"There can be {most} commands of this kind")
    form.finish()
    return listed


@lru_cache(maxsize=32)
def _wrong_in_each(text: str) -> Json:
    """What is wrong with each of the commands in this JSON; a bot that starts again sends the same ones."""
    form = Form()
    commands = loads(text)
    if not isinstance(commands, list):
        form.wrong((), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
    for number, each in enumerate(commands if isinstance(commands, list) else []):
        _check_command(form, form.mapping(each, (number,)), (number,))
    return form.errors


def check_command(command: object) -> Json:
    """One command to register. Raises ApiError 50035; returns it."""
    form = Form()
    fields = form.mapping(command, ())
    if not form.errors:
        _check_command(form, fields, ())
    form.finish()
    return fields


def _check_command(form: Form, command: Json, path: Path) -> None:
    kind = 1 if command.get("type") is None else form.choice(command, "type", path, among=MOST_OF_A_KIND)
    if kind == 1:
        _check_name(form, command, path)
        form.text(command, "description", path, least=1, most=100)
        _check_options(form, command, path, depth=0)
        if not form.errors and _characters(command) > MOST_CHARACTERS:
            message = f"Command exceeds maximum size ({MOST_CHARACTERS})"
            form.wrong(path, "APPLICATION_COMMAND_TOO_LARGE", message)
    else:
        form.text(command, "name", path, least=1, most=32)
        if command.get("description"):
            form.wrong((*path, "description"), "APPLICATION_COMMAND_INVALID_DESCRIPTION", "Menus have no description")
        if command.get("options"):
            form.wrong((*path, "options"), "APPLICATION_COMMAND_INVALID_OPTIONS", "Menus have no options")


def _check_name(form: Form, named: Json, path: Path) -> None:
    name = form.text(named, "name", path, least=1, most=32)
    sound = all(each in "-_'" or unicodedata.category(each)[0] in "LN" for each in name)
    if name and not (sound and name == name.lower()):
        message = "String value did not match validation regex."
        form.wrong((*path, "name"), "APPLICATION_COMMAND_INVALID_NAME", message)


def _check_options(form: Form, holder: Json, path: Path, *, depth: int) -> None:
    """`depth` is 0 in a command, 1 in a group, 2 in a subcommand, which hold different things."""
    options = [
        form.mapping(each, (*path, "options", n)) for n, each in enumerate(form.items(holder, "options", path, most=25))
    ]
    allowed: set[int] = {0: {_SUBCOMMAND, _GROUP, *_VALUE_KINDS}, 1: {_SUBCOMMAND}, 2: {*_VALUE_KINDS}}[depth]
    kinds = {kind for each in options if is_count(kind := each.get("type"))}
    if kinds & {_SUBCOMMAND, _GROUP} and kinds - {_SUBCOMMAND, _GROUP}:
        message = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        form.wrong((*path, "options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)
    names: list[tuple[Path, object]] = []
    optional_seen = False
    for number, option in enumerate(options):
        where = (*path, "options", number)
        _check_option(form, option, where, allowed)
        names.append(((*where, "name"), option.get("name") if isinstance(option.get("name"), str) else None))
        if option.get("required") and optional_seen:
            message = "Required options must be placed before non-required options"
            form.wrong(where, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        optional_seen = optional_seen or not option.get("required")
    distinct(form, names, "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option name already used")


def _check_option(form: Form, option: Json, path: Path, allowed: set[int]) -> None:
    kind = form.choice(option, "type", path, among=allowed)
    _check_name(form, option, path)
    form.text(option, "description", path, least=1, most=100)
    if kind == _GROUP:
        _check_options(form, option, path, depth=1)
    elif kind == _SUBCOMMAND:
        _check_options(form, option, path, depth=2)
    elif option.get("autocomplete") and option.get("choices"):
        message = "Autocomplete and choices exclude each other"
        form.wrong((*path, "choices"), "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", message)
    elif kind is not None:
        if option.get("autocomplete") and kind not in (_STRING, _INTEGER, _NUMBER):
            form.wrong((*path, "autocomplete"), "APPLICATION_COMMAND_AUTOCOMPLETE_INVALID", "Not for this type")
        form.number(option, "min_length", path, least=0, most=6000)
        form.number(option, "max_length", path, least=1, most=6000)
        check_choices(form, form.items(option, "choices", path, most=25), (*path, "choices"), kind)


def check_choices(form: Form, choices: list[Any], path: Path, kind: int) -> None:
    """The choices of an option of this type: named, and with a value of the type."""
    for number, each in enumerate(choices):
        where = (*path, number)
        choice = form.mapping(each, where)
        form.text(choice, "name", where, least=1, most=100)
        value = choice.get("value")
        if kind == _STRING:
            form.text(choice, "value", where, least=1, most=100)
        elif isinstance(value, bool) or not (is_count(value) or (kind == _NUMBER and isinstance(value, float))):
            form.wrong((*where, "value"), "NUMBER_TYPE_COERCE", f'Value "{value!r:.100}" is not a number.')


def check_autocomplete(reply: Json, kind: int) -> list[Json]:
    """The data of an autocomplete result for an option of this type. Raises ApiError 50035; returns the choices."""
    form = Form()
    path = ("data",)
    choices = form.items(form.mapping(reply, path), "choices", path, most=25)
    check_choices(form, choices, ("data", "choices"), kind)
    form.finish()
    return choices


def _characters(command: Json) -> int:
    """Names, descriptions and the choices' values, as Discord adds them up for one command."""
    own = [command.get("name"), command.get("description")]
    own += [
        each.get(key) for each in command.get("choices") or () if isinstance(each, dict) for key in ("name", "value")
    ]
    inner = [each for each in command.get("options") or () if isinstance(each, dict)]
    return sum(units(text) for text in own if isinstance(text, str)) + sum(map(_characters, inner))
