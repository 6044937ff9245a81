"""/v1/endpoints and /v1/deliveries."""

from __future__ import annotations

from tests.contract.test_deliveries import action, keep, preserved
from tests.unit.web.serving import TestClient, key

from havenwall.app import App
from havenwall.model import Right


def test_an_endpoint_is_made_changed_and_switched_off(app: App, client: TestClient) -> None:
    headers = key(app, Right.MANAGE)
    wanted = {"name": "main", "url": "https://hooks.example.org/", "kinds": ["restrict"]}
    made = client.post("/v1/endpoints", json=wanted, headers=headers)
    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    assert client.post("/v1/endpoints", json=wanted, headers=headers).status_code == 409
    changed = client.patch("/v1/endpoints/main", json={"on": False}, headers=headers).json()
    assert (changed["on"], changed["kinds"], changed["url"]) == (False, ["restrict"], wanted["url"])
    (listed,) = client.get("/v1/endpoints", headers=headers).json()["items"]
    assert listed["endpoint"] == changed
    renewed = client.post("/v1/endpoints/main/secret", headers=headers).json()
    assert renewed["secret"] != made.json()["secret"]
    assert made.json()["secret"].encode() not in (app.config.data / "havenwall.db").read_bytes()


def test_what_is_wrong_is_named(app: App, client: TestClient) -> None:
    headers = key(app, Right.MANAGE)
    good = {"name": "other", "url": "https://hooks.example.org/"}
    for wrong, field in (
        ({"name": "No Name"}, "name"),
        ({"url": "http://hooks.example.org/"}, "url"),
        ({"url": "https://10.0.0.1/"}, "url"),
        ({"kinds": ["preserve"]}, "kinds"),
        ({"kinds": ["nothing"]}, "kinds"),
    ):
        answer = client.post("/v1/endpoints", json=good | wrong, headers=headers)
        assert answer.status_code == 422
        assert field in answer.json()["field"]
    assert client.post("/v1/endpoints/nobody/test", headers=headers).status_code == 404


def test_deliveries_are_logged_and_who_may_not_see_their_accounts_does_not(
    app: App, client: TestClient
) -> None:
    client.post(
        "/v1/endpoints",
        json={"name": "log", "url": "https://no-such-name.invalid/"},
        headers=key(app, Right.MANAGE),
    )
    keep(app.store, *preserved("z"), action("z"))
    app.deliveries.deliver()
    (one,) = client.get("/v1/deliveries?endpoint=log", headers=key(app, Right.MANAGE)).json()["items"]
    assert (one["state"], one["entity"], one["tries"]) == ("waiting", "", 1)
    both = key(app, Right.MANAGE, Right.SEE_CHILD_SAFETY)
    assert client.get("/v1/deliveries?endpoint=log", headers=both).json()["items"][0]["entity"] == "account:z"
    (line,) = client.get(f"/v1/deliveries/{one['id']}/tries", headers=both).json()["items"]
    assert (line["status"], line["by"]) == (None, "worker")
    assert "not known" in line["error"]
    assert client.post(f"/v1/deliveries/{one['id']}/replay", headers=both).status_code == 409
    tested = client.post("/v1/endpoints/log/test", headers=both).json()
    assert "not known" in tested["error"]
