"""The log is rewritten once little of it still stands; nothing is lost by it, whenever it is cut off."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.unit.detect.media.index.conftest import FEW, hash_of

from havenwall.detect.media.index import HashIndex
from havenwall.detect.media.index.log import HEAD, RECORD, REWRITTEN, Kind, Log, records_of
from havenwall.detect.media.index.rewrite import Rewriting
from havenwall.errors import StoreError
from havenwall.match.index import code_of

Reopened = Callable[..., HashIndex]

KILLED = """
import itertools, os, signal, sys
from pathlib import Path
from havenwall.detect.media.index import HashIndex
from havenwall.detect.media.index.writer import Rewriting

def deadly(steps, call, at, after):
    def step(*args, **kwargs):
        mine = next(steps)
        if mine == at and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = call(*args, **kwargs)
        if mine == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    return step

def rewrite(folder, at, after):
    index = HashIndex.open(folder, writer=True)
    steps = itertools.count(1)
    keep = Rewriting.keep
    def armed(self):
        for name in ("fsync", "replace", "write"):
            setattr(os, name, deadly(steps, getattr(os, name), at, after))
        keep(self)
    Rewriting.keep = armed
    index.compact()

for at in range(1, 6):
    for after in (False, True):
        child = os.fork()
        if not child:
            rewrite(Path(sys.argv[1]) / f"{at}-{after}", at, after)
            os._exit(0)
        print(at, after, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def churn(index: HashIndex, rounds: int) -> None:
    """Entries that come and go; only every tenth stays."""
    for first in range(0, rounds * 10, 10):
        index.add([(number, hash_of(number)) for number in range(first, first + 10)])
        index.withdraw(range(first + 1, first + 10))


def found(index: HashIndex, upto: int) -> list[int]:
    rows = index.search_many([hash_of(number) for number in range(upto)])
    return [match.entry for row in rows for match in row]


def stands(upto: int) -> list[int]:
    return list(range(0, upto, 10))


def numbers(log: Log) -> list[int]:
    return [int(number) for batch in log.read(0, len(log)) for number in batch.numbers]


def grown(path: Path) -> Log:
    """A log of ten additions of which six are withdrawn, rewritten up to there, and two additions."""
    log = Log(path)
    log.head()
    codes = np.array([code_of(hash_of(number)) for number in range(12)])
    log.append(records_of(Kind.ADD, np.arange(10), codes[:10], 0))
    log.append(records_of(Kind.WITHDRAW, np.arange(6), None, 10))
    fresh = Rewriting(log, 16)
    fresh.keep()
    log.append(records_of(Kind.ADD, np.arange(10, 12), codes[10:], 16))
    fresh.take_over()
    return log


def test_what_comes_and_goes_does_not_make_the_log_grow_for_ever(
    writer: HashIndex, folder: Path, reopened: Reopened
) -> None:
    reader = HashIndex.open(folder)
    churn(writer, 5)
    reader.refresh()
    churn(writer, 100)
    writer.close()
    assert writer.status().logged <= 2 * writer.status().hashes + 20 * FEW
    assert writer.status().logged < 1000
    assert found(writer, 1000) == stands(1000)
    reader.refresh()
    assert found(reader, 1000) == stands(1000)
    assert found(reopened(), 1000) == stands(1000)


def test_a_reader_goes_on_from_before_and_from_behind(writer: HashIndex, folder: Path) -> None:
    churn(writer, 10)
    behind, before = HashIndex.open(folder), HashIndex.open(folder)
    churn(writer, 20)
    before.refresh()
    writer.compact()
    assert writer.status().logged == 20
    writer.add([(7, hash_of(7))])
    writer.withdraw([10])
    for reader in (behind, before, HashIndex.open(folder), writer):
        reader.refresh()
        assert found(reader, 200) == [0, 7, *range(20, 200, 10)]


@pytest.mark.parametrize("times", range(1, 6))
def test_a_reader_that_missed_several_rewritings_notices(writer: HashIndex, folder: Path, times: int) -> None:
    """The disk gives the number of a file that is gone to another, so the log may bear its old one again."""
    writer.add([(number, hash_of(number)) for number in range(3)])
    reader = HashIndex.open(folder)
    before = (folder / "log").stat().st_ino
    for _turn in range(times):
        writer.compact()
        assert (folder / "log").stat().st_ino != before
    writer.add([(number, hash_of(number)) for number in range(3, 6)])
    reader.refresh()
    assert found(reader, 6) == list(range(6))


def test_what_is_rewritten_can_be_rewritten_again(writer: HashIndex, reopened: Reopened) -> None:
    for _turn in range(3):
        churn(writer, 5)
        writer.compact()
    assert writer.status().logged == 5
    writer.close()
    index = reopened()
    index.compact()
    index.add([(3, hash_of(3))])
    index.close()
    assert found(reopened(), 50) == [0, 3, *range(10, 50, 10)]


def test_the_log_alone_has_everything(writer: HashIndex, folder: Path, reopened: Reopened) -> None:
    churn(writer, 10)
    writer.compact()
    writer.add([(3, hash_of(3))])
    writer.close()
    (folder / "manifest.json").unlink()
    index = reopened()
    assert found(index, 100) == [0, 3, *range(10, 100, 10)]
    churn(index, 3)
    index.compact()
    assert index.status().logged == 10
    index.close()
    assert found(reopened(), 100) == stands(100)


def test_later_records_keep_their_numbers(tmp_path: Path) -> None:
    log = grown(tmp_path / "log")
    assert (len(log), log.held) == (18, 6)
    assert numbers(log) == [0, 1, 2, 3, 16, 17]
    assert [int(e) for batch in log.read(0, 18) for e in batch.entries if e > 9] == [10, 11]
    assert [len(batch.numbers) for batch in log.read(16, 18)] == [2]
    assert log.end_of_good(0) == 18
    again = Log(log.path)
    again.look()
    assert numbers(again) == numbers(log)


def test_one_bad_record_costs_neither_the_head_nor_the_rest(tmp_path: Path) -> None:
    log = grown(tmp_path / "log")
    whole = log.path.read_bytes()
    for at in range(len(REWRITTEN), len(whole), RECORD.itemsize):
        log.path.write_bytes(whole[: at + 9] + bytes([whole[at + 9] ^ 1]) + whole[at + 10 :])
        log.look()
        assert len(numbers(log)) >= 5
    log.path.write_bytes(whole[:50] + b"xx" + whole[52:100] + b"xx" + whole[102:])
    with pytest.raises(StoreError, match="head of"):
        log.look()


def test_a_rewritten_log_that_was_cut_short_keeps_numbers_for_what_comes(tmp_path: Path) -> None:
    log = grown(tmp_path / "log")
    log.path.write_bytes(log.path.read_bytes()[: len(HEAD) + 4 * 48])
    assert len(log) == 2
    log.cut(log.end_of_good(0))
    assert (len(log), numbers(log)) == (16, [0, 1])
    log.append(records_of(Kind.WITHDRAW, np.array([9]), None, len(log)))
    assert numbers(log) == [0, 1, 16]


def test_a_writer_killed_at_each_step_of_a_rewriting_loses_nothing(tmp_path: Path) -> None:
    for folder in (tmp_path / f"{at}-{after}" for at in range(1, 6) for after in (False, True)):
        with HashIndex.open(folder, writer=True) as index:
            churn(index, 4)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    ends = [line.split()[-1] for line in done.stdout.splitlines()]
    # Four steps: the new log on the disk, twice; its name; the folder. Then it ends by itself.
    assert ends == ["-9"] * 8 + ["0"] * 2
    for folder in tmp_path.iterdir():
        reader = HashIndex.open(folder)
        assert found(reader, 40) == stands(40)
        with HashIndex.open(folder, writer=True) as index:
            assert not (folder / ".log.new").exists()
            index.add([(41, hash_of(41))])
            assert found(index, 42) == [*stands(40), 41]
        reader.refresh()
        assert found(reader, 42) == [*stands(40), 41]


def test_a_disk_that_fails_after_the_log_was_replaced_leaves_the_new_one_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Log(tmp_path / "log")
    log.head()
    codes = np.array([code_of(hash_of(number)) for number in range(3)])
    log.append(records_of(Kind.ADD, np.arange(3), codes, 0))
    log.append(records_of(Kind.WITHDRAW, np.arange(2), None, 3))
    fresh = Rewriting(log, 5)
    fresh.keep()

    def fails(folder: Path) -> None:
        raise OSError(f"no {folder}")

    with monkeypatch.context() as patched:
        patched.setattr("havenwall.detect.media.index.rewrite.sync_folder", fails)
        with pytest.raises(OSError, match="no "):
            fresh.take_over()
    assert (len(log), numbers(log)) == (5, [0])
    log.append(records_of(Kind.WITHDRAW, np.array([2]), None, len(log)))
    assert numbers(log) == [0, 5]
