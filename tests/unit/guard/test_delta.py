from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.errors import SnapshotRefused
from havenwall.guard import DeltaReader, append_delta, write_snapshot
from havenwall.guard.delta import cut_delta, delta_info, start_delta
from havenwall.model import now

# Syncing hundreds of small files to a disk would take most of the time.
RAM = Path("/dev/shm")


def seqs(reader: DeltaReader) -> list[int]:
    return [row.seq for row in reader.read()]


def test_appending_twice_changes_nothing(tmp_path: Path, standing) -> None:
    rows = [standing(seq, f"account:{seq}") for seq in (3, 1, 2)]
    assert append_delta(tmp_path, rows) == 3
    before = (tmp_path / "delta.jsonl").read_bytes()
    assert append_delta(tmp_path, rows) == 0
    assert append_delta(tmp_path, []) == 0
    assert (tmp_path / "delta.jsonl").read_bytes() == before
    assert append_delta(tmp_path, [*rows, standing(4, "account:4")]) == 1
    assert DeltaReader(tmp_path).read() == [standing(seq, f"account:{seq}") for seq in (1, 2, 3, 4)]


def test_a_new_file_starts_after_the_snapshot(tmp_path: Path, standing) -> None:
    write_snapshot(tmp_path, [], watermark=5, built_at=now())
    assert append_delta(tmp_path, [standing(5, "account:5"), standing(9, "account:9")]) == 1
    info = delta_info(tmp_path)
    assert info is not None
    assert (info.after, info.last, info.lines) == (5, 9, 1)


def test_only_news_is_read(tmp_path: Path, standing) -> None:
    reader = DeltaReader(tmp_path)
    assert seqs(reader) == []
    append_delta(tmp_path, [standing(1, "account:1")])
    assert seqs(reader) == [1]
    assert seqs(reader) == []
    append_delta(tmp_path, [standing(2, "account:2"), standing(3, "account:3")])
    assert seqs(reader) == [2, 3]
    assert (reader.after, reader.damage) == (0, None)


def test_cutting_keeps_what_came_later_and_the_reader_starts_again(tmp_path: Path, standing) -> None:
    append_delta(tmp_path, [standing(seq, f"account:{seq}") for seq in range(1, 6)])
    reader = DeltaReader(tmp_path)
    reader.read()
    cut_delta(tmp_path, 3)
    assert seqs(reader) == [4, 5]
    assert reader.after == 3


def test_a_file_replaced_under_the_same_inode_and_size_is_noticed(tmp_path: Path, standing) -> None:
    append_delta(tmp_path, [standing(1, "account:1"), standing(2, "account:2")])
    reader = DeltaReader(tmp_path)
    reader.read()
    path = tmp_path / "delta.jsonl"
    lines = path.read_bytes().replace(b"account:2", b"account:7")
    path.write_bytes(lines + lines.splitlines(keepends=True)[-1].replace(b'"seq":2', b'"seq":3'))
    assert [row.entity for row in reader.read()] == ["account:1", "account:7", "account:7"]


def test_a_file_emptied_or_gone_is_no_news_until_it_is_back(tmp_path: Path, standing) -> None:
    append_delta(tmp_path, [standing(1, "account:1")])
    reader = DeltaReader(tmp_path)
    reader.read()
    path = tmp_path / "delta.jsonl"
    path.write_bytes(b"")
    assert seqs(reader) == []
    assert delta_info(tmp_path) is None
    path.unlink()
    assert seqs(reader) == []
    assert reader.after is None
    append_delta(tmp_path, [standing(1, "account:1"), standing(2, "account:2")])
    assert seqs(reader) == [1, 2]


@given(data=st.data())
@settings(max_examples=40)
def test_any_cut_of_the_bytes_reads_the_same_rows(standing, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory(dir=RAM if RAM.is_dir() else None) as name:
        root = Path(name)
        rows = [standing(seq, f"account:{seq}") for seq in range(1, 6)]
        start_delta(root, 0, rows)
        path = root / "delta.jsonl"
        whole = path.read_bytes()
        cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
        path.write_bytes(b"")
        reader, read = DeltaReader(root), []
        for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
            with path.open("ab") as file:
                file.write(whole[start:end])
            read += reader.read()
        assert read == rows
        assert reader.damage is None


@given(cut=st.integers(1, 10_000))
@settings(max_examples=40)
def test_a_write_torn_anywhere_is_mended_by_the_next(standing, cut: int) -> None:
    with tempfile.TemporaryDirectory(dir=RAM if RAM.is_dir() else None) as name:
        root = Path(name)
        append_delta(root, [standing(1, "account:1")])
        path, reader = root / "delta.jsonl", DeltaReader(root)
        safe = path.stat().st_size
        rows = [standing(2, "account:2"), standing(3, "account:3")]
        append_delta(root, rows)
        whole = path.read_bytes()
        torn = whole[: safe + cut % (len(whole) - safe)]
        path.write_bytes(torn)
        before = reader.read()
        append_delta(root, rows)
        assert [row.seq for row in before + reader.read()] == [1, 2, 3]
        assert path.read_bytes() == whole


@pytest.mark.parametrize("garbage", [b"{}\n", b"\xff\xfe\n", b"\n\n{\n", b'{"seq":"x"}\n'])
def test_a_damaged_line_is_skipped_but_not_hidden(tmp_path: Path, standing, garbage: bytes) -> None:
    append_delta(tmp_path, [standing(1, "account:1")])
    path = tmp_path / "delta.jsonl"
    good = path.read_bytes()
    append_delta(tmp_path, [standing(2, "account:2")])
    path.write_bytes(good + garbage + path.read_bytes()[len(good) :])
    reader = DeltaReader(tmp_path)
    assert seqs(reader) == [1, 2]
    assert reader.damage is not None
    for attempt in (
        lambda: append_delta(tmp_path, [standing(3, "account:3")]),
        lambda: cut_delta(tmp_path, 1),
    ):
        with pytest.raises(SnapshotRefused) as caught:
            attempt()
        assert caught.value.hint
    start_delta(tmp_path, 2)
    assert seqs(reader) == []
    assert (reader.after, reader.damage) == (2, None)


def test_a_damaged_header_is_damage(tmp_path: Path, standing) -> None:
    append_delta(tmp_path, [standing(1, "account:1")])
    path = tmp_path / "delta.jsonl"
    path.write_bytes(path.read_bytes().replace(b"after", b"xfter"))
    reader = DeltaReader(tmp_path)
    assert seqs(reader) == [1]
    assert reader.damage is not None
    assert reader.after is None
