from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenwall.network.discover.doubts import popularity, reported, tagged
from havenwall.network.graph import from_pairs


def test_popularity_is_one_up_to_the_hub_and_falls_beyond_it():
    assert popularity(np.array([0, 1, 400, 800, 4000]), 400) == pytest.approx([1, 1, 1, 0.5, 0.1])


def test_a_popular_tag_says_less_than_a_rare_one_and_two_say_more_than_one():
    rows = np.concatenate([np.arange(1000), [1, 2, 1001]])
    uses = from_pairs(rows, np.concatenate([np.zeros(1000, int), [1, 1, 1]]), (1002, 3))
    accounts, strengths = tagged(uses, np.array([0, 1]), np.array([0.5, 0.5]), hub=400)
    at = dict(zip(accounts.tolist(), strengths.tolist(), strict=True))
    assert at[0] == pytest.approx(0.5 * 0.4)
    assert at[1001] == pytest.approx(0.5)
    assert at[1] == pytest.approx(1 - 0.5 * 0.8)
    assert len(accounts) == 1001


def test_unlisted_tags_anchor_nobody():
    uses = from_pairs(np.array([0, 1]), np.array([0, 1]), (3, 2))
    assert tagged(uses, np.array([1]), np.array([0.5]))[0].tolist() == [1]


def test_independent_reporters_add_up():
    accounts, strengths, alone = reported(np.array([1, 2, 3]), np.array([5, 5, 8]), each=0.3)
    assert accounts.tolist() == [5, 8]
    assert strengths == pytest.approx([1 - 0.7**2, 0.3])
    assert alone[0] == -1
    assert alone[1] >= 0


def test_the_same_reporter_is_heard_once():
    assert reported(np.array([1, 1]), np.array([5, 5]))[1] == pytest.approx([0.3])


def test_organised_reporters_are_one_voice_and_their_targets_one_source():
    reporters, targets = np.repeat(np.arange(20), 30), np.tile(np.arange(100, 130), 20)
    accounts, strengths, alone = reported(reporters, targets)
    assert len(accounts) == 30
    assert strengths == pytest.approx(np.full(30, 0.3))
    assert len(np.unique(alone)) == 1


def test_reporters_who_share_one_target_by_chance_stay_apart():
    reporters = np.array([1, 1, 1, 2, 2, 2])
    targets = np.array([5, 6, 7, 7, 8, 9])
    accounts, strengths, _ = reported(reporters, targets)
    assert strengths[accounts == 7] == pytest.approx([1 - 0.7**2])


def test_busy_reporters_who_share_two_targets_of_ten_stay_apart():
    reporters = np.repeat([1, 2], 10)
    targets = np.concatenate([np.arange(10), np.arange(8, 18)])
    accounts, strengths, _ = reported(reporters, targets)
    assert strengths[np.isin(accounts, [8, 9])] == pytest.approx([1 - 0.7**2] * 2)


def test_no_reports():
    assert [len(part) for part in reported(np.empty(0, int), np.empty(0, int))] == [0, 0, 0]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=40))
def test_strength_counts_groups_of_reporters(pairs):
    """Against a slow reference that merges reporters pair by pair."""
    said = {}
    for reporter, target in pairs:
        said.setdefault(reporter, set()).add(target)
    group = {reporter: reporter for reporter in said}
    for one in said:
        for other in said:
            both = len(said[one] & said[other])
            if one != other and both >= 2 and 2 * both >= max(len(said[one]), len(said[other])):
                old, new = group[one], group[other]
                group = {each: new if held == old else held for each, held in group.items()}
    reporters, targets = np.array(pairs).T
    accounts, strengths, alone = reported(reporters, targets, each=0.5)
    for account, strength, lone in zip(accounts, strengths, alone, strict=True):
        voices = {group[reporter] for reporter in said if account in said[reporter]}
        assert strength == pytest.approx(1 - 0.5 ** len(voices))
        assert (lone == -1) == (len(voices) > 1)
