"""Who sees general cases only learns nothing of child safety there: not who was found, nor around whom."""

from __future__ import annotations

import pytest
from tests.unit.web.serving import TestClient, add_person, cookie, key

from havenwall.app import App
from havenwall.engine import Output
from havenwall.model import (
    CaseClass,
    CaseTopic,
    Decision,
    MemberState,
    NetworkRole,
    Right,
    Risk,
    Role,
    SeedShare,
    Signal,
    Verb,
    new_id,
    now,
)

SEED, RULE = "account:quiet-seed", "tin-lantern-rule"


def scored(entity: str) -> Risk:
    return Risk(
        id=f"run:{entity}",
        run_id="run",
        entity=entity,
        probability=0.93,
        score=2.0,
        over_threshold=True,
        at=now(),
        role=NetworkRole.BUYER,
        seeds=(SeedShare(seed=SEED, share=1.0, links_to=1),),
    )


def reported(entity: str, case_class: CaseClass) -> Decision:
    return Decision(
        id=new_id(),
        verb=Verb.OPEN_CASE,
        entities=(entity,),
        by="policy:reports",
        why="reported",
        at=now(),
        case_class=case_class,
        topic=CaseTopic.REPORT,
    )


def signal(entity: str, detector: str) -> Signal:
    return Signal(id=f"s-{entity}", entity=entity, detector=detector, version="1", strength=1.0, at=now())


@pytest.fixture(scope="module", params=["account:x", "group:x", "live:x"])
def entity(request: pytest.FixtureRequest, app: App) -> str:
    """Something that scoring found around a confirmed account, and that is reported for another harm."""
    name: str = request.param
    output = Output(
        signals=(signal(SEED, "confirmed"), signal(name, RULE)),
        risks=(scored(name),),
        decisions=(reported(name, CaseClass.GENERAL),),
    )
    app.store.streams.commit(app.stages[0], {}, output)
    app.run()
    return name


@pytest.fixture
def case_id(app: App, entity: str) -> str:
    live = app.store.casework.live_case(CaseClass.GENERAL, CaseTopic.REPORT, entity)
    assert live is not None
    return live.id


@pytest.fixture
def paths(case_id: str, entity: str) -> list[str]:
    parts = ("", "/members", "/history", "/graph", "/decisions", "/actions", f"/risks/{entity}", "/subject")
    api = [f"/v1/cases/{case_id}{part}" for part in parts]
    return [*api, f"/cases/{case_id}", f"/cases/{case_id}/members/{entity}"]


def test_the_case_holds_what_was_reported_alone(app: App, case_id: str, entity: str) -> None:
    (member,) = app.store.casework.members(case_id).values()
    assert (member.entity, member.state) == (entity, MemberState.PROPOSED)
    assert (member.probability, member.risk_id, member.role) == (0.0, None, None)


def test_no_page_names_what_was_found(app: App, client: TestClient, paths: list[str]) -> None:
    reader = key(app, Right.SEE_GENERAL)
    session = cookie(app, add_person(app, Role.REVIEWER))
    for path in paths:
        answer = client.get(path, headers=reader if path.startswith("/v1") else session)
        assert answer.status_code in (200, 404, 405), (path, answer.status_code)
        assert path.startswith("/v1") or answer.status_code == 200, path
        for secret in (SEED, RULE, "run:", "0.93", "93&nbsp;%", "93 %"):
            assert secret not in answer.text, (path, secret)


def test_who_may_see_child_safety_is_told(app: App, client: TestClient, case_id: str, entity: str) -> None:
    reader = key(app, Right.SEE_GENERAL, Right.SEE_CHILD_SAFETY)
    answer = client.get(f"/v1/cases/{case_id}/risks/{entity}", headers=reader)
    assert (answer.status_code, answer.json()["seeds"][0]["seed"]) == (200, SEED)
    if not entity.startswith("account:"):
        assert client.get(f"/v1/cases/{case_id}/subject", headers=reader).status_code == 200


def test_a_childs_report_case_is_about_what_was_reported(app: App) -> None:
    app.store.streams.commit(
        app.stages[0],
        {},
        Output(
            signals=(signal(SEED, "confirmed"),),
            risks=(scored("account:y"),),
            decisions=(reported("account:y", CaseClass.CHILD_SAFETY),),
        ),
    )
    app.run()
    live = app.store.casework.live_case(CaseClass.CHILD_SAFETY, CaseTopic.REPORT, "account:y")
    assert live is not None
    (member,) = app.store.casework.members(live.id).values()
    assert (member.entity, member.probability) == ("account:y", 0.93)
