"""Real processes: one that is killed at any moment, and one that follows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.detect.media.index.conftest import hash_of

from havenwall.detect.media.index import HashIndex

WRITER = """
import itertools, os, random, signal, sys
from pathlib import Path
from havenwall.detect.media.index import HashIndex

folder, first, at = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
steps = itertools.count(1)
def deadly(name, call):
    def step(*args, **kwargs):
        mine = next(steps)
        # Before or after the step, by turns.
        if mine == at and at % 2:
            os.kill(os.getpid(), signal.SIGKILL)
        result = call(*args, **kwargs)
        if mine == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    return step
for name in ("fsync", "truncate", "replace", "rename", "mkdir", "rmdir"):
    setattr(os, name, deadly(name, getattr(os, name)))
index = HashIndex.open(folder, writer=True, tail=15)
for number in range(first, first + 300):
    index.add([(number, random.Random(number).randbytes(32).hex())])
    print("added", number, flush=True)
    if number % 7 == 0:
        index.withdraw([number])
        print("withdrawn", number, flush=True)
"""
READER = """
import sys, time
from pathlib import Path
from havenwall.detect.media.index import HashIndex

index = HashIndex.open(Path(sys.argv[1]))
index.search(sys.argv[2])
print("ready", flush=True)
for line in sys.stdin:
    wanted, value = line.split()
    give_up = time.monotonic() + 60
    while bool(index.search(value)) != (wanted == "there") and time.monotonic() < give_up:
        time.sleep(0.005)
    print("seen" if time.monotonic() < give_up else "never", flush=True)
"""


def killed(folder: Path, first: int, step: int) -> tuple[set[int], set[int]]:
    """Run a writer that is killed at its step; returns what it was told is added and withdrawn."""
    done = subprocess.run(
        [sys.executable, "-c", WRITER, str(folder), str(first), str(step)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == -9, done.stderr
    told: dict[str, set[int]] = {"added": set(), "withdrawn": set()}
    # The last line may be torn as well.
    for line in done.stdout.split("\n")[:-1]:
        what, number = line.split()
        told[what].add(int(number))
    return told["added"], told["withdrawn"]


def check(folder: Path, added: set[int], withdrawn: set[int], unsure: set[int]) -> None:
    with HashIndex.open(folder, writer=True, tail=15) as index, HashIndex.open(folder) as reader:
        for number in sorted(added - unsure):
            for each in (index, reader):
                found = [match.entry for match in each.search(hash_of(number))]
                assert found == ([] if number in withdrawn else [number])


def untold(added: set[int], withdrawn: set[int]) -> set[int]:
    """The last withdrawal may be on the disk though nobody was told."""
    return {number for number in added if number == max(added) and number % 7 == 0} - withdrawn


# From the first steps of making the folder to the midst of merges.
@pytest.mark.parametrize("steps", [(1, 3, 5, 22), (29, 33, 38), (41, 46, 60)])
def test_a_writer_killed_at_any_step_loses_nothing(tmp_path: Path, steps: tuple[int, ...]) -> None:
    known: set[int] = set()
    gone: set[int] = set()
    unsure: set[int] = set()
    first = 1
    for step in steps:
        added, withdrawn = killed(tmp_path / "index", first, step)
        known, gone, unsure = known | added, gone | withdrawn, unsure | untold(added, withdrawn)
        check(tmp_path / "index", known, gone, unsure)
        first += 1000


@pytest.mark.slow
@pytest.mark.parametrize("step", range(1, 90, 4))
def test_a_writer_killed_at_each_step_loses_nothing(tmp_path: Path, step: int) -> None:
    added, withdrawn = killed(tmp_path / "index", 1, step)
    check(tmp_path / "index", added, withdrawn, untold(added, withdrawn))


def test_another_process_follows(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with HashIndex.open(folder, writer=True, tail=15) as index:
        index.add([(0, hash_of(0))])
        command = [sys.executable, "-c", READER, str(folder), hash_of(0)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
            assert reader.stdin is not None
            assert reader.stdout is not None
            assert reader.stdout.readline() == "ready\n"
            for number in range(1, 31):
                index.add([(number, hash_of(number))])
                await_reader(reader, "there", number)
            index.withdraw([5])
            await_reader(reader, "gone", 5)
            index.compact()
            await_reader(reader, "there", 6)
            reader.stdin.close()


def await_reader(reader: subprocess.Popen[str], wanted: str, number: int) -> None:
    assert reader.stdin is not None
    assert reader.stdout is not None
    reader.stdin.write(f"{wanted} {hash_of(number)}\n")
    reader.stdin.flush()
    # How soon is a bar of the benchmark.
    assert reader.stdout.readline() == "seen\n"
