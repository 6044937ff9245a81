"""Health, status, configuration and the API's own description."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from tests.unit.web.serving import TestClient, client_of, key, make_app

from havenwall.app import App
from havenwall.model import Right
from havenwall.web import create_server
from havenwall.web.access import entrances


@pytest.fixture(scope="module")
def headers(app: App) -> dict[str, str]:
    return key(app, Right.SEE_FIGURES, Right.MANAGE)


def test_health_says_nothing_but_that_it_is_there(client: TestClient) -> None:
    assert client.get("/v1/health").json() == {"status": "ok"}


def test_status_without_a_worker(app: App, client: TestClient, headers: dict[str, str]) -> None:
    app.store.ledger.trouble("detect", "no list")
    body = client.get("/v1/status", headers=headers).json()
    assert (body["jobs"], body["events"]) == ([], 0)
    assert [trouble["what"] for trouble in body["troubles"]] == ["detect"]
    assert body["guard"]["problem"] is None


def test_the_worker_lives_as_long_as_the_server(fresh_app: App) -> None:
    headers = key(fresh_app, Right.SEE_FIGURES)
    with client_of(create_server(fresh_app)) as client:
        body = client.get("/v1/status", headers=headers).json()
        assert {job["name"] for job in body["jobs"]} >= {"detect", "network", "publish"}
        assert body["guard"]["age_seconds"] is not None


def test_the_doctor_looks_at_every_part(app: App, client: TestClient, headers: dict[str, str]) -> None:
    body = client.get("/v1/doctor", headers=headers).json()
    assert [check["name"] for check in body["checks"]] == [check.name for check in app.doctor()]
    assert body["ok"] == all(check["ok"] for check in body["checks"])


def test_the_configuration_tells_no_password(app: App, client: TestClient, headers: dict[str, str]) -> None:
    settings = client.get("/v1/config", headers=headers).json()["settings"]
    assert settings["database"] == "sqlite"
    assert settings["port"] == 8420
    assert settings.keys() == set(app.config.__struct_fields__)


def test_every_path_of_the_api_is_described(
    server: FastAPI, client: TestClient, headers: dict[str, str]
) -> None:
    described = client.get("/v1/openapi.json", headers=headers).json()
    served = {
        re.sub(r":path\}", "}", e.path) for e in entrances(server.routes) if e.path.startswith("/v1/")
    } - {"/v1/openapi.json"}
    assert {path for path in described["paths"] if path.startswith("/v1/")} == served


def test_every_reference_of_the_description_leads_somewhere(
    client: TestClient, headers: dict[str, str]
) -> None:
    described = client.get("/v1/openapi.json", headers=headers).json()
    named = set(re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', json.dumps(described)))
    assert named <= described["components"]["schemas"].keys()
    assert {"Event", "Filtered", "Problem", "Case"} <= named


def test_every_operation_says_what_comes_back(client: TestClient, headers: dict[str, str]) -> None:
    described = client.get("/v1/openapi.json", headers=headers).json()
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            assert "default" in operation["responses"], path
            assert operation["description"], path
            assert "HTTPValidationError" not in json.dumps(operation), f"{method} {path}"


def test_no_documentation_from_elsewhere_is_served(client: TestClient) -> None:
    for path in ("/docs", "/redoc", "/openapi.json", "/v1/docs"):
        assert client.get(path).status_code == 404


def test_two_servers_stand_apart(tmp_path: Path) -> None:
    one, other = make_app(tmp_path / "one"), make_app(tmp_path / "other")
    try:
        headers = key(one, Right.SEE_FIGURES)
        clients = [client_of(create_server(app, worker=False)) for app in (one, other)]
        assert [c.get("/v1/status", headers=headers).status_code for c in clients] == [200, 401]
    finally:
        one.close()
        other.close()
