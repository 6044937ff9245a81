"""Settings: what is out of range is named."""

from __future__ import annotations

import pytest

from havenwall.errors import BadConfig
from havenwall.network.returns import Kind, ReturnConfig
from havenwall.network.returns.config import HUBS


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("threshold", 1.1),
        ("least", -0.1),
        ("kinds", 0),
        ("successors", 0),
        ("shortlist", 0),
        ("sketch", 0),
        ("return_days", 0.0),
        ("window_days", -1.0),
        ("hubs", {Kind.FOLLOWS: 400}),
    ],
)
def test_a_setting_out_of_range_is_named(field: str, value: object) -> None:
    with pytest.raises(BadConfig, match=field):
        ReturnConfig(**{field: value})


def test_bounds_are_not_shared_between_settings() -> None:
    assert ReturnConfig().hubs == HUBS
    assert ReturnConfig().hubs is not ReturnConfig().hubs
