"""Licensed hashes of banks match by the operator's function: in look-ups, events, the API and the doctor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.unit.web.serving import client_of, event, key, make_app

from havenwall.app import App
from havenwall.app.doctor import Check
from havenwall.detect.banks import AskedHash
from havenwall.engine import Batch, Output, Stream
from havenwall.intake import check_event
from havenwall.model import SYSTEM, Right
from havenwall.model.bank import Bank, Verification
from havenwall.web import create_server

PLUGIN = "tests.unit.app.licensed_plugin"
Make = Callable[..., App]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[App] = []

    def app(function: str = "distance") -> App:
        made.append(make_app(tmp_path, licensed_hashes=(f"photodna = {PLUGIN}:{function} <= 3",)))
        made[-1].banks.save(SYSTEM, Bank(name="licensed", verification=Verification.VERIFIED))
        made[-1].banks.bring_in(SYSTEM, "licensed", b"photodna:0000\nphotodna:0a0a\n")
        return made[-1]

    yield app
    for each in made:
        each.close()


def look(app: App, value: str) -> list[float]:
    return [m.distance for m in app.banks.look([AskedHash(kind="photodna", value=value)]).matches]


def licensed(app: App) -> Check:
    return next(check for check in app.doctor() if check.name == "licensed hashes")


def test_near_ones_match_and_withdrawn_ones_no_more(make: Make) -> None:
    app = make()
    assert (look(app, "0000"), look(app, "0003"), look(app, "0004")) == ([0], [3], [])
    app.banks.bring_in(SYSTEM, "licensed", b"photodna:0a0a\nphotodna:0504\n", allow_shrink=True)
    assert (look(app, "0000"), look(app, "0503")) == ([], [1])
    assert (licensed(app).ok, "listed hashes" in licensed(app).detail) == (True, True)


class Reader:
    name, reads, notice_only = "reader", (Stream.SIGNAL,), False

    def run(self, batch: Batch) -> Output:
        return Output()


def test_an_event_that_tells_a_licensed_hash_gives_a_signal(make: Make) -> None:
    app = make()
    said = {"type": "media", "entity": "account:a", "target": "media:m", "attributes": {"photodna": "0001"}}
    app.ingest_events([check_event(event(1, **said))])
    app.run(("detect",))
    batch, _ = app.store.streams.read(Reader(), 10)
    (found,) = batch.signals
    assert (found.detector, found.evidence["hash"], found.evidence["distance"]) == (
        "media-hash",
        "photodna",
        "1",
    )


@pytest.mark.parametrize(
    ("function", "detail"),
    [("no_such", "no_such"), ("broken", "RuntimeError"), ("never_equal", "equal hashes")],
)
def test_a_function_that_does_not_work_leaves_equal_ones_and_is_told_of(
    make: Make, function: str, detail: str
) -> None:
    app = make(function)
    assert 0 in look(app, "0000")
    assert (licensed(app).ok, detail in licensed(app).detail) == (False, True)


def test_over_the_api_a_given_hash_is_looked_up_with_the_file(make: Make) -> None:
    app = make()
    client, headers = client_of(create_server(app, worker=False)), key(app, Right.MATCH_MEDIA)
    path = "/v1/media/match"
    files = {"file": b"no picture"}
    given = {"hash": ["photodna:ffff" + "0f" * 500, "photodna:0001"]}
    found = client.post(path, files=files, data=given, headers=headers).json()
    (match,) = found["matches"]
    assert (match["bank"], match["kind"], match["distance"], match["form"]) == (
        "licensed",
        "photodna",
        1,
        "as given",
    )
    assert found["acts"]
    no_hash = client.post(path, files=files, data={"hash": "photodna"}, headers=headers)
    no_file = client.post(path, files={"other": b"x"}, data=given, headers=headers)
    assert (no_hash.status_code, no_file.status_code) == (422, 422)


def test_a_given_hash_in_the_address_is_refused_not_passed_over(make: Make) -> None:
    app = make()
    client, headers = client_of(create_server(app, worker=False)), key(app, Right.MATCH_MEDIA)
    wrong = client.post("/v1/media/match?hash=photodna:0001", content=b"no picture", headers=headers)
    assert wrong.status_code == 422
    assert "form" in wrong.json()["hint"]
