"""The three forms of a 256-bit hash (64 digits, 32 bytes, 4 words) and the distance between two."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from havenwall.errors import BadInput
from havenwall.match.hashes import HashKind, normalise_hash

Words = NDArray[np.uint64]
BYTES = 32


def bytes_of(text: str) -> bytes:
    """32 bytes of 64 hexadecimal digits, in either case. Raises BadInput as `normalise_hash` does."""
    return bytes.fromhex(normalise_hash(HashKind.PDQ, text))


def words_of(value: bytes) -> Words:
    """(4,) uint64 of 32 bytes, the first word made of the first 8.

    Raises:
        BadInput: not 32 bytes.
    """
    if len(value) != BYTES:
        raise BadInput(f"{len(value)} bytes", field="hash", hint=f"give {BYTES} bytes")
    return np.frombuffer(value, ">u8").astype(np.uint64)


def codes_of(values: Iterable[bytes]) -> Words:
    """(N, 4) uint64 of N times 32 bytes. Raises BadInput as `words_of` does."""
    return np.array([words_of(value) for value in values], np.uint64).reshape(-1, 4)


def hex_of(words: Words) -> str:
    """64 hexadecimal digits of (4,) uint64."""
    return words.astype(">u8").tobytes().hex()


def distance(one: bytes, other: bytes) -> int:
    """How many of 256 bits differ between two hashes of 32 bytes."""
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def distances(query: Words, codes: Words) -> NDArray[np.int64]:
    """How many bits differ between `query`, (4,) or (N, 4) uint64, and each row of `codes`, (N, 4); (N,)."""
    return np.bitwise_count(query ^ codes).sum(axis=-1, dtype=np.int64)
