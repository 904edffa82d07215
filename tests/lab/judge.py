"""Judges request and response bodies by Discord's own description of its API, where that lies beside the checkout."""

import json
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from tests.shared import shared

Judge = Callable[[str, str, object], list[str]]
Schema = dict[str, Any]

_MOST_TOLD = 5
_BY_TYPE = "x-by-type"
"""Our keyword for a union whose alternatives differ in their `type`: only the one that is meant is looked at."""


@cache
def discord_judge() -> Judge | None:
    """What says how a request's body breaks Discord's description; None where the description is missing."""
    description = read_description()
    if description is None:
        return None
    validators: dict[tuple[str, str], Validator | None] = {}

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


def response_validator(method: str, template: str, status: int) -> Validator | None:
    """What checks the answer of a route; None where the description says nothing of it."""
    description = read_description()
    if description is None:
        return None
    answer = description["paths"][template][method.lower()]["responses"].get(str(status), {})
    return _validator(description, answer.get("content", {}).get("application/json", {}).get("schema"))


def complaints(validator: Validator, body: object) -> list[str]:
    """What is wrong, the innermost reason of each thing first."""
    return [f"{each.json_path}: {each.message:.300}" for each in _reasons(validator, body)][:_MOST_TOLD]


def _reasons(validator: Validator, body: object) -> Iterator[ValidationError]:
    for error in validator.iter_errors(body):
        yield from sorted(error.context or (), key=lambda each: -len(each.absolute_path))
        yield error


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
            read[_BY_TYPE] = by_type
    return read


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


def _check_by_type(validator: Any, by_type: dict[int, Any], instance: Any, _: Any) -> Iterator[ValidationError]:
    kind = instance.get("type") if isinstance(instance, dict) else None
    if kind in by_type:
        yield from validator.descend(instance, by_type[kind])
    else:
        yield ValidationError(f"{instance!r:.200} has none of the types {sorted(by_type)}")


_Lenient = extend(Draft202012Validator, {_BY_TYPE: _check_by_type})


def _request_schema(description: Schema, method: str, template: str) -> Any:
    body = description["paths"].get(template, {}).get(method.lower(), {}).get("requestBody", {})
    return body.get("content", {}).get("application/json", {}).get("schema")


def _validator(description: Schema, schema: Any) -> Validator | None:
    if schema is None:
        return None
    inlined = _inlined(schema, description["components"]["schemas"], {})
    made: Validator = _Lenient({**inlined, "components": description["components"]})
    return made


def _inlined(node: Any, schemas: Schema, done: dict[str, Any]) -> Any:
    """The same schema with each reference replaced by what it names, which is much faster to check by.

    A schema that refers to itself keeps the reference.
    """
    if isinstance(node, list):
        return [_inlined(each, schemas, done) for each in node]
    if not isinstance(node, dict):
        return node
    name = node.get("$ref", "").rpartition("/")[2]
    if name not in schemas:
        return {key: _inlined(value, schemas, done) for key, value in node.items()}
    if name not in done:
        done[name] = node  # met again inside itself, it stays a reference
        done[name] = _inlined(schemas[name], schemas, done)
    return done[name]
