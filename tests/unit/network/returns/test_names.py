"""Names: what is left of them, and how alike they are."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.network.returns.names import NameSpace, plain

CROWD = [
    (f"{first}{second}",)
    for first in ("amber", "fern", "olive", "pearl")
    for second in ("ham", "ton", "wick")
]


def likeness(*names: tuple[str, ...]) -> float:
    space = NameSpace([*names, *CROWD])
    return float(space.likeness(np.array([0]), np.array([1]))[0])


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("Sunny_Harbour", "sunnyharbour"),
        ("sunny.harbour_92", "sunnyharbour"),
        ("77sunny-harbour", "sunnyharbour"),
        ("sunny h4rb0ur", "sunnyharbour"),
        ("Café_Ñandú", "cafenandu"),
        ("SUNNY harbour", "sunnyharbour"),
        ("12345", "12345"),
        ("  ", ""),
    ],
)
def test_what_is_left_of_a_name(name: str, left: str) -> None:
    assert plain(pl.Series([name])).to_list() == [left]


@settings(max_examples=100, derandomize=True)
@given(st.text("aZ03$_. ", max_size=12))
def test_a_plain_name_stays_as_it_is(name: str) -> None:
    once = plain(pl.Series([name]))
    assert plain(once).to_list() == once.to_list()


def test_a_number_or_a_separator_changes_nothing_and_a_rename_little() -> None:
    assert likeness(("sunny_harbour",), ("sunnyharbour77",)) == pytest.approx(1)
    assert 0.5 < likeness(("sunny_harbour",), ("sunnyharbour.new",)) < 1
    assert likeness(("sunny_harbour",), ("velvet_quill",)) < 0.1


def test_two_of_one_surname_are_less_alike_than_one_renamed() -> None:
    relatives = likeness(("anna_harbour",), ("bert_harbour",))
    assert relatives < likeness(("anna_harbour",), ("annaharbour_2",))
    assert relatives < 0.75


def test_a_name_that_many_have_counts_little() -> None:
    many = NameSpace([(f"user{number}",) for number in range(50)] + CROWD)
    assert many.likeness(np.array([0]), np.array([1]))[0] < 0.25


def test_the_best_of_several_names_counts_and_no_name_is_like_none() -> None:
    assert likeness(("velvet_quill", "sunny_harbour"), ("sunnyharbour1", "copper")) == pytest.approx(1)
    assert likeness((), ("sunny",)) == likeness((), ()) == 0


def test_accounts_without_any_name_at_all() -> None:
    space = NameSpace([(), ()])
    assert space.likeness(np.array([0]), np.array([1])).tolist() == [0.0]
