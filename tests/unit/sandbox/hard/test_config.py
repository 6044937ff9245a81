import msgspec
import pytest

from havenwall.errors import BadConfig
from havenwall.sandbox.hard import HardConfig


def test_the_recipe_is_the_standard():
    config = HardConfig().validated()
    assert (config.accounts, config.traders, config.buyers, config.press) == (200_000, 700, 4_000, 40)
    assert HardConfig.scaled(200_000) == config


@pytest.mark.parametrize("accounts", [20_000, 60_000, 1_000_000])
def test_parts_keep_their_share(accounts):
    config = HardConfig.scaled(accounts)
    assert config.traders == pytest.approx(700 * accounts / 200_000, abs=0.5)
    assert config.planted / accounts == pytest.approx(HardConfig().planted / 200_000, rel=0.02)
    assert config.median_follows == HardConfig().median_follows


def test_changes_stand_as_given():
    config = HardConfig.scaled(20_000, camouflage=3.0, traders=100)
    assert (config.camouflage, config.traders, config.buyers) == (3.0, 100, 400)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("accounts", 10),
        ("mixing", 1.5),
        ("traders", 150_000),
        ("press_low", 500),
        ("press_high", 900),
        ("buyer_most", 800),
        ("ordinary_low", 0.95),
        ("community_low", 5_000),
        ("promoters", 1_000),
        ("window", 500),
    ],
)
def test_misfits_are_named(field, value):
    with pytest.raises(BadConfig) as caught:
        msgspec.structs.replace(HardConfig(), **{field: value}).validated()
    assert caught.value.field == field


def test_the_end_needs_a_time_zone():
    with pytest.raises(BadConfig):
        HardConfig(end=HardConfig().end.replace(tzinfo=None)).validated()
