"""JSON Schema of an event, made from the record, the table of needs and the limits of the checks."""

from __future__ import annotations

from typing import Any

import msgspec

from havenwall.intake.rules import (
    ATTRIBUTES_LENGTH,
    ID_LENGTH,
    LINK_TYPES,
    SOURCE_LENGTH,
    TAG_LENGTH,
    TAGS,
    TEXT_LENGTH,
)
from havenwall.model import REQUIRED, EntityKind, Event, EventType, Needs

Schema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_LIMITS: dict[str, Schema] = {
    "source": {"minLength": 1, "maxLength": SOURCE_LENGTH},
    "source_id": {"minLength": 1, "maxLength": ID_LENGTH},
    "at": {"format": "date-time"},
    "weight": {"exclusiveMinimum": 0},
    "text": {"maxLength": TEXT_LENGTH},
    "tags": {"maxItems": TAGS, "items": {"type": "string", "maxLength": TAG_LENGTH}},
    "attributes": {"description": f"At most {ATTRIBUTES_LENGTH:,} characters written as JSON."},
}


def event_schema() -> Schema:
    """The event format as JSON Schema 2020-12, for a value that stands for itself.

    Self-links, NUL characters and the length of attributes are beyond it; `check_event` sees them too.
    """
    schema = msgspec.json.schema(Event)
    defs = schema["$defs"]
    event: Schema = defs.pop("Event")
    properties = {name: _property(name, event) for name in event["properties"]}
    needs = [_needs(type_, needs) for type_, needs in REQUIRED.items()]
    return {"$schema": _DIALECT, **event, "properties": properties, "allOf": needs, "$defs": defs}


def _property(name: str, event: Schema) -> Schema:
    """The field's schema with its limits; a field that may be left out may also be null."""
    own: Schema = event["properties"][name]
    default = {"default": own["default"]} if "default" in own else {}
    plain = own["anyOf"][0] if "anyOf" in own else {k: v for k, v in own.items() if k != "default"}
    plain |= {"maxLength": ID_LENGTH} if name in ("entity", "target") else {}
    plain |= _LIMITS.get(name, {})
    return plain if name in event["required"] else {"anyOf": [plain, {"type": "null"}], **default}


def _needs(type_: EventType, needs: Needs) -> Schema:
    """What one type demands beyond the fields every event has."""
    then: Schema = {"entity": _name(needs.entity)}
    then["target"] = _name(needs.target) if needs.target else {"type": "null"}
    if needs.target and not needs.target_required:
        then["target"] = {"anyOf": [then["target"], {"type": "null"}]}
    then["link"] = {"type": "string"} if type_ in LINK_TYPES else {"type": "null"}
    required = [name for name in ("target", "link") if then[name].get("type") == "string"]
    demand: Schema = {"properties": then} | ({"required": required} if required else {})
    return {"if": {"properties": {"type": {"const": type_.value}}}, "then": demand}


def _name(kinds: tuple[EntityKind, ...]) -> Schema:
    return {"type": "string", "pattern": f"^({'|'.join(kinds)}):[\\s\\S]"}
