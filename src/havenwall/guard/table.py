"""The restricted entities of a snapshot as columns: to file contents and back."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.errors import SnapshotRefused
from havenwall.guard.codes import RESTRICTIONS, code_of
from havenwall.model import Standing

_COLUMNS = {
    "restriction.npy": np.dtype("u1"),
    "confirmed.npy": np.dtype("?"),
    "seq.npy": np.dtype("<i8"),
    "decision.npy": np.dtype("<u4"),
    "reason.npy": np.dtype("<u4"),
}
_WORDS = ("entities.json", "decisions.json", "reasons.json")

FILES = (*_COLUMNS, *_WORDS)
"""Names of the files a snapshot has beside its manifest."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the guard keeps of one standing."""

    code: int
    """See `havenwall.guard.codes`."""
    seq: int
    reason: str
    decision_id: str


def entry_of(standing: Standing) -> Entry:
    """The part of a standing the guard needs."""
    return Entry(
        code=code_of(standing.restriction, confirmed=standing.confirmed),
        seq=standing.seq,
        reason=standing.reason,
        decision_id=standing.decision_id,
    )


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Entities and what is known of them; row i of every column belongs to one entity."""

    rows: dict[str, int]
    """Row of each entity."""
    codes: NDArray[np.uint8]
    seqs: NDArray[np.int64]
    decision: NDArray[np.uint32]
    """Place in `decisions`; a decision covers a whole network, so each id is kept once."""
    reason: NDArray[np.uint32]
    decisions: list[str]
    reasons: list[str]

    def find(self, entity: str) -> Entry | None:
        """What is known of an entity."""
        row = self.rows.get(entity)
        if row is None:
            return None
        return Entry(
            code=int(self.codes[row]),
            seq=int(self.seqs[row]),
            reason=self.reasons[self.reason[row]],
            decision_id=self.decisions[self.decision[row]],
        )


def pack(standings: Iterable[Standing]) -> tuple[dict[str, bytes], int]:
    """File contents by name, and the number of entities.

    Of several standings of one entity the one with the highest seq counts. The order of the input does
    not matter, so equal standings give equal bytes.
    """
    rows = _latest(standings)
    decisions, reasons = (sorted({getattr(row, name) for row in rows}) for name in ("decision_id", "reason"))
    decision_place, reason_place = _places(decisions), _places(reasons)
    columns: dict[str, list[Any]] = {
        "restriction.npy": [RESTRICTIONS.index(row.restriction) for row in rows],
        "confirmed.npy": [row.confirmed for row in rows],
        "seq.npy": [row.seq for row in rows],
        "decision.npy": [decision_place[row.decision_id] for row in rows],
        "reason.npy": [reason_place[row.reason] for row in rows],
    }
    words = zip(_WORDS, ([row.entity for row in rows], decisions, reasons), strict=True)
    arrays = {name: _npy(np.array(values, dtype=_COLUMNS[name])) for name, values in columns.items()}
    return arrays | {name: msgspec.json.encode(values) for name, values in words}, len(rows)


def unpack(contents: Mapping[str, bytes], count: int) -> Table:
    """The table in file contents whose hashes have been checked.

    Raises:
        SnapshotRefused: the columns do not fit together; whoever wrote them had a fault.
    """
    try:
        columns = {name: _column(contents[name], name, count) for name in _COLUMNS}
        entities, decisions, reasons = (
            msgspec.json.decode(contents[name], type=list[str]) for name in _WORDS
        )
    except (ValueError, EOFError, msgspec.DecodeError) as error:
        raise SnapshotRefused(f"the snapshot does not decode: {error}") from error
    rows = dict(zip(entities, range(count), strict=False))
    if not len(entities) == len(rows) == count:
        raise SnapshotRefused("the snapshot names an entity twice or has a column of another length")
    table = Table(
        rows=rows,
        codes=(1 + 2 * columns["restriction.npy"] + columns["confirmed.npy"]).astype(np.uint8),
        seqs=columns["seq.npy"],
        decision=columns["decision.npy"],
        reason=columns["reason.npy"],
        decisions=decisions,
        reasons=reasons,
    )
    _check_ranges(table, columns["restriction.npy"])
    return table


def _latest(standings: Iterable[Standing]) -> list[Standing]:
    latest: dict[str, Standing] = {}
    for standing in standings:
        known = latest.get(standing.entity)
        if known is None or standing.seq > known.seq:
            latest[standing.entity] = standing
    return [latest[entity] for entity in sorted(latest)]


def _places(words: list[str]) -> dict[str, int]:
    return {word: place for place, word in enumerate(words)}


def _npy(array: NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _column(content: bytes, name: str, count: int) -> NDArray[Any]:
    array = np.load(io.BytesIO(content), allow_pickle=False)
    if array.dtype != _COLUMNS[name] or array.shape != (count,):
        raise ValueError(f"{name} is {array.dtype} {array.shape}, not {_COLUMNS[name]} ({count},)")
    return array


def _check_ranges(table: Table, restriction: NDArray[np.uint8]) -> None:
    bounds = (
        (restriction, len(RESTRICTIONS)),
        (table.decision, len(table.decisions)),
        (table.reason, len(table.reasons)),
    )
    if any(column.size and int(column.max()) >= bound for column, bound in bounds):
        raise SnapshotRefused("the snapshot points outside its own word lists")
