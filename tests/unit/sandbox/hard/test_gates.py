"""The platform must be hard for everything that is too simple, and possible for what is not."""

import numpy as np
import pytest
from tests.unit.sandbox.hard import gates

from havenwall.sandbox.hard import HardConfig, HardPart, generate_hard

NOISE = 3.0
"""Standard errors that chance may be off."""


@pytest.fixture(scope="module")
def full():
    return generate_hard(HardConfig(), 1)


@pytest.fixture(scope="module")
def another():
    return generate_hard(HardConfig.scaled(60_000), 12)


def chance_error(truth):
    """Standard error of an AUC of .5 (Hanley and McNeil)."""
    yes, no = int(truth.sum()), int((~truth).sum())
    return np.sqrt((yes + no + 1) / (12 * yes * no))


def test_degrees_do_not_give_traders_away(middle):
    learned = gates.supervised(middle, gates.degree_features(middle))
    assert gates.traders(middle).mean() * 3 < learned <= 0.20


def test_counting_links_to_known_accounts_is_weak(middle):
    assert (
        np.mean([gates.seeded(middle, known, gates.one_hop(middle, known)) for known in draws(middle)])
        <= 0.15
    )


def test_shared_followers_say_more(middle):
    found = [gates.seeded(middle, known, gates.shared_followers(middle, known)) for known in draws(middle)]
    assert 0.3 < np.mean(found) < 0.9


def draws(platform):
    return [gates.confirmed(platform, draw) for draw in range(4)]


def accidents(platform):
    rows, truth = gates.matched(platform)
    return gates.accident_features(platform)[rows], truth


def test_names_and_times_tell_nothing(middle, another):
    tested = accidents(middle)
    auc = gates.told_apart(accidents(another), tested)
    assert abs(auc - 0.5) < NOISE * chance_error(tested[1])


def test_the_check_would_notice_a_leak(middle, another):
    learned, tested = accidents(another), accidents(middle)
    for features, truth in (learned, tested):
        features[:, 2] += truth * 100 * gates.DAY
    assert gates.told_apart(learned, tested) - 0.5 > 2 * NOISE * chance_error(tested[1])


def test_some_communities_are_as_dense_as_the_network(middle):
    dense_as_groups(middle)
    dense_as_network(middle)


def dense_as_groups(platform):
    """Communities that are not much larger than a promotion group."""
    group = np.where(gates.traders(platform), platform.people.group, -1)
    promoted, _ = gates.inner_density(platform, group)
    benign, sizes = gates.inner_density(platform, platform.people.community)
    small = benign[sizes < 2 * platform.config.group_size]
    assert small.size >= promoted.size
    assert np.median(small) > 0.8 * promoted.mean()


def dense_as_network(platform):
    """Communities about as large as all traders together."""
    whole, size = gates.inner_density(platform, np.where(gates.traders(platform), 0, -1))
    benign, sizes = gates.inner_density(platform, platform.people.community)
    alike = benign[(sizes > 0.6 * size) & (sizes < 1.6 * size)]
    assert alike.size > 0
    assert alike.mean() > 0.8 * whole[0]


def test_follow_back_rings_are_denser_still(middle):
    group = middle.people.group
    ring, _ = gates.inner_density(middle, np.where(middle.part == HardPart.RING, group, -1))
    promoted, _ = gates.inner_density(middle, np.where(gates.traders(middle), group, -1))
    assert ring.mean() > 2 * promoted.mean()


@pytest.mark.slow
def test_full_platform_is_honest(full):
    assert gates.supervised(full, gates.degree_features(full)) <= 0.20
    known = draws(full)
    assert np.mean([gates.seeded(full, some, gates.one_hop(full, some)) for some in known]) <= 0.15
    assert (
        0.4 < np.mean([gates.seeded(full, some, gates.shared_followers(full, some)) for some in known]) < 0.9
    )
    tested = accidents(full)
    auc = gates.told_apart(accidents(generate_hard(HardConfig(), 2)), tested)
    assert abs(auc - 0.5) < NOISE * chance_error(tested[1])
    dense_as_groups(full)
    dense_as_network(full)
