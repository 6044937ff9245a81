import re
from itertools import pairwise

import msgspec
import numpy as np
import pytest

from havenwall.model import LinkKind
from havenwall.sandbox.clock import DAY
from havenwall.sandbox.hard import HardPart, Variant, generate_hard, variant


@pytest.fixture(scope="module")
def churned(tiny):
    """A platform with enough returns to count."""
    return generate_hard(
        msgspec.structs.replace(variant(tiny.config, Variant.CHURN), removed=300, traders=300), 5
    )


def sets(ties, size):
    order = np.argsort(ties.former, kind="stable")
    bounds = np.searchsorted(ties.former[order], np.arange(size + 1))
    return [set(ties.account[order][a:b].tolist()) for a, b in pairwise(bounds)]


def test_successors_are_traders_of_the_same_group(churned):
    former = churned.former
    replaced = former.gone.replaced
    assert (churned.part[replaced.account] == HardPart.TRADER).all()
    assert np.array_equal(churned.people.group[replaced.account], former.gone.group[replaced.former])
    assert np.unique(replaced.account).size == np.unique(replaced.former).size == replaced.former.size


def test_six_to_nine_of_ten_come_back(churned):
    share = churned.former.gone.replaced.former.size / churned.config.removed
    assert 0.5 < share < 0.95


def test_backups_are_made_before_the_removal(churned):
    lives, replaced = churned.former.gone.lives, churned.former.gone.replaced
    before = churned.created_at[replaced.account] < lives.removed_at[replaced.former]
    assert np.array_equal(before, replaced.backup)
    assert 0.2 < replaced.backup.mean() < 0.4
    wait = churned.created_at[replaced.account] - lives.removed_at[replaced.former]
    assert 2 < np.median(wait[~replaced.backup]) / DAY < 7


def test_listed_accounts_last_about_two_weeks(churned):
    lives = churned.former.gone.lives
    days = (lives.removed_at - lives.listed_at) / DAY
    assert (lives.created_at < lives.listed_at).all()
    assert 11 < days.mean() < 18
    assert lives.removed_at.max() <= churned.config.end.timestamp() * 1e6


def test_successors_win_back_part_of_the_audience(churned):
    former = churned.former
    old = sets(former.followers, churned.config.removed)
    won = []
    for whose, account in zip(former.gone.replaced.former, former.gone.replaced.account, strict=True):
        new = set(churned.follows.flipped.row(account).tolist())
        won.append(len(old[whose] & new) / max(len(old[whose]), 1))
    assert 0.2 < np.mean(won) < 0.6
    lost = set(range(churned.config.removed)) - set(former.gone.replaced.former.tolist())
    strangers = [len(old[whose] & new) / max(len(old[whose]), 1) for whose in lost]
    assert np.mean(strangers) < np.mean(won) / 4


def test_some_backups_and_originals_follow_each_other(churned):
    former = churned.former
    replaced = former.gone.replaced
    after, into = (sets(ties, churned.config.removed) for ties in (former.follows, former.followers))
    cross = [
        account in after[whose] and account in into[whose]
        for whose, account in zip(replaced.former, replaced.account, strict=True)
    ]
    assert not np.array(cross)[~replaced.backup].any()
    assert 0.2 < np.array(cross)[replaced.backup].mean() < 0.6


def test_ties_lie_within_both_lives(churned):
    lives = churned.former.gone.lives
    for ties in (churned.former.followers, churned.former.follows):
        assert (ties.at >= np.maximum(lives.created_at[ties.former], churned.created_at[ties.account])).all()
        assert (ties.at <= lives.removed_at[ties.former]).all()


def test_family_shares_a_device_and_is_somebody_else(churned):
    former = churned.former
    family, replaced = former.gone.family, former.gone.replaced
    contacts = churned.catalogues[LinkKind.SHARED_CONTACT].matrix(churned.config.accounts)
    uses = former.uses[LinkKind.SHARED_CONTACT]
    assert family.former.size > 0.15 * churned.config.removed
    for whose, account in zip(family.former, family.account, strict=True):
        assert np.isin(contacts.row(account), uses.thing[uses.account == whose]).any()
    assert not np.isin(family.account, replaced.account).any()


def test_family_and_fans_often_appear_about_the_removal(churned):
    lives = churned.former.gone.lives
    for doubles in (churned.former.gone.family, churned.former.gone.fans):
        gap = np.abs(churned.created_at[doubles.account] - lives.removed_at[doubles.former]) / DAY
        assert (gap < 60).mean() > 0.4


def test_many_handles_come_back_nearly_the_same(churned):
    former, replaced = churned.former, churned.former.gone.replaced
    fans = former.gone.fans
    for pairs, least, most in ((replaced, 0.2, 0.7), (fans, 0.2, 0.7)):
        same = [
            letters(former.handles[a]) == letters(churned.handles[b])
            for a, b in zip(pairs.former, pairs.account, strict=True)
        ]
        assert least < np.mean(same) < most


def letters(handle):
    """The words of a handle whatever their order, spelling with digits and number at the end."""
    bare = re.sub(r"\d+$", "", handle).translate(str.maketrans("013", "oie", "._")).removeprefix("the")
    return sorted(sign for sign in bare if sign.isalpha())


def test_nobody_need_have_been_removed(tiny):
    quiet = generate_hard(msgspec.structs.replace(tiny.config, removed=0), tiny.seed)
    assert quiet.former.ids == []
    assert quiet.former.followers.account.size == quiet.former.gone.replaced.account.size == 0
    assert np.array_equal(quiet.part, tiny.part)
