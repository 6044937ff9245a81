"""Sign-in, sessions, one-time links and keys, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait

import pytest
import sqlalchemy as sa

from havenwall.errors import BadInput, Conflict, NotFound, Unauthenticated
from havenwall.model import Right, Role
from havenwall.store import Store
from havenwall.store.schema import TOKEN

PASSWORD = "correct horse battery"


def test_password_opens_only_for_its_person(any_store: Store) -> None:
    people = any_store.people
    people.add("mira", Role.SPECIALIST, PASSWORD)
    assert people.check_password("mira", PASSWORD).role is Role.SPECIALIST
    for name, password in (("mira", "wrong password!"), ("nobody", PASSWORD)):
        with pytest.raises(Unauthenticated):
            people.check_password(name, password)


def test_a_person_without_a_password_cannot_use_one(any_store: Store) -> None:
    any_store.people.add("mira", Role.SPECIALIST)
    with pytest.raises(Unauthenticated):
        any_store.people.check_password("mira", "")


def test_names_and_passwords_are_checked(any_store: Store) -> None:
    with pytest.raises(BadInput, match="name"):
        any_store.people.add("No Spaces", Role.ANALYST)
    with pytest.raises(BadInput, match="password"):
        any_store.people.add("mira", Role.ANALYST, "short")
    any_store.people.add("mira", Role.ANALYST)
    with pytest.raises(Conflict):
        any_store.people.add("mira", Role.ANALYST)
    with pytest.raises(NotFound):
        any_store.people.person("tom")


def test_a_link_works_once_and_a_session_until_it_ends(any_store: Store) -> None:
    people = any_store.people
    link = people.new_link(people.add("mira", Role.ANALYST))
    session = people.new_session(people.use_link(link))
    with pytest.raises(Unauthenticated):
        people.use_link(link)
    assert people.session_viewer(session).may(Right.SEE_CHILD_SAFETY)
    assert people.end(session)
    with pytest.raises(Unauthenticated):
        people.session_viewer(session)


def test_one_kind_of_secret_does_not_pass_for_another(any_store: Store) -> None:
    people = any_store.people
    key = people.new_key("gate", frozenset({Right.ASK_GUARD}))
    assert people.key_viewer(key).rights == {Right.ASK_GUARD}
    with pytest.raises(Unauthenticated):
        people.session_viewer(key)
    with pytest.raises(Unauthenticated):
        people.key_viewer("hw_key_made-up")


def test_who_is_disabled_is_out_at_once(any_store: Store) -> None:
    people = any_store.people
    person = people.add("mira", Role.ANALYST, PASSWORD)
    session = people.new_session(person)
    people.disable("mira")
    with pytest.raises(Unauthenticated):
        people.session_viewer(session)
    people.enable("mira")
    with pytest.raises(Unauthenticated):
        people.session_viewer(session)
    assert people.check_password("mira", PASSWORD).disabled_at is None
    people.disable("mira")
    with pytest.raises(Unauthenticated):
        people.check_password("mira", PASSWORD)


def test_no_secret_is_kept_in_clear(any_store: Store) -> None:
    people = any_store.people
    secrets = [
        people.new_session(people.add("mira", Role.ANALYST, PASSWORD)),
        people.new_key("gate", frozenset()),
    ]
    with any_store._database.read() as connection:
        kept = repr(connection.execute(sa.select(TOKEN)).all()) + repr(people.all())
    assert not any(secret in kept for secret in [*secrets, PASSWORD])


def test_using_a_key_waits_for_no_other_writer(any_store: Store) -> None:
    key = any_store.people.new_key("gate", frozenset())
    if any_store._database.dialect == "sqlite":
        any_store.people.key_viewer(key)
        return
    with any_store._database.write(), ThreadPoolExecutor(1) as pool:
        used = pool.submit(any_store.people.key_viewer, key)
        done, _ = wait([used], timeout=20)
        assert done, "it waits for the writer"
