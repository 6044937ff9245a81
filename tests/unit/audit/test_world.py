import msgspec
import numpy as np
import pytest

from havenwall.audit import ARM_LABELS, ARMS, MaskGate
from havenwall.errors import BadInput


def test_a_sound_world_passes(world):
    assert world.validated() is world


def test_every_arm_has_a_label():
    assert tuple(ARM_LABELS) == ARMS


def test_the_mask_gate_drops_exactly_its_accounts():
    gate = MaskGate(np.array([False, True, False]))
    assert gate.allowed(np.array([[0, 1], [2, 1]])).tolist() == [[True, False], [True, False]]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("known", np.zeros(3, dtype=bool)),
        ("bystander", np.zeros(240)),
        ("member", np.zeros(240, dtype=bool)),
        ("member", np.ones(240, dtype=bool)),
        ("arms", {"none": MaskGate(np.zeros(240, dtype=bool))}),
    ],
)
def test_an_unusable_world_is_refused(world, field, value):
    with pytest.raises(BadInput) as caught:
        msgspec.structs.replace(world, **{field: value}).validated()
    assert caught.value.field == field
    assert caught.value.hint
