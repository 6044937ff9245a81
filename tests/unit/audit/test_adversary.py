import pytest

from havenwall.audit.adversary import AdversaryPlan
from havenwall.errors import BadInput


def test_every_release_has_the_same_registered_plan() -> None:
    plan = AdversaryPlan(strategy="bridges", at_most=0.02)
    assert plan.release_plan.hash == plan.release_plan.hash
    assert plan.release_plan.name == "adversary: bridges"
    assert plan.release_plan.thresholds[0].at_most == 0.02


@pytest.mark.parametrize(
    ("field", "value"),
    [("releases", 0), ("acts", -1), ("reviewed", -1), ("known_share", 1.0), ("accounts", 1), ("size", 3)],
)
def test_a_bad_field_is_named(field: str, value: float) -> None:
    with pytest.raises(BadInput, match=field):
        AdversaryPlan(**{field: value}).validated()
