from itertools import pairwise

import numpy as np

from havenwall.sandbox import NETWORK_TAGS
from havenwall.sandbox.clock import DAY


def test_network_tags_are_used_by_members_and_some_others(platform, config):
    uses = platform.tag_uses
    coded = uses.tag < config.network_tags
    member = platform.member[uses.account]
    assert platform.tags[: config.network_tags] == list(NETWORK_TAGS[: config.network_tags])
    assert len(set(platform.tags)) == len(platform.tags)
    benign = np.bincount(uses.tag[coded & ~member], minlength=config.network_tags)
    assert (benign == config.tag_bystanders).all()
    assert coded[member].mean() > 0.4 > coded[~member].mean()
    assert (~coded & member).any()


def test_network_tags_rotate(platform, config):
    uses = platform.tag_uses
    coded = (uses.tag < config.network_tags) & platform.member[uses.account]
    period = (int(config.end.timestamp() * 1e6) - uses.at[coded]) // (config.tag_days * DAY)
    in_use = [set(uses.tag[coded][period == p].tolist()) for p in range(4)]
    assert all(len(tags) == 2 for tags in in_use)
    assert all(len(now & before) == 1 for now, before in pairwise(in_use))


def test_tag_uses_are_the_tagged_posts(platform):
    assert platform.tag_uses.at.size == (platform.posts.tag >= 0).sum()
    assert (platform.tag_uses.tag >= 0).all()


def test_groups_are_mixed_and_owned_by_a_member_of_theirs(platform, config):
    groups = platform.groups
    pairs = set(zip(groups.group.tolist(), groups.account.tolist(), strict=True))
    assert all((group, owner) in pairs for group, owner in enumerate(groups.owner.tolist()))
    share = np.bincount(groups.group, platform.member[groups.account]) / np.bincount(groups.group)
    assert ((share > 0.2) & (share < 0.9)).sum() == config.rings
    assert (share == 0).sum() == config.groups - config.rings
    assert (groups.joined_at >= groups.created_at[groups.group]).all()


def test_reports_are_mostly_noise_yet_members_draw_more(platform):
    about_member = platform.member[platform.reports.reported]
    rate = about_member.sum() / platform.member.sum()
    noise = (~about_member).sum() / (~platform.member).sum()
    assert rate > 5 * noise
    assert not platform.member[platform.reports.reporter].any()
    assert (platform.reports.reported != platform.reports.reporter).all()
