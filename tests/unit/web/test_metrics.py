"""Figures for Prometheus."""

from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.unit.web.serving import TestClient, client_of, confirmed, event, key

from havenwall.app import App
from havenwall.model import Right
from havenwall.web import create_server
from havenwall.web.metrics import Metrics


def read(text: str) -> dict[tuple[str, ...], float]:
    samples = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
    return {(sample.name, *sample.labels.values()): sample.value for sample in samples}


@pytest.fixture
def client(app: App) -> TestClient:
    """A client of a new server, which has counted nothing yet."""
    return client_of(create_server(app, worker=False))


def test_requests_events_guard_and_standing_are_there(app: App, client: TestClient) -> None:
    everything = key(app, *Right)
    client.post("/v1/events", json=[event(1), event(1)], headers=everything)
    client.get("/v1/health")
    client.get("/v1/nowhere")
    confirmed(app, "account:t")
    found = read(client.get("/metrics", headers=everything).text)
    assert found["havenwall_requests_total", "GET", "/v1/health", "200"] == 1
    assert found["havenwall_requests_total", "GET", "none", "404"] == 1
    assert found["havenwall_request_seconds_count", "/v1/events"] == 1
    assert found["havenwall_events_accepted_total",] == 1
    assert found["havenwall_restricted_entities", "suppressed"] == 1
    assert 0 <= found["havenwall_guard_age_seconds",] < 60
    assert found["havenwall_troubles",] == 0


def test_two_servers_count_apart(app: App) -> None:
    one, other = Metrics(), Metrics()
    one.events(5)
    assert read(one.render(app).decode())["havenwall_events_accepted_total",] == 5
    assert read(other.render(app).decode())["havenwall_events_accepted_total",] == 0


def test_invented_methods_make_no_new_series(app: App, client: TestClient) -> None:
    for n in range(5):
        client.request(f"BREW{n}", "/v1/health")
    found = read(client.get("/metrics", headers=key(app, Right.SEE_FIGURES)).text)
    assert found["havenwall_requests_total", "other", "/v1/health", "405"] == 5
    assert not [name for name in found if "BREW0" in name]
