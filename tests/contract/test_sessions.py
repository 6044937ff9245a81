"""Lists of sessions and keys, on both databases: who is shown what, and what ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from havenwall.errors import BadInput, Forbidden, NotFound, Unauthenticated
from havenwall.model import Right, Role, Viewer, now
from havenwall.store import Store
from havenwall.store.schema import TOKEN

PASSWORD = "correct horse battery"
CLERK = Viewer(name="user:clerk", rights=frozenset({Right.MANAGE_PEOPLE, Right.ASK_GUARD}))


def age(store: Store, minutes: int, **columns: object) -> None:
    """Let every token look as if made, or as given, so many minutes ago."""
    at = now() - timedelta(minutes=minutes)
    with store._database.write() as connection:
        connection.execute(sa.update(TOKEN).values(**(dict.fromkeys(columns or ("created_at",), at))))


def test_own_sessions_are_listed_without_their_secret_and_ended_one_by_one(any_store: Store) -> None:
    people, sessions = any_store.people, any_store.sessions
    mira = people.add("mira", Role.ANALYST)
    here, there = people.new_session(mira, "Firefox\x00 on Linux"), people.new_session(mira)
    people.new_session(people.add("tom", Role.ANALYST))
    age(any_store, 5)
    people.session_viewer(here)
    first, second = sessions.of("mira")
    assert (first.id, second.id) == (sessions.id_of(here), sessions.id_of(there))
    assert (first.device, second.device) == ("Firefox on Linux", "")
    assert first.last_seen - first.since >= timedelta(minutes=4)
    assert here not in repr(first)
    with pytest.raises(NotFound):
        sessions.end("tom", first.id)
    with pytest.raises(BadInput, match="id"):
        sessions.end("mira", "%")
    sessions.end("mira", second.id)
    assert [one.id for one in sessions.of("mira")] == [first.id]
    with pytest.raises(Unauthenticated):
        people.session_viewer(there)


def test_all_other_sessions_end_at_once(any_store: Store) -> None:
    people, sessions = any_store.people, any_store.sessions
    mira = people.add("mira", Role.ANALYST)
    secrets = [people.new_session(mira) for _ in range(3)]
    link = people.new_link(mira)
    assert sessions.end_all("mira", keep=sessions.id_of(secrets[1])) == 2
    assert [one.id for one in sessions.of("mira")] == [sessions.id_of(secrets[1])]
    assert people.use_link(link).name == "mira"
    assert sessions.end_all("mira") == 1
    assert sessions.of("mira") == []


def test_an_idle_session_ends_and_use_keeps_it_until_its_longest(any_store: Store) -> None:
    people = any_store.people
    session = people.new_session(people.add("mira", Role.ANALYST))
    age(any_store, 59)
    people.session_viewer(session)
    age(any_store, 600)
    people.session_viewer(session)
    age(any_store, 61, last_seen=None)
    with pytest.raises(Unauthenticated):
        people.session_viewer(session)
    assert any_store.sessions.of("mira") == []
    age(any_store, 0, last_seen=None)
    people.session_viewer(session)
    age(any_store, 1, expires_at=None)
    with pytest.raises(Unauthenticated):
        people.session_viewer(session)


def test_a_new_password_ends_the_other_sessions_and_links(any_store: Store) -> None:
    people = any_store.people
    mira = people.add("mira", Role.ANALYST, PASSWORD)
    here, there, link = people.new_session(mira), people.new_session(mira), people.new_link(mira)
    key = people.new_key("mira", frozenset())
    with pytest.raises(BadInput, match="password"):
        people.set_password("mira", "short")
    people.set_password("mira", "another good one", keep=here)
    assert people.session_viewer(here).name == "user:mira"
    assert people.key_viewer(key).name == "key:mira"
    for attempt in (lambda: people.session_viewer(there), lambda: people.use_link(link)):
        with pytest.raises(Unauthenticated):
            attempt()
    assert people.check_password("mira", "another good one").has_password


def test_keys_are_listed_with_their_last_use_expire_and_are_revoked(any_store: Store) -> None:
    keys = any_store.keys
    soon = now() + timedelta(days=1)
    made, secret = keys.add("gate", frozenset({Right.ASK_GUARD}), expires_at=soon, by=CLERK)
    assert (made.created_by, made.last_used, made.expires_at) == ("user:clerk", None, soon)
    assert keys.viewer(secret).rights == {Right.ASK_GUARD}
    (listed,) = keys.all()
    assert listed.last_used is not None
    assert secret not in repr(listed)
    age(any_store, 1, expires_at=None)
    with pytest.raises(Unauthenticated):
        keys.viewer(secret)
    other, secret = keys.add("other", frozenset())
    assert keys.revoke(other.id, by=CLERK).revoked_at is not None
    assert keys.revoke(other.id, by=CLERK).revoked_at is not None
    with pytest.raises(Unauthenticated):
        keys.viewer(secret)
    with pytest.raises(NotFound):
        keys.revoke("0" * 20)
    assert [line.what for line in any_store.access_log()] == ["key revoked", "key made", "key made"]


def test_a_key_gets_no_right_that_its_maker_has_not_and_no_bad_name_or_date(any_store: Store) -> None:
    with pytest.raises(Forbidden, match="see_child_safety"):
        any_store.keys.add("gate", frozenset({Right.SEE_CHILD_SAFETY}), by=CLERK)
    with pytest.raises(BadInput, match="expires_at"):
        any_store.keys.add("gate", frozenset(), expires_at=now(), by=CLERK)
    for name in ("", " ", "x" * 61, "a\x00b"):
        with pytest.raises(BadInput, match="name"):
            any_store.keys.add(name, frozenset())
    assert any_store.keys.all() == []
