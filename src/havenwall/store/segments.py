"""Bulk events as immutable Parquet files, each with the sorted keys of its events beside it.

A key is the 64-bit xxHash of (source, source id). Keys make the check "have we had this event?" cheap:
8 bytes an event, memory-mapped, one binary search. Equal keys are then compared by their real ids.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import msgspec
import numpy as np
import polars as pl
import xxhash
from numpy.typing import NDArray

from havenwall.errors import StoreError
from havenwall.model import EventType


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """The journal's note of one Parquet file."""

    name: str
    """File name below the segment folder."""
    sha256: str
    count: int
    accounts: int
    """Events that tell of an account."""
    first_at: datetime
    last_at: datetime


def event_key(source: str, source_id: str) -> int:
    """The 64-bit key of an event id, as a signed integer (databases have no unsigned ones)."""
    return xxhash.xxh3_64_intdigest(f"{source}\0{source_id}".encode()) - (1 << 63)


def event_keys(events: pl.DataFrame) -> NDArray[np.int64]:
    """The keys of a frame of events: (n,) int64."""
    pairs = zip(events["source"].to_list(), events["source_id"].to_list(), strict=True)
    digest = xxhash.xxh3_64_intdigest
    unsigned = np.fromiter((digest(f"{s}\0{i}".encode()) for s, i in pairs), np.uint64, events.height)
    return (unsigned - np.uint64(1 << 63)).view(np.int64)


class SegmentFolder:
    """The folder of Parquet segments."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keys: dict[str, NDArray[np.int64]] = {}

    def write(self, events: pl.DataFrame, keys: NDArray[np.int64]) -> Segment:
        """Write events durably; the file counts only once the journal has a row for it.

        Args:
            events: frame with the event columns, at least one row.
            keys: (n,) int64 as `event_keys` gives them.

        Raises:
            StoreError: the disk is full or not writable; the journal is as it was.
        """
        try:
            name, digest = self._write_files(events, keys)
        except (OSError, pl.exceptions.ComputeError) as problem:
            raise StoreError(
                f"cannot write a segment: {problem}", hint=f"make room in {self._folder}; nothing was lost"
            ) from problem
        first, last = events.select(pl.col("at").min().alias("a"), pl.col("at").max().alias("b")).row(0)
        accounts = int((events["type"] == EventType.ACCOUNT.value).sum())
        return Segment(
            name=name, sha256=digest, count=events.height, accounts=accounts, first_at=first, last_at=last
        )

    def _write_files(self, events: pl.DataFrame, keys: NDArray[np.int64]) -> tuple[str, str]:
        self._folder.mkdir(parents=True, exist_ok=True)
        partial = self._folder / f"partial-{os.getpid()}-{id(events)}.parquet"
        events.write_parquet(partial, compression="zstd", compression_level=1, statistics=False)
        digest = _sha256(partial)
        name = f"{digest[:32]}.parquet"
        _save_keys(self._keys_path(name), np.sort(keys))
        make_durable(partial, self._folder / name)
        return name, digest

    def read(self, name: str) -> pl.DataFrame:
        """All events of a segment."""
        return pl.read_parquet(self._folder / name)

    def scan(self, names: Iterable[str]) -> pl.LazyFrame:
        """The events of several segments, read only as far as a query needs."""
        return pl.scan_parquet([self._folder / name for name in names])

    def known(self, names: Iterable[str], keys: NDArray[np.int64], events: pl.DataFrame) -> NDArray[np.bool_]:
        """Which events stand in one of the segments already: (n,) bool."""
        seen = np.zeros(len(keys), bool)
        for name in names:
            hits = np.flatnonzero(~seen & _contains(self._sorted_keys(name), keys))
            if len(hits):
                seen[hits] = self._really(name, events[hits])
        return seen

    def sweep(self, names: Iterable[str]) -> int:
        """Delete what a crash left: files that no journal row names. Returns how many."""
        wanted = set(names) | {self._keys_path(name).name for name in names}
        orphans = [p for p in self._folder.glob("*") if p.name not in wanted] if self._folder.exists() else []
        for path in orphans:
            path.unlink()
        return len(orphans)

    def _really(self, name: str, suspects: pl.DataFrame) -> NDArray[np.bool_]:
        stored = self.scan([name]).select("source", "source_id", pl.lit(True).alias("hit"))
        wanted = suspects.lazy().select("source", "source_id")
        joined = wanted.join(stored, on=["source", "source_id"], how="left", maintain_order="left")
        return joined.collect()["hit"].fill_null(False).to_numpy()

    def _sorted_keys(self, name: str) -> NDArray[np.int64]:
        if name not in self._keys:
            self._keys[name] = np.load(self._keys_path(name), mmap_mode="r")
        return self._keys[name]

    def _keys_path(self, name: str) -> Path:
        return self._folder / name.replace(".parquet", ".keys.npy")


def _contains(ordered: NDArray[np.int64], keys: NDArray[np.int64]) -> NDArray[np.bool_]:
    if not len(ordered):
        return np.zeros(len(keys), bool)
    at = np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)
    return np.asarray(ordered[at] == keys)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _save_keys(path: Path, keys: NDArray[np.int64]) -> None:
    partial = path.with_name(f"partial-{os.getpid()}-{path.name}")
    np.save(partial, keys)
    make_durable(partial, path)


def make_durable(partial: Path, final: Path) -> None:
    """Give a written file its name so that, after a power cut too, it is there whole or not at all."""
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    partial.replace(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
