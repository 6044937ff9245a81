"""A whole shift by API: report, queue, lease, two persons, webhook, appeal, reversal; also under kill -9."""

from __future__ import annotations

import random
import signal
import threading
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.flows.shift import SETTINGS, WHO, Headers, Shift, Straight, staff
from tests.flows.test_api_kill import free_port, serving
from tests.receiving import Receiver, receiving
from tests.unit.web.serving import make_app

from havenwall.app import App
from havenwall.model import SYSTEM, ActionKind, MemberState, Right, Verb, Viewer
from havenwall.model.proposal import ProposalState

PARTS = 6
"""Shifts among which the steps are shared, so that none takes long."""
ANYBODY = Viewer(name="user:auditor", rights=frozenset(Right))


@pytest.mark.slow
def test_from_the_report_to_the_reversal(tmp_path: Path) -> None:
    who, port = staff(tmp_path), free_port()
    with receiving() as receiver, serving(tmp_path / "data", port, SETTINGS):
        line = Straight(port)
        shift = Shift(line, who, receiver)
        shift.set_up()
        for step in shift.steps:
            step()
        line.close()
    check(tmp_path, shift, receiver)
    assert max(receiver.keys.values()) == 1, "where nothing breaks, nothing is sent twice"


class UnderFire:
    """To a server that is killed at a random moment after each `aim`, and started again when it is missed."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.kills = 0
        self._data, self._port, self._rng = folder / "data", free_port(), random.Random(seed)
        self._running = ExitStack()
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{self._port}", timeout=60)
        self._start()

    def _start(self) -> None:
        self._running.close()
        self._server = self._running.enter_context(serving(self._data, self._port, SETTINGS))

    def aim(self) -> None:
        """Let it be killed soon: before, within or after the next request, or while its worker works."""
        wait = self._rng.expovariate(1 / 0.15)
        shot = threading.Timer(wait, self._server.send_signal, [signal.SIGKILL])
        shot.daemon = True
        shot.start()
        self.kills += 1

    def ask(self, method: str, path: str, headers: Headers, json: Any = None) -> tuple[httpx.Response, bool]:
        again = False
        while True:
            try:
                return self._client.request(method, path, headers=headers, json=json), again
            except httpx.TransportError:
                again = True
                self._start()

    def close(self) -> None:
        self._running.close()
        self._client.close()


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_killed_in_every_step_nothing_is_lost_and_nothing_doubled(tmp_path: Path, part: int) -> None:
    who = staff(tmp_path)
    with receiving() as receiver:
        line = UnderFire(tmp_path, seed=part)
        try:
            shift = Shift(line, who, receiver)
            shift.set_up()
            for n, step in enumerate(shift.steps):
                if n % PARTS == part:
                    line.aim()
                step()
        finally:
            line.close()
    assert line.kills >= len(shift.steps) // PARTS
    check(tmp_path, shift, receiver)


def check(folder: Path, shift: Shift, receiver: Receiver) -> None:
    """One report in one case, each decision once, each notice with one effect."""
    assert receiver.bad_signatures == 0
    once = [("restrict", "planned"), ("remove", "planned"), ("remove", "reversed"), ("restrict", "reversed")]
    told = [one for one in shift.told() if one[0] != "suppress"]
    assert sorted(told) == sorted(once)
    assert told[:2] == once[:2]
    app = make_app(folder)
    try:
        app.run()
        _check_store(app, shift)
    finally:
        app.close()


def _check_store(app: App, shift: Shift) -> None:
    reports = app.store.reports_for(SYSTEM).reports(limit=10)
    assert [(one.number, one.case_id) for one in reports] == [(shift.number, shift.case["id"])]
    view = app.store.cases(SYSTEM)
    (case,) = view.cases(limit=10)
    (member,) = view.members(case.id)
    assert (member.entity, member.state) == (WHO, MemberState.CLEARED)
    decided = [one.verb for one in view.decisions(case.id) if one.by_person]
    assert sorted(decided) == sorted([Verb.RESTRICT, Verb.REMOVE, Verb.CLEAR])
    lines = Counter(line.what for line in view.history(case.id, limit=1000))
    twice = {what for what, count in lines.items() if count > 1}
    assert not twice & {"opened", "report_joined", "restricted", "removed", "cleared", "proposed", "approved"}
    actions = {action.id: action.kind for action in app.store.casework.actions([WHO])}
    expected = [ActionKind.PRESERVE, ActionKind.SUPPRESS, ActionKind.RESTRICT, ActionKind.REMOVE]
    assert sorted(actions.values()) == sorted(expected)
    proposals = app.actions.proposals(ANYBODY)
    assert [one.state for one in proposals] == [ProposalState.APPROVED]
    assert len(app.store.appeals_for(ANYBODY).appeals()) == 1
    assert len(view.exhibits(case.id)) == len(view.referrals(case.id)) == 1
    assert app.store.ledger.troubles() == []
