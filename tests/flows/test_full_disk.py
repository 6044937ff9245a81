"""A disk that takes nothing more: a clear answer, nothing half-done, and work goes on once there is room."""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from tests.flows.shift import SETTINGS, WHO, Shift, Straight, staff
from tests.flows.test_a_shift_by_api import check
from tests.flows.test_api_kill import free_port, serving
from tests.receiving import receiving

_NO_LIMIT = resource.RLIM_INFINITY


@contextmanager
def full_disk(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """No file of a process grows beyond a byte, whatever it writes: a full disk that needs no root."""
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1, _NO_LIMIT))
    try:
        yield
    finally:
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (_NO_LIMIT, _NO_LIMIT))


def is_clear(answer: httpx.Response) -> bool:
    """Whether a problem document says that it was not kept, and nothing of what is inside."""
    told = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Traceback" not in answer.text
    return (answer.status_code, told["type"]) == (503, "urn:havenwall:problem:store-error")


@pytest.mark.slow
def test_what_did_not_fit_is_refused_and_fits_later(tmp_path: Path) -> None:
    who, port = staff(tmp_path), free_port()
    with receiving() as receiver, serving(tmp_path / "data", port, SETTINGS) as server:
        line = Straight(port)
        shift = Shift(line, who, receiver)
        shift.set_up()
        draft = {"source_id": WHO, "subject": WHO, "reason": "child_trade", "text": "They sell bluewhistle."}
        decision = {"verb": "restrict", "entities": [WHO], "why": "seen"}
        with full_disk(server):
            answer, _ = line.ask("POST", "/v1/reports", who.platform, draft)
            assert is_clear(answer), answer.text
            public = {"reason": "child_trade", "kind": "account", "what": "x", "text": "Seen twice."}
            page = httpx.post(f"http://127.0.0.1:{port}/report", data=public)
            assert page.status_code == 503
            assert "Seen twice." in page.text, "what was typed is not lost"
        shift.report()
        shift.take()
        with full_disk(server):
            where = f"/v1/cases/{shift.case['id']}/decisions"
            wanted = decision | {"version": shift.case["version"]}
            answer, _ = line.ask("POST", where, who.ann, wanted)
            assert is_clear(answer), answer.text
            asked = {"surface": "recommended_accounts", "candidates": [WHO]}
            answer, _ = line.ask("POST", "/v1/guard/filter", who.platform, asked)
            assert answer.json()["keep"] == [0], "the guard answers, and nothing was half decided"
        for step in shift.steps[2:]:
            step()
        line.close()
    check(tmp_path, shift, receiver)
