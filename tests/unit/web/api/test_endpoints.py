"""/v1/endpoints and /v1/deliveries."""

from __future__ import annotations

from datetime import timedelta

from tests.contract.test_deliveries import action, keep, log, preserved
from tests.unit.web.serving import TestClient, key

from havenwall.app import App
from havenwall.model import ActionKind, Right, Viewer
from havenwall.model.delivery import Answered, Confirmation


def test_an_endpoint_is_made_changed_and_switched_off(app: App, client: TestClient) -> None:
    headers = key(app, Right.MANAGE, Right.SEE_CHILD_SAFETY)
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
    noted = [(line.by, line.what, line.subject) for line in app.store.access_log(3)]
    assert noted == [
        ("key:test", "endpoint secret renewed", "main"),
        ("key:test", "endpoint changed", "main"),
        ("key:test", "endpoint added", "main"),
    ]


def test_only_who_sees_child_safety_cases_lets_an_endpoint_hear_of_them(app: App, client: TestClient) -> None:
    manager, both = key(app, Right.MANAGE), key(app, Right.MANAGE, Right.SEE_CHILD_SAFETY)
    wanted = {"name": "mine", "url": "https://hooks.example.org/"}
    assert client.post("/v1/endpoints", json=wanted, headers=manager).status_code == 403
    general = wanted | {"classes": ["general"]}
    assert client.post("/v1/endpoints", json=general, headers=manager).status_code == 201
    wider = {"classes": ["general", "child_safety"]}
    elsewhere = {"url": "https://other.example.org/"}
    assert client.patch("/v1/endpoints/mine", json=elsewhere, headers=manager).status_code == 200
    assert client.patch("/v1/endpoints/mine", json=wider, headers=manager).status_code == 403
    assert client.patch("/v1/endpoints/mine", json=wider, headers=both).status_code == 200
    for change in (elsewhere | {"url": "https://third.example.org/"}, elsewhere | {"classes": ["general"]}):
        assert client.patch("/v1/endpoints/mine", json=change, headers=manager).status_code == 403
    for switch in (False, True):
        assert client.patch("/v1/endpoints/mine", json={"on": switch}, headers=manager).status_code == 200


def test_what_is_wrong_is_named(app: App, client: TestClient) -> None:
    headers = key(app, Right.MANAGE, Right.SEE_CHILD_SAFETY)
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
        headers=key(app, Right.MANAGE, Right.SEE_CHILD_SAFETY),
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


def test_what_the_platform_could_not_do_is_masked_everywhere(app: App, client: TestClient) -> None:
    manager, both = key(app, Right.MANAGE), key(app, Right.MANAGE, Right.SEE_CHILD_SAFETY)
    wanted = {"name": "masked", "url": "https://no-such-name.invalid/", "kinds": ["remove"]}
    client.post("/v1/endpoints", json=wanted, headers=both)
    keep(app.store, *preserved("y"), action("y", ActionKind.REMOVE))
    (due,) = app.store.deliveries.take("masked", 1, timedelta(minutes=1), 5)
    answer = Confirmation(state=Answered.FAILED, reason="account:y is locked")
    app.store.deliveries.arrived(due, log(due), answer)
    clerk = Viewer(name="user:clerk", rights=frozenset({Right.MANAGE}))
    (seen,) = app.deliveries.unable(clerk)
    assert (seen.entity, seen.why, seen.case_id) == ("", "", None)
    path = f"/v1/deliveries/{due.delivery.id}/replay"
    assert client.post(path, headers=manager).json()["entity"] == ""
