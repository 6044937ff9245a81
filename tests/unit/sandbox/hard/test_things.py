import numpy as np
import pytest

from havenwall.model import LinkKind
from havenwall.sandbox.hard import HardPart, Variant, generate_hard, variant

KINDS = (LinkKind.TAG_USE, LinkKind.MEMBER, LinkKind.SHARED_MEDIA, LinkKind.SHARED_CONTACT)


@pytest.mark.parametrize("kind", KINDS)
def test_everybody_uses_as_much(middle, kind):
    uses = middle.catalogues[kind].uses
    times = np.bincount(uses.account, minlength=middle.config.accounts)
    for part in (HardPart.TRADER, HardPart.BUYER, HardPart.LOOKALIKE, HardPart.AUDIENCE):
        mine = times[middle.part == part]
        error = mine.std() / np.sqrt(mine.size)
        assert abs(mine.mean() - times.mean()) < 4 * error


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_scene_uses_others_use_too(middle, kind):
    things = middle.catalogues[kind]
    network = things.scene[things.uses.thing] == HardPart.TRADER
    users = middle.part[things.uses.account[network]]
    assert (users == HardPart.TRADER).any()
    assert (users == HardPart.ORDINARY).mean() > 0.1
    lawful = things.scene[things.uses.thing] == HardPart.LOOKALIKE
    assert not (middle.part[things.uses.account[lawful]] == HardPart.TRADER).any()


@pytest.mark.parametrize("kind", KINDS)
def test_traders_use_everyday_things_as_well(middle, kind):
    things = middle.catalogues[kind]
    mine = things.uses.thing[middle.part[things.uses.account] == HardPart.TRADER]
    assert 0.4 < (things.scene[mine] == HardPart.ORDINARY).mean() < 0.9


def test_network_tags_take_turns(middle):
    tags = middle.catalogues[LinkKind.TAG_USE]
    mine = middle.part[tags.uses.account] == HardPart.TRADER
    mine &= tags.scene[tags.uses.thing] == HardPart.TRADER
    period = tags.uses.at[mine] // (middle.config.tag_days * 86_400_000_000)
    in_use = [np.unique(tags.uses.thing[mine][period == p]).size for p in np.unique(period)]
    assert max(in_use) <= 2
    assert np.unique(tags.uses.thing[mine]).size == middle.config.network_tags


def test_each_network_tag_has_20_to_80_bystanders(middle):
    tags = middle.catalogues[LinkKind.TAG_USE]
    for thing in np.flatnonzero(tags.scene == HardPart.TRADER):
        users = middle.part[tags.uses.account[tags.uses.thing == thing]]
        assert 15 <= (users == HardPart.ORDINARY).sum() <= 80


def test_uses_lie_within_the_users_life(tiny):
    for things in tiny.catalogues.values():
        uses = things.uses
        assert (uses.at >= tiny.created_at[uses.account]).all()
        assert uses.at.max() <= tiny.config.end.timestamp() * 1e6
        assert things.names == sorted(set(things.names))
        assert uses.thing.max() < len(things.names)


def test_households_share_a_device(tiny):
    shared = tiny.catalogues[LinkKind.SHARED_CONTACT].matrix(tiny.config.accounts)
    for one, other in zip(*tiny.households, strict=True):
        assert np.intersect1d(shared.row(one), shared.row(other)).size
    assert np.unique(np.concatenate(tiny.households)).size == 2 * tiny.households[0].size
    assert (tiny.part[tiny.households[1]] == HardPart.ORDINARY).all()


def test_a_tag_only_network_hides_its_follows(tiny):
    hidden = generate_hard(variant(tiny.config, Variant.TAG_ONLY), tiny.seed)
    assert np.array_equal(hidden.part, tiny.part)
    assert inner(hidden) < 0.3 * inner(tiny)
    assert network_tags(hidden) > 1.5 * network_tags(tiny)


def inner(platform):
    trader = platform.part == HardPart.TRADER
    source = platform.follows.sources()
    member = trader | (platform.part == HardPart.BUYER)
    return int((member[source] & trader[platform.follows.indices]).sum())


def network_tags(platform):
    tags = platform.catalogues[LinkKind.TAG_USE]
    mine = platform.part[tags.uses.account] == HardPart.TRADER
    return int((tags.scene[tags.uses.thing[mine]] == HardPart.TRADER).sum())


def test_a_star_has_a_hub(tiny):
    star = generate_hard(variant(tiny.config, Variant.STAR), tiny.seed)
    hub = np.flatnonzero(star.part == HardPart.PROMOTER)
    assert hub.size == 1
    traders = np.flatnonzero(star.part == HardPart.TRADER)
    assert np.isin(traders, star.follows.row(hub[0])).mean() > 0.5
