"""One showing of a clip: order kept, pace kept, and a held picture is none."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from havenwall.detect.media.video.score import DRIFT, best_chain

TIMES = st.lists(st.tuples(st.integers(0, 80), st.integers(0, 400)), max_size=60)


def chain(pairs):
    known, seen = (np.array(column, float) for column in zip(*pairs, strict=True))
    return best_chain(known, seen).tolist()


def test_a_clip_inside_a_longer_video_is_one_chain():
    pairs = [(float(k), k + 37.2) for k in range(20)]
    assert chain(pairs) == list(range(20))


def test_a_clip_played_a_little_faster_is_still_one():
    pairs = [(float(k), 10 + k * 0.98) for k in range(50)]
    assert len(chain(pairs)) == 50


def test_one_picture_held_is_one_frame():
    assert len(chain([(float(k), 5.0) for k in range(30)])) == 1


def test_a_picture_held_for_a_second_is_at_most_two():
    assert len(chain([(float(k), 5 + t / 4) for k in range(30) for t in range(5)])) <= 2


def test_frames_in_another_order_are_no_clip():
    assert len(chain([(float(k), 100.0 - k * 5) for k in range(20)])) == 1


def test_nothing_matches_nothing():
    assert len(best_chain(np.empty(0), np.empty(0))) == 0


@given(TIMES.filter(bool))
def test_a_chain_goes_forward_and_keeps_its_offset(pairs):
    scaled = [(k / 2, s / 4) for k, s in pairs]
    found = [scaled[at] for at in chain(scaled)]
    assert found
    offsets = [s - k for k, s in found]
    assert max(offsets) - min(offsets) <= DRIFT
    for (k, s), (later_k, later_s) in pairwise(found):
        assert later_k > k
        assert later_s - s > (later_k - k) / 2
