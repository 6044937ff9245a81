"""What a guard that starts makes of a snapshot that has lost what no change lifted."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.guard import Guard, Outcome, Surface, publish, published, read_snapshot
from havenwall.guard.chain import Allowance
from havenwall.guard.shrink import OVERRIDE, allow_shrink, make_key
from havenwall.model import Standing

HOUR = timedelta(hours=1)
LOST = "account:1"


@pytest.fixture
def feed(standing) -> list[Standing]:
    return [standing(seq, f"account:{seq}") for seq in range(1, 501)]


@pytest.fixture
def key(tmp_path: Path) -> Path:
    make_key(tmp_path / "guard.key")
    return tmp_path / "guard.key"


def build(root: Path, changes: Sequence[Standing], full: Sequence[Standing], **options) -> None:
    """A new snapshot of what `full` says, whatever the changes were."""
    watermark = max([published(root), *(row.seq for row in changes)])
    assert publish(root, changes, lambda: full, watermark=watermark, max_lines=-1, **options).rebuilt


def start(root: Path, **options) -> Guard:
    return Guard.open(root, refresh_every=3600, **options)


def held(root: Path) -> tuple[int, int]:
    info = read_snapshot(root).info
    return info.restricted, info.held


@pytest.mark.parametrize(
    ("lost", "refused"), [(0, False), (99, False), (100, False), (101, True), (500, True)]
)
def test_a_guard_that_starts_refuses_what_a_running_one_refuses(
    ram_path: Path, feed, bring, lost: int, refused: bool
) -> None:
    bring(ram_path, feed)
    running = start(ram_path)
    build(ram_path, [], feed[lost:])
    running.refresh()
    for guard in (running, start(ram_path)):
        status = guard.status()
        assert status.complete is not refused
        assert ("havenwall guard allow-shrink" in str(status.problem)) == refused
    assert held(ram_path) == (500 - lost, 500)


def test_it_drops_whom_the_snapshot_before_restricts(ram_path: Path, feed, bring, standing) -> None:
    bring(ram_path, feed)
    build(ram_path, [standing(501, "account:late")], [])
    guard = start(ram_path)
    answer = guard.filter([LOST, "account:x"], Surface.SEARCH_RESULTS)
    assert (answer.keep, answer.stale) == ([1], True)
    assert guard.filter([LOST, "account:x"], Surface.TRENDS).keep == []
    bring(ram_path, [*feed, standing(501, "account:late"), standing(502, "account:x")])
    guard.refresh()
    assert guard.filter([LOST, "account:x"], Surface.SEARCH_RESULTS).keep == []
    build(ram_path, [], [*feed, standing(501, "account:late"), standing(502, "account:x")])
    guard.refresh()
    assert (guard.status().problem, guard.filter([LOST, "account:y"], Surface.TRENDS).keep) == (None, [1])


def test_without_one_before_it_knows_nothing(ram_path: Path, feed, bring) -> None:
    bring(ram_path, feed)
    before = read_snapshot(ram_path).info.version
    build(ram_path, [], [])
    for file in (ram_path / "snapshots" / before).iterdir():
        file.unlink()
    assert start(ram_path).check("account:x", Surface.TRENDS).reason == "guard:no-snapshot"


def test_building_again_does_not_make_a_loss_right(ram_path: Path, feed, bring, standing) -> None:
    bring(ram_path, feed)
    left = feed[300:]
    for seq in range(501, 506):
        row = standing(seq, f"account:{seq}")
        left = [*left, row]
        build(ram_path, [row], left)
        assert held(ram_path) == (200 + seq - 500, seq)
        assert start(ram_path).status().complete is False
    build(ram_path, [], [*feed, *left])
    assert start(ram_path).status().problem is None
    assert held(ram_path) == (505, 505)


def test_a_loss_that_is_allowed_is_not_handed_on(ram_path: Path, feed, bring) -> None:
    bring(ram_path, feed)
    for left in (410, 330, 270):
        build(ram_path, [], feed[500 - left :])
        assert start(ram_path).status().problem is None
    build(ram_path, [], feed[300:], allowance=Allowance(most=0.1))
    assert held(ram_path) == (200, 270)


def test_an_override_lets_it_in_and_the_publisher_settles_it(
    ram_path: Path, feed, bring, standing, key: Path
) -> None:
    bring(ram_path, feed)
    allowance = Allowance(key=key)
    build(ram_path, [], feed[300:], allowance=allowance)
    assert not publish(ram_path, [], lambda: feed[300:], watermark=500, allowance=allowance).rebuilt
    allow_shrink(ram_path, key, to=201, lasting=HOUR)
    assert not publish(ram_path, [], lambda: feed[300:], watermark=500, allowance=allowance).rebuilt
    assert start(ram_path, shrink_key=key).status().complete is False
    allow_shrink(ram_path, key, to=200, lasting=HOUR)
    assert start(ram_path, shrink_key=key).status().problem is None
    assert start(ram_path).status().complete is False
    assert not publish(ram_path, [], lambda: feed[300:], watermark=500).rebuilt, "no key, no override"
    assert publish(ram_path, [], lambda: feed[300:], watermark=500, allowance=allowance).rebuilt
    assert held(ram_path) == (200, 200)
    (ram_path / OVERRIDE).unlink()
    assert start(ram_path).status().problem is None
    assert start(ram_path).check(LOST, Surface.TRENDS).outcome is Outcome.ALLOW
    assert not publish(ram_path, [], lambda: feed[300:], watermark=500, allowance=allowance).rebuilt


@pytest.mark.parametrize("file", ["code.npy", "entities.npy"])
@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(b"")])
def test_a_damaged_snapshot_still_says_how_many_there_were(
    ram_path: Path, feed, bring, file: str, harm
) -> None:
    bring(ram_path, feed)
    harm(ram_path / "snapshots" / read_snapshot(ram_path).info.version / file)
    build(ram_path, [], feed[300:])
    assert held(ram_path) == (200, 500)
    assert start(ram_path).status().complete is False


def test_a_lost_change_file_is_made_up_for_by_the_changes(ram_path: Path, feed, bring, standing) -> None:
    bring(ram_path, feed)
    (ram_path / "delta.jsonl").unlink()
    lifts = [standing(500 + number, f"account:{number}", "none") for number in range(1, 401)]
    publish(ram_path, lifts, lambda: [*feed, *lifts], watermark=900)
    assert held(ram_path) == (100, 100)
    assert start(ram_path).status().problem is None


@pytest.fixture(scope="module")
def memory() -> Iterator[Path]:
    folder = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=folder if folder.is_dir() else None) as name:
        yield Path(name)


STEP = st.tuples(
    st.lists(st.tuples(st.integers(0, 7), st.sampled_from(["none", "suppressed", "removed"])), max_size=6),
    st.sampled_from([-1, 2, 5_000]),
    st.booleans(),
)


@settings(max_examples=25)
@given(steps=st.lists(STEP, min_size=1, max_size=4))
def test_what_changes_account_for_is_never_lost(memory: Path, standing, steps) -> None:
    """Whether a snapshot holds just what was published, or runs ahead of it."""
    root = Path(tempfile.mkdtemp(dir=memory))
    moves = [move for rows, _, _ in steps for move in rows]
    feed = [standing(seq, f"account:{number}", to) for seq, (number, to) in enumerate(moves, 1)]
    done = reach = 0
    for rows, max_lines, ahead in steps:
        changes, done = feed[done : done + len(rows)], done + len(rows)
        reach = max(reach, len(feed) if ahead else done)
        full = feed[:reach]
        publish(root, changes, full.copy, watermark=done, max_lines=max_lines)
        restricted, before = held(root)
        assert restricted == before


def test_a_lift_of_many_published_in_parts_is_no_loss(ram_path: Path, feed, bring, standing) -> None:
    bring(ram_path, feed)
    lifts = [standing(500 + number, f"account:{number}", "none") for number in range(1, 401)]
    publish(ram_path, lifts[:50], lambda: [*feed, *lifts], watermark=550, max_lines=0)
    assert held(ram_path) == (100, 100)
    assert start(ram_path).status().problem is None
    publish(ram_path, lifts[50:], lambda: [*feed, *lifts], watermark=900, max_lines=0)
    assert held(ram_path) == (100, 100)
