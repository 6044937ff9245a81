import re

import msgspec
import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from havenwall.errors import BadConfig
from havenwall.sandbox import Role, SandboxConfig, generate
from havenwall.sandbox.clock import FRESH_DAYS, present


def links(platform):
    rows = np.repeat(np.arange(platform.follows.shape[0]), np.diff(platform.follows.indptr))
    return rows, platform.follows.indices


@pytest.fixture(scope="module")
def full():
    return generate(SandboxConfig(), 1)


def test_same_seed_same_platform(platform, config):
    again, other = generate(config, 7), generate(config, 8)
    assert again.ids == platform.ids
    assert (again.follows != platform.follows).nnz == 0
    assert np.array_equal(again.followed_at, platform.followed_at)
    assert np.array_equal(again.posts.at, platform.posts.at)
    assert np.array_equal(again.former.follower, platform.former.follower)
    assert (other.follows != platform.follows).nnz > 0


def test_bad_config_is_refused():
    with pytest.raises(BadConfig):
        generate(SandboxConfig(members=0), 1)


def test_roles_have_their_numbers(platform, config):
    number = np.bincount(platform.role, minlength=5)
    assert number[Role.TRADER] == config.traders
    assert platform.member.sum() == config.members
    assert number[Role.BYSTANDER] == config.bystanders
    assert number[Role.NICHE] == config.niche
    assert (platform.member & platform.fresh).sum() == round(config.fresh_share * config.members)


def test_full_platform_has_the_measured_figures(full):
    source, target = links(full)
    member, niche = full.member, full.role == Role.NICHE
    assert member.mean() == 0.025
    assert 444_000 <= source.size <= 454_000
    assert 5_500 <= (member[source] & member[target]).sum() <= 6_300
    assert 8_000 <= (member[source] & ~member[target]).sum() <= 10_000
    assert 1_600 <= (~member[source] & member[target]).sum() <= 1_900
    network = (member[source] & member[target]).sum() / member.sum()
    assert 0.8 < (niche[source] & niche[target]).sum() / niche.sum() / network < 1.25


def test_fresh_members_have_one_to_three_internal_links(full):
    new = np.flatnonzero(full.member & full.fresh)
    inside = full.follows[:, np.flatnonzero(full.member)]
    assert set(inside[new].sum(axis=1).tolist()) == {1, 2, 3}
    assert full.follows[np.flatnonzero(full.member)][:, new].nnz == 0


def test_bystanders_follow_several_members(full):
    toward = full.follows @ full.member.astype(np.int64)
    assert toward[full.role == Role.BYSTANDER].min() >= 3
    assert full.neighbourhood[full.role == Role.BYSTANDER].all()


def test_neighbourhood_counts_both_directions(platform):
    dense = platform.follows.toarray().astype(int)
    both = dense[:, platform.member].sum(1) + dense[platform.member].sum(0)
    assert np.array_equal(platform.member_links, both)
    assert np.array_equal(platform.neighbourhood, ~platform.member & (both >= 3))
    assert 0 < platform.neighbourhood.sum() < (~platform.member).sum()


def test_camouflage_changes_only_what_members_follow(config):
    plain, hidden = generate(config, 7), generate(msgspec.structs.replace(config, camouflage=3.0), 7)
    assert plain.ids == hidden.ids
    assert np.array_equal(plain.posts.author, hidden.posts.author)
    member, benign = np.flatnonzero(plain.member), np.flatnonzero(~plain.member)
    assert (plain.follows[benign] != hidden.follows[benign]).nnz == 0
    assert (plain.follows[member][:, member] != hidden.follows[member][:, member]).nnz == 0
    once, thrice = (p.follows[member][:, benign].nnz for p in (plain, hidden))
    assert 2.5 < thrice / once < 3.3


def test_links_are_plain(platform):
    source, target = links(platform)
    assert (source != target).all()
    assert (platform.follows.data == 1).all()
    assert platform.follows.has_sorted_indices


def test_names_are_unique_and_say_nothing(full):
    assert len({*full.ids, *full.former.ids}) == full.config.accounts + full.config.removed
    assert all(re.fullmatch(r"account:\d{8}", name) for name in full.ids)
    number = np.array([int(name.split(":")[1]) for name in full.ids])
    assert abs(roc_auc_score(full.member, number) - 0.5) < 0.05
    assert abs(roc_auc_score(full.member, np.arange(number.size)) - 0.5) < 0.05


def test_times_say_nothing(full):
    source, target = links(full)
    assert abs(roc_auc_score(full.member, full.created_at) - 0.5) < 0.05
    start = np.maximum(full.created_at[source], full.created_at[target])
    age = (full.followed_at - start) / (present(full.config) - start)
    inside = full.member[source] & full.member[target]
    assert abs(roc_auc_score(inside, age) - 0.5) < 0.02


def test_nothing_happens_before_the_account_or_after_the_end(platform):
    source, target = links(platform)
    end, created = present(platform.config), platform.created_at
    for at, who in (
        (platform.followed_at, source),
        (platform.followed_at, target),
        (platform.posts.at, platform.posts.author),
        (platform.groups.joined_at, platform.groups.account),
        (platform.reports.at, platform.reports.reported),
        (platform.reports.at, platform.reports.reporter),
    ):
        assert (at >= created[who]).all()
        assert (at <= end).all()
    assert ((end - created) < FRESH_DAYS * 86_400_000_000)[platform.fresh].all()


def test_neither_local_degrees_nor_one_hop_give_the_network_away(full):
    following = np.diff(full.follows.indptr)
    followers = np.bincount(full.follows.indices, minlength=following.size)
    assert roc_auc_score(full.member, following) < 0.8
    assert roc_auc_score(full.member, -followers) < 0.8
    known = np.random.default_rng(0).choice(np.flatnonzero(full.member), 150, replace=False)
    hits = full.follows[:, known].sum(axis=1) + full.follows[known].sum(axis=0)
    rest = np.setdiff1d(np.arange(hits.size), known)
    order = rest[np.argsort(-hits[rest], kind="stable")]
    found = np.cumsum(full.member[order])
    stop = np.searchsorted(found, 0.8 * found[-1])
    assert 0.3 < found[stop] / (stop + 1) < 0.9
