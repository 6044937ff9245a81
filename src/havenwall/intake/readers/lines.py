"""Blocks of whole lines with their line numbers, however the bytes arrive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from havenwall.intake.draft import Fault
from havenwall.intake.readers.stream import Piece, pieces
from havenwall.intake.rejects import Reject, reject

BLOCK = 1 << 20
"""Bytes of a block, and of the longest line."""

_BOM = b"\xef\xbb\xbf"
_TOO_LONG = Fault("", f"the line is longer than {BLOCK:,} bytes", "split it, or drop its longest field")


class Block(NamedTuple):
    """Whole lines of a file; only the file's last line may lack its newline."""

    data: bytes
    first: int
    """Number of the first line."""
    done: int
    """Bytes of the file consumed so far."""
    rejects: tuple[Reject, ...] = ()
    """Lines too long, and the broken rest of a file."""


def blocks(path: Path) -> Iterator[Block]:
    """The lines of a file in blocks of about 1 MiB; a byte order mark is dropped."""
    cutter = _Cutter()
    for piece in _gathered(pieces(path)):
        yield cutter.cut(piece)
    yield cutter.rest()


def _gathered(flow: Iterable[Piece]) -> Iterator[Piece]:
    """Joins pieces up to a block's size; a fault ends the flow."""
    held: list[bytes] = []
    last = Piece(b"", 0)
    for last in flow:
        held.append(last.data)
        if sum(map(len, held)) >= BLOCK:
            yield Piece(b"".join(held), last.done)
            held = []
    yield Piece(b"".join(held), last.done, last.fault)


class _Cutter:
    """Cuts pieces at newlines and carries the unfinished line over."""

    def __init__(self) -> None:
        self._number = 1
        self._tail = b""
        self._done = 0
        self._skipping = False
        self._started = False

    def cut(self, piece: Piece) -> Block:
        data = self._tail + piece.data
        if not self._started:
            data, self._started = data.removeprefix(_BOM), True
        self._done = piece.done
        end = data.rfind(b"\n") + 1
        whole, self._tail = data[:end], data[end:]
        block = self._block(whole)
        if piece.fault:
            broken = reject(self._number, piece.fault, self._tail)
            self._tail = b""
            return block._replace(rejects=(*block.rejects, broken))
        return self._shorten(block)

    def rest(self) -> Block:
        """The last line, if it has no newline."""
        last, self._tail = self._tail, b""
        return self._block(last)

    def _block(self, whole: bytes) -> Block:
        if self._skipping and whole:
            whole, self._skipping = whole[whole.find(b"\n") + 1 :], False
            self._number += 1
        first = self._number
        self._number += whole.count(b"\n")
        return Block(whole, first, self._done)

    def _shorten(self, block: Block) -> Block:
        """Gives up the unfinished line once it is too long; the rest of it is dropped as it comes."""
        if self._skipping:
            self._tail = b""
        elif len(self._tail) > BLOCK:
            long = reject(self._number, _TOO_LONG, self._tail)
            self._tail, self._skipping = b"", True
            return block._replace(rejects=(*block.rejects, long))
        return block
