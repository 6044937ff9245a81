"""/v1/cases/bulk: what may be put off, and until when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.unit.web.serving import TestClient, key, together

from havenwall.app import App
from havenwall.model import Right, now


@pytest.fixture(scope="module")
def case_id(app: App) -> str:
    return together(app, "account:m0", "account:m1")


def snooze(case_id: str, **fields: Any) -> dict[str, Any]:
    return {"step": "snooze", "cases": [case_id], "why": "later"} | fields


def test_a_moment_without_a_time_zone_is_refused(app: App, client: TestClient, case_id: str) -> None:
    reader = key(app, Right.SEE_CHILD_SAFETY)
    for path in ("/v1/cases/bulk/preview", "/v1/cases/bulk"):
        answer = client.post(path, json=snooze(case_id, until="2100-01-01T00:00:00"), headers=reader)
        assert answer.status_code == 422, path
        assert "until" in answer.text


@pytest.mark.parametrize("until", [None, timedelta(days=-1), timedelta(days=31)])
def test_the_preview_knows_how_long_a_case_may_be_put_off(
    app: App, client: TestClient, case_id: str, until: timedelta | None
) -> None:
    sent = {} if until is None else {"until": (now() + until).isoformat()}
    rights = (Right.SEE_CHILD_SAFETY, Right.DECIDE_CHILD_SAFETY)
    answer = client.post("/v1/cases/bulk/preview", json=snooze(case_id, **sent), headers=key(app, *rights))
    (line,) = answer.json()["items"]
    assert (line["possible"], line["why_not"]) == (
        False,
        "must lie in the future, at most 30 days ahead, and have a time zone",
    )


def test_a_moment_ahead_is_possible(app: App, client: TestClient, case_id: str) -> None:
    sent = {"until": (now() + timedelta(hours=1)).isoformat()}
    rights = (Right.SEE_CHILD_SAFETY, Right.DECIDE_CHILD_SAFETY)
    answer = client.post("/v1/cases/bulk/preview", json=snooze(case_id, **sent), headers=key(app, *rights))
    (line,) = answer.json()["items"]
    assert (line["possible"], line["why_not"]) == (True, "")
