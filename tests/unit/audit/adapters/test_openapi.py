"""The hand-written description of the routes, the reference server and what is sent say the same."""

from __future__ import annotations

from typing import Any

import yaml
from tests.unit.audit.adapters.platforms import ROOT, friends

from havenwall.audit.adapters.wire import READS, Route
from havenwall.web.reference_recommender import PREFIX, reference_recommender

_PROSE = {"description", "title", "summary", "operationId"}


def written() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docs/reference/audit-http.openapi.yaml").read_text(encoding="utf-8"))


def generated() -> dict[str, Any]:
    return reference_recommender(friends()).openapi()


def bare(value: Any, inside_names: bool = False) -> Any:
    """A description without its prose, lists of words in order; names of fields are no prose."""
    if isinstance(value, dict):
        kept = {k: v for k, v in value.items() if inside_names or k not in _PROSE}
        return {k: bare(v, k in ("properties", "schemas")) for k, v in kept.items()}
    if isinstance(value, list):
        return (
            sorted(map(bare, value)) if all(isinstance(one, str) for one in value) else list(map(bare, value))
        )
    return value


def test_it_describes_each_route_once() -> None:
    paths = written()["paths"]
    assert {path.removeprefix("/") for path in paths} == set(Route)
    assert {path: list(methods) for path, methods in paths.items()} == {
        f"/{route}": ["get" if route in READS else "post"] for route in Route
    }


def test_the_reference_server_does_as_described() -> None:
    served = {path.removeprefix(PREFIX): methods for path, methods in generated()["paths"].items()}
    assert bare(written()["paths"]) == bare(served)


def test_the_shapes_are_those_that_are_sent() -> None:
    assert bare(written()["components"]["schemas"], True) == bare(generated()["components"]["schemas"], True)
    assert bare(written()["components"]["securitySchemes"]) == bare(
        generated()["components"]["securitySchemes"]
    )
    assert written()["security"] == generated()["security"]
    assert written()["openapi"] == generated()["openapi"]


def test_each_shape_that_is_named_is_there() -> None:
    def named(value: Any) -> set[str]:
        if isinstance(value, list):
            return {name for one in value for name in named(one)}
        if not isinstance(value, dict):
            return set()
        return {value["$ref"]} if "$ref" in value else {name for one in value.values() for name in named(one)}

    schemas = written()["components"]["schemas"]
    assert named(written()) == {f"#/components/schemas/{name}" for name in schemas}
