"""A guard that is asked keeps up with its files, and never with bad ones."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from havenwall.errors import BadConfig, BadInput
from havenwall.guard.query import QueryGuard, QuerySurface
from havenwall.guard.terms import seal_terms

SEARCH = QuerySurface.SEARCH_QUERY
BENIGN = ("house", "garden tin")


class Lists:
    """A folder of sealed lists and the guard over it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.key = folder / "terms", folder / "terms.key"
        self.benign = folder / "benign.txt"
        self.benign.write_text("\n".join(BENIGN))

    def seal(self, name: str, *terms: str, **more: object) -> Path:
        rows = [{"id": f"{name}-{n}", "term": term} for n, term in enumerate(terms)]
        row = {"severity": "block", "provenance": "test"} | more
        content = "\n".join(json.dumps(row | each) for each in rows)
        return seal_terms(self.folder, name, content.encode(), self.key)

    def guard(self, **options: float) -> QueryGuard:
        return QueryGuard.open(self.folder, self.key, benign=[self.benign], **({"budget": 0.5} | options))


@pytest.fixture
def lists(tmp_path: Path) -> Lists:
    return Lists(tmp_path)


def blocked(guard: QueryGuard, text: str) -> bool:
    return guard.query(text, SEARCH).term is not None


def soon(check: Callable[[], bool]) -> None:
    """Ask until it is so."""
    until = time.monotonic() + 60
    while not check():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_changed_a_new_and_a_removed_list_are_taken_up_while_it_is_asked(lists: Lists) -> None:
    guard = lists.guard(refresh_every=0.02)
    assert not blocked(guard, "bluewhistle")
    first = lists.seal("a", "bluewhistle")
    soon(lambda: blocked(guard, "bluewhistle"))
    lists.seal("a", "tin-lantern")
    soon(lambda: blocked(guard, "tin lantern"))
    assert not blocked(guard, "bluewhistle")
    lists.seal("b", "amberfox")
    soon(lambda: blocked(guard, "amberfox"))
    first.unlink()
    soon(lambda: not blocked(guard, "tin lantern"))
    assert blocked(guard, "amberfox")
    guard.close()


def test_refresh_waits_and_says_whether_anything_changed(lists: Lists) -> None:
    lists.seal("a", "bluewhistle")
    guard = lists.guard(refresh_every=3600.0)
    assert guard.refresh() is False
    lists.seal("a", "amberfox")
    assert not blocked(guard, "amberfox")
    assert guard.refresh() is True
    assert blocked(guard, "amberfox")
    assert guard.refresh() is False


def _garbage(lists: Lists) -> None:
    (lists.folder / "a.sealed").write_bytes(b"nonsense")


def _other_key(lists: Lists) -> None:
    lists.key.write_bytes(bytes(32))


def _no_key(lists: Lists) -> None:
    lists.key.unlink()


def _no_folder(lists: Lists) -> None:
    shutil.rmtree(lists.folder)


def _over_budget(lists: Lists) -> None:
    lists.seal("b", "amberfox", "garden")


def _no_term(lists: Lists) -> None:
    seal_terms(lists.folder, "b", b'{"id": "b-1", "term": "amberfox"}', lists.key)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_garbage, "not sealed"),
        (_other_key, "does not open"),
        (_no_key, "guard_terms_key"),
        (_no_folder, "cannot be read"),
        (_over_budget, "b line 2: term b-1"),
        (_no_term, "b line 1"),
    ],
)
def test_what_is_not_right_is_refused_and_the_old_lists_stay(
    lists: Lists, spoil: Callable[[Lists], None], told: str, caplog: pytest.LogCaptureFixture
) -> None:
    lists.seal("a", "bluewhistle")
    guard = lists.guard(refresh_every=3600.0)
    before = guard.status()
    key = lists.key.read_bytes()
    spoil(lists)
    assert guard.refresh() is False
    status = guard.status()
    assert told in str(status.problem)
    assert (status.version, status.terms, status.loaded_at) == (before.version, 1, before.loaded_at)
    assert blocked(guard, "b1uewhistle")
    assert not blocked(guard, "amberfox")
    assert guard.refresh() is False
    assert len(caplog.records) == 1
    assert "amberfox" not in caplog.text
    shutil.rmtree(lists.folder, ignore_errors=True)
    lists.key.write_bytes(key)
    lists.seal("a", "tin-lantern")
    assert guard.refresh() is True
    assert (guard.status().problem, blocked(guard, "tin lantern")) == (None, True)


def test_an_unforeseen_error_is_told_by_its_kind_only(lists: Lists, monkeypatch: pytest.MonkeyPatch) -> None:
    lists.seal("a", "bluewhistle")
    guard = lists.guard()

    def fails(*_: object) -> None:
        raise RuntimeError("amberfox")

    lists.seal("a", "amberfox")
    monkeypatch.setattr("havenwall.guard.terms.source.read_terms", fails)
    assert guard.refresh() is False
    assert guard.status().problem == "could not be loaded: RuntimeError"


def test_help_and_benign_words_are_taken_up_too(lists: Lists, tmp_path: Path) -> None:
    lists.seal("a", "bluewhistle")
    page = tmp_path / "help.yaml"
    page.write_text("- {name: A, url: a, country: de}")
    guard = QueryGuard.open(lists.folder, lists.key, help=page, benign=[lists.benign], budget=0.5)
    page.write_text("- {name: B, url: b, country: de}")
    assert guard.refresh()
    assert [r.name for r in guard.query("bluewhistle", SEARCH, country="de").help] == ["B"]
    lists.benign.write_text("bluewhistle")
    assert not guard.refresh()
    assert "a-0" in str(guard.status().problem)


def test_named_files_are_followed_and_one_that_is_missing_is_an_error(lists: Lists) -> None:
    file = lists.seal("a", "bluewhistle")
    guard = QueryGuard.open([file], lists.key)
    lists.seal("b", "amberfox")
    assert guard.refresh() is False
    lists.seal("a", "tin-lantern")
    assert guard.refresh() is True
    file.unlink()
    assert guard.refresh() is False
    assert blocked(guard, "tin lantern")
    with pytest.raises(BadInput):
        QueryGuard.open([file], lists.key)


def test_a_question_sees_one_version_while_lists_are_swapped(lists: Lists) -> None:
    lists.seal("a", "bluewhistle")
    guard = lists.guard(refresh_every=0.001)
    versions = {guard.status().version: "bluewhistle"}
    wrong: list[str] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            verdict = guard.query("bluewhistle amberfox", SEARCH)
            if (verdict.term or "").split("-")[0] != "a":
                wrong.append(str(verdict))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for number in range(6):
        lists.seal("a", "amberfox" if number % 2 else "bluewhistle")
        guard.refresh()
        versions[guard.status().version] = "?"
    done.set()
    for thread in threads:
        thread.join()
    guard.close()
    assert (wrong, len(versions)) == ([], 2)


def test_status(lists: Lists) -> None:
    lists.seal("a", "bluewhistle", "amberfox", expires="2020-01-01T00:00:00Z")
    status = lists.guard().status()
    assert (status.terms, status.expired, status.problem) == (2, 2, None)
    assert status.newest is not None
    empty = QueryGuard.open(lists.folder.with_name("none"), lists.key).status()
    assert (empty.version, empty.terms, empty.newest) == ("", 0, None)


@pytest.mark.parametrize("every", [0.0, -1.0, float("nan"), float("inf")])
def test_a_pace_that_is_none_is_refused(lists: Lists, every: float) -> None:
    with pytest.raises(BadConfig):
        lists.guard(refresh_every=every)
