"""A key is remembered for a second and no longer."""

from __future__ import annotations

import asyncio

import pytest

from havenwall.app import App
from havenwall.errors import Unauthenticated
from havenwall.model import Right, Viewer
from havenwall.web.keyring import Keyring


class Clock:
    now = 50.0

    def __call__(self) -> float:
        return self.now


class LookUp:
    """The store, and how often it was asked."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.asked = 0

    def __call__(self, key: str) -> Viewer:
        self.asked += 1
        return self._app.store.people.key_viewer(key)


def ask(keyring: Keyring, key: str) -> Viewer:
    return asyncio.run(keyring.viewer(key))


def test_the_store_is_asked_once_a_second(app: App) -> None:
    clock, look_up = Clock(), LookUp(app)
    keyring, key = Keyring(look_up, clock), app.store.people.new_key("k", frozenset({Right.ASK_GUARD}))
    viewers = [ask(keyring, key) for _ in range(5)]
    assert (set(viewers), look_up.asked) == ({app.store.people.key_viewer(key)}, 1)
    clock.now += 1
    ask(keyring, key)
    assert look_up.asked == 2


def test_a_revoked_key_is_out_after_a_second(app: App) -> None:
    clock = Clock()
    keyring, key = Keyring(LookUp(app), clock), app.store.people.new_key("k", frozenset())
    ask(keyring, key)
    app.store.people.end(key)
    clock.now += 1
    for _ in range(2):
        with pytest.raises(Unauthenticated):
            ask(keyring, key)


def test_a_wrong_key_is_never_remembered(app: App) -> None:
    look_up = LookUp(app)
    keyring = Keyring(look_up, Clock())
    for _ in range(3):
        with pytest.raises(Unauthenticated):
            ask(keyring, "hw_key_wrong")
    assert look_up.asked == 3


def test_two_keys_are_two(app: App) -> None:
    keyring, people = Keyring(LookUp(app), Clock()), app.store.people
    keys = [people.new_key(name, frozenset()) for name in ("a", "b")]
    assert [ask(keyring, key).name for key in keys * 2] == ["key:a", "key:b"] * 2
