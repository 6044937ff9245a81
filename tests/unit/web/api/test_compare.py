"""/v1/compare."""

from __future__ import annotations

from typing import Any

import msgspec
from tests.unit.web.serving import TestClient, key

from havenwall.app import App
from havenwall.audit.compare import Compared
from havenwall.model import Right


def wanted(**second: Any) -> dict[str, Any]:
    effort = {"amount": 1, "unit": "studies"}
    first = {"name": "first", "found": 405, "effort": effort}
    return {"platforms": [first, {"name": "second", "found": 128, "effort": effort} | second]}


def test_platforms_are_compared(app: App, client: TestClient) -> None:
    answer = client.post("/v1/compare", json=wanted(), headers=key(app, Right.SEE_FIGURES))
    found = msgspec.json.decode(answer.content, type=Compared)
    assert round(found.ratios[0].found.value, 2) == 3.16
    assert found.ratios[0].sign == "undetermined"


def test_a_bad_field_is_named(app: App, client: TestClient) -> None:
    headers = key(app, Right.SEE_FIGURES)
    answer = client.post("/v1/compare", json=wanted(found=-1), headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (422, "platforms[1].found")
    unknown = client.post("/v1/compare", json=wanted(members=1), headers=headers)
    assert (unknown.status_code, unknown.json()["field"]) == (422, "platforms[1]")


def test_other_rights_do_not_open_it(app: App, client: TestClient) -> None:
    assert client.post("/v1/compare", json=wanted()).status_code == 401
    answer = client.post("/v1/compare", json=wanted(), headers=key(app, Right.ASK_GUARD))
    assert answer.status_code == 403
