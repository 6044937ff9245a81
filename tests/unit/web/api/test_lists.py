"""/v1/lists."""

from __future__ import annotations

import pytest
from tests.unit.web.serving import TestClient, key

from havenwall.app import App
from havenwall.model import Right

MD5 = "b" * 32


@pytest.fixture
def manager(app: App) -> dict[str, str]:
    return key(app, *Right)


def test_a_list_is_made_filled_asked_and_shown(client: TestClient, manager: dict[str, str]) -> None:
    made = client.put("/v1/lists/api-own", json={"radius": 8, "verification": "verified"}, headers=manager)
    assert made.json()["bank"]["radius"] == 8
    content = f"md5:{MD5}\nodd\n"
    assert client.post("/v1/lists/check", content=content, headers=manager).json()["rejected"] == 1
    done = client.post("/v1/lists/api-own/import", content=content, headers=manager).json()
    assert (done["list"], done["added"], done["rejected"]) == ("api-own", 1, 1)
    found = client.post("/v1/lists/find", json={"hash": f"md5:{MD5}"}, headers=manager).json()
    assert (found["acts"], found["matches"][0]["list"]) == (True, "api-own")
    names = [each["bank"]["name"] for each in client.get("/v1/lists", headers=manager).json()["items"]]
    assert "api-own" in names
    assert client.get("/v1/lists/api-own", headers=manager).json()["active"] == 1
    entry = client.get("/v1/lists/api-own/entries", headers=manager).json()["items"][0]
    place = f"/v1/lists/api-own/entries/{entry['id']}"
    aside = client.post(place, json={"state": "set_aside", "why": "x"}, headers=manager).json()
    assert aside["state"] == "set_aside"
    assert client.post(place, json={"state": "withdrawn"}, headers=manager).status_code == 422
    assert (
        client.put("/v1/lists/api-own", json={"negative": True}, headers=manager).json()["bank"]["radius"]
        == 8
    )


def test_where_a_list_comes_from_cannot_be_set_over_the_wire(
    client: TestClient, manager: dict[str, str]
) -> None:
    for told in (
        {"source": {"address": "/etc/passwd"}},
        {"address": "https://x"},
        {"credentials": "file:/x"},
    ):
        assert client.put("/v1/lists/other", json=told, headers=manager).status_code == 422
    assert client.get("/v1/lists/other", headers=manager).status_code == 404


def test_without_a_file_a_list_of_files_cannot_be_imported(
    client: TestClient, manager: dict[str, str]
) -> None:
    assert client.post("/v1/lists/nowhere/import", headers=manager).status_code == 404
    client.put("/v1/lists/empty", json={}, headers=manager)
    assert client.post("/v1/lists/empty/import", headers=manager).status_code == 422
