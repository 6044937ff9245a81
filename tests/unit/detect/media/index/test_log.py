"""What the log gave back is what went in; anything else shows and is passed over."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.detect.media.index.log import HEAD, RECORD, Kind, Log, records_of
from havenwall.errors import StoreError


def filled(path: Path, count: int) -> Log:
    log = Log(path)
    log.head()
    codes = np.random.default_rng(1).integers(0, 1 << 64, (count, 4), dtype=np.uint64)
    log.append(records_of(Kind.ADD, np.arange(count), codes, len(log)))
    return log


def numbers(log: Log) -> list[int]:
    return [int(number) for batch in log.read(0, len(log)) for number in batch.numbers]


def test_head_and_record_have_the_same_size() -> None:
    assert len(HEAD) == RECORD.itemsize == 48


def test_records_come_back(tmp_path: Path) -> None:
    log = filled(tmp_path / "log", 5)
    log.append(records_of(Kind.WITHDRAW, np.array([3, -4]), None, len(log)))
    (batch,) = log.read(0, len(log))
    assert batch.entries.tolist() == [0, 1, 2, 3, 4, 3, -4]
    assert batch.kinds.tolist() == [1] * 5 + [2] * 2
    assert not batch.codes[5:].any()
    assert not len(batch.bad)


@given(st.integers(0, 10 * 48 - 1), st.integers(1, 255))
@settings(max_examples=60)
def test_one_changed_byte_makes_one_bad_record(
    tmp_path_factory: pytest.TempPathFactory, at: int, change: int
) -> None:
    path = tmp_path_factory.mktemp("log") / "log"
    log = filled(path, 10)
    content = bytearray(path.read_bytes())
    content[len(HEAD) + at] ^= change
    path.write_bytes(content)
    assert numbers(log) == [number for number in range(10) if number != at // 48]


def test_records_in_each_others_place_are_bad(tmp_path: Path) -> None:
    path = tmp_path / "log"
    log = filled(path, 3)
    content = path.read_bytes()
    path.write_bytes(content[:48] + content[96:144] + content[48:96] + content[144:])
    assert numbers(log) == [2]


def test_zeroed_records_are_bad(tmp_path: Path) -> None:
    path = tmp_path / "log"
    log = filled(path, 3)
    path.write_bytes(path.read_bytes() + bytes(480))
    assert numbers(log) == [0, 1, 2]
    assert log.end_of_good(0) == 3


def test_a_torn_first_line_is_begun_again_and_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(HEAD[:10])
    Log(path).head()
    assert path.read_bytes() == HEAD
    path.write_text("a letter to the editor, which is much longer than a head")
    with pytest.raises(StoreError, match="no hash log"):
        Log(path).head()
