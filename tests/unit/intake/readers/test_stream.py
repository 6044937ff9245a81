from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.intake.readers.stream import pieces

PACK = {"plain": bytes, "gz": gzip.compress, "zst": zstandard.compress}
TEXT = b"".join(b"line %d of many\n" % (i * i) for i in range(20_000))


def read(path: Path) -> tuple[bytes, bool]:
    parts = list(pieces(path))
    assert not any(part.fault for part in parts[:-1])
    return b"".join(part.data for part in parts), bool(parts and parts[-1].fault)


@pytest.mark.parametrize("pack", PACK)
def test_every_packing_gives_the_same_bytes(pack: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(PACK[pack](TEXT))
    assert read(path) == (TEXT, False)
    assert list(pieces(path))[-1].done == path.stat().st_size


@pytest.mark.parametrize("pack", ["gz", "zst"])
def test_members_in_a_row_are_one_file(pack: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(PACK[pack](TEXT) + PACK[pack](b"") + PACK[pack](b"end") + b"\0" * 10)
    assert read(path) == (TEXT + b"end", False)


@pytest.mark.parametrize("pack", ["gz", "zst"])
def test_a_broken_packing_is_a_fault(pack: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    packed = bytearray(PACK[pack](TEXT))
    packed[len(packed) // 2 :] = b"\xff" * (len(packed) - len(packed) // 2)
    path.write_bytes(packed)
    data, fault = read(path)
    assert fault
    assert TEXT.startswith(data[:1000])


@pytest.mark.parametrize("name", ["file.gz", "file.zst"])
def test_a_name_that_promises_packing_must_keep_it(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"{}\n")
    assert read(path)[1]


@given(st.sampled_from(["gz", "zst"]), st.floats(0.01, 0.99))
@settings(max_examples=30)
def test_a_cut_file_gives_its_beginning_and_a_fault(pack: str, share: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file.{pack}"
        packed = PACK[pack](TEXT)
        path.write_bytes(packed[: max(4, int(len(packed) * share))])
        data, fault = read(path)
    assert fault
    assert TEXT.startswith(data)
