from __future__ import annotations

import io
import shutil
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.errors import BadInput, NotReady, SnapshotRefused
from havenwall.guard import read_snapshot, write_snapshot
from havenwall.guard.names import Words
from havenwall.guard.snapshot import snapshot_info
from havenwall.guard.table import FILES, entry_of, pack, unpack
from havenwall.model import Restriction, Standing

AT = datetime(2026, 1, 2, tzinfo=UTC)

standings = st.lists(
    st.builds(
        Standing,
        seq=st.integers(0, 2**62),
        entity=st.text(max_size=8),
        restriction=st.sampled_from(Restriction),
        confirmed=st.booleans(),
        decision_id=st.text(max_size=3),
        reason=st.text(max_size=3),
        at=st.just(AT),
    ),
    max_size=30,
    unique_by=lambda row: row.seq,
)


def array(values: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, values)
    return buffer.getvalue()


def folder(root: Path) -> Path:
    return root / "snapshots" / (root / "current").read_text()


@given(rows=standings)
@settings(max_examples=50)
def test_packing_keeps_the_latest_of_each_entity_in_any_order(rows: list[Standing]) -> None:
    contents, count = pack(rows)
    latest = {row.entity: entry_of(row) for row in sorted(rows, key=lambda row: row.seq)}
    table = unpack(contents, count)
    assert {entity: table.find(entity) for entity in latest} == latest
    assert len(table.names) == len(latest)
    assert pack(reversed(rows)) == (contents, count)


def test_what_is_written_is_read(tmp_path: Path, standing) -> None:
    rows = [standing(1, "account:1"), standing(2, "tag:tin-lantern", "removed", confirmed=True)]
    info = write_snapshot(tmp_path, rows, watermark=7, built_at=AT)
    snapshot = read_snapshot(tmp_path)
    assert snapshot.info == info == snapshot_info(tmp_path)
    assert (info.watermark, info.count, info.built_at) == (7, 2, AT)
    assert snapshot.table.find("tag:tin-lantern") == entry_of(rows[1])
    assert snapshot.table.find("account:2") is None


def test_equal_standings_make_an_equal_version_and_others_another(tmp_path: Path, standing) -> None:
    rows = [standing(1, "account:1"), standing(2, "account:2")]
    versions = [
        write_snapshot(tmp_path / "a", rows, watermark=2, built_at=AT).version,
        write_snapshot(tmp_path / "b", rows[::-1], watermark=2, built_at=AT.replace(year=2027)).version,
        write_snapshot(tmp_path / "c", rows, watermark=3, built_at=AT).version,
        write_snapshot(tmp_path / "d", rows[:1], watermark=2, built_at=AT).version,
    ]
    assert versions[0] == versions[1]
    assert len(set(versions)) == 3


def test_an_empty_snapshot_is_a_snapshot(tmp_path: Path) -> None:
    write_snapshot(tmp_path, [], watermark=0, built_at=AT)
    assert read_snapshot(tmp_path).info.count == 0


@pytest.mark.parametrize("name", [*FILES, "manifest.json"])
@pytest.mark.parametrize("harm", ["missing", "flipped", "short"])
def test_damage_anywhere_is_refused(tmp_path: Path, standing, name: str, harm: str) -> None:
    write_snapshot(tmp_path, [standing(1, "account:1")], watermark=1, built_at=AT)
    path = folder(tmp_path) / name
    content = path.read_bytes()
    if harm == "missing":
        path.unlink()
    else:
        path.write_bytes(content[:-1] + (b"" if harm == "short" else bytes([content[-1] ^ 1])))
    with pytest.raises(SnapshotRefused) as caught:
        read_snapshot(tmp_path)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("field", "value"), [("watermark", 99), ("count", 5), ("format", 1), ("version", "1-0123456789abcdef")]
)
def test_a_changed_manifest_is_refused(tmp_path: Path, standing, field: str, value: object) -> None:
    write_snapshot(tmp_path, [standing(1, "account:1")], watermark=1, built_at=AT)
    path = folder(tmp_path) / "manifest.json"
    path.write_bytes(msgspec.json.encode(msgspec.json.decode(path.read_bytes()) | {field: value}))
    with pytest.raises(SnapshotRefused):
        read_snapshot(tmp_path)


@pytest.mark.parametrize("pointer", [b"", b"../../elsewhere", b"\xff", b"1-0123456789abcdef"])
def test_a_pointer_to_nowhere_is_refused(tmp_path: Path, pointer: bytes) -> None:
    with pytest.raises(NotReady):
        read_snapshot(tmp_path)
    (tmp_path / "current").write_bytes(pointer)
    with pytest.raises(SnapshotRefused):
        read_snapshot(tmp_path)
    assert snapshot_info(tmp_path) is None


def test_columns_that_do_not_fit_together_are_refused(standing) -> None:
    contents, count = pack([standing(1, "account:1"), standing(2, "account:2")])
    once, _ = pack([standing(1, "account:1")])
    twice = Words.of(["account:1", "account:1"])
    wrong = {
        "entities.npy": array(twice.blob),
        "entity_ends.npy": once["entity_ends.npy"],
        "entity_slots.npy": array(np.full(8, 3, dtype=np.int64)),
        "code.npy": array(np.zeros(2, dtype=np.uint8)),
        "seq.npy": b"",
        "decision.npy": array(np.full(2, 9, dtype=np.uint32)),
        "decisions.npy": b"not an array",
        "decision_ends.npy": array(np.array([4, 99])),
        "reasons.npy": array(np.zeros((1, 1), dtype=np.uint8)),
        "reason.npy": once["reason.npy"],
    }
    for name, content in wrong.items():
        with pytest.raises(SnapshotRefused):
            unpack(contents | {name: content}, count)
    with pytest.raises(SnapshotRefused):
        unpack(contents, count + 1)


def test_older_snapshots_are_refused_by_writer_and_reader(tmp_path: Path, standing) -> None:
    write_snapshot(tmp_path, [standing(1, "account:1")], watermark=5, built_at=AT)
    with pytest.raises(SnapshotRefused, match="older"):
        write_snapshot(tmp_path, [standing(1, "account:1")], watermark=4, built_at=AT)
    with pytest.raises(SnapshotRefused, match="older"):
        read_snapshot(tmp_path, at_least=6)
    assert read_snapshot(tmp_path, at_least=5).info.watermark == 5


def test_three_are_kept_and_leftovers_go(tmp_path: Path, standing) -> None:
    (tmp_path / "snapshots" / ".9-0123456789abcdef.tmp").mkdir(parents=True)
    for seq in range(8, 13):
        write_snapshot(tmp_path, [standing(seq, "account:1")], watermark=seq, built_at=AT)
    kept = sorted(int(path.name.partition("-")[0]) for path in (tmp_path / "snapshots").iterdir())
    assert kept == [10, 11, 12]


def test_writing_again_mends_a_damaged_folder_of_the_same_version(tmp_path: Path, standing) -> None:
    rows = [standing(1, "account:1")]
    first = write_snapshot(tmp_path, rows, watermark=1, built_at=AT)
    (folder(tmp_path) / "seq.npy").write_bytes(b"")
    again = write_snapshot(tmp_path, rows, watermark=1, built_at=AT)
    assert again.version == first.version
    assert read_snapshot(tmp_path).table.find("account:1") == entry_of(rows[0])
    shutil.rmtree(folder(tmp_path))
    assert snapshot_info(tmp_path) is None


@pytest.mark.parametrize(("watermark", "at"), [(-1, AT), (1, AT.replace(tzinfo=None))])
def test_a_wrong_stamp_is_bad_input(tmp_path: Path, watermark: int, at: datetime) -> None:
    with pytest.raises(BadInput):
        write_snapshot(tmp_path, [], watermark=watermark, built_at=at)


def test_codes_of_a_table_are_bytes(standing) -> None:
    contents, count = pack([standing(1, "account:1", "removed", confirmed=True)])
    codes = unpack(contents, count).codes
    assert codes.dtype == np.uint8
    assert codes.tolist() == [8]
