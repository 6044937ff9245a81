"""What the API tells of precision."""

from __future__ import annotations

from tests.unit.web.serving import client_of, key

from havenwall.app import App
from havenwall.model import Right
from havenwall.web import create_server


def test_precision_before_any_draw(fresh_app: App) -> None:
    client, headers = client_of(create_server(fresh_app, worker=False)), key(fresh_app, Right.SEE_FIGURES)
    answer = client.get("/v1/network/precision", headers=headers)
    assert answer.status_code == 200
    told = answer.json()
    assert (told["draws"], told["estimate"], told["missing"]) == (0, None, 100)
    assert told["gate"]["may_widen"]


def test_precision_needs_the_right_to_see_figures(fresh_app: App) -> None:
    client, headers = client_of(create_server(fresh_app, worker=False)), key(fresh_app, Right.ASK_GUARD)
    assert client.get("/v1/network/precision", headers=headers).status_code == 403
