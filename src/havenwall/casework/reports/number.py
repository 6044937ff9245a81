"""Reference numbers of reports, made to be read out and typed: HW-7K2M-9QXD."""

from __future__ import annotations

import secrets

from havenwall.errors import BadInput

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O and U."""
_HEARD = str.maketrans({"I": "1", "L": "1", "O": "0"})
_PREFIX = "HW"
_FREE = 7
"""Characters drawn by lot: 35 bits."""


def new_number() -> str:
    """A fresh number; it tells nothing about how many there are. Whoever keeps it looks for a clash."""
    return number_of(secrets.randbelow(32**_FREE))


def number_of(drawn: int) -> str:
    """The number made from one of 32 to the power of 7 values."""
    digits = [drawn >> (5 * place) & 31 for place in range(_FREE - 1, -1, -1)]
    text = "".join(_ALPHABET[digit] for digit in [*digits, _check(digits)])
    return f"{_PREFIX}-{text[:4]}-{text[4:]}"


def read_number(text: str) -> str:
    """The number somebody typed, put right: small letters, blanks, O for 0, I and L for 1.

    Raises:
        BadInput: it is no number, or one character was mistyped or two were swapped.
    """
    said = "".join(c for c in text.upper() if c.isalnum()).removeprefix(_PREFIX).translate(_HEARD)
    if len(said) != _FREE + 1 or not set(said) <= set(_ALPHABET):
        raise BadInput("is no reference number", field="number", hint="it looks like HW-7K2M-9QXD")
    digits = [_ALPHABET.index(c) for c in said]
    if _check(digits[:-1]) != digits[-1]:
        raise BadInput("has a typing error", field="number", hint="compare it with the receipt")
    return f"{_PREFIX}-{said[:4]}-{said[4:]}"


def _check(digits: list[int]) -> int:
    # A weighted sum over GF(32): the weights are different powers of a primitive element, so that any one
    # wrong digit and any two swapped ones change it (Verhoeff 1969 lists why these two matter most).
    total = 0
    for digit in digits:
        total = _times_two(total ^ digit)
    return total


def _times_two(value: int) -> int:
    doubled = value << 1
    return doubled ^ 0b100101 if doubled & 32 else doubled
