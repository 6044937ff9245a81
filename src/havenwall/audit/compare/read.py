"""Reads a comparison file: strict YAML (or JSON, which is YAML too)."""

from __future__ import annotations

from typing import Any

import msgspec
import yaml

from havenwall.audit.compare.check import checked
from havenwall.audit.compare.request import CompareRequest
from havenwall.errors import BadInput

MAX_FILE = 10_000_000
"""Bytes, as many as the API takes."""
_HINT = "see the how-to `compare-platforms` for the fields"


def read_request(content: bytes) -> CompareRequest:
    """The checked request that a YAML file holds.

    Raises:
        BadInput: not YAML, or a field is not right; names the field or the place in the file.
    """
    if len(content) > MAX_FILE:
        raise BadInput(f"larger than {MAX_FILE // 1_000_000} MB", field="file", hint="give counts, not lists")
    try:
        return checked(msgspec.convert(_load(content), CompareRequest))
    except msgspec.ValidationError as problem:
        what, _, place = str(problem).partition(" - at `$")
        hint = "quote it" if "Expected `str`, got" in what else _HINT
        raise BadInput(what, field=place.strip("`.") or "file", hint=hint) from problem


def _load(content: bytes) -> Any:
    try:
        return yaml.load(content, Loader=_StrictLoader)  # noqa: S506  (a SafeLoader: makes no objects)
    except yaml.MarkedYAMLError as error:
        raise BadInput(_placed(error), field="file", hint="correct the YAML there") from error
    except RecursionError as error:
        raise BadInput("nested too deep", field="file", hint=_HINT) from error
    except (yaml.YAMLError, ValueError) as error:
        raise BadInput("not YAML text", field="file", hint="save it as UTF-8 text") from error


class _StrictLoader(yaml.SafeLoader):
    """A repeated key would drop a platform's number unseen, and aliases can make small files huge."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "aliases are not allowed", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        made = super().construct_mapping(node, deep=True)
        if len(made) != len(node.value):
            raise yaml.constructor.ConstructorError(None, None, "a key is repeated", node.start_mark)
        return made


def _placed(error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark
    place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    return f"{place}{error.problem or 'not YAML'}"
