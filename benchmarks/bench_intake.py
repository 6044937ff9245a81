"""Bulk files into the journal on SQLite: events per second beside per-line Python, memory of five million.

Ours checks every row, keeps it durably (Parquet segments, one journal row each) and knows every id again;
the peer is the straightforward script: json.loads and the same rules per line, rows into SQLite.
"""

from __future__ import annotations

import json
import math
import resource
import sqlite3
import subprocess
import sys
import tempfile
from datetime import datetime
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

import polars as pl

from havenwall.intake import ingest_file
from havenwall.model import REQUIRED, EventType, LinkKind
from havenwall.store import Store

PARQUET_LINKS, JSONL_LINKS, MEMORY_LINKS = 1_000_000, 300_000, 5_000_000
PARQUET_BAR, JSONL_BAR, MEMORY_BAR = 50_000, 15_000, 1.5e9


class Sink:
    """The journal, as `havenwall ingest` uses it."""

    def __init__(self, folder: Path) -> None:
        self.store = Store.open(f"sqlite:///{folder}/havenwall.db", folder)
        self.append = self.store.journal.append_frame


def links(count: int) -> pl.DataFrame:
    """Links between about 100,000 accounts, none to itself."""
    row = pl.int_range(count, eager=True)
    return pl.DataFrame(
        {
            "source": pl.repeat("bench", count, eager=True),
            "source_id": "l" + row.cast(pl.String),
            "type": pl.repeat("link", count, eager=True),
            "at": (row * 1000 + 1_767_225_600_000_000).cast(pl.Datetime("us", "UTC")),
            "entity": "account:" + (row * 7919 % 100_003).cast(pl.String),
            "target": "account:x" + (row * 104_729 % 100_019).cast(pl.String),
            "link": pl.repeat("follow", count, eager=True),
        }
    )


def peer(path: Path) -> int:
    """Line by line: json.loads, the same rules for links as plain Python, rows into SQLite."""
    database = sqlite3.connect(path.with_suffix(".peer"))
    database.execute("PRAGMA journal_mode=WAL")
    database.execute(
        "CREATE TABLE event (source TEXT, source_id TEXT, body BLOB, UNIQUE (source, source_id))"
    )
    with path.open("rb") as file:
        while lines := list(islice(file, 10_000)):
            rows = [(row, line) for line in lines if good(row := json.loads(line))]
            with database:
                database.executemany(
                    "INSERT OR IGNORE INTO event VALUES (?, ?, ?)",
                    [(row["source"], row["source_id"], line) for row, line in rows],
                )
    (count,) = database.execute("SELECT count(*) FROM event").fetchone()
    database.close()
    return int(count)


def good(row: dict[str, Any]) -> bool:
    try:
        at = datetime.fromisoformat(row["at"])
        needs = REQUIRED[EventType(row["type"])]
        texts = [row["source"], row["source_id"], row["entity"], row["target"], row.get("text") or ""]
        LinkKind(row["link"])
    except (KeyError, ValueError):
        return False
    weight = row.get("weight", 1.0)
    return (
        at.tzinfo is not None
        and 1900 <= at.year < 2200
        and row["entity"].partition(":")[0] in needs.entity
        and row["target"].partition(":")[0] in needs.target
        and row["entity"] != row["target"]
        and math.isfinite(weight)
        and weight > 0
        and max(map(len, texts[:-1])) <= 300
        and len(texts[-1]) <= 10_000
        and not any("\0" in text for text in texts)
        and len(row.get("tags", ())) <= 100
    )


def measured(path: Path, expected: int) -> float:
    """Events per second of ours, into an empty journal."""
    with tempfile.TemporaryDirectory() as folder:
        sink = Sink(Path(folder))
        summary = ingest_file(path, sink, rejects=path.with_suffix(".rejects"))
        assert sink.store.journal.count() == summary.accepted == expected, summary
        sink.store.close()
    return summary.rate


def peak_bytes(path: Path) -> int:
    """Peak resident memory of a process of its own that takes the file in."""
    call = [sys.executable, __file__, "--memory", str(path)]
    return int(subprocess.run(call, check=True, capture_output=True, text=True).stdout)


def report(what: str, value: float, bar: float) -> None:
    print(f"{what:<48}{value:>14,.0f}   bar {bar:,.0f}   {'kept' if value >= bar else 'MISSED'}")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        parquet, jsonl, large = (Path(folder) / name for name in ("a.parquet", "a.jsonl", "b.parquet"))
        links(PARQUET_LINKS).write_parquet(parquet)
        text = pl.col("at").dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ")
        links(JSONL_LINKS).with_columns(text).write_ndjson(jsonl)
        report("Parquet, 1,000,000 links: events/s", measured(parquet, PARQUET_LINKS), PARQUET_BAR)
        ours = measured(jsonl, JSONL_LINKS)
        report("JSON Lines, 300,000 links: events/s", ours, JSONL_BAR)
        started = perf_counter()
        assert peer(jsonl) == JSONL_LINKS
        theirs = JSONL_LINKS / (perf_counter() - started)
        print(f"{'peer, a script into SQLite: events/s':<48}{theirs:>14,.0f}")
        print(f"{'ours over the peer, same file':<48}{ours / theirs:>14.1f}")
        links(MEMORY_LINKS).write_parquet(large)
        peak = peak_bytes(large)
        kept = "kept" if peak < MEMORY_BAR else "MISSED"
        print(f"{'5,000,000 links from Parquet: peak bytes':<48}{peak:>14,}   bar {MEMORY_BAR:,.0f}   {kept}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--memory"]:
        measured(Path(sys.argv[2]), MEMORY_LINKS)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
    else:
        main()
