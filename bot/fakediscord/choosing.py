"""Turns what a person picks in a menu or writes in a modal into what the bot is told; refuses what a client would."""

import re
from collections.abc import Mapping

from bot.fakediscord.answers import Field, Refused
from bot.fakediscord.filling import Filling
from bot.fakediscord.layout import Kind
from bot.fakediscord.wire import Json, units


def picked(select: Json, values: list[object], filling: Filling) -> list[str]:
    """The values of a select menu as the bot is told them. Raises Refused."""
    least, most = select.get("min_values"), select.get("max_values") or 1
    if not (1 if least is None else least) <= len(values) <= most:
        raise Refused(f"one chooses {1 if least is None else least} to {most} here, not {len(values)}")
    if select["type"] != Kind.STRING_SELECT:
        try:
            return [filling.pick(select["type"], each, select) for each in values]
        except ValueError as error:
            raise Refused(f"what one chooses here {error}") from None
    chosen = []
    for value in values:
        option = next((each for each in select["options"] if value in (each["label"], each["value"])), None)
        if option is None:
            raise Refused(f"{value!r} is not among: {', '.join(each['label'] for each in select['options'])}")
        chosen.append(str(option["value"]))
    return chosen


def is_called(field: Field, name: str) -> bool:
    return name in (field.custom_id, field.label, re.sub(r"\W+", "_", field.label.casefold()).strip("_"))


def filled_in(field: Field, values: Mapping[str, object], filling: Filling) -> Json:
    """One field as the bot is told it. Raises Refused for what a client does not let through."""
    told: Json = {"type": field.component["type"], "custom_id": field.custom_id}
    given = next((value for name, value in values.items() if is_called(field, name)), None)
    if field.is_select:
        chosen = field.chosen if given is None else list(given) if isinstance(given, list | tuple) else [given]
        if not chosen and not field.required:
            return {**told, "values": []}
        return {**told, "values": picked(field.component, chosen, filling)}
    text = field.value if given is None else str(given)
    least, most = field.component.get("min_length") or 0, field.component.get("max_length") or 4000
    if (field.required and not text.strip()) or units(text) > most or (text and units(text) < least):
        raise Refused(f"{field.label!r} takes {max(least, int(field.required))} to {most} characters")
    return {**told, "value": text}


def submitted(components: list[Json], given: Mapping[str, Json]) -> list[Json]:
    """The modal's components as they come back, each field filled in."""
    told = []
    for each in components:
        if each["type"] == Kind.ACTION_ROW:
            told.append({"type": 1, "components": [given[inner["custom_id"]] for inner in each["components"]]})
        elif each["type"] == Kind.LABEL:
            told.append({"type": int(Kind.LABEL), "component": given[each["component"]["custom_id"]]})
        else:
            told.append({"type": each["type"]})
    return told
