from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from havenwall.errors import BadInput, SnapshotRefused
from havenwall.guard import Guard, Surface, append_delta, publish, published
from havenwall.guard.delta import delta_info
from havenwall.model import Standing

ENTITIES = [f"account:{number}" for number in range(30)]

# Runs the same publication again and again, each time in a process that dies one file operation later.
DIES = """
import itertools, os, shutil, sys
from pathlib import Path
import msgspec
from havenwall.guard import publish
from havenwall.model import Standing

work, seed = Path(sys.argv[1]), Path(sys.argv[2])
feed = msgspec.json.decode(Path(sys.argv[3]).read_bytes(), type=list[Standing])
latest = {row.entity: row for row in feed}
EVENTS = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.utime", "os.truncate"}


def run(root, steps):
    left = itertools.count(steps, -1)

    def watch(event, args):
        if event in EVENTS and str(args[0]).startswith(str(root)) and next(left) == 0:
            os._exit(9)

    sys.addaudithook(watch)
    publish(root, feed, latest.values, watermark=len(feed), max_lines=2)
    os._exit(0)


for steps in itertools.count():
    root = work / str(steps)
    shutil.copytree(seed, root)
    child = os.fork()
    if child == 0:
        try:
            run(root, steps)
        finally:
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code != 9:
        sys.exit(code)
"""


def crashed(folder: Path, seed: Path, feed: list[Standing]) -> list[Path]:
    work = folder / "work"
    work.mkdir()
    (folder / "feed.json").write_bytes(msgspec.json.encode(feed))
    arguments = [str(work), str(seed), str(folder / "feed.json")]
    subprocess.run([sys.executable, "-c", DIES, *arguments], check=True, timeout=120)
    return sorted(work.iterdir(), key=lambda path: int(path.name))


def dropped(guard: Guard, surface: Surface) -> set[str]:
    keep = set(guard.filter(ENTITIES, surface).keep)
    return {entity for place, entity in enumerate(ENTITIES) if place not in keep}


def bad(feed: list[Standing]) -> set[str]:
    latest = {row.entity: row for row in feed}
    return {entity for entity, row in latest.items() if row.restriction != "none"}


def history(standing: Callable[..., Standing]) -> list[Standing]:
    feed = [standing(seq, ENTITIES[seq]) for seq in range(1, 17)]
    return [*feed, standing(17, ENTITIES[1], "none"), standing(18, ENTITIES[18])]


@pytest.mark.slow
def test_death_at_any_step_loses_nothing_and_repeating_mends_it(ram_path: Path, standing, bring) -> None:
    feed = history(standing)
    seed = ram_path / "seed"
    for end in (4, 8, 12, 14):
        bring(seed, feed[:end], max_lines=2)
    before, after = bad(feed[:14]), bad(feed)
    roots = crashed(ram_path, seed, feed)
    assert len(roots) > 20
    for root in roots:
        live = ram_path / "live"
        shutil.copytree(seed, live)
        guard = Guard.open(live, refresh_every=0)
        live.rename(ram_path / "gone")
        root.rename(live)
        for reader in (guard, Guard.open(live, refresh_every=0)):
            assert before & after <= dropped(reader, Surface.SEARCH_RESULTS) <= before | after
            assert before & after <= dropped(reader, Surface.TRENDS)
            assert reader.status().complete
        bring(live, feed, max_lines=2)
        assert published(live) == len(feed)
        for reader in (guard, Guard.open(live)):
            assert dropped(reader, Surface.TRENDS) == after
            assert reader.status().problem is None
        assert len(list((live / "snapshots").iterdir())) <= 4
        shutil.rmtree(ram_path / "gone")
        shutil.rmtree(live)


@pytest.mark.slow
def test_death_at_any_step_of_the_first_publication_fails_closed(ram_path: Path, standing, bring) -> None:
    feed = history(standing)
    seed = ram_path / "seed"
    seed.mkdir()
    for root in crashed(ram_path, seed, feed):
        guard = Guard.open(root, refresh_every=0)
        assert dropped(guard, Surface.TRENDS) >= bad(feed)
        bring(root, feed)
        assert dropped(guard, Surface.TRENDS) == bad(feed)


def test_it_appends_until_the_change_file_is_long_then_rebuilds(tmp_path: Path, standing, bring) -> None:
    feed = [standing(1, ENTITIES[1])]
    assert bring(tmp_path, feed, max_lines=2).rebuilt is True
    seen = []
    for seq in range(2, 9):
        feed.append(standing(seq, ENTITIES[seq]))
        result = bring(tmp_path, feed, max_lines=2)
        seen.append((result.appended, result.rebuilt))
    assert seen == [(1, False), (1, False), (1, True), (1, False), (1, False), (1, True), (1, False)]
    info = delta_info(tmp_path)
    assert info is not None
    assert (info.after, info.last, info.lines) == (7, 8, 1)


def test_without_changes_it_only_gives_the_sign_of_life(tmp_path: Path, standing, bring) -> None:
    feed = [standing(1, ENTITIES[1])]
    first = bring(tmp_path, feed)
    (tmp_path / "heartbeat").unlink()
    again = publish(tmp_path, [], lambda: pytest.fail("no snapshot was needed"), watermark=1)
    assert (again.appended, again.rebuilt, again.version) == (0, False, first.version)
    assert (tmp_path / "heartbeat").exists()


@pytest.mark.parametrize("name", ["delta.jsonl", "current", "snapshots"])
def test_what_is_lost_is_rebuilt(tmp_path: Path, standing, bring, name: str) -> None:
    feed = history(standing)
    bring(tmp_path, feed[:10])
    bring(tmp_path, feed[:12])
    path = tmp_path / name
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert bring(tmp_path, feed).rebuilt is True
    assert dropped(Guard.open(tmp_path), Surface.TRENDS) == bad(feed)


def test_a_damaged_change_file_is_replaced_through_a_snapshot(tmp_path: Path, standing, bring) -> None:
    feed = history(standing)
    bring(tmp_path, feed[:10])
    bring(tmp_path, feed[:12])
    path = tmp_path / "delta.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"entity"', b'"entitx"', 1))
    guard = Guard.open(tmp_path, refresh_every=0)
    assert "cannot be read" in str(guard.status().problem)
    assert published(tmp_path) == 10
    assert bring(tmp_path, feed).rebuilt is True
    assert guard.status().problem is None
    assert dropped(guard, Surface.TRENDS) == bad(feed)


def test_changes_that_came_while_the_snapshot_was_built_stay_in_the_change_file(
    tmp_path: Path, standing
) -> None:
    publish(tmp_path, [], list, watermark=0)

    def full() -> list[Standing]:
        append_delta(tmp_path, [standing(2, ENTITIES[2])])
        return [standing(1, ENTITIES[1])]

    publish(tmp_path, [standing(1, ENTITIES[1])], full, watermark=1, max_lines=0)
    assert published(tmp_path) == 2
    assert dropped(Guard.open(tmp_path), Surface.TRENDS) == {ENTITIES[1], ENTITIES[2]}


def test_a_feed_that_went_backwards_is_refused_without_a_sign_of_life(
    tmp_path: Path, standing, bring
) -> None:
    feed = history(standing)
    bring(tmp_path, feed)
    (tmp_path / "heartbeat").unlink()
    with pytest.raises(SnapshotRefused) as caught:
        publish(tmp_path, [], list, watermark=3)
    assert caught.value.hint
    assert not (tmp_path / "heartbeat").exists()


def test_a_change_beyond_the_watermark_is_bad_input(tmp_path: Path, standing) -> None:
    with pytest.raises(BadInput, match="watermark"):
        publish(tmp_path, [standing(5, ENTITIES[1])], list, watermark=4)
    assert published(tmp_path) == 0
