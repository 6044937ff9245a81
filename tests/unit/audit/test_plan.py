import msgspec
import pytest

from havenwall.audit import AuditPlan
from havenwall.errors import BadInput


def test_the_defaults_can_be_run():
    assert AuditPlan().validated() == AuditPlan()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("persona", "shopper"),
        ("accounts", 1),
        ("rounds", 0),
        ("k", 0),
        ("follows_per_round", 21),
        ("platform_seeds", 0),
        ("seed", -1),
        ("recommender", " "),
        ("camouflage", -0.1),
        ("camouflage", float("nan")),
        ("known_share", 0.0),
        ("known_share", 1.0),
        ("known_share", float("nan")),
        ("bootstrap_draws", 10),
        ("benign_sample", 0),
    ],
)
def test_a_bad_field_is_named_with_a_remedy(field, value):
    with pytest.raises(BadInput) as caught:
        msgspec.structs.replace(AuditPlan(), **{field: value}).validated()
    assert caught.value.field == field
    assert caught.value.hint


def test_an_unknown_setting_is_refused():
    with pytest.raises(msgspec.ValidationError, match="round"):
        msgspec.json.decode(b'{"round": 3}', type=AuditPlan)
