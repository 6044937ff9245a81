"""Every surface in every condition, with a real guard brought into it."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from havenwall.errors import BadInput
from havenwall.guard import (
    CONTACTS,
    Guard,
    Outcome,
    Surface,
    ViewerClass,
    append_delta,
    beat,
    load_policy,
    publish,
)
from havenwall.guard.conformance import CONDITIONS, STANDINGS, Condition, expected, expected_contact

POLICY = load_policy()
CANDIDATES = [f"account:{name}" for name in STANDINGS]
MANY = 10_000
SHORT = 0.05


class Bench:
    """A folder with a feed, and what can happen to it."""

    def __init__(self, root: Path, standing, bring) -> None:
        self.root, self._standing, self._bring = root, standing, bring
        self.feed = [
            standing(1, "account:cleared", "none", confirmed=True),
            standing(2, "account:suppressed"),
            standing(3, "account:restricted", "restricted", confirmed=True),
            standing(4, "account:removed", "removed", confirmed=True),
            *(standing(seq, f"account:other{seq}") for seq in range(5, 205)),
        ]
        bring(root, self.feed)

    def open(self, max_age="surface") -> Guard:
        return Guard.open(self.root, refresh_every=3600, max_age=max_age)

    def successor(self, *rows) -> None:
        """A snapshot in which no change can be seen one by one."""
        self.feed += [self._standing(300 + len(self.feed), *row) for row in rows]
        self._bring(self.root, self.feed, max_lines=0)

    def lose(self) -> None:
        """A snapshot in which almost all are gone, and no change says why."""
        late = self._standing(900, "account:late")
        publish(self.root, [late], lambda: [late], watermark=late.seq, max_lines=0)

    def damage(self) -> None:
        folder = self.root / "snapshots" / (self.root / "current").read_text()
        (folder / "seq.npy").write_bytes(b"")

    def clock(self, seconds: float) -> None:
        at = time.time() + seconds
        os.utime(self.root / "heartbeat", (at, at))


def usable(bench: Bench) -> Guard:
    return bench.open()


def empty(bench: Bench) -> Guard:
    shutil.rmtree(bench.root)
    return bench.open()


def stale(bench: Bench) -> Guard:
    bench.clock(-4_000)
    return bench.open()


def corrupt(bench: Bench) -> Guard:
    bench.damage()
    return bench.open()


def corrupt_successor(bench: Bench, max_age="surface") -> Guard:
    guard = bench.open(max_age)
    bench.successor(("account:late",))
    bench.damage()
    guard.refresh()
    return guard


def corrupt_too_long(bench: Bench) -> Guard:
    guard = corrupt_successor(bench, SHORT)
    time.sleep(2 * SHORT)
    beat(bench.root)
    guard.refresh()
    return guard


def shrunken(bench: Bench) -> Guard:
    guard = bench.open()
    bench.successor(*((row.entity, "none") for row in bench.feed[1:]))
    guard.refresh()
    return guard


def shrunken_at_start(bench: Bench) -> Guard:
    bench.lose()
    return bench.open()


def golden(bench: Bench) -> Guard:
    guard = bench.open()
    (bench.root / "golden.yaml").write_text("[{entity: 'account:removed', verdicts: {trends: drop}}]")
    bench.successor(("account:removed", "none"))
    guard.refresh()
    return guard


def overlay_lost(bench: Bench) -> Guard:
    guard = bench.open()
    (bench.root / "delta.jsonl").unlink()
    guard.refresh()
    return guard


def overlay_lost_at_start(bench: Bench) -> Guard:
    (bench.root / "delta.jsonl").unlink()
    return bench.open()


def clock_ahead(bench: Bench) -> Guard:
    bench.clock(90_000)
    return bench.open()


def clock_ahead_silent(bench: Bench) -> Guard:
    bench.clock(90_000)
    guard = bench.open(SHORT)
    time.sleep(2 * SHORT)
    guard.refresh()
    return guard


def clock_behind(bench: Bench) -> Guard:
    guard = bench.open()
    bench.clock(-4_000)
    guard.refresh()
    return guard


BROUGHT = {
    bring.__name__: bring
    for bring in (
        usable,
        empty,
        stale,
        corrupt,
        corrupt_successor,
        corrupt_too_long,
        shrunken,
        shrunken_at_start,
        golden,
        overlay_lost,
        overlay_lost_at_start,
        clock_ahead,
        clock_ahead_silent,
        clock_behind,
    )
}


@pytest.fixture(scope="module", params=CONDITIONS, ids=lambda condition: condition.name)
def brought(request: pytest.FixtureRequest, standing, bring) -> Iterator[tuple[Condition, Guard]]:
    memory = Path("/dev/shm")
    root = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
    yield request.param, BROUGHT[request.param.name](Bench(root, standing, bring))
    shutil.rmtree(root, ignore_errors=True)


def test_every_condition_is_brought_about() -> None:
    assert list(BROUGHT) == [condition.name for condition in CONDITIONS]


@pytest.mark.parametrize("viewer", ViewerClass)
@pytest.mark.parametrize("surface", Surface)
def test_the_guard_answers_as_the_table_says(brought, surface: Surface, viewer: ViewerClass) -> None:
    condition, guard = brought
    if POLICY.row(surface, outdated=False).closed_to[STANDINGS["restricted"]] and viewer == "restricted":
        closed = guard.filter(CANDIDATES, surface, viewer_class=viewer)
        assert (closed.keep, {verdict.reason for verdict in closed.verdicts}) == ([], {"guard:viewer"})
        return
    answer = guard.filter(CANDIDATES, surface, viewer_class=viewer)
    said = dict.fromkeys(STANDINGS, Outcome.ALLOW)
    said |= {verdict.entity.removeprefix("account:"): verdict.outcome for verdict in answer.verdicts}
    wanted = {name: expected(POLICY, surface, condition, name, viewer) for name in STANDINGS}
    assert said == wanted
    assert answer.stale is condition.stale
    assert answer.keep == [place for place, name in enumerate(STANDINGS) if wanted[name].shows()]
    assert all(verdict.reason and verdict.version == answer.version for verdict in answer.verdicts)


@pytest.mark.parametrize("surface", Surface)
def test_ten_thousand_candidates_are_answered_like_five(brought, surface: Surface) -> None:
    condition, guard = brought
    many = [f"account:n{number}" for number in range(MANY)]
    places = np.linspace(0, MANY - 1, len(CANDIDATES)).astype(int).tolist()
    for place, name in zip(places, CANDIDATES, strict=True):
        many[place] = name
    few, answer = guard.filter(CANDIDATES, surface), guard.filter(many, surface)
    assert {v.entity: v.outcome for v in answer.verdicts if v.entity in CANDIDATES} == {
        v.entity: v.outcome for v in few.verdicts
    }
    assert [CANDIDATES.index(many[place]) for place in answer.keep if place in places] == few.keep
    others = MANY - len(CANDIDATES) if expected(POLICY, surface, condition, "unknown").shows() else 0
    assert len(answer.keep) - len(few.keep) == others


@pytest.mark.parametrize("surface", Surface)
def test_a_look_up_that_failed_is_never_clean(brought, surface: Surface) -> None:
    condition, guard = brought
    unknown = guard.check("account:unknown", surface)
    closed = POLICY.failure(surface) != "open"
    if condition.rules != "fresh":
        assert unknown.outcome.shows() is not closed
        assert unknown.reason == "" or unknown.reason.startswith("guard:")
        assert guard.filter(["account:unknown"], surface).stale is True
    bound = guard.bind(["account:unknown"])
    assert not bound.allowed(np.array([-1, 1]), surface).any()


@pytest.mark.parametrize("surface", Surface)
@pytest.mark.parametrize("wrong", [None, 7, b"account:1", "1"])
def test_a_candidate_that_cannot_be_looked_up_is_an_error(brought, surface: Surface, wrong: object) -> None:
    _condition, guard = brought
    with pytest.raises(BadInput):
        guard.filter(["account:unknown", wrong], surface)  # type: ignore[list-item]


def test_an_overlay_that_comes_back_mends_the_guard(tmp_path: Path, standing, bring) -> None:
    bench = Bench(tmp_path, standing, bring)
    (tmp_path / "delta.jsonl").unlink()
    guard = bench.open()
    assert "delta.jsonl is missing" in str(guard.status().problem)
    bring(tmp_path, bench.feed)
    guard.refresh()
    assert (guard.status().problem, guard.status().complete) == (None, True)
    append_delta(tmp_path, [standing(900, "account:late")])
    guard.refresh()
    assert guard.check("account:late", Surface.TRENDS).outcome is Outcome.DROP


@pytest.mark.parametrize("surface", CONTACTS)
@pytest.mark.parametrize("receiver_class", [ViewerClass.ORDINARY, ViewerClass.MINOR])
def test_contact_answers_as_the_table_says(
    tmp_path: Path, standing, bring, surface: Surface, receiver_class: ViewerClass
) -> None:
    twice = [(name, "none" if name == "cleared" else name) for name in list(STANDINGS)[1:]]
    feed = [
        standing(seq, f"account:{name}{side}", restriction, confirmed=name != "suppressed")
        for seq, (name, restriction, side) in enumerate(
            ((name, restriction, side) for name, restriction in twice for side in "ab"), start=1
        )
    ]
    bring(tmp_path, feed)
    guard = Guard.open(tmp_path)
    for sender, receiver in itertools.product(STANDINGS, repeat=2):
        said = guard.contact(
            f"account:{sender}a", f"account:{receiver}b", surface, receiver_class=receiver_class
        )
        wanted = expected_contact(POLICY, surface, sender, receiver, receiver_class=receiver_class)
        assert (sender, receiver, said.outcome) == (sender, receiver, wanted)
