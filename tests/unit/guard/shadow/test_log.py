"""The log samples, rotates, stays private, and never stands in the way."""

from __future__ import annotations

import os
import shutil
import threading
import time
from pathlib import Path

import pytest

from havenwall.errors import BadConfig
from havenwall.guard import Surface
from havenwall.guard.shadow import ShadowEntry, ShadowLog, read_entries
from havenwall.model import now


def entry(n: int = 0) -> ShadowEntry:
    return ShadowEntry(
        at=now(),
        surface=Surface.TRENDS,
        version="none+0",
        policy="p",
        stale=False,
        count=n,
        digest="",
        candidates=["account:a"],
        verdicts=[],
    )


def test_what_is_put_is_in_the_files_after_closing(tmp_path: Path) -> None:
    with ShadowLog(tmp_path / "log") as log:
        for n in range(50):
            log.put(lambda n=n: entry(n))
    assert [found.count for found in read_entries(tmp_path / "log") if found] == list(range(50))
    assert (log.counts().written, log.counts().lost) == (50, 0)


def test_folder_and_files_are_private(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir(mode=0o755)
    with ShadowLog(tmp_path / "log") as log:
        log.put(entry)
    [file] = (tmp_path / "log").iterdir()
    assert (tmp_path / "log").stat().st_mode & 0o777 == 0o700
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_sample_has_the_rate_and_is_the_same_for_a_seed(tmp_path: Path) -> None:
    draws = []
    for _ in range(2):
        log = ShadowLog(tmp_path, rate=0.1, seed=7)
        draws.append([log.drawn() for _ in range(5_000)])
        assert log.counts().seen == 5_000
    assert draws[0] == draws[1]
    assert 400 < sum(draws[0]) < 600
    assert not any(ShadowLog(tmp_path, rate=0).drawn() for _ in range(100))


def test_files_rotate_by_size_and_only_the_newest_stay(tmp_path: Path) -> None:
    with ShadowLog(tmp_path, max_bytes=1_000, keep=3) as log:
        for n in range(60):
            log.put(lambda n=n: entry(n))
    files = sorted(tmp_path.iterdir())
    assert len(files) == 3
    assert all(file.stat().st_size <= 1_000 for file in files)
    assert [found.count for found in read_entries(tmp_path) if found][-1] == 59


def test_what_is_too_old_goes(tmp_path: Path) -> None:
    old = tmp_path / "20200101T000000-1-000001.jsonl"
    old.write_text("{}\n")
    os.utime(old, (time.time() - 15 * 86_400,) * 2)
    with ShadowLog(tmp_path, days=14) as log:
        log.put(entry)
    assert not old.exists()


def test_a_full_queue_loses_and_counts_and_does_not_wait(tmp_path: Path) -> None:
    held, go = threading.Event(), threading.Event()

    def slow() -> ShadowEntry:
        held.set()
        go.wait(120)
        return entry()

    log = ShadowLog(tmp_path, queued=2)
    log.put(slow)
    assert held.wait(60)
    began = time.monotonic()
    for _ in range(100):
        log.put(entry)
    assert time.monotonic() - began < 30
    go.set()
    log.close()
    assert (log.counts().written, log.counts().lost) == (3, 98)


def test_an_entry_that_cannot_be_made_and_a_folder_that_went_are_counted(tmp_path: Path) -> None:
    def broken() -> ShadowEntry:
        raise ValueError("no")

    log = ShadowLog(tmp_path / "log")
    log.put(broken)
    log.put(entry)
    log.close()
    assert (log.counts().written, log.counts().lost) == (1, 1)
    shutil.rmtree(tmp_path / "log")
    log.put(entry)
    log.close()
    assert (log.counts().written, log.counts().lost) == (1, 2)


def test_it_goes_on_after_closing(tmp_path: Path) -> None:
    log = ShadowLog(tmp_path)
    for _ in range(3):
        log.put(entry)
        log.close()
    assert log.counts().written == 3


@pytest.mark.parametrize(
    "wrong", [{"rate": 1.1}, {"rate": float("nan")}, {"keep": 0}, {"days": 0}, {"max_bytes": 0}]
)
def test_settings_out_of_range_are_refused(tmp_path: Path, wrong: dict[str, float]) -> None:
    with pytest.raises(BadConfig, match=next(iter(wrong))):
        ShadowLog(tmp_path, **wrong)  # type: ignore[arg-type]


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("")
    with pytest.raises(BadConfig, match="private"):
        ShadowLog(tmp_path / "log")
