"""Notices reach a real receiver: nothing lost, nothing carried out twice, whatever breaks on the way."""

from __future__ import annotations

import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from tests.contract.test_deliveries import action, endpoint, keep, preserved
from tests.receiving import Receiver, receiving
from tests.unit.web.serving import client_of, key

from havenwall.app import App, Config, courier
from havenwall.app.deliveries import DeliveryDesk
from havenwall.casework.patience import Patience
from havenwall.model import SYSTEM, ActionKind, ActionState, Right, Viewer
from havenwall.model.delivery import DeliveryState
from havenwall.web import create_server

_CHILD = Path(__file__).with_name("send_deliveries.py")
HASTY = Patience(tries=4, first=0.001, longest=0.001, shut_after=100)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    app = App(Config(data=tmp_path / "data", endpoint_http=True, delivery_timeout=30))
    yield app
    app.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as there:
        yield there


def desk_of(app: App, patience: Patience = HASTY, timeout: float = 30) -> DeliveryDesk:
    config = replace(app.config, delivery_timeout=timeout)
    return DeliveryDesk(config, app.store, lambda: app.sealer, patience)


def plan(app: App, *names: str) -> None:
    keep(app.store, *preserved(*names), *(action(name) for name in names))


def set_up(app: App, receiver: Receiver, timeout: float = 30) -> DeliveryDesk:
    desk = desk_of(app, timeout=timeout)
    _, receiver.secret = desk.add(SYSTEM, "main", receiver.url)
    return desk


def until(done: Callable[[], bool]) -> None:
    for _ in range(6000):
        if done():
            return
        time.sleep(0.01)
    raise AssertionError("it never came about")


def deliver_all(app: App, desk: DeliveryDesk) -> None:
    until(lambda: desk.deliver() == 0 and app.store.endpoints.statuses()[0].waiting == 0)


def waiting(app: App) -> int:
    return app.store.endpoints.statuses()[0].waiting


def state(app: App, name: str) -> ActionState:
    found = app.store.casework.actions([f"account:{name}"])
    return next(one.state for one in found if one.kind is ActionKind.RESTRICT)


def test_an_action_is_sent_and_confirmed_and_its_reversal_follows(app: App, receiver: Receiver) -> None:
    desk = set_up(app, receiver)
    plan(app, "a")
    deliver_all(app, desk)
    assert state(app, "a") is ActionState.SENT
    client, headers = client_of(create_server(app, worker=False)), key(app, Right.READ_ACTIONS)
    path = f"/v1/actions/{receiver.carried_out[0]['action_id']}/confirm"
    assert client.post(path, json={"state": "confirmed"}, headers=headers).json()["state"] == "confirmed"
    assert client.post(path, json={"state": "failed", "reason": "x"}, headers=headers).status_code == 409
    assert client.post(path, json={"state": "failed"}, headers=headers).status_code == 422
    keep(app.store, action("a", state=ActionState.REVERSED))
    deliver_all(app, desk)
    assert [one["state"] for one in receiver.carried_out] == ["planned", "reversed"]
    assert receiver.carried_out[0]["seq"] < receiver.carried_out[1]["seq"]
    assert "why" not in receiver.carried_out[0], "what a reviewer wrote stays here"


@pytest.mark.parametrize(
    ("way", "came_to"), [("confirm", ActionState.CONFIRMED), ("fail", ActionState.FAILED)]
)
def test_the_webhooks_own_answer_confirms_too(
    app: App, receiver: Receiver, way: str, came_to: ActionState
) -> None:
    desk, receiver.behave = set_up(app, receiver), lambda number: way
    plan(app, "a")
    deliver_all(app, desk)
    assert state(app, "a") is came_to


def test_a_reversal_that_fails_is_trouble(app: App, receiver: Receiver) -> None:
    desk, receiver.behave = set_up(app, receiver), lambda number: "fail"
    keep(app.store, action("a", ActionKind.REMOVE, ActionState.REVERSED))
    deliver_all(app, desk)
    (trouble,) = app.store.ledger.troubles()
    assert trouble.message == "the platform could not take back a step (remove)"


def test_an_endpoint_that_cannot_be_served_holds_up_no_other(app: App, receiver: Receiver) -> None:
    desk = set_up(app, receiver)
    app.store.endpoints.add(endpoint("sealed", url=receiver.url), b"not sealed by us")
    odd = endpoint("odd", url="https://h.example/a\x7fb")
    app.store.endpoints.add(odd, app.sealer.seal(b"whsec_c2VjcmV0", "endpoint:odd"))
    plan(app, "a")
    assert desk_of(app, Patience(first=3600)).deliver() == 3
    assert len(receiver.carried_out) == 1
    states = {
        one.endpoint: (one.state.value, desk.tries(SYSTEM, one.id)[0].error) for one in desk.log(SYSTEM)
    }
    assert states["main"] == ("delivered", "")
    assert states["sealed"][0] == states["odd"][0] == "waiting"
    assert "does not open" in states["sealed"][1]
    assert "no address" in states["odd"][1]
    assert "does not open" in desk.test(SYSTEM, "sealed").error


def test_a_refusal_without_a_reason_does_not_tell_the_reviewers(app: App, receiver: Receiver) -> None:
    desk, receiver.behave = set_up(app, receiver), lambda number: "fail-silently"
    plan(app, "a")
    deliver_all(app, desk)
    assert [one.why for one in desk.unable(SYSTEM)] == ["no reason given"]


@pytest.mark.parametrize("way", ["500", "drop", "lose", "slow", "redirect"])
def test_what_breaks_at_first_arrives_once(app: App, receiver: Receiver, way: str) -> None:
    desk = set_up(app, receiver, timeout=0.5 if way == "slow" else 30)
    receiver.behave = lambda number: way if number <= 2 else "ok"
    plan(app, "a", "b")
    deliver_all(app, desk)
    assert sorted(one["entity"] for one in receiver.carried_out) == ["account:a", "account:b"]
    assert state(app, "a") is state(app, "b") is ActionState.SENT
    tries = [desk.tries(SYSTEM, one.id) for one in desk.log(SYSTEM)]
    assert [bool(one[0].error) for one in tries] == [True, True]
    assert app.store.ledger.troubles() == []


def test_a_receiver_that_stays_away_is_trouble_until_somebody_replays(app: App) -> None:
    with receiving() as first:
        desk, port = set_up(app, first), first.port
    plan(app, "a")
    deliver_all(app, desk)
    (failed,) = desk.log(SYSTEM, state="failed")
    assert failed.tries == 4
    (trouble,) = app.store.ledger.troubles()
    assert (trouble.what, trouble.message[:29]) == ("endpoint main", "a delivery failed for good: C")
    assert not next(check for check in app.doctor() if check.name == "stages").ok
    with receiving(port, first):
        desk.replay(SYSTEM, failed.id)
        deliver_all(app, desk)
        assert len(first.carried_out) == 1
    assert app.store.ledger.troubles() == []
    assert desk.log(SYSTEM)[0].state is DeliveryState.DELIVERED


def test_the_circuit_opens_for_a_receiver_that_fails(app: App, receiver: Receiver) -> None:
    set_up(app, receiver)
    desk = desk_of(app, Patience(first=60, shut_after=3))
    receiver.behave = lambda number: "500"
    plan(app, *map(str, range(40)))
    while desk.deliver():
        pass
    assert receiver.requests <= 16
    (status,) = desk.endpoints(SYSTEM)
    assert status.shut_until
    assert status.waiting == 40


def test_a_platform_without_an_endpoint_asks(app: App) -> None:
    plan(app, "a", "b")
    client, headers = client_of(create_server(app, worker=False)), key(app, Right.READ_ACTIONS)
    page = client.get("/v1/actions?limit=1", headers=headers).json()
    rest = client.get(f"/v1/actions?after={page['next']}", headers=headers).json()
    assert [one["entity"] for one in page["items"] + rest["items"]] == ["account:a", "account:b"]
    assert client.get(f"/v1/actions?after={rest['next']}", headers=headers).json() == {
        "items": [],
        "next": rest["next"],
    }


def test_a_slow_endpoint_holds_up_no_brisk_one(
    tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a busy machine nobody is brisk; what is tried here is who goes on, not how fast.
    monkeypatch.setattr(courier, "_BRISK", 100)
    app = App(Config(data=tmp_path / "other", endpoint_http=True, delivery_timeout=200))
    all_there = threading.Event()

    def brisk(number: int) -> str:
        if number == 40:
            all_there.set()
        return "ok"

    with receiving() as slow:
        desk = desk_of(app)
        _, receiver.secret = desk.add(SYSTEM, "brisk", receiver.url)
        _, slow.secret = desk.add(SYSTEM, "slow", slow.url, kinds=[ActionKind.CARE])
        slow.behave = lambda number: "ok" if all_there.wait(120) else "500"
        receiver.behave = brisk
        plan(app, *map(str, range(39)))
        keep(app.store, action("x", ActionKind.CARE))
        assert desk.deliver() == 41
        assert (len(receiver.carried_out), len(slow.carried_out)) == (40, 1)
    app.close()


def test_a_name_is_looked_up_once_for_all_that_goes_there(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, real = [], socket.getaddrinfo

    def counted(host: str, *more: Any, **further: Any) -> Any:
        asked.append(host)
        return real(host, *more, **further)

    monkeypatch.setattr(socket, "getaddrinfo", counted)
    desk = desk_of(app, Patience(first=3600))
    desk.add(SYSTEM, "nowhere", "https://no-such-name.invalid/")
    plan(app, *map(str, range(9)))
    assert desk.deliver() == 9
    assert asked == ["no-such-name.invalid"]


def test_looking_at_deliveries_and_notices_is_written_down(app: App, receiver: Receiver) -> None:
    desk = set_up(app, receiver)
    clerk = Viewer(name="user:clerk", rights=frozenset({Right.MANAGE, Right.READ_ACTIONS}))
    before = len(app.store.access_log(100))
    assert desk.notices(clerk, 0, 10) == desk.log(SYSTEM) == []
    plan(app, "a")
    desk.log(clerk)
    assert len(app.store.access_log(100)) == before, "nobody was seen"
    desk.notices(clerk, 0, 10)
    desk.log(SYSTEM)
    seen = [(line.by, line.what) for line in app.store.access_log(2)]
    assert seen == [("system", "deliveries"), ("user:clerk", "notices of actions")]


@pytest.mark.slow
def test_kill_the_sender_at_random_moments(app: App, receiver: Receiver) -> None:
    set_up(app, receiver)
    chance = random.Random(7)
    ways = random.Random(8)
    receiver.behave = lambda number: ways.choice(["ok", "ok", "500", "lose", "drop", "slow"])
    names = [str(n) for n in range(30)]
    plan(app, *names)
    kills = 0
    while waiting(app):
        child = subprocess.Popen([sys.executable, str(_CHILD), str(app.config.data)], stdout=subprocess.PIPE)
        try:
            with child.stdout as said:  # type: ignore[union-attr]
                assert said.readline() == b"ready\n"
                before = receiver.requests
                until(lambda before=before: receiver.requests > before or not waiting(app))
                time.sleep(chance.uniform(0.0, 0.2))
                if kills >= 2:
                    until(lambda: not waiting(app))
        finally:
            child.send_signal(signal.SIGKILL)
            child.wait()
        kills += 1
        if kills == 2:
            receiver.behave = lambda number: "ok"
    assert kills >= 3, "it was done before it could be killed: give it more work"
    assert sorted(one["entity"] for one in receiver.carried_out) == sorted(f"account:{n}" for n in names)
    assert max(receiver.keys.values()) > 1, "nothing came twice, so nothing was tested"
    assert {state(app, name) for name in names} == {ActionState.SENT}
    assert receiver.bad_signatures == 0
