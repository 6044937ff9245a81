"""Rejects: rows that did not go in, kept in a file with the reason and what to do."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import msgspec

from havenwall.intake.draft import Fault

RAW_LENGTH = 500
"""Characters of the row that a reject keeps."""

_PRIVATE = 0o600


class Reject(msgspec.Struct, frozen=True, kw_only=True):
    """A row set aside."""

    line: int
    """1-based line of the file; in Parquet, row."""
    field: str
    """The field at fault; empty when it is the row itself."""
    reason: str
    """What is wrong, and what to do."""
    raw: str
    """The start of the row, at most 500 characters."""


def reject(line: int, fault: Fault, raw: bytes | str) -> Reject:
    """The row `raw` set aside for `fault`."""
    if isinstance(raw, bytes):
        raw = raw[: 4 * RAW_LENGTH].decode("utf-8", "replace")
    return Reject(line=line, field=fault.field, reason=fault.sentence, raw=raw[:RAW_LENGTH].rstrip("\r\n"))


def reject_row(row: dict[str, Any], line: str, field: str, reason: str) -> Reject:
    """A row of columns set aside; its number is in the column `line`, its raw form is made as JSON."""
    given = {name: value for name, value in row.items() if value is not None and name != line}
    raw = msgspec.json.encode(given).decode()
    return Reject(line=row[line], field=field, reason=reason, raw=raw[:RAW_LENGTH])


class RejectWriter:
    """Writes rejects to a JSONL file, which comes into being with the first one.

    What is rejected may be personal data: the file is readable by its owner only. Use as a context.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()

    def write(self, rejects: Iterable[Reject]) -> None:
        """Appends rejects. An older file of that name is replaced by the first."""
        for item in rejects:
            self._file = self._file or self._open()
            self._file.write(msgspec.json.encode(item) + b"\n")
            self.count += 1

    def _open(self) -> BinaryIO:
        self.path.unlink(missing_ok=True)
        return os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "wb")
