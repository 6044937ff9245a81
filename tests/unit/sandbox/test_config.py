from datetime import datetime

import msgspec
import pytest

from havenwall.errors import BadConfig
from havenwall.sandbox import SandboxConfig
from havenwall.sandbox.config import _RANGES


def test_defaults_are_valid():
    assert SandboxConfig().validated() == SandboxConfig()


def test_every_number_has_a_range():
    numbers = {f.name for f in msgspec.structs.fields(SandboxConfig) if f.type in (int, float)}
    assert {name for name, _, _ in _RANGES} == numbers


@pytest.mark.parametrize(("field", "low", "high"), _RANGES)
def test_out_of_range_names_field_and_remedy(field, low, high):
    for value in (low - 1, high + 1):
        with pytest.raises(BadConfig) as caught:
            SandboxConfig(**{field: value}).validated()
        assert caught.value.field == field
        assert caught.value.hint == f"use {low} to {high}"


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("members", {"accounts": 1_000}),
        ("rings", {"rings": 50}),
        ("niche", {"niche": 79}),
        ("communities", {"communities": 1_001}),
        ("gateways", {"gateways": 41}),
        ("bystander_follows", {"bystander_follows": 201}),
        ("groups", {"groups": 3}),
        ("end", {"end": datetime(2026, 1, 1)}),  # noqa: DTZ001
    ],
)
def test_parts_that_do_not_fit(field, change):
    with pytest.raises(BadConfig) as caught:
        SandboxConfig(**change).validated()
    assert caught.value.field == field
    assert caught.value.hint
