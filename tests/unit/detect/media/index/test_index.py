"""Adding, withdrawing, merging, damage and recovery, on real files."""

from __future__ import annotations

import os
import resource
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.unit.detect.media.index.conftest import FEW, hash_of, near

from havenwall.detect.media.index import HashIndex, HashRecord, Match
from havenwall.detect.media.index.log import HEAD
from havenwall.errors import BadInput, Conflict, StoreError

Reopened = Callable[..., HashIndex]


def entries(index: HashIndex, value: str, radius: int = 31) -> list[int]:
    return [match.entry for match in index.search(value, radius)]


def fill(index: HashIndex, first: int, last: int) -> None:
    index.add((number, hash_of(number)) for number in range(first, last))


def test_an_added_hash_is_found_with_its_distance(writer: HashIndex) -> None:
    assert writer.add([HashRecord(entry=7, hash=hash_of(7))]).added == 1
    assert writer.search(near(hash_of(7), 31)) == [Match(entry=7, distance=31)]
    assert writer.search(near(hash_of(7), 32)) == []
    assert writer.search(near(hash_of(7), 32), 40) == [Match(entry=7, distance=32)]


def test_an_entry_with_several_hashes_is_found_once_by_the_nearest(writer: HashIndex) -> None:
    value = hash_of(1)
    writer.add([(5, near(value, 9)), (5, near(value, 3)), (5, hash_of(2)), (4, near(value, 6))])
    expected = [Match(entry=5, distance=3), Match(entry=4, distance=6)]
    assert writer.search(value) == expected
    writer.compact()
    assert writer.search(value) == expected
    assert writer.search_many([value, hash_of(2), hash_of(3)]) == [expected, [Match(entry=5, distance=0)], []]


def test_malformed_records_are_set_aside_and_do_not_hold_up_the_rest(
    writer: HashIndex, folder: Path, reopened: Reopened
) -> None:
    records = [
        (1, hash_of(1)),
        (2, "not a hash"),
        (1 << 70, hash_of(3)),
        ("four", hash_of(4)),
        (5, hash_of(5)),
    ]
    done = writer.add(records)
    assert (done.added, done.rejected) == (2, 3)
    assert entries(writer, hash_of(5)) == [5]
    assert len((folder / "rejects.jsonl").read_text().splitlines()) == 3
    writer.close()
    assert reopened().status().rejected == 3


def test_a_withdrawn_entry_is_gone_from_tail_and_segments_and_can_come_back(
    writer: HashIndex, reopened: Reopened
) -> None:
    fill(writer, 0, 5)
    writer.compact()
    fill(writer, 5, 10)
    writer.withdraw([2, 7, 99])
    writer.add([(2, near(hash_of(2), 4))])

    def check(index: HashIndex) -> None:
        assert index.search(hash_of(2)) == [Match(entry=2, distance=4)]
        assert entries(index, hash_of(7)) == []
        assert entries(index, hash_of(3)) == [3]
        assert entries(index, hash_of(8)) == [8]

    check(writer)
    writer.close()
    again = reopened()
    check(again)
    again.compact()
    check(again)
    assert again.status().hashes == 9


def test_many_additions_make_few_segments(writer: HashIndex, reopened: Reopened) -> None:
    for first in range(0, 400, 25):
        fill(writer, first, first + 25)
    writer.close()
    index = reopened(tail=10_000)
    status = index.status()
    assert status.tail <= FEW + 25
    assert 1 <= status.segments <= 4
    assert [entries(index, hash_of(n)) for n in range(400)] == [[n] for n in range(400)]


def test_withdrawals_in_a_later_segment_reach_the_earlier(writer: HashIndex, reopened: Reopened) -> None:
    fill(writer, 0, 200)
    writer.close()
    index = reopened()
    index.withdraw(range(0, 20, 2))
    fill(index, 200, 225)
    index.close()
    index = reopened()
    assert index.status().segments == 2
    assert [entries(index, hash_of(n)) for n in range(5)] == [[], [1], [], [3], []]


def test_a_second_writer_is_told_and_a_reader_cannot_write(writer: HashIndex, folder: Path) -> None:
    with pytest.raises(Conflict, match="another process"):
        HashIndex.open(folder, writer=True)
    reader = HashIndex.open(folder)
    with pytest.raises(Conflict, match="read only"):
        reader.add([(1, hash_of(1))])
    with pytest.raises(Conflict, match="read only"):
        reader.withdraw([1])


def test_a_torn_record_is_cut_off(writer: HashIndex, folder: Path, reopened: Reopened) -> None:
    fill(writer, 0, 3)
    writer.close()
    log = folder / "log"
    whole = log.read_bytes()
    for torn in (whole + whole[48:75], whole + bytes(48), whole + os.urandom(100)):
        log.write_bytes(torn)
        index = reopened()
        assert log.read_bytes() == whole
        assert [entries(index, hash_of(n)) for n in range(3)] == [[0], [1], [2]]


def test_a_bad_record_amid_good_ones_is_set_aside_once(
    writer: HashIndex, folder: Path, reopened: Reopened
) -> None:
    fill(writer, 0, 6)
    writer.close()
    with (folder / "log").open("r+b") as file:
        file.seek(len(HEAD) + 3 * 48 + 20)
        file.write(b"\xff\x00\xff")
    for _ in range(2):
        index = reopened()
        assert index.status().rejected == 1
        assert [entries(index, hash_of(n)) for n in range(6)] == [[0], [1], [2], [], [4], [5]]
    index.compact()
    assert index.status().rejected == 1
    assert entries(index, hash_of(5)) == [5]


@pytest.mark.parametrize("name", ["codes.npy", "offsets.npy", "entries.npy", "gone.npy"])
@pytest.mark.parametrize("damage", ["changed", "cut", "lost"])
def test_a_damaged_segment_is_built_again(
    writer: HashIndex, folder: Path, reopened: Reopened, name: str, damage: str
) -> None:
    fill(writer, 0, 30)
    writer.compact()
    writer.close()
    (path,) = folder.glob(f"segment-*/{name}")
    content = path.read_bytes()
    path.unlink()
    if damage != "lost":
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1] if damage == "changed" else b""))
    with HashIndex.open(folder) as reader:
        assert reader.status().rebuilt == 1
        assert [entries(reader, hash_of(n)) for n in range(30)] == [[n] for n in range(30)]
    index = reopened()
    assert index.status().rebuilt == 1
    index = reopened()
    assert index.status().rebuilt == 0
    assert [entries(index, hash_of(n)) for n in range(30)] == [[n] for n in range(30)]


@pytest.mark.parametrize("content", [b"{", b"", b'{"version": 9}'])
def test_a_damaged_manifest_costs_nothing_but_time(
    writer: HashIndex, folder: Path, reopened: Reopened, content: bytes
) -> None:
    fill(writer, 0, 30)
    writer.compact()
    writer.close()
    (folder / "manifest.json").write_bytes(content)
    assert entries(reopened(), hash_of(12)) == [12]


def test_a_log_shorter_than_its_segments_is_refused(
    writer: HashIndex, folder: Path, reopened: Reopened
) -> None:
    fill(writer, 0, 30)
    writer.compact()
    writer.close()
    os.truncate(folder / "log", 480)
    with pytest.raises(StoreError, match="shorter"):
        reopened()


def test_an_unfinished_segment_is_swept(writer: HashIndex, folder: Path, reopened: Reopened) -> None:
    fill(writer, 0, 3)
    writer.close()
    for name in (".building-segment-0-3", "segment-0-2"):
        (folder / name).mkdir()
        (folder / name / "codes.npy").write_bytes(b"half")
    reopened()
    assert not list(folder.glob("*segment*"))


def test_a_full_disk_refuses_the_addition_and_keeps_the_rest(writer: HashIndex) -> None:
    fill(writer, 0, 3)
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    # A file size limit is as good as a full disk; its signal would end the process.
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4 * 48 + 20, old[1]))
    try:
        with pytest.raises(StoreError, match="could not write"):
            fill(writer, 10, 12)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, ignored)
    fill(writer, 10, 12)
    assert [entries(writer, hash_of(n)) for n in (0, 1, 2, 10, 11)] == [[0], [1], [2], [10], [11]]


def test_bulk_codes_must_fit(writer: HashIndex) -> None:
    with pytest.raises(BadInput, match="codes"):
        writer.add_codes(np.arange(2), np.zeros((2, 4)))
    with pytest.raises(BadInput, match="entries"):
        writer.add_codes(np.arange(3), np.zeros((2, 4), np.uint64))
    with pytest.raises(BadInput, match="entry"):
        writer.withdraw([1 << 64])


def test_a_reader_of_an_empty_folder_finds_nothing_and_then_what_comes(folder: Path) -> None:
    reader = HashIndex.open(folder)
    assert reader.search(hash_of(1)) == []
    with HashIndex.open(folder, writer=True, tail=FEW) as writer:
        writer.add([(1, hash_of(1))])
        reader.refresh()
        assert entries(reader, hash_of(1)) == [1]
        fill(writer, 2, 60)
        writer.compact()
        reader.refresh()
        assert [entries(reader, hash_of(n)) for n in (1, 30, 59)] == [[1], [30], [59]]
        assert reader.status().segments == 1
        writer.withdraw([30])
        reader.refresh()
        assert entries(reader, hash_of(30)) == []


def test_a_reader_notices_that_another_log_was_put_in_place(folder: Path, tmp_path: Path) -> None:
    with HashIndex.open(folder, writer=True) as writer:
        fill(writer, 0, 5)
    reader = HashIndex.open(folder)
    with HashIndex.open(tmp_path / "other", writer=True) as other:
        fill(other, 50, 53)
    (tmp_path / "other" / "log").replace(folder / "log")
    reader.refresh()
    assert [entries(reader, hash_of(n)) for n in (1, 51)] == [[], [51]]


def test_a_merge_that_fails_is_told_and_loses_nothing(writer: HashIndex, folder: Path) -> None:
    (folder / f".building-segment-0-{FEW + 1}").write_text("in the way")
    fill(writer, 0, FEW + 1)
    wait_for(lambda: bool(writer.status().problem))
    assert [entries(writer, hash_of(n)) for n in range(FEW + 1)] == [[n] for n in range(FEW + 1)]
    (folder / f".building-segment-0-{FEW + 1}").unlink()
    writer.compact()
    assert writer.status().segments == 1


def test_searches_go_on_while_segments_are_built(writer: HashIndex) -> None:
    fill(writer, 0, 10)
    done, missed = threading.Event(), []

    def search() -> None:
        while not done.is_set():
            missed.extend(n for n in range(10) if entries(writer, hash_of(n)) != [n])

    thread = threading.Thread(target=search)
    thread.start()
    for first in range(10, 400, 13):
        fill(writer, first, first + 13)
    writer.compact()
    done.set()
    thread.join()
    assert not missed
    assert writer.status().segments == 1


def wait_for(condition: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 60
    while not condition() and time.monotonic() < give_up:
        time.sleep(0.01)
    assert condition()
