import pytest

from havenwall.errors import BadConfig
from havenwall.network.things.config import ThingConfig


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("likely", 0.0),
        ("floor", 1.0),
        ("level", 1.5),
        ("lift", 0.5),
        ("independent", 0),
        ("same_hand", 0),
        ("most_users", 0),
        ("margin", -1),
        ("top_users", -1),
        ("half_life_days", 0.0),
    ],
)
def test_refuses_bad_settings(field, value):
    with pytest.raises(BadConfig, match=field):
        ThingConfig(**{field: value})


def test_the_least_bound_follows_the_base_rate_within_limits():
    config = ThingConfig(floor=0.05, lift=10)
    assert [config.least(base) for base in (0.0001, 0.02, 0.3)] == [0.05, 0.2, 0.5]
