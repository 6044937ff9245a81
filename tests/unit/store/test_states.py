"""State files: whole or not there, for the rules that made them, and no more of them than are needed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.store.states import StateFiles

PARTS = [b"one", b"", b"three" * 50]


def newest(files: StateFiles, upto: int = 1 << 40) -> list[bytes] | None:
    found = next(files.load(upto), None)
    return found if found is None else [bytes(part) for part in found]


@settings(max_examples=30)
@given(parts=st.lists(st.binary(max_size=40), max_size=5), at=st.integers(0, 1 << 62))
def test_what_was_saved_is_loaded(
    parts: list[bytes], at: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    files = StateFiles(tmp_path_factory.mktemp("states") / "new", "rules")
    assert newest(files) is None
    assert files.save(at, 0, iter(parts)) > sum(map(len, parts))
    assert newest(files, at) == parts
    assert newest(files, at - 1) is None


def test_a_state_ahead_is_passed_over_and_the_one_behind_it_stays(tmp_path: Path) -> None:
    files = StateFiles(tmp_path, "rules")
    for at in (10, 20, 30, 40, 50):
        files.save(at, 25, [b"%d" % at])
    assert newest(files, 45) == [b"40"]
    assert newest(files, 39) == newest(files, 25) == [b"20"]
    assert newest(files, 19) is None
    files.save(60, 55, [b"60"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["50.state", "60.state"]


def test_who_writes_a_position_last_wins(tmp_path: Path) -> None:
    one, two = StateFiles(tmp_path, "rules"), StateFiles(tmp_path, "rules")
    one.save(7, 7, [b"one"])
    loaded = next(two.load(7))
    two.save(7, 7, [b"two"])
    assert newest(one) == [b"two"]
    assert bytes(loaded[0]) == b"one"


@pytest.mark.parametrize("harm", ["empty", "cut", "flipped", "longer", "foreign", "moved"])
def test_a_damaged_file_is_passed_over(tmp_path: Path, harm: str) -> None:
    files = StateFiles(tmp_path, "rules")
    files.save(1, 1, [b"older"])
    files.save(2, 2, PARTS)
    path = tmp_path / "2.state"
    data = path.read_bytes()
    harmed = {
        "empty": b"",
        "cut": data[:-1],
        "flipped": data[:60] + bytes([data[60] ^ 1]) + data[61:],
        "longer": data + b"x",
        "foreign": b"something else" * 9,
        "moved": (tmp_path / "1.state").read_bytes(),
    }
    path.write_bytes(harmed[harm])
    assert newest(files) == [b"older"]


@settings(max_examples=20)
@given(length=st.integers(0, 300))
def test_any_torn_file_is_passed_over(length: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("torn")
    files = StateFiles(folder, "rules")
    files.save(2, 2, PARTS)
    data = (folder / "2.state").read_bytes()
    (folder / "2.state").write_bytes(data[: min(length, len(data) - 1)])
    assert newest(files) is None


def test_other_rules_do_not_take_it_up(tmp_path: Path) -> None:
    StateFiles(tmp_path, "rules").save(1, 1, PARTS)
    assert newest(StateFiles(tmp_path, "other rules")) is None
    assert newest(StateFiles(tmp_path, "rules")) == PARTS


def test_a_crash_while_writing_leaves_the_old_state_and_its_rest_is_removed(tmp_path: Path) -> None:
    def breaks() -> Iterator[bytes]:
        yield b"half"
        raise RuntimeError("power cut")

    files = StateFiles(tmp_path, "rules")
    files.save(1, 1, PARTS)
    with pytest.raises(RuntimeError):
        files.save(1, 1, breaks())
    assert newest(files) == PARTS
    (tmp_path / "partial-old").touch()
    os.utime(tmp_path / "partial-old", (0, 0))
    (tmp_path / "partial-new").touch()
    (tmp_path / "notes.state").touch()
    files.save(2, 2, PARTS)
    assert {path.name for path in tmp_path.iterdir()} == {"1.state", "2.state", "partial-new", "notes.state"}


def test_a_disk_that_takes_nothing_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    files = StateFiles(tmp_path / "file" / "states", "rules")
    assert files.save(1, 1, PARTS) == 0
    assert newest(files) is None
