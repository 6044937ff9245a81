"""Waits grow with jitter to a limit, and end."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from havenwall.casework.patience import Patience


@given(st.integers(1, 100), st.floats(0, 1), st.one_of(st.none(), st.floats(0, 1e6)))
def test_waits_are_bounded_and_end(tries: int, drawn: float, asked: float | None) -> None:
    patience = Patience(tries=30)
    wait = patience.wait(tries, asked, lambda: drawn)
    if tries >= 30:
        assert wait is None
    else:
        assert wait is not None
        assert timedelta(seconds=2.5) <= wait <= timedelta(hours=1)


def test_waits_double() -> None:
    patience = Patience()
    waits = [patience.wait(n, None, lambda: 1.0) for n in (1, 2, 3, 20)]
    assert waits == [timedelta(seconds=s) for s in (5, 10, 20, 3600)]


def test_what_the_receiver_asks_for_is_waited() -> None:
    assert Patience().wait(1, 120.0, lambda: 1.0) == timedelta(seconds=120)


def test_the_circuit_opens_after_some_failures_and_longer_each_time() -> None:
    patience = Patience()
    assert [patience.shut(n) for n in (1, 4)] == [None, None]
    waits = [patience.shut(n) for n in (5, 6, 50)]
    assert waits == [timedelta(seconds=s) for s in (5, 10, 600)]
