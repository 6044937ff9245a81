"""Records set aside: what came in malformed, and what the log holds that cannot be read."""

from __future__ import annotations

from pathlib import Path

import msgspec

from havenwall.model import now


class Reject(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One record set aside, as a line of `rejects.jsonl`."""

    at: str
    """When, ISO 8601 in UTC."""
    reason: str
    entry: int | None = None
    record: int | None = None
    """Its number in the log, when it was read from there."""
    content: str = ""
    """What it said, shortened."""


class Rejects:
    """The file of records set aside; each record of the log stands there once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._records: set[int] = set()
        self.count = 0
        """Records set aside so far."""
        self.read()

    def read(self) -> None:
        """Count again what is in the file; a torn line is no record."""
        if not self._path.exists():
            return
        self._records, self.count = set(), 0
        for line in self._path.read_bytes().splitlines():
            try:
                reject = msgspec.json.decode(line, type=Reject)
            except msgspec.DecodeError:
                continue
            self.count += 1
            if reject.record is not None:
                self._records.add(reject.record)

    def put(
        self, reason: str, *, content: str = "", entry: int | None = None, record: int | None = None
    ) -> None:
        """Set one aside. One of the log that is there already is left out."""
        if record is not None and record in self._records:
            return
        line = Reject(at=now().isoformat(), reason=reason, entry=entry, record=record, content=content[:200])
        with self._path.open("ab") as file:
            # A line of its own also after a torn one.
            file.write(b"\n" * _is_torn(self._path) + msgspec.json.encode(line) + b"\n")
        self.count += 1
        if record is not None:
            self._records.add(record)


def _is_torn(path: Path) -> bool:
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 1))
        return size > 0 and file.read(1) != b"\n"
