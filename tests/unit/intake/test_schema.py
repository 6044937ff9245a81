from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.unit.intake.samples import LINK

from havenwall.errors import BadInput
from havenwall.intake import check_event, event_schema
from havenwall.model import REQUIRED, EntityKind, EventType

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
SCHEMA = event_schema()
EXAMPLES = re.findall(r"### (\w+)\n.*?```json\n(.*?)\n```", (REFERENCE / "events.md").read_text(), re.DOTALL)


def allows(schema: dict[str, Any], value: Any) -> bool:
    """Whether a JSON value keeps a schema; knows the keywords that ours uses."""
    if "$ref" in schema:
        return allows(SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], value)
    if "if" in schema and allows(schema["if"], value):
        return allows(schema["then"], value)
    kinds = {"string": str, "null": type(None), "number": (int, float), "array": list, "object": dict}
    checks = [
        "type" not in schema or isinstance(value, kinds[schema["type"]]),
        "const" not in schema or value == schema["const"],
        "enum" not in schema or value in schema["enum"],
        "anyOf" not in schema or any(allows(part, value) for part in schema["anyOf"]),
        all(allows(part, value) for part in schema.get("allOf", [])),
    ]
    if isinstance(value, str):
        checks.append(re.search(schema.get("pattern", ""), value) is not None)
        checks.append(schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 1e9))
    if isinstance(value, (int, float)):
        checks.append(value > schema.get("exclusiveMinimum", float("-inf")))
    if isinstance(value, list):
        checks.append(len(value) <= schema.get("maxItems", 1e9))
        checks += [allows(schema.get("items", {}), item) for item in value]
    if isinstance(value, dict):
        own = schema.get("properties", {})
        checks.append(set(schema.get("required", [])) <= value.keys())
        checks.append(schema.get("additionalProperties") is not False or value.keys() <= own.keys())
        checks += [allows(own[name], part) for name, part in value.items() if name in own]
    return all(checks)


def taken(event: dict[str, Any]) -> bool:
    try:
        check_event(event)
    except BadInput:
        return False
    return True


def test_the_schema_on_file_is_the_generated_one() -> None:
    on_file = json.loads((REFERENCE / "event.schema.json").read_text())
    assert on_file == json.loads(msgspec.json.encode(SCHEMA))


def test_the_page_has_one_example_of_each_type() -> None:
    assert [name for name, _ in EXAMPLES] == [type_.value for type_ in EventType]


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_each_example_is_valid(name: str, example: str) -> None:
    assert check_event(example.encode()).type == name
    assert allows(SCHEMA, json.loads(example))


@pytest.mark.parametrize("type_", EventType)
def test_schema_and_check_agree_on_kinds(type_: EventType) -> None:
    link = "follow" if REQUIRED[type_].link else None
    targets = [None, *(f"{kind}:2" for kind in EntityKind)]
    for entity, target in product([f"{kind}:1" for kind in EntityKind], targets):
        event = LINK | {"type": type_.value, "entity": entity, "target": target, "link": link}
        assert allows(SCHEMA, event) == taken(event)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"source": ""},
        {"source_id": "x" * 301},
        {"type": "tie"},
        {"at": None},
        {"link": None},
        {"link": "friend"},
        {"type": "report", "entity": "post:1"},
        {"weight": 0},
        {"weight": None, "tags": None, "text": None, "attributes": None},
        {"text": "x" * 10_001},
        {"tags": ["a"] * 101},
        {"tags": ["a" * 301]},
        {"attributes": {"a": "b"}},
        {"attributes": []},
        {"colour": "red"},
    ],
)
def test_schema_and_check_agree_on_values(change: dict[str, Any]) -> None:
    assert allows(SCHEMA, LINK | change) == taken(LINK | change)
