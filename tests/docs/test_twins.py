"""Each verb of the command line has a twin in the API or a reason why not, and a place in the docs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer

from havenwall.app import App, Config
from havenwall.cli import cli
from havenwall.web import create_server

ROOT = Path(__file__).parents[2]

TWINS = {
    "ingest": "POST /v1/events",
    "run": "POST /v1/network/score",
    "doctor": "GET /v1/doctor",
    "network score": "POST /v1/network/score",
    "network discover": "POST /v1/network/discover",
    "network things": "GET /v1/network/things",
    "network precision": "GET /v1/network/precision",
    "media hash": "POST /v1/media/hash",
    "media match": "POST /v1/media/match",
    "live watch": "POST /v1/live/{stream_id}/frames",
    "guard check": "GET /v1/guard/standing/{entity}",
    "guard query": "POST /v1/guard/query",
    "network returns": "GET /v1/network/returns",
    "lists set": "PUT /v1/lists/{name}",
    "lists import": "POST /v1/lists/{name}/import",
    "lists show": "GET /v1/lists",
    "lists check": "POST /v1/lists/check",
    "lists search": "POST /v1/lists/search",
    "lists find": "POST /v1/lists/find",
    "lists entry": "POST /v1/lists/{name}/entries/{entry}",
    "terms search": "POST /v1/terms/search",
    "terms proposals list": "GET /v1/terms/proposals",
    "terms proposals accept": "POST /v1/terms/proposals/{proposal_id}/decision",
    "terms proposals reject": "POST /v1/terms/proposals/{proposal_id}/decision",
    "audit run": "GET /v1/audits/newest",
    "audit release": "POST /v1/audits/findings",
    "audit adversary": "POST /v1/audits/findings",
    "audit check": "POST /v1/audits/plans/check",
    "compare": "POST /v1/compare",
    "aside list": "GET /v1/aside",
    "aside retry": "POST /v1/aside/retry",
    "aside give-up": "POST /v1/aside/{aside_id}/give-up",
    "appeals list": "GET /v1/appeals",
    "appeals show": "GET /v1/appeals/{appeal_id}",
    "quality": "GET /v1/quality",
    "case list": "GET /v1/cases",
    "reports list": "GET /v1/reports",
    "reports show": "GET /v1/reports/{report_id}",
    "reports mute": "POST /v1/reporters/{reporter}/mute",
    "case show": "GET /v1/cases/{case_id}",
    "queues list": "GET /v1/queues",
    "queues show": "GET /v1/queues",
    "queues set": "PUT /v1/queues/{name}",
    "queues remove": "DELETE /v1/queues/{name}",
    "actions list": "GET /v1/actions",
    "actions confirm": "POST /v1/actions/{action_id}/confirm",
    "endpoints add": "POST /v1/endpoints",
    "endpoints list": "GET /v1/endpoints",
    "endpoints test": "POST /v1/endpoints/{name}/test",
    "endpoints replay": "POST /v1/deliveries/{delivery_id}/replay",
    "config show": "GET /v1/config",
    "person add": "POST /v1/people",
    "person link": "POST /v1/people/{name}/link",
    "person list": "GET /v1/people",
    "person disable": "POST /v1/people/{name}/disable",
    "person enable": "POST /v1/people/{name}/enable",
    "person role": "PUT /v1/people/{name}/role",
    "person sessions": "GET /v1/people/{name}/sessions",
    "person sign-out": "DELETE /v1/people/{name}/sessions",
    "person forget-factor": "DELETE /v1/people/{name}/second-factor",
    "person access-log": "GET /v1/access-log",
    "role list": "GET /v1/roles",
    "role set": "PUT /v1/roles/{role}",
    "key add": "POST /v1/keys",
    "key list": "GET /v1/keys",
    "key revoke": "DELETE /v1/keys/{key_id}",
}
LOCAL = {
    "guard replay": "works on log files of a recommender's machine, not on the store",
    "demo": "makes a folder of its own and a server over it",
    "audit verify": "reads a bundle of the machine, and needs no server of ours to be believed",
    "audit serve-example": "is a server of its own, over a sandbox",
    "serve": "is the API",
    "network evaluate": "works on files of the machine, not on the store",
    "guard terms check": "reads a file of the machine, and a plain list must not travel",
    "guard terms seal": "as guard terms check",
    "network bench": "works on sandboxes, not on the store",
    "guard allow-shrink": "signs with a key file of the machine, which no request may reach",
}


def verbs(command: Any, path: str = "") -> list[str]:
    if hasattr(command, "commands"):
        return [v for name, sub in command.commands.items() for v in verbs(sub, f"{path} {name}".strip())]
    return [path]


def test_every_verb_has_a_twin_or_a_reason() -> None:
    assert sorted(verbs(typer.main.get_command(cli))) == sorted([*TWINS, *LOCAL])


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Any:
    app = App(Config(data=tmp_path_factory.mktemp("twins")))
    yield create_server(app, worker=False).openapi()["paths"]
    app.close()


@pytest.mark.parametrize("verb", TWINS)
def test_twin_exists(verb: str, described: Any) -> None:
    method, path = TWINS[verb].split(" ", 1)
    assert method.lower() in described[path]


@pytest.mark.parametrize("verb", [*TWINS, *LOCAL])
def test_verb_is_documented(verb: str) -> None:
    assert f"## `havenwall {verb}`" in (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
