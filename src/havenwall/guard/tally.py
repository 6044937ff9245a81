"""How much the guard drops where, by the hour: counted in memory, kept in one small file. Names nobody."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from havenwall.guard.files import replace_synced, sole_writer
from havenwall.guard.verdict import Verdict

KEPT: Final = timedelta(days=15)
"""How far back the file reaches."""
FILE: Final = "tally.json"

_HOUR: Final = 3_600

_log = logging.getLogger(__name__)
_Key = tuple[int, str]
"""Hours since 1970, and surface."""
_Sums = tuple[int, int, int]


class Tallied(msgspec.Struct, frozen=True, kw_only=True):
    """One surface in one hour."""

    hour: datetime
    """When it began."""
    surface: str
    judged: int
    """Candidates, contacts or texts that were asked about."""
    dropped: int
    """Of these, not shown."""
    changed: int
    """Of these, shown otherwise: demoted, or behind a warning."""


_ROWS = msgspec.json.Decoder(list[Tallied])


class Tally:
    """Counts what a process answers. Thread safe; several processes may share the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sums: dict[_Key, _Sums] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._fault: str | None = None

    def note(self, surface: str, judged: int, verdicts: Sequence[Verdict]) -> None:
        """Count an answer: how many were judged, and the verdicts that are not `allow`."""
        dropped = sum(not verdict.factor for verdict in verdicts)
        self.add(surface, judged, dropped, len(verdicts) - dropped)

    def add(self, surface: str, judged: int, dropped: int, changed: int = 0) -> None:
        """Count sums."""
        key = (int(time.time()) // _HOUR, surface)
        with self._lock:
            self._sums[key] = _plus(self._sums.get(key), (judged, dropped, changed))

    def rows(self) -> list[Tallied]:
        """All that is kept and what is not written yet, by hour and surface."""
        with self._lock:
            sums = dict(self._sums)
        return _merged(self._read(), sums)

    def flush(self) -> bool:
        """Write what was counted; true if there was anything. What cannot be written stays counted."""
        with self._lock:
            sums, self._sums = self._sums, {}
        if not sums:
            return False
        try:
            with sole_writer(self._folder):
                rows = _merged(self._read(), sums)
                replace_synced(self._folder / FILE, msgspec.json.encode(rows))
            self._fault = None
        except OSError as error:
            self._put_back(sums)
            self._tell(f"guard tally not written: {error}")
        return True

    def follow(self, every: float = 5.0) -> None:
        """Write from a background thread, so that no answer waits for a disk."""
        if self._thread is None:
            self._closing.clear()
            self._thread = threading.Thread(
                target=self._run, args=(every,), name="havenwall-tally", daemon=True
            )
            self._thread.start()

    def close(self) -> None:
        """Write what is left."""
        self.stop()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self.flush()

    def stop(self) -> None:
        """Tell the background thread to end, without waiting for it."""
        self._closing.set()

    def _put_back(self, sums: dict[_Key, _Sums]) -> None:
        oldest = _oldest()
        with self._lock:
            for key, more in sums.items():
                if key[0] >= oldest:
                    self._sums[key] = _plus(self._sums.get(key), more)

    def _tell(self, fault: str) -> None:
        # A folder that cannot be written stays so for hours, and a line every few seconds helps nobody.
        if fault != self._fault:
            _log.warning("%s", fault)
        self._fault = fault

    def _run(self, every: float) -> None:
        while not self._closing.wait(every):
            self.flush()

    def _read(self) -> list[Tallied]:
        try:
            return _ROWS.decode((self._folder / FILE).read_bytes())
        except FileNotFoundError:
            return []
        except (OSError, ValueError) as error:
            # Counts are for looking at; a damaged file costs the past, never the service.
            self._tell(f"guard tally cannot be read: {error}")
            return []


def _merged(rows: Sequence[Tallied], sums: dict[_Key, _Sums]) -> list[Tallied]:
    result: dict[_Key, _Sums] = {}
    for row in rows:
        key = (int(row.hour.timestamp()) // _HOUR, row.surface)
        result[key] = _plus(result.get(key), (row.judged, row.dropped, row.changed))
    for key, more in sums.items():
        result[key] = _plus(result.get(key), more)
    oldest = _oldest()
    return [
        Tallied(
            hour=datetime.fromtimestamp(hour * _HOUR, UTC),
            surface=surface,
            judged=judged,
            dropped=dropped,
            changed=changed,
        )
        for (hour, surface), (judged, dropped, changed) in sorted(result.items())
        if hour >= oldest
    ]


def _plus(one: _Sums | None, other: _Sums) -> _Sums:
    return other if one is None else (one[0] + other[0], one[1] + other[1], one[2] + other[2])


def _oldest() -> int:
    return int(time.time() - KEPT.total_seconds()) // _HOUR
