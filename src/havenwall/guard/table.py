"""The restricted entities of a snapshot as columns: to file contents and back, without a copy."""

from __future__ import annotations

import io
import mmap
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from havenwall.errors import SnapshotRefused
from havenwall.guard.codes import NO_CANDIDATE, RESTRICTING, UNKNOWN, code_of
from havenwall.guard.names import Bytes, Names, Words, join
from havenwall.model import Standing

_COLUMNS: Final[dict[str, np.dtype[Any]]] = {
    "entities.npy": np.dtype("u1"),
    "entity_ends.npy": np.dtype("<i8"),
    "entity_slots.npy": np.dtype("<i8"),
    "code.npy": np.dtype("u1"),
    "seq.npy": np.dtype("<i8"),
    "decision.npy": np.dtype("<u4"),
    "reason.npy": np.dtype("<u4"),
    "decisions.npy": np.dtype("u1"),
    "decision_ends.npy": np.dtype("<i8"),
    "reasons.npy": np.dtype("u1"),
    "reason_ends.npy": np.dtype("<i8"),
}

_HEAD: Final = 256
"""Bytes that hold the header of any one-dimensional array."""

Content = bytes | mmap.mmap
"""What is in a file, read or mapped."""

FILES: Final = tuple(_COLUMNS)
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
    """n entities and what is known of them; row i of every column belongs to one entity."""

    names: Names
    codes: NDArray[np.uint8]
    """(n,) uint8: see `havenwall.guard.codes`."""
    seqs: NDArray[np.int64]
    decision: NDArray[np.uint32]
    """(n,) uint32: place in `decisions`; a decision covers a whole network, so each id is kept once."""
    reason: NDArray[np.uint32]
    """(n,) uint32: place in `reasons`."""
    decisions: Words
    reasons: Words

    def find(self, entity: str) -> Entry | None:
        """What is known of an entity."""
        return self.look(join([entity]), 1).get(0)

    def find_all(self, entities: Sequence[str]) -> dict[str, Entry]:
        """What is known of many entities, without those that are unknown; far faster than one by one."""
        return {entities[place]: entry for place, entry in self.look(join(entities), len(entities)).items()}

    def look(self, asked: Bytes, count: int) -> dict[int, Entry]:
        """What is known of those of `count` names that are here, by their place in `asked`, rising."""
        places, rows = self.names.hits(asked, count)
        return {place: self._entry(row) for place, row in zip(places.tolist(), rows.tolist(), strict=True)}

    def _entry(self, row: int) -> Entry:
        return Entry(
            code=int(self.codes[row]),
            seq=int(self.seqs[row]),
            reason=self.reasons.word(int(self.reason[row])),
            decision_id=self.decisions.word(int(self.decision[row])),
        )


def pack(standings: Iterable[Standing]) -> tuple[dict[str, bytes], int]:
    """File contents by name, and the number of entities.

    Of several standings of one entity the one with the highest seq counts. The order of the input does
    not matter, so equal standings give equal bytes.
    """
    rows = _latest(standings)
    decisions, reasons = (sorted({getattr(row, name) for row in rows}) for name in ("decision_id", "reason"))
    decision_place, reason_place = _places(decisions), _places(reasons)
    names = Words.of([row.entity for row in rows])
    table = Names.of(names, _seed(names))
    assert table is not None, "the latest of each entity is one of each"
    words, why = Words.of(decisions), Words.of(reasons)
    columns: dict[str, Any] = {
        "entities.npy": names.blob,
        "entity_ends.npy": names.ends,
        "entity_slots.npy": table.slots,
        "code.npy": [code_of(row.restriction, confirmed=row.confirmed) for row in rows],
        "seq.npy": [row.seq for row in rows],
        "decision.npy": [decision_place[row.decision_id] for row in rows],
        "reason.npy": [reason_place[row.reason] for row in rows],
        "decisions.npy": words.blob,
        "decision_ends.npy": words.ends,
        "reasons.npy": why.blob,
        "reason_ends.npy": why.ends,
    }
    files = {name: _npy(np.asarray(columns[name], dtype=kind)) for name, kind in _COLUMNS.items()}
    return files, len(rows)


def restricted_of(contents: Mapping[str, Content]) -> int:
    """How many entities file contents restrict."""
    return int(np.count_nonzero(_column(contents["code.npy"], "code.npy") >= RESTRICTING))


def unpack(contents: Mapping[str, Content], count: int) -> Table:
    """The table in file contents whose hashes have been checked; the arrays are views of them.

    Raises:
        SnapshotRefused: the columns do not fit together; whoever wrote them had a fault.
    """
    try:
        columns = {name: _column(contents[name], name) for name in _COLUMNS}
    except (ValueError, EOFError) as error:
        raise SnapshotRefused(f"the snapshot does not decode: {error}") from error
    table = _table(columns)
    if any(len(column) != count for column in _rows_of(table)) or not table.names.sound():
        raise SnapshotRefused("the snapshot names an entity twice or has a column of another length")
    _check_ranges(table)
    return table


def _table(columns: Mapping[str, NDArray[Any]]) -> Table:
    names = Words(blob=columns["entities.npy"], ends=columns["entity_ends.npy"])
    return Table(
        names=Names(words=names, slots=columns["entity_slots.npy"], seed=_seed(names)),
        codes=columns["code.npy"],
        seqs=columns["seq.npy"],
        decision=columns["decision.npy"],
        reason=columns["reason.npy"],
        decisions=Words(blob=columns["decisions.npy"], ends=columns["decision_ends.npy"]),
        reasons=Words(blob=columns["reasons.npy"], ends=columns["reason_ends.npy"]),
    )


def _rows_of(table: Table) -> tuple[Sequence[Any] | NDArray[Any], ...]:
    return table.names.words.ends, table.codes, table.seqs, table.decision, table.reason


def _seed(names: Words) -> int:
    return zlib.crc32(names.blob.data)


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


def _column(content: Content, name: str) -> NDArray[Any]:
    view = memoryview(content)
    head = io.BytesIO(bytes(view[:_HEAD]))
    if npy.read_magic(head) != (1, 0):
        raise ValueError(f"{name} is not an array of format 1.0")
    shape, _fortran, kind = npy.read_array_header_1_0(head)
    if kind != _COLUMNS[name] or len(shape) != 1 or len(view) != head.tell() + shape[0] * kind.itemsize:
        raise ValueError(f"{name} is {kind} {shape} in {len(view)} bytes, not {_COLUMNS[name]}")
    return np.frombuffer(view, dtype=kind, offset=head.tell()) if shape[0] else _nothing(kind)


def _nothing(kind: np.dtype[Any]) -> NDArray[Any]:
    empty = np.empty(0, dtype=kind)
    empty.flags.writeable = False
    return empty


def _check_ranges(table: Table) -> None:
    bounds = (
        (table.codes, NO_CANDIDATE),
        (table.decision, len(table.decisions)),
        (table.reason, len(table.reasons)),
    )
    outside = any(column.size and int(column.max()) >= bound for column, bound in bounds)
    if outside or (table.codes == UNKNOWN).any() or not (table.decisions.sound() and table.reasons.sound()):
        raise SnapshotRefused("the snapshot points outside its own word lists")
