"""Pictures over the API: told of before they are shown, and shown only to those who may, within limits."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from PIL import Image
from tests.contract.test_queues import made
from tests.unit.match.image.conftest import scene
from tests.unit.web.serving import (
    SAME_SITE,
    TestClient,
    add_person,
    client_of,
    cookie,
    key,
    make_app,
    together,
)

from havenwall.app import App
from havenwall.match.image import pdq
from havenwall.model import SYSTEM, CaseClass, Right, Role
from havenwall.web import create_server
from havenwall.web.security import CSRF_HEADER, csrf_token

ENTITY = "account:kite"
LIMIT = 6


def picture(seed: int, form: str = "PNG") -> bytes:
    room = io.BytesIO()
    Image.fromarray(scene(300, 400, seed)).save(room, form)
    return room.getvalue()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """An application with a list that knows picture 1, and little patience with reveals."""
    folder = tmp_path_factory.mktemp("exhibits")
    (folder / "hotline.txt").write_text(f"pdq:{pdq(scene(300, 400, 1)).hex}\n")
    app = make_app(folder, hash_lists=(folder / "hotline.txt",), exposure_hour_reveals=LIMIT)
    yield app
    app.close()


@pytest.fixture(scope="module")
def client(app: App) -> TestClient:
    return client_of(create_server(app, worker=False))


@pytest.fixture(scope="module")
def case_id(app: App) -> str:
    return together(app, ENTITY, "account:other")


@pytest.fixture(scope="module")
def platform(app: App) -> dict[str, str]:
    """A program that attaches pictures."""
    return key(app, Right.SEE_CHILD_SAFETY, Right.DECIDE_CHILD_SAFETY)


def signed_in(app: App, role: Role) -> dict[str, str]:
    session = add_person(app, role)
    return cookie(app, session) | SAME_SITE | {CSRF_HEADER: csrf_token(session)}


def attach(client: TestClient, headers: dict[str, str], case: str, data: bytes, entity: str = ENTITY) -> Any:
    return client.post(f"/v1/cases/{case}/exhibits", params={"entity": entity}, content=data, headers=headers)


def reveal(client: TestClient, headers: dict[str, str], case: str, exhibit: str, **fields: Any) -> Any:
    wanted = {"why": "to tell what it is"} | fields
    return client.post(f"/v1/cases/{case}/exhibits/{exhibit}/reveal", json=wanted, headers=headers)


@pytest.fixture(scope="module")
def exhibit(client: TestClient, platform: dict[str, str], case_id: str) -> dict[str, Any]:
    answer = attach(client, platform, case_id, picture(1))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_what_is_told_comes_without_the_picture(
    app: App, client: TestClient, case_id: str, exhibit: dict[str, Any]
) -> None:
    answer = client.get(f"/v1/cases/{case_id}/exhibits", headers=signed_in(app, Role.ANALYST))
    (told,) = answer.json()["items"]
    assert told == exhibit
    assert (told["media"]["kind"], told["size"]) == ("picture", len(picture(1)))
    assert told["media"]["matches"][0].startswith("hotline")
    assert told["media"]["pdq"] == pdq(scene(300, 400, 1)).hex


def test_the_same_again_is_the_same_exhibit(
    client: TestClient, platform: dict[str, str], case_id: str, exhibit: dict[str, Any]
) -> None:
    assert attach(client, platform, case_id, picture(1)).json() == exhibit


def test_what_lies_on_the_disk_is_sealed(app: App, exhibit: dict[str, Any]) -> None:
    files = list(Path(app.config.data / "vault").iterdir())
    assert {f"{exhibit['id']}.sealed", f"{exhibit['id']}.thumbnails.sealed"} <= {one.name for one in files}
    assert not any(mark in one.read_bytes() for one in files for mark in (b"\x89PNG", b"JFIF"))


@pytest.mark.parametrize("data", [b"", b"words", b"\0\0\0\x18ftypmp42" + b"\0" * 40])
def test_what_is_no_picture_is_refused(
    client: TestClient, platform: dict[str, str], case_id: str, data: bytes
) -> None:
    assert attach(client, platform, case_id, data).status_code == 422


def test_nobody_attaches_to_what_they_may_not_decide_on(
    app: App, client: TestClient, platform: dict[str, str], case_id: str
) -> None:
    assert attach(client, signed_in(app, Role.ANALYST), case_id, picture(2)).status_code == 403
    assert attach(client, signed_in(app, Role.REVIEWER), case_id, picture(2)).status_code == 404
    assert attach(client, platform, case_id, picture(2), "account:nobody").status_code == 404


def test_a_thumbnail_is_small_grey_and_blurred_until_somebody_asks_for_colour(
    app: App, client: TestClient, case_id: str, exhibit: dict[str, Any]
) -> None:
    me, path = signed_in(app, Role.SPECIALIST), f"/v1/cases/{case_id}/exhibits/{exhibit['id']}/thumbnail"
    answer = client.get(path, headers=me)
    small = Image.open(io.BytesIO(answer.content))
    assert (small.mode, small.size, small.format) == ("L", (200, 150), "JPEG")
    assert answer.headers["cache-control"] == "no-store"
    # Eight cells a side: neighbouring pixels hardly differ, where those of the picture do.
    assert np.abs(np.diff(np.asarray(small, float), axis=1)).mean() < 3
    wanted = {"blur": "light", "grey": False, "thumbnails": True, "opt_out": ["live"]}
    assert client.put("/v1/me/settings", json=wanted, headers=me).json() == wanted
    assert client.get("/v1/me/settings", headers=me).json() == wanted
    coloured = client.get(path, headers=me).content
    assert Image.open(io.BytesIO(coloured)).mode == "RGB"
    assert client.put("/v1/me/settings", json={"blur": "none"}, headers=me).status_code == 422


def test_a_reveal_asks_for_right_case_class_and_reason(
    app: App, client: TestClient, case_id: str, exhibit: dict[str, Any]
) -> None:
    number = exhibit["id"]
    assert reveal(client, signed_in(app, Role.ANALYST), case_id, number).status_code == 403
    machine = key(app, *Right)
    assert reveal(client, machine, case_id, number).status_code == 403
    general = key(app, Right.SEE_EXHIBITS, Right.SEE_GENERAL)
    assert client.get(f"/v1/cases/{case_id}/exhibits/{number}/thumbnail", headers=general).status_code == 404
    me = signed_in(app, Role.SPECIALIST)
    assert reveal(client, me, case_id, number, why=" ").status_code == 422
    assert client.get("/v1/me/exposures", headers=me).json()["items"] == []


def test_a_reveal_is_answered_once_and_logged(
    app: App, client: TestClient, case_id: str, exhibit: dict[str, Any]
) -> None:
    me = signed_in(app, Role.SPECIALIST)
    answer = reveal(client, me, case_id, exhibit["id"])
    shown = Image.open(io.BytesIO(answer.content))
    assert (shown.format, shown.mode, shown.size) == ("JPEG", "L", (400, 300))
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.content != picture(1)
    (line,) = client.get("/v1/me/exposures", headers=me).json()["items"]
    assert (line["exhibit_id"], line["severity"]) == (exhibit["id"], "known")
    assert ("reveal", exhibit["id"]) in [(a.what, a.subject) for a in app.store.access_log()]
    assert client.get("/v1/me/exposure", headers=me).json()["reveals_hour"] == 1
    assert client.post("/v1/me/exposure/leave", headers=me).status_code == 204
    assert client.get("/v1/me/exposures", headers=me).json()["items"][0]["left_at"]


def test_one_reveal_for_what_is_the_same(
    app: App, client: TestClient, platform: dict[str, str], case_id: str, exhibit: dict[str, Any]
) -> None:
    near = attach(client, platform, case_id, picture(1, "JPEG"), "account:other").json()
    assert near["media"]["cluster"] == exhibit["id"] != near["id"]
    me = signed_in(app, Role.SPECIALIST)
    assert reveal(client, me, case_id, exhibit["id"]).status_code == 200
    again = reveal(client, me, case_id, near["id"])
    assert (again.status_code, "same as a picture" in again.json()["detail"]) == (409, True)
    assert reveal(client, me, case_id, near["id"], again=True).status_code == 200


def test_known_media_in_a_general_case_are_for_specialists(app: App, client: TestClient) -> None:
    case = made(app.store, "stall", CaseClass.GENERAL).id
    general = key(app, Right.SEE_GENERAL, Right.DECIDE_GENERAL, Right.SEE_EXHIBITS)
    told = attach(client, general, case, picture(1), "account:stall").json()
    assert told["media"]["matches"] == ["a list of known media"]
    listed = client.get(f"/v1/cases/{case}/exhibits", headers=general)
    assert "hotline" not in listed.text
    assert listed.json()["items"][0]["id"] == told["id"]
    path = f"/v1/cases/{case}/exhibits/{told['id']}/thumbnail"
    assert client.get(path, headers=general).status_code == 403
    specialist = key(app, Right.SEE_GENERAL, Right.SEE_CHILD_SAFETY, Right.SEE_EXHIBITS)
    assert client.get(path, headers=specialist).status_code == 200


def test_a_limit_is_a_limit_for_one_person(
    app: App, client: TestClient, case_id: str, exhibit: dict[str, Any]
) -> None:
    me = signed_in(app, Role.SPECIALIST)
    answers = [reveal(client, me, case_id, exhibit["id"], again=True) for _ in range(LIMIT + 1)]
    assert [a.status_code for a in answers] == [200] * LIMIT + [409]
    assert "take a break" in answers[-1].text
    standing = client.get("/v1/me/exposure", headers=me).json()
    assert (standing["reveals_hour"], bool(standing["refused"])) == (LIMIT, True)
    other = signed_in(app, Role.SPECIALIST)
    assert reveal(client, other, case_id, exhibit["id"]).status_code == 200


def test_managers_read_weeks_and_no_names(app: App, client: TestClient) -> None:
    answer = client.get("/v1/exposure/weeks", headers=signed_in(app, Role.MANAGER))
    assert answer.json()["items"] == []
    assert client.get("/v1/exposure/weeks", headers=signed_in(app, Role.SPECIALIST)).status_code == 403
    machine = key(app, *Right)
    for path in ("/v1/me/exposure", "/v1/me/exposures", "/v1/me/settings"):
        assert client.get(path, headers=machine).status_code == 403


def test_passing_gives_the_case_to_others(app: App, client: TestClient, case_id: str) -> None:
    me, other = signed_in(app, Role.SPECIALIST), signed_in(app, Role.SPECIALIST)
    queue = app.store.cases(SYSTEM).case(case_id).queue
    take = {"url": f"/v1/queues/{queue}/next", "json": {}}
    assert client.post(headers=me, **take).json()["case"]["id"] == case_id
    assert client.post(f"/v1/cases/{case_id}/pass", headers=me).status_code == 204
    assert client.post(headers=me, **take).json()["case"] is None
    assert client.put("/v1/me/settings", json={"opt_out": ["community"]}, headers=other).status_code == 200
    assert client.post(headers=other, **take).json()["case"] is None
    assert client.put("/v1/me/settings", json={}, headers=other).json()["opt_out"] == []
    assert client.post(headers=other, **take).json()["case"]["id"] == case_id


def test_general_cases_are_no_harder_than_they_are(app: App) -> None:
    # The vocabulary of severity is closed: what managers get is made of these names alone.
    from havenwall.app.exhibits import _severity
    from havenwall.model import Exhibit, MediaFacts, Severity, now

    plain = Exhibit(
        id="x",
        case_id="c",
        action_id="x",
        entity=ENTITY,
        sha256="",
        size=0,
        path="",
        key_id="",
        at=now(),
        hold_until=now(),
        media=MediaFacts(kind="picture"),
    )
    known = msgspec.structs.replace(plain, media=MediaFacts(kind="picture", matches=("hotline (0)",)))
    assert _severity(plain, CaseClass.GENERAL) is Severity.GENERAL
    assert _severity(plain, CaseClass.CHILD_SAFETY) is Severity.CHILD_SAFETY
    assert _severity(known, CaseClass.GENERAL) is Severity.KNOWN
