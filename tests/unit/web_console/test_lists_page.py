"""The page of imported lists: how each stands, and how an entry set aside counts again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.unit.web.serving import add_person, client_of, cookie, make_app

from havenwall.model import SYSTEM, Role
from havenwall.model.bank import Bank
from havenwall.model.bank_entry import EntryState
from havenwall.web import create_server

HASH = "0" * 64


@pytest.fixture
def app(tmp_path: Path):
    app = make_app(tmp_path)
    yield app
    app.close()


def headers(app, role: Role) -> dict[str, str]:
    return cookie(app, add_person(app, role)) | {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}


def page(app, role: Role, path: str = "/media/lists") -> str:
    found = client_of(create_server(app, worker=False)).get(path, headers=headers(app, role))
    assert found.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", found.text).split())


def flooded(app) -> int:
    app.banks.save(SYSTEM, Bank(name="hotline", radius=20))
    app.banks.bring_in(SYSTEM, "hotline", f"pdq:{HASH}\nno hash\n".encode())
    (entry,) = app.banks.detail(SYSTEM, "hotline").entries
    app.banks.set_entry(SYSTEM, "hotline", entry.id, EntryState.SET_ASIDE, "200 matches in an hour")
    return entry.id


def test_without_lists_it_says_how_to_import_one(app) -> None:
    assert "havenwall lists import NAME FILE" in page(app, Role.ADMINISTRATOR)


def test_a_list_says_what_it_holds(app) -> None:
    flooded(app)
    told = page(app, Role.ADMINISTRATOR)
    assert re.search(r"hotline file reported 1 PDQ \(20 bits\) 1 0 1 ", told)


def test_an_entry_set_aside_counts_again_by_a_manager_with_a_reason(app) -> None:
    entry = flooded(app)
    client, manager = client_of(create_server(app, worker=False)), headers(app, Role.ADMINISTRATOR)
    shown = client.get("/media/lists", headers=manager).text
    assert "200 matches in an hour" in shown
    token = re.findall(r'name="csrf" value="([^"]+)"', shown)[0]
    form = {"csrf": token, "why": "a logo"}
    path = f"/media/lists/hotline/{entry}"
    assert client.post(path, data={"why": "a logo"}, headers=manager).status_code == 403
    done = client.post(path, data=form, headers=manager)
    assert done.status_code == 303
    assert "counts again" in client.get(done.headers["location"], headers=manager).text
    assert app.banks.detail(SYSTEM, "hotline").entries[0].state is EntryState.ACTIVE


def test_who_does_not_manage_sees_no_entry(app) -> None:
    entry = flooded(app)
    path = f"/media/lists?done={entry}"
    assert "Let it count again" not in page(app, Role.ANALYST)
    assert "counts again" not in page(app, Role.ADMINISTRATOR, path), "it does not count again"
    app.banks.set_entry(SYSTEM, "hotline", entry, EntryState.ACTIVE, "a logo")
    assert "counts again" in page(app, Role.ADMINISTRATOR, path)
    assert "counts again" not in page(app, Role.ANALYST, path)
