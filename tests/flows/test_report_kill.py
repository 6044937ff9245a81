"""Each report that was acknowledged is there after kill -9, and becomes one membership of one case."""

from __future__ import annotations

import random
import signal
import threading
from itertools import count
from pathlib import Path

import httpx
import pytest
from tests.flows.test_api_kill import free_port, serving
from tests.unit.web.serving import key, make_app

from havenwall.model import SYSTEM, CaseTopic, Right
from havenwall.store.views.reports import ReportFilter

SUBJECTS = 5


def told(n: int) -> dict[str, object]:
    return {
        "source_id": f"r{n}",
        "subject": f"account:a{n % SUBJECTS}",
        "reason": "child_contact",
        "text": f"report {n}",
    }


def send_until_killed(port: int, headers: dict[str, str], numbers: count[int]) -> tuple[dict[str, str], int]:
    """Receipt number by source id of what was acknowledged, and the report that got no answer."""
    acknowledged: dict[str, str] = {}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=30) as client:
        for n in numbers:
            try:
                answer = client.post("/v1/reports", json=told(n))
            except httpx.TransportError:
                return acknowledged, n
            assert answer.status_code in (200, 201), answer.text
            acknowledged[f"r{n}"] = answer.json()["number"]
    raise AssertionError("the server was never killed")


@pytest.mark.slow
@pytest.mark.parametrize("kills", [3])
def test_no_acknowledged_report_is_lost_or_doubled(tmp_path: Path, kills: int) -> None:
    rng, port, numbers = random.Random(11), free_port(), count()
    app = make_app(tmp_path)
    headers = key(app, Right.SEND_REPORTS)
    app.close()
    acknowledged: dict[str, str] = {}
    for _ in range(kills):
        # The worker of the server runs too, so that stages are killed in the middle as well.
        with serving(tmp_path / "data", port) as server:
            killer = threading.Timer(rng.uniform(0.1, 1.5), server.send_signal, [signal.SIGKILL])
            killer.start()
            done, unanswered = send_until_killed(port, headers, numbers)
            acknowledged |= done
            # A sender that got no answer sends again.
            numbers = count(unanswered)
    check(tmp_path, acknowledged)


def check(folder: Path, acknowledged: dict[str, str]) -> None:
    app = make_app(folder)
    try:
        app.run(("detect", "reports", "casework", "report-outcomes"))
        view = app.store.reports_for(SYSTEM)
        kept = {one.source_id: one for one in view.reports(limit=10**6)}
        assert len(acknowledged) > 3
        assert {name: kept[name].number for name in acknowledged} == acknowledged
        assert view.count() == len(kept)
        assert len(kept) - len(acknowledged) <= 1
        ours = app.store.cases(SYSTEM).cases(limit=1000)
        # The rule that counts reports may have seen them too: it joins the case they are in.
        assert sorted((case.topic, case.key) for case in ours) == [
            (CaseTopic.REPORT, f"account:a{n}") for n in range(SUBJECTS)
        ]
        assert {one.case_id for one in kept.values()} == {case.id for case in ours}
        for case in ours:
            assert (case.members, case.proposed) == (1, 1)
            joined = [
                line.new
                for line in app.store.cases(SYSTEM).history(case.id, limit=10**6)
                if line.what == "report_joined"
            ]
            mine = view.reports(ReportFilter(case_id=case.id), limit=10**6)
            assert sorted(name for name in joined if name) == sorted(one.id for one in mine)
    finally:
        app.close()
