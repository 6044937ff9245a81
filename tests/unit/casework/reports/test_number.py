"""A number that was heard or typed wrongly is noticed."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenwall.casework.reports.number import new_number, number_of, read_number
from havenwall.errors import BadInput

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
drawn = st.integers(0, 32**7 - 1)


@given(drawn)
def test_a_number_reads_as_itself_however_it_is_typed(value: int) -> None:
    number = number_of(value)
    assert len(number) == 12
    assert number.startswith("HW-")
    sloppy = number.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert read_number(number) == read_number(sloppy) == read_number(number[3:]) == number


@given(drawn, st.integers(0, 7), st.sampled_from(LETTERS))
def test_one_wrong_character_is_noticed(value: int, place: int, letter: str) -> None:
    said = list(number_of(value)[3:].replace("-", ""))
    if said[place] != letter:
        said[place] = letter
        with pytest.raises(BadInput, match="number"):
            read_number("".join(said))


@given(drawn, st.integers(0, 7), st.integers(0, 7))
def test_two_swapped_characters_are_noticed(value: int, one: int, other: int) -> None:
    said = list(number_of(value)[3:].replace("-", ""))
    if said[one] != said[other]:
        said[one], said[other] = said[other], said[one]
        with pytest.raises(BadInput, match="number"):
            read_number("".join(said))


@given(st.text(max_size=20))
def test_anything_else_is_refused_with_a_reason(text: str) -> None:
    with suppress(BadInput):
        assert read_number(text).startswith("HW-")


def test_numbers_are_drawn_by_lot() -> None:
    assert len({new_number() for _ in range(100)}) == 100
