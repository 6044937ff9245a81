import msgspec
import numpy as np
import pytest

from havenwall.audit import ARM_LABELS, ARMS, OPEN, AuditSurface, Label, LabelService, MaskGate
from havenwall.errors import BadInput


def test_a_sound_world_passes(world):
    assert world.validated() is world
    assert world.prevalence == 30 / 240


def test_every_arm_has_a_label():
    assert tuple(ARM_LABELS) == ARMS


def test_the_mask_gate_drops_exactly_its_entities():
    gate = MaskGate(np.array([False, True, False]))
    found = gate.allowed(np.array([[0, 1, 7], [2, 1, -1]]), AuditSurface.ACCOUNTS)
    assert found.tolist() == [[True, False, True], [True, False, True]]
    assert OPEN.allowed(np.array([[0, 5]]), AuditSurface.TAGS).all()


def labelled(*labels: Label) -> LabelService:
    return LabelService({f"account:{n}": [label] for n, label in enumerate(labels)})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("labels", labelled(Label.ORDINARY, Label.BYSTANDER)),
        ("labels", labelled(Label.MEMBER, Label.KNOWN)),
        ("arms", {}),
    ],
)
def test_an_unusable_world_is_refused(world, field, value):
    with pytest.raises(BadInput) as caught:
        msgspec.structs.replace(world, **{field: value}).validated()
    assert caught.value.field == field
    assert caught.value.hint


def test_histories_of_another_size_are_refused(world):
    short = msgspec.structs.replace(world.histories, suppressed=np.zeros(3, dtype=bool))
    with pytest.raises(BadInput, match="suppressed"):
        msgspec.structs.replace(world, histories=short).validated()
