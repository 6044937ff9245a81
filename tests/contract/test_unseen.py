"""Who has not the right to a class of cases never receives one, by any way; on both databases."""

from __future__ import annotations

import inspect
from datetime import timedelta

import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.contract.test_casework import send
from tests.contract.unseen import COVERED, WAYS, Hidden, Way

from havenwall.casework import review
from havenwall.errors import Forbidden, NotFound
from havenwall.model import (
    SYSTEM,
    CaseClass,
    CaseTopic,
    Decision,
    Exhibit,
    MediaFacts,
    PolicyGap,
    Referral,
    ReferralState,
    Right,
    Verb,
    Viewer,
    new_id,
    now,
)
from havenwall.store import Store
from havenwall.store import schema as t
from havenwall.store.comfort_schema import MEDIA_EXHIBIT
from havenwall.store.queue_schema import POLICY_GAP
from havenwall.store.views.case_list import CaseFilter
from havenwall.store.views.cases import CaseView

SECRET, OPEN = "account:tin-lantern", "account:garden-7"
ROBIN = Viewer(name="user:robin", rights=frozenset(Right))


def opened(store: Store, entity: str, case_class: CaseClass) -> str:
    """Cases of a class about two accounts; the id of the first."""
    decision = Decision(
        id=new_id(),
        verb=Verb.OPEN_CASE,
        entities=(entity, f"{entity}-2"),
        by="policy:report",
        why=f"about {entity}",
        at=now(),
        rule="report",
        case_class=case_class,
        topic=CaseTopic.REPORT,
    )
    send(store, decision)
    return store.cases(SYSTEM).cases_of([entity])[entity]


def confirmed(store: Store, case_id: str, entity: str) -> None:
    case = store.cases(SYSTEM).case(case_id)
    members = store.casework.members(case_id)
    store.ledger.add_decision(review(case, members, Verb.CONFIRM, [entity], ROBIN, "seen"), case.version)
    send(store)


def fill(store: Store) -> Hidden:
    """A child-safety case with something behind every way, beside a general one."""
    opened(store, OPEN, CaseClass.GENERAL)
    hidden = Hidden(id=opened(store, SECRET, CaseClass.CHILD_SAFETY), entity=SECRET, gap=new_id())
    confirmed(store, hidden.id, SECRET)
    common = {"id": new_id(), "case_id": hidden.id}
    held = {"sha256": "0", "size": 1, "path": "x", "key_id": "k", "at": now(), "hold_until": now()}
    exhibit = Exhibit(**common, action_id=new_id(), entity=SECRET, media=MediaFacts(kind="picture"), **held)
    hidden = msgspec.structs.replace(hidden, exhibit=exhibit.id)
    picture = {"exhibit_id": exhibit.id, "sha256": "0", "cluster": exhibit.id}
    kept = {"state": ReferralState.DRAFT, "at": now(), "subjects": (SECRET,), "exhibits": ()}
    referral = Referral(**common, authority="NCMEC", narrative="", **kept)
    due = now() + timedelta(days=1)
    asked = {"opened_by": "user:robin", "opened_at": now(), "what": SECRET, "owner": "user:robin"}
    gap = PolicyGap(id=hidden.gap, case_id=hidden.id, due_at=due, **asked)
    rows = (
        (t.EXHIBIT, common | {"action_id": exhibit.action_id}, exhibit),
        (t.REFERRAL, common | {"state": "draft"}, referral),
        (POLICY_GAP, {"id": gap.id, "case_id": gap.case_id, "due_at": due, "open": True}, gap),
    )
    with store._database.write() as connection:
        for table, columns, record in rows:
            known = {name: value for name, value in columns.items() if name in table.c}
            connection.execute(sa.insert(table).values(**known, body=msgspec.json.encode(record)))
        connection.execute(sa.insert(MEDIA_EXHIBIT).values(**picture))
    return hidden


def shown(store: Store, way: Way, viewer: Viewer, hidden: Hidden) -> bool:
    """Whether anything of the hidden case comes by a way."""
    try:
        text = msgspec.json.encode(way.ask(store, viewer, hidden), enc_hook=str).decode()
    except (NotFound, Forbidden) as refused:
        # What the asker sent may stand in the refusal; nothing else may.
        told = f"{refused.message} {refused.hint}"
        return any(
            word in told.replace(hidden.id, "").replace(SECRET, "") for word in ("tin-lantern", "child")
        )
    return hidden.id in text or "tin-lantern" in text


def test_each_public_name_of_the_view_is_asked() -> None:
    public = {n for n, _ in inspect.getmembers(CaseView, inspect.isfunction) if not n.startswith("_")}
    assert public == COVERED, "add the new way to tests/contract/unseen.py"


@pytest.mark.parametrize("role_less", [set(), {Right.SEE_GENERAL}, set(Right) - {Right.SEE_CHILD_SAFETY}])
def test_a_case_comes_by_every_way_to_who_may_see_it_and_by_none_to_others(
    any_store: Store, role_less: set[Right]
) -> None:
    hidden = fill(any_store)
    without = Viewer(name="user:eve", rights=frozenset(role_less))
    assert [way.name for way in WAYS if not shown(any_store, way, ROBIN, hidden)] == []
    assert [way.name for way in WAYS if shown(any_store, way, without, hidden)] == []
    counted = any_store.cases(without).count()
    general = any_store.cases(ROBIN).count(asked=CaseFilter(case_class=CaseClass.GENERAL))
    assert 0 < general < any_store.cases(ROBIN).count()
    seen = general if Right.SEE_GENERAL in role_less else 0
    assert counted == len(any_store.cases(without).cases()) == seen
    assert any_store.cases(without).counts()[""] == seen
    assert not any_store.cases(without).may_see(CaseClass.CHILD_SAFETY)
    with pytest.raises(NotFound):
        any_store.cases(without).class_of(hidden.id)


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rights=st.sets(st.sampled_from([r for r in Right if r is not Right.SEE_CHILD_SAFETY])))
def test_no_set_of_other_rights_opens_a_way(store: Store, rights: set[Right]) -> None:
    found = store.cases(SYSTEM).cases_of([SECRET])
    if not found:
        fill(store)
    gaps = store.cases(SYSTEM).gaps()
    hidden = Hidden(id=store.cases(SYSTEM).cases_of([SECRET])[SECRET], entity=SECRET, gap=gaps[0].id)
    eve = Viewer(name="user:eve", rights=frozenset(rights))
    assert [way.name for way in WAYS if shown(store, way, eve, hidden)] == []


def test_the_class_is_asked_at_the_moment_and_not_when_the_case_was_opened(any_store: Store) -> None:
    hidden = fill(any_store)
    eve = Viewer(name="user:eve", rights=frozenset({Right.SEE_GENERAL}))
    general = any_store.cases(SYSTEM).cases_of([OPEN])[OPEN]
    assert any_store.cases(eve).case(general).id == general
    # As if somebody had moved it into the other class while eve has its address.
    with any_store._database.write() as connection:
        connection.execute(
            sa.update(t.CASE).where(t.CASE.c.id == general).values(case_class=CaseClass.CHILD_SAFETY.value)
        )
    with pytest.raises(NotFound):
        any_store.cases(eve).case(general)
    assert any_store.cases(eve).members(general) == []
    assert hidden.id != general
