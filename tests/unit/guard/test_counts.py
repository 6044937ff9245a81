"""What a guard in a recommender's process counts of its own answers."""

from __future__ import annotations

import gc
import logging
import shutil
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenwall.errors import BadInput
from havenwall.guard import BoundGuard, Guard, Surface, ViewerClass
from havenwall.guard.counts import Counts
from havenwall.guard.tally import FILE, Tally

KNOWN = ["account:suppressed", "account:restricted", "account:cleared"]
NAMES = [*KNOWN, "account:unknown", "account:other"]


@pytest.fixture
def root(tmp_path: Path, standing, bring) -> Path:
    feed = [
        standing(1, KNOWN[0]),
        standing(2, KNOWN[1], "restricted", confirmed=True),
        standing(3, KNOWN[2], "none", confirmed=True),
    ]
    bring(tmp_path / "guard", feed)
    return tmp_path / "guard"


def sums(folder: Path) -> dict[str, tuple[int, int, int]]:
    found: dict[str, tuple[int, int, int]] = {}
    for row in Tally(folder).rows():
        old = found.get(row.surface, (0, 0, 0))
        found[row.surface] = (old[0] + row.judged, old[1] + row.dropped, old[2] + row.changed)
    return found


def beside(root: Path) -> Path:
    return root.with_name("guard-tally")


def writers() -> int:
    return sum(thread.name == "havenwall-tally" for thread in threading.enumerate())


def test_every_way_to_ask_is_counted_once(root: Path) -> None:
    guard = Guard.open(root, max_age=None, tally=True)
    bound = guard.bind(NAMES)
    places = np.array([[0, 1, 2], [3, -1, 99]])
    guard.filter(NAMES, Surface.TRENDS)
    guard.check(KNOWN[0], Surface.DIGESTS)
    guard.check(NAMES[4], Surface.DIGESTS)
    guard.contact(NAMES[3], NAMES[4], Surface.MESSAGE)
    guard.contact(KNOWN[0], KNOWN[1], Surface.MESSAGE)
    guard.contact(KNOWN[0], KNOWN[0], Surface.MESSAGE)
    bound.allowed(places, Surface.AUTOCOMPLETE)
    bound.allowed(places, Surface.RECOMMENDED_ACCOUNTS, KNOWN[1])
    bound.judge(places, Surface.HASHTAG_PAGE)
    guard.sources(NAMES)
    guard.close()
    demoted = guard.check(KNOWN[0], Surface.HASHTAG_PAGE)
    assert 0 < demoted.factor < 1
    assert sums(beside(root)) == {
        "trends": (5, 2, 0),
        "digests": (2, 1, 0),
        "message": (3, 1, 0),
        "autocomplete": (4, 2, 0),
        "recommended_accounts": (4, 4, 0),
        "hashtag_page": (4, 1, 1),
    }


class Pair(NamedTuple):
    """Two guards over one folder, and what each should have counted so far."""

    by_name: Guard
    by_place: Guard
    bound: BoundGuard
    folder: Path
    wanted: dict[str, tuple[int, int, int]]


@pytest.fixture(scope="module")
def pair(standing, bring) -> Iterator[Pair]:
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
    bring(folder / "guard", [standing(1, KNOWN[0]), standing(2, KNOWN[1], "restricted", confirmed=True)])
    one, other = (
        Guard.open(folder / "guard", max_age=None, refresh_every=3600, tally=folder / way) for way in "ab"
    )
    yield Pair(one, other, other.bind(NAMES), folder, {})
    shutil.rmtree(folder)


@given(
    names=st.lists(st.sampled_from(NAMES), max_size=8),
    tied=st.sets(st.sampled_from(NAMES)),
    surface=st.sampled_from(Surface),
    viewer_class=st.none() | st.sampled_from(ViewerClass),
)
def test_lists_and_arrays_count_alike(pair: Pair, names, tied, surface, viewer_class) -> None:
    answer = pair.by_name.filter(names, surface, viewer_class=viewer_class, tied=tied)
    places = np.array([NAMES.index(name) for name in names], dtype=np.int32)
    mask = np.array([name in tied for name in names], dtype=np.bool_)
    pair.bound.judge(places, surface, viewer_class=viewer_class, tied=mask)
    pair.by_name.close()
    pair.by_place.close()
    dropped = len(names) - len(answer.keep)
    more = (len(names), dropped, len(answer.verdicts) - dropped)
    old = pair.wanted.get(surface.value, (0, 0, 0))
    pair.wanted[surface.value] = (old[0] + more[0], old[1] + more[1], old[2] + more[2])
    assert sums(pair.folder / "a") == pair.wanted
    assert sums(pair.folder / "b") == pair.wanted


def test_without_it_nothing_is_counted_or_written(root: Path) -> None:
    before = writers()
    with Guard.open(root) as guard:
        guard.filter(NAMES, Surface.TRENDS)
    assert writers() == before
    assert not beside(root).exists()


def test_a_refused_question_is_not_counted(root: Path) -> None:
    with Guard.open(root, tally=True) as guard:
        for wrong in (["1"], "account:1"):
            with pytest.raises(BadInput):
                guard.filter(wrong, Surface.TRENDS)
        with pytest.raises(BadInput):
            guard.bind(NAMES).allowed(np.array([0.5]), Surface.TRENDS)
    assert sums(beside(root)) == {}


def test_the_thread_writes_while_the_guard_answers(root: Path, tmp_path: Path) -> None:
    counts = Counts(tmp_path / "mine", every=0.005)
    before = writers()
    counts.add(Surface.TRENDS, 3, 1, 0)
    assert writers() == before + 1
    waited = threading.Event()
    for _ in range(1_000):
        if (tmp_path / "mine" / FILE).exists():
            break
        waited.wait(0.01)
    assert sums(tmp_path / "mine") == {"trends": (3, 1, 0)}
    counts.close()
    assert writers() == before


def test_a_guard_that_is_let_go_writes_what_is_left(root: Path) -> None:
    guard = Guard.open(root, max_age=None, tally=str(beside(root)))
    guard.filter(NAMES, Surface.TRENDS)
    guard.close()
    guard.filter(NAMES, Surface.TRENDS)
    assert sums(beside(root)) == {"trends": (5, 2, 0)}
    del guard
    gc.collect()
    assert sums(beside(root)) == {"trends": (10, 4, 0)}


def test_a_folder_that_cannot_be_written_costs_the_counts_only(
    root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    beside(root).write_text("in the way")
    guard = Guard.open(root, max_age=None, tally=True)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert guard.filter(NAMES, Surface.TRENDS).keep == [2, 3, 4]
            guard.close()
    assert [record.message.partition(":")[0] for record in caplog.records] == ["guard tally not written"]


PROCESS = """
    import os, sys
    from havenwall.guard import Guard, Surface
    guard = Guard.open(sys.argv[1], max_age=None, tally=True)
    for _ in range(50):
        guard.filter(["account:suppressed", "account:a"], Surface.TRENDS)
    if child := os.fork():
        assert os.waitpid(child, 0)[1] == 0
    guard.check("account:suppressed", Surface.TRENDS)
"""


def test_processes_and_their_forks_add_up(root: Path) -> None:
    command = [sys.executable, "-c", textwrap.dedent(PROCESS), str(root)]
    running = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait(60) for process in running] == [0, 0]
    assert sums(beside(root)) == {"trends": (204, 104, 0)}
