"""Builders of valid events and of files, shared by the intake tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from havenwall.intake import Chunk

LINK = {
    "source": "plat",
    "source_id": "l1",
    "type": "link",
    "at": "2026-01-31T12:00:00Z",
    "entity": "account:1",
    "target": "account:2",
    "link": "follow",
}


class ListSink:
    """Keeps what it is given and refuses what it has, as the store does."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], dict[str, Any]] = {}
        self.heights: list[int] = []

    def append(self, frame: pl.DataFrame) -> int:
        self.heights.append(frame.height)
        before = len(self.rows)
        for row in frame.iter_rows(named=True):
            self.rows.setdefault((row["source"], row["source_id"]), row)
        return len(self.rows) - before

    @property
    def ids(self) -> list[str]:
        return [source_id for _, source_id in self.rows]


def links(count: int) -> list[dict[str, Any]]:
    """Valid links that differ from each other."""
    return [LINK | {"source_id": f"l{i}", "target": f"account:{i + 2}"} for i in range(count)]


def jsonl(rows: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def rejects_in(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def lines_of(chunks: list[Chunk]) -> list[int]:
    return [line for chunk in chunks for line in chunk.frame["line"]]
