from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import zstandard
from tests.unit.intake.samples import lines_of, links, written

from havenwall.errors import BadInput
from havenwall.intake.readers.chunk import Chunk
from havenwall.intake.readers.parquet import read_parquet

TABLE = pl.DataFrame(links(25))


def stored(folder: Path, frame: pl.DataFrame, **options: Any) -> Path:
    frame.write_parquet(folder / "a.parquet", **options)
    return folder / "a.parquet"


def read(path: Path) -> list[Chunk]:
    return list(read_parquet(path, rows=10))


def test_rows_come_in_chunks_with_their_numbers(tmp_path: Path) -> None:
    path = stored(tmp_path, TABLE, row_group_size=7)
    chunks = read(path)
    assert [chunk.frame.height for chunk in chunks] == [10, 10, 5]
    assert lines_of(chunks) == list(range(1, 26))
    assert chunks[-1].done == path.stat().st_size


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_packed_table_is_unpacked(pack: Any, tmp_path: Path) -> None:
    packed = written(tmp_path / "b.parquet.gz", pack(stored(tmp_path, TABLE).read_bytes()))
    assert sum(chunk.frame.height for chunk in read(packed)) == 25


def test_columns_may_be_typed_in_several_ways(tmp_path: Path) -> None:
    at = datetime(2026, 1, 31, 12, tzinfo=UTC)
    frame = TABLE.with_columns(
        pl.lit(at).dt.cast_time_unit("ns").dt.convert_time_zone("Europe/Paris").alias("at"),
        pl.col("link").cast(pl.Categorical),
        pl.lit(7).alias("source_id"),
        pl.lit(2).alias("weight"),
        pl.lit("#a b").alias("tags"),
        pl.lit(None).alias("text"),
    )
    row = read(stored(tmp_path, frame))[0].frame.row(0, named=True)
    assert (row["at"], row["link"], row["source_id"]) == (at, "follow", "7")
    assert (row["weight"], row["tags"], row["text"]) == (2.0, ["#a", "b"], None)


@pytest.mark.parametrize(
    ("column", "field"),
    [
        (pl.lit("red").alias("colour"), "colour"),
        (pl.lit(datetime(2026, 1, 31)).alias("at"), "at"),  # noqa: DTZ001
        (pl.lit(5).alias("at"), "at"),
        (pl.lit(5).alias("entity"), "entity"),
        (pl.lit([1]).alias("tags"), "tags"),
        (pl.lit(True).alias("weight"), "weight"),
    ],
)
def test_a_column_that_cannot_be_is_bad_input(column: pl.Expr, field: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        read(stored(tmp_path, TABLE.with_columns(column)))
    assert caught.value.field == field
    assert caught.value.hint


def test_a_missing_column_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="missing"):
        read(stored(tmp_path, TABLE.drop("entity")))


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1" + b"\0" * 50 + b"PAR1", b"junk" * 20])
def test_what_is_no_parquet_is_bad_input(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not a whole Parquet file"):
        read(written(tmp_path / "a.parquet", data))


def test_a_cut_packing_is_bad_input(tmp_path: Path) -> None:
    packed = gzip.compress(stored(tmp_path, TABLE).read_bytes())
    with pytest.raises(BadInput, match="ends in the middle"):
        read(written(tmp_path / "b.parquet.gz", packed[:-20]))


def test_a_broken_part_ends_the_file_with_one_reject(tmp_path: Path) -> None:
    path = stored(tmp_path, pl.DataFrame(links(20_000)), row_group_size=10_000)
    data = bytearray(path.read_bytes())
    there = len(data) * 6 // 10
    data[there : there + 6_000] = b"\x5a" * 6_000
    chunks = list(read_parquet(written(path, bytes(data)), rows=10_000))
    assert lines_of(chunks) == list(range(1, 10_001))
    [reject] = chunks[-1].rejects
    assert reject.line == 10_001
    assert "broken from this row on" in reject.reason
