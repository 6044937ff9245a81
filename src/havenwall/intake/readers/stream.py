"""The bytes of a file, piece by piece, out of gzip or Zstandard where it is packed."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

import zstandard

from havenwall.intake.draft import Fault

_PLAIN_PIECE = 1 << 18
_PACKED_PIECE = 1 << 12
"""Small, because the worst 4 KiB of Zstandard unpack to 128 MiB; the memory stays bounded."""
_WINDOW = 1 << 27
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_NAMED = {".gz": _GZIP, ".zst": _ZSTD}


class Piece(NamedTuple):
    """A run of unpacked bytes."""

    data: bytes
    done: int
    """Bytes of the file itself consumed so far."""
    fault: Fault | None = None
    """On the last piece only: why nothing more can be read although the file goes on or should."""


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


def pieces(path: Path) -> Iterator[Piece]:
    """The bytes of a plain, gzip or Zstandard file, known by its first bytes.

    A broken or cut-off packing never raises: what was whole comes first, then a piece with the fault.
    """
    with path.open("rb") as file:
        magic = file.read(len(_ZSTD))
        file.seek(0)
        if magic.startswith(_GZIP):
            yield from _unpacked(file, lambda: zlib.decompressobj(wbits=31))
        elif magic == _ZSTD:
            yield from _unpacked(file, zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj)
        elif path.suffix.lower() in _NAMED:
            yield Piece(magic, len(magic), _broken("is not what its name says: the packing is missing"))
        else:
            yield from _read(file, _PLAIN_PIECE)


def _broken(reason: str) -> Fault:
    return Fault("", reason, "fetch the file again; what came before this line went in")


def _read(file: BinaryIO, size: int) -> Iterator[Piece]:
    while data := file.read(size):
        yield Piece(data, file.tell())


def _unpacked(file: BinaryIO, fresh: Callable[[], _Unpacker]) -> Iterator[Piece]:
    """Unpacks member after member; zero bytes after a member are padding."""
    unpacker, inside, done = fresh(), False, 0
    for packed, done, _ in _read(file, _PACKED_PIECE):
        rest = packed
        while rest if inside else (rest := rest.lstrip(b"\0")):
            try:
                data = unpacker.decompress(rest)
            except (zlib.error, zstandard.ZstdError) as error:
                yield Piece(b"", done, _broken(f"the packed data is broken here ({error})"))
                return
            yield Piece(data, done)
            inside, rest = not unpacker.eof, unpacker.unused_data
            unpacker = unpacker if inside else fresh()
    if inside:
        yield Piece(b"", done, _broken("the file ends in the middle of its packed data"))
