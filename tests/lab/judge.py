"""Judges request and response bodies by Discord's own description of its API, where that lies beside the checkout."""

import json
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from itertools import chain
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator, ValidationError

from tests.shared import shared

Judge = Callable[[str, str, object], list[str]]
Schema = dict[str, Any]

_MOST_TOLD = 5


@cache
def discord_judge() -> Judge | None:
    """What says how a request's body breaks Discord's description; None where the description is missing."""
    description = read_description()
    if description is None:
        return None
    validators: dict[tuple[str, str], Draft202012Validator | None] = {}

    @lru_cache(maxsize=500)
    def verdict(method: str, template: str, text: str) -> list[str]:
        if (method, template) not in validators:
            validators[method, template] = _validator(description, _request_schema(description, method, template))
        validator = validators[method, template]
        return complaints(validator, json.loads(text)) if validator else []

    return lambda method, template, body: verdict(method, template, json.dumps(body))


@cache
def read_description() -> Schema | None:
    """Discord's description, read as leniently as Discord itself reads; None where it is missing."""
    try:
        file = shared("discord/openapi.json")
    except pytest.skip.Exception:
        return None
    found = json.loads(file.read_bytes())
    description: Schema = _lenient(found, found["components"]["schemas"])
    schemas = description["components"]["schemas"]
    schemas["SnowflakeType"] = {"anyOf": [schemas["SnowflakeType"], {"type": "integer"}]}
    return description


def response_validator(method: str, template: str, status: int) -> Draft202012Validator | None:
    """What checks the answer of a route; None where the description says nothing of it."""
    description = read_description()
    if description is None:
        return None
    answer = description["paths"][template][method.lower()]["responses"].get(str(status), {})
    return _validator(description, answer.get("content", {}).get("application/json", {}).get("schema"))


def complaints(validator: Draft202012Validator, body: object) -> list[str]:
    """What is wrong, the innermost reason of each thing first."""
    reasons = [each for error in validator.iter_errors(body) for each in _reasons(error)]
    return [f"{_place(each)}: {each.message:.300}" for each in reasons[:_MOST_TOLD]]


def _reasons(error: ValidationError) -> Iterator[ValidationError]:
    """What is wrong with each alternative, the innermost first, and then that none fits."""
    others = chain.from_iterable(getattr(error.kind, "context", ()))
    yield from sorted(others, key=lambda each: -len(each.instance_path))
    yield error


def _place(error: ValidationError) -> str:
    return "$" + "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in error.instance_path)


def _lenient(node: Any, schemas: Schema) -> Any:
    """The same description with every `oneOf` read as `anyOf`: its alternatives are not as distinct as it says."""
    if isinstance(node, list):
        return [_lenient(each, schemas) for each in node]
    if not isinstance(node, dict):
        return node
    read = {"anyOf" if key == "oneOf" else key: _lenient(value, schemas) for key, value in node.items()}
    if "enum" in read:
        read.pop("allOf", None)  # it only names what the numbers mean
    alternatives = read.get("anyOf")
    if isinstance(alternatives, list):
        if all("const" in each for each in alternatives):
            del read["anyOf"]
            read["enum"] = [each["const"] for each in alternatives]
        elif by_type := _by_type(alternatives, schemas):
            del read["anyOf"]
            read["allOf"] = [_by_its_type(by_type)]
    return read


def _by_its_type(alternatives: dict[int, Any]) -> Schema:
    """A union whose alternatives differ in their `type`: only the one that is meant is looked at."""
    types = {"type": "object", "required": ["type"], "properties": {"type": {"enum": [*alternatives]}}}
    chosen = [
        {"if": {"required": ["type"], "properties": {"type": {"const": kind}}}, "then": each}
        for kind, each in alternatives.items()
    ]
    return {"allOf": [types, *chosen]}


def _by_type(alternatives: list[Any], schemas: Schema) -> dict[int, Any]:
    """The alternatives by the types they are for; {} when they cannot be told apart so."""
    found: dict[int, Any] = {}
    for each in alternatives:
        meant = schemas.get(each.get("$ref", "").rpartition("/")[2], {})
        types = meant.get("properties", {}).get("type", {}).get("enum", [])
        if not types or any(number in found for number in types):
            return {}
        found |= dict.fromkeys(types, each)
    return found


def _request_schema(description: Schema, method: str, template: str) -> Any:
    body = description["paths"].get(template, {}).get(method.lower(), {}).get("requestBody", {})
    return body.get("content", {}).get("application/json", {}).get("schema")


def _validator(description: Schema, schema: Any) -> Draft202012Validator | None:
    return None if schema is None else Draft202012Validator({**schema, "components": description["components"]})
