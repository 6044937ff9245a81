"""Reads the YAML of a rule pack, strictly: no aliases, no repeated keys, no guessed types."""

from __future__ import annotations

from typing import Any

import yaml

from havenwall.errors import BadRulePack

MAX_PACK = 256 * 1024
"""Bytes of a rule pack."""


def read_document(content: bytes) -> Any:
    """Dicts, lists and strings of a YAML document; every scalar stays a string.

    Raises:
        BadRulePack: too large, not UTF-8 or UTF-16, not YAML, nested too deep, an alias, a repeated key.
    """
    if len(content) > MAX_PACK:
        raise BadRulePack(f"larger than {MAX_PACK // 1024} KiB", field="pack", hint="split it in two")
    try:
        return yaml.load(content, Loader=_StrictLoader)  # noqa: S506  (a BaseLoader: makes no objects)
    except yaml.MarkedYAMLError as error:
        raise BadRulePack(_placed(error), field="pack", hint="correct the YAML there") from error
    except RecursionError as error:
        raise BadRulePack("nested too deep", field="pack", hint="a pack is a list of flat rules") from error
    except (yaml.YAMLError, ValueError) as error:
        raise BadRulePack("not YAML text", field="pack", hint="save the pack as UTF-8 text") from error


class _StrictLoader(yaml.BaseLoader):
    """Unlike SafeLoader it leaves `on`, `yes` and `1:30` strings: `on:` is a key of every rule."""

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
