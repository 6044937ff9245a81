import numpy as np

from havenwall.sandbox.hard import HardPart


def test_parts_have_their_numbers(middle):
    config = middle.config
    size = np.bincount(middle.part, minlength=len(HardPart))
    assert size[HardPart.TRADER] == config.traders
    assert size[HardPart.BUYER] == config.buyers
    assert size[HardPart.VICTIM] == config.victims
    assert size[HardPart.PRESS] == config.press
    assert size[HardPart.LOOKALIKE] == config.lookalikes
    assert size[HardPart.AUDIENCE] == config.audience
    assert size[HardPart.RING] == config.rings * config.ring_size
    assert size[HardPart.CELEBRITY] == config.celebrities
    assert size[HardPart.ORDINARY] == config.accounts - config.planted


def test_groups_are_as_large_as_asked(middle):
    group = middle.people.group
    for kind in (HardPart.TRADER, HardPart.LOOKALIKE):
        sizes = np.bincount(group[middle.part == kind])
        assert (sizes >= middle.config.group_size).all()
        assert sizes.max() - sizes.min() <= 1
    assert (np.bincount(group[middle.part == HardPart.RING]) == middle.config.ring_size).all()
    assert (group[middle.part == HardPart.ORDINARY] == -1).all()


def test_communities_are_many_small_and_few_large(middle):
    sizes = np.bincount(middle.people.community)
    assert sizes.min() >= middle.config.community_low
    assert np.median(sizes) < sizes.mean() < sizes.max()


def test_about_a_third_of_buyers_is_shared(middle):
    buyers = middle.part == HardPart.BUYER
    assert not middle.people.shared[~buyers].any()
    assert abs(middle.people.shared[buyers].mean() - middle.config.shared_buyers) < 0.06


def test_ages_follow_one_law(middle):
    age = middle.config.end.timestamp() * 1e6 - middle.created_at
    assert age.min() > 0
    planted = np.median(age[middle.part == HardPart.TRADER]) / np.median(age)
    assert 0.8 < planted < 1.2
