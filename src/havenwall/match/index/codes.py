"""256-bit hashes as numbers: (4,) uint64, the big-endian words of the 32 bytes, so bit 0 is the first bit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from havenwall.errors import BadInput

Codes = NDArray[np.uint64]
"""(n, 4), C order; or (4,) for one hash."""

HASH_BYTES = 32
_LINE = 64


def code_of(value: str | bytes) -> Codes:
    """(4,) uint64 of a hash given as 64 hexadecimal digits or 32 bytes.

    Raises:
        BadInput: it is neither.
    """
    try:
        raw = bytes.fromhex(value) if isinstance(value, str) else bytes(value)
    except ValueError:
        raw = b""
    if len(raw) != HASH_BYTES or (isinstance(value, str) and len(value) != 2 * HASH_BYTES):
        raise BadInput(
            f"{value[:80]!r} is not a 256-bit hash",
            field="hash",
            hint="give 64 hexadecimal digits or 32 bytes",
        )
    return np.frombuffer(raw, dtype=">u8").astype(np.uint64)


def hex_of(code: Codes) -> str:
    """64 lower-case hexadecimal digits of a (4,) code."""
    return code.astype(">u8").tobytes().hex()


def codes_of_bytes(raw: bytes) -> Codes:
    """(n, 4) uint64 of n hashes of 32 bytes, one after the other.

    Raises:
        BadInput: the length is no multiple of 32.
    """
    if len(raw) % HASH_BYTES:
        raise BadInput("not a whole number of hashes", field="hashes", hint="give 32 bytes for each hash")
    return np.frombuffer(raw, dtype=">u8").astype(np.uint64).reshape(-1, 4)


def aligned(count: int) -> Codes:
    """(count, 4) uint64, not filled, no row of which lies in two lines of the processor's caches."""
    room = np.empty(4 * count + _LINE // 8, dtype=np.uint64)
    first = -room.ctypes.data % _LINE // 8
    return room[first : first + 4 * count].reshape(count, 4)


def as_codes(codes: NDArray[np.uint64]) -> Codes:
    """The codes as the kernels take them: (n, 4) uint64 in C order.

    Raises:
        BadInput: another shape or type.
    """
    if codes.dtype != np.uint64 or codes.ndim != 2 or codes.shape[1] != 4:
        raise BadInput(
            f"{codes.dtype} {codes.shape} is not (n, 4) uint64",
            field="codes",
            hint="give four big-endian 64-bit words for each hash",
        )
    return np.ascontiguousarray(codes)
