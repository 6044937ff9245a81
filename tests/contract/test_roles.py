"""The role matrix, on both databases: what is kept holds, and somebody can always manage people."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from havenwall.errors import Conflict, HavenwallError
from havenwall.model import ROLE_RIGHTS, Right, Role, Viewer
from havenwall.store import Store

BOSS = Viewer(name="user:boss", rights=frozenset(Right))


def set_rights(store: Store, role: Role, *rights: Right, second_factor: bool = False) -> None:
    version = store.roles.role(role).version
    store.roles.change(role, frozenset(rights), version, second_factor=second_factor, by=BOSS)


def test_roles_are_as_havenwall_comes_until_they_are_changed(any_store: Store) -> None:
    assert {row.role: row.rights for row in any_store.roles.all()} == ROLE_RIGHTS
    session = any_store.people.new_session(any_store.people.add("ana", Role.ANALYST))
    set_rights(any_store, Role.ANALYST, Right.SEE_FIGURES, Right.REFER)
    assert any_store.people.session_viewer(session).rights == {Right.SEE_FIGURES, Right.REFER}
    assert any_store.people.person("ana").viewer().rights == {Right.SEE_FIGURES, Right.REFER}
    set_rights(any_store, Role.ANALYST)
    assert any_store.people.session_viewer(session).rights == frozenset()
    assert any_store.roles.role(Role.AUDITOR).rights == ROLE_RIGHTS[Role.AUDITOR]


def test_every_right_fits_in_a_role_and_in_a_key(any_store: Store) -> None:
    any_store.people.add("root", Role.ADMINISTRATOR)
    set_rights(any_store, Role.AUDITOR, *Right)
    assert any_store.roles.role(Role.AUDITOR).rights == frozenset(Right)
    assert any_store.people.key_viewer(any_store.people.new_key("all", frozenset(Right))).rights == set(Right)


def test_two_who_change_a_role_at_once_do_not_undo_each_other(any_store: Store) -> None:
    any_store.roles.change(Role.ANALYST, frozenset({Right.REFER}), 0, second_factor=False)
    with pytest.raises(Conflict, match="meantime"):
        any_store.roles.change(Role.ANALYST, frozenset(), 0, second_factor=False)
    assert any_store.roles.role(Role.ANALYST).rights == {Right.REFER}


def test_changes_are_in_the_access_log_and_refused_ones_are_not(any_store: Store) -> None:
    any_store.people.add("root", Role.ADMINISTRATOR, by=BOSS)
    set_rights(any_store, Role.AUDITOR, Right.REFER, second_factor=True)
    any_store.people.add("ana", Role.ANALYST, by=BOSS)
    any_store.people.change_role("ana", Role.AUDITOR, by=BOSS)
    any_store.people.disable("ana", by=BOSS)
    any_store.people.enable("ana", by=BOSS)
    with pytest.raises(Conflict):
        any_store.people.disable("root", by=BOSS)
    lines = [(line.by, line.what, line.subject) for line in reversed(any_store.access_log())]
    assert lines == [
        ("user:boss", "person added", "root as administrator"),
        ("user:boss", "rights of a role changed", "auditor +refer"),
        ("user:boss", "rights of a role changed", "auditor -see_figures"),
        ("user:boss", "rights of a role changed", "auditor +second factor"),
        ("user:boss", "person added", "ana as analyst"),
        ("user:boss", "role of a person changed", "ana to auditor"),
        ("user:boss", "person shut out", "ana"),
        ("user:boss", "person let in again", "ana"),
    ]


def test_nobody_takes_manage_people_from_the_last_who_has_it(any_store: Store) -> None:
    people = any_store.people
    people.add("root", Role.ADMINISTRATOR)
    people.add("ana", Role.ANALYST)
    for attempt in (
        lambda: people.disable("root"),
        lambda: people.change_role("root", Role.AUDITOR),
        lambda: set_rights(any_store, Role.ADMINISTRATOR, *(set(Right) - {Right.MANAGE_PEOPLE})),
    ):
        with pytest.raises(Conflict, match="last person"):
            attempt()
    assert people.person("root").viewer().rights == frozenset(Right)
    assert people.person("root").disabled_at is None
    set_rights(any_store, Role.ANALYST, Right.MANAGE_PEOPLE)
    people.disable("root")
    with pytest.raises(Conflict, match="last person"):
        people.disable("ana")


def test_demanding_a_second_factor_leaves_nothing_else_to_those_without_one(any_store: Store) -> None:
    session = any_store.people.new_session(any_store.people.add("root", Role.ADMINISTRATOR))
    set_rights(any_store, Role.ADMINISTRATOR, *Right, second_factor=True)
    assert any_store.people.session_viewer(session).rights == frozenset()


_steps = st.lists(
    st.one_of(
        st.tuples(st.just("disable"), st.sampled_from("abc"), st.none()),
        st.tuples(st.just("enable"), st.sampled_from("abc"), st.none()),
        st.tuples(st.just("role"), st.sampled_from("abc"), st.sampled_from(list(Role)[:3])),
        st.tuples(st.just("rights"), st.booleans(), st.sampled_from(list(Role)[:3])),
    ),
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_steps)
def test_whatever_is_tried_somebody_can_manage_people(any_store: Store, steps: list[tuple]) -> None:
    people = any_store.people
    for name in "abc":
        if not any(person.name == f"p{name}" for person in people.all()):
            people.add(f"p{name}", Role.ADMINISTRATOR)
    for what, who, role in steps:
        try:
            if what == "disable":
                people.disable(f"p{who}")
            elif what == "enable":
                people.enable(f"p{who}")
            elif what == "role":
                people.change_role(f"p{who}", role)
            else:
                set_rights(any_store, role, *([Right.MANAGE_PEOPLE] if who else []))
        except HavenwallError:
            pass
        can = [p.name for p in people.all() if not p.disabled_at and p.viewer().may(Right.MANAGE_PEOPLE)]
        assert can
