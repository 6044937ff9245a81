"""The recommender that ships as an example of the audit's HTTP routes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.unit.web.serving import TestClient, client_of

from havenwall.app.platforms import sandbox_platform
from havenwall.audit.adapters.spec import SandboxSpec
from havenwall.errors import BadInput
from havenwall.web.reference_recommender import PREFIX, listening, reference_recommender

ADAPTER = SandboxSpec(accounts=400, recommender="friends")
TOKEN = {"Authorization": "Bearer quiet-orchard"}


@pytest.fixture
def client() -> Iterator[TestClient]:
    with client_of(reference_recommender(sandbox_platform(ADAPTER), "quiet-orchard"), crash=False) as client:
        yield client


@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Bearer quiet"}, {"Authorization": "Basic quiet-orchard"}]
)
def test_every_route_asks_for_the_token(client: TestClient, header: dict[str, str]) -> None:
    for route in ("surfaces", "snapshot"):
        assert client.get(f"{PREFIX}/{route}", headers=header).status_code == 401
    for route in ("reset", "accounts", "recommend", "acts"):
        assert client.post(f"{PREFIX}/{route}", headers=header, json={}).status_code == 401


def test_it_has_the_six_routes_and_no_more(client: TestClient) -> None:
    assert client.get(f"{PREFIX}/surfaces", headers=TOKEN).json() == {"surfaces": ["accounts"]}
    assert client.get("/docs").status_code == 404
    assert client.get("/openapi.json").status_code == 404


@pytest.mark.parametrize(
    ("route", "body", "field"),
    [
        ("reset", {}, ""),
        ("reset", {"seed": "one"}, "seed"),
        ("recommend", {"asks": [{"account": "nobody", "surface": "accounts", "k": 3}]}, "account"),
        ("recommend", {"asks": [{"account": "nobody", "surface": "walls", "k": 3}]}, "asks[0].surface"),
        ("acts", {"acts": [{"account": "nobody", "kind": "follow", "target": "account:1"}]}, "account"),
    ],
)
def test_what_is_wrong_is_named(client: TestClient, route: str, body: object, field: str) -> None:
    answer = client.post(f"{PREFIX}/{route}", headers=TOKEN, json=body)
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert field in answer.text


def test_too_much_is_refused(client: TestClient) -> None:
    answer = client.post(f"{PREFIX}/reset", headers=TOKEN, content=b" " * 11_000_000)
    assert answer.status_code == 413


def test_an_address_that_is_taken_is_named() -> None:
    with listening("127.0.0.1", 0) as at, pytest.raises(BadInput, match="cannot listen on"):
        listening("127.0.0.1", at.getsockname()[1])
