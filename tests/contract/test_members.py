"""Members of a case in their order, and what stands beside one; on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from tests.contract.test_comfort import cluster, code, exhibit
from tests.contract.test_queues import made

from havenwall.engine import Output
from havenwall.model import SYSTEM, Case, Member, MemberState, NetworkRole, Right, Viewer, now
from havenwall.store import Store
from havenwall.store.views.member_list import MemberPlace

STRANGER = Viewer(name="user:tom", rights=frozenset({Right.SEE_GENERAL}))
STATES = {
    "b": MemberState.CONFIRMED,
    "c": MemberState.PROPOSED,
    "d": MemberState.CARE,
    "e": MemberState.PROPOSED,
}


@pytest.fixture
def case(any_store: Store) -> Case:
    """A case of a, b, Cc, d, e in this order; b and Cc are equally probable."""
    case = made(any_store, "a", chance=0.9)
    chances = {"b": 0.7, "c": 0.7, "d": 0.5, "e": 0.1}
    members = tuple(
        Member(
            case_id=case.id,
            entity=f"account:{name if name != 'c' else 'Cc'}",
            state=STATES[name],
            probability=chance,
            risk_id=None,
            added_at=now(),
            role=NetworkRole.TRADER if name in "be" else None,
        )
        for name, chance in chances.items()
    )
    case = any_store.cases(SYSTEM).case(case.id)
    changed = msgspec.structs.replace(case, version=case.version + 1, members=5)
    any_store.case_steps.commit(Output(cases=(changed,), members=members), SYSTEM.name)
    return changed


def names(found: list[Member]) -> list[str]:
    return [member.entity.removeprefix("account:") for member in found]


def test_members_are_narrowed_where_they_are_kept(any_store: Store, case: Case) -> None:
    view = any_store.cases(SYSTEM)
    everybody = view.members(case.id)
    assert everybody[0].entity == "account:a"
    assert {*names(everybody)[1:3]} == {"b", "Cc"}
    assert names(view.members(case.id, text=":cC")) == ["Cc"]
    assert names(view.members(case.id, text="account:", limit=2, offset=3)) == ["d", "e"]
    traders = view.members(case.id, fits=lambda member: member.role is NetworkRole.TRADER)
    assert names(traders) == ["b", "e"]
    second = view.members(case.id, fits=lambda member: member.role is not None, limit=1, offset=1)
    assert names(second) == ["e"]
    assert view.present(case.id, ["account:a", "account:nobody"]) == {"account:a"}
    assert any_store.cases(STRANGER).members(case.id, text="a") == []


def test_each_member_knows_its_place(any_store: Store, case: Case) -> None:
    view = any_store.cases(SYSTEM)
    everybody = view.members(case.id)
    order = [member.entity for member in everybody]
    for at, member in enumerate(everybody):
        waiting = [
            m.entity for m in (*everybody[at + 1 :], *everybody[:at]) if m.state is MemberState.PROPOSED
        ]
        assert view.place(member, case.id) == MemberPlace(
            number=at + 1,
            total=5,
            previous=order[at - 1] if at else None,
            next=order[at + 1] if at < 4 else None,
            next_proposed=waiting[0],
        )


def test_exhibits_are_counted_without_being_read(any_store: Store, case: Case) -> None:
    for n in range(3):
        exhibit(any_store, case.id, f"{n}" * 64, "")
    assert any_store.cases(SYSTEM).exhibit_count(case.id) == 3
    assert any_store.cases(STRANGER).exhibit_count(case.id) == 0


def test_pictures_that_come_at_once_are_one_cluster(any_store: Store, case: Case) -> None:
    def attach(n: int) -> str:
        return cluster(exhibit(any_store, case.id, f"{n}" * 64, code(n)))

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(attach, range(8)))) == 1
