"""A finding that was made up or damaged is refused, and the field is named."""

from datetime import datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.audit.release.kept import finding, plan

from havenwall.audit.release import Finding
from havenwall.audit.release.check import checked
from havenwall.errors import BadInput

replace = msgspec.structs.replace
GOOD = finding()
CELL = GOOD.cells[0]


def test_a_finding_as_written_is_whole():
    assert checked(GOOD) is GOOD
    assert checked(msgspec.json.decode(msgspec.json.encode(GOOD), type=Finding)) == GOOD


def cells(**changes):
    return [replace(CELL, **changes), *GOOD.cells[1:]]


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("id", {"id": "../etc"}),
        ("id", {"id": ""}),
        ("plan_hash", {"plan_hash": "a" * 64}),
        ("plan_hash", {"plan": plan(seed=9)}),
        ("personas", {"plan": plan(personas=("nobody",))}),
        ("ended_at", {"ended_at": datetime(2026, 1, 1)}),  # noqa: DTZ001
        ("snapshots", {"snapshots": {}}),
        ("prevalence", {"prevalence": 2.0}),
        ("cells", {"cells": GOOD.cells[1:]}),
        ("cells", {"cells": [*GOOD.cells, CELL]}),
        ("cells", {"cells": cells(arm="other")}),
        ("cells[0]", {"cells": cells(exposure=1.5)}),
        ("cells[0]", {"cells": cells(exposure=float("nan"))}),
        ("cells[0]", {"cells": cells(amplification=float("inf"))}),
        ("cells[0].by_round", {"cells": cells(by_round=[])}),
        ("cells[0].survival", {"cells": cells(survival=replace(CELL.survival, rounds=[]))}),
        ("verdict.lines", {"verdict": replace(GOOD.verdict, lines=[])}),
        ("verdict.outcome", {"verdict": replace(GOOD.verdict, outcome="fail")}),
    ],
)
def test_what_does_not_fit_together_is_named(field, changes):
    with pytest.raises(BadInput) as caught:
        checked(replace(GOOD, **changes))
    assert caught.value.field == field


def test_a_gap_that_is_none_is_named():
    gap = replace(GOOD.comparisons[0].gap, difference=3.0)
    with pytest.raises(BadInput, match=r"comparisons\[0\]\.gap"):
        checked(replace(GOOD, comparisons=[replace(GOOD.comparisons[0], gap=gap)]))


@settings(max_examples=100)
@given(st.data())
def test_a_field_taken_out_is_never_a_crash(data):
    raw = msgspec.to_builtins(GOOD)
    at = raw
    while isinstance(at, dict | list) and at:
        place = data.draw(st.sampled_from(list(at) if isinstance(at, dict) else range(len(at))))
        if not isinstance(at[place], dict | list) or data.draw(st.booleans()):
            at[place] = data.draw(st.sampled_from([None, -1, 1e300, "", [], {}]))
            break
        at = at[place]
    try:
        checked(msgspec.convert(raw, Finding))
    except (BadInput, msgspec.ValidationError):
        return
