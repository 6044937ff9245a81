"""A stream's risk adds up over distinct matches, wanes with time, and is bounded in every way."""

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.detect.media.video.test_known import frames

from havenwall.detect.banks import NEAR, BankMatch, Looked
from havenwall.detect.media.live.window import StreamWindow, WindowState
from havenwall.detect.media.video.clip import ClipFrame, KnownClip
from havenwall.detect.media.video.known import KnownClips
from havenwall.model.bank import Verification

NONE = KnownClips(())
NOTHING = Looked(matches=(), vetoes=())


def hit(entry="1", distance=0.0, *, set_aside=False, veto=False, verification=Verification.VERIFIED):
    match = BankMatch(
        bank="b",
        entry=1,
        source_id=entry,
        kind="pdq",
        distance=distance,
        form="frame 0",
        verification=verification,
        labels=(),
        set_aside=set_aside,
    )
    return Looked(matches=(match,), vetoes=(match,) if veto else ())


def frame(at, seed=0, quality=100):
    return ClipFrame(at=at, pdq=np.random.default_rng(seed).bytes(32).hex(), quality=quality)


def test_the_first_match_is_told_at_once_and_others_add_up():
    window = StreamWindow()
    assert not window.take(frame(0), NOTHING, NONE).new_level
    first = window.take(frame(1, 1), hit(distance=31), NONE)
    assert (first.new_level, first.level) == (True, 1)
    second = window.take(frame(2, 2), hit("2", 20), NONE)
    assert second.risk > first.risk
    assert second.new_level
    assert second.next_in < 1


def test_a_copy_of_a_verified_entry_is_firm_at_once():
    assert StreamWindow().take(frame(0), hit(distance=NEAR), NONE).firm
    far = StreamWindow().take(frame(0), hit(distance=NEAR + 1), NONE)
    assert (far.firm, far.tell) == (False, True)
    reported = hit(distance=0, verification=Verification.REPORTED)
    assert not StreamWindow().take(frame(0), reported, NONE).firm


def test_two_different_frames_at_different_times_are_firm():
    window = StreamWindow()
    assert not window.take(frame(0, 1), hit(distance=31), NONE).firm
    second = window.take(frame(2, 2), hit(distance=31), NONE)
    assert (second.firm, second.tell) == (True, True)
    assert not window.take(frame(3, 3), hit(distance=31), NONE).tell


@pytest.mark.parametrize(("at", "seed"), [(0.5, 2), (30.0, 1)])
def test_the_same_picture_again_or_at_once_is_one(at, seed):
    window = StreamWindow()
    window.take(frame(0, 1), hit(distance=31), NONE)
    window.take(frame(0.2, 9), NOTHING, NONE)
    assert not window.take(frame(at, seed), hit(distance=31), NONE).firm


def test_two_matches_long_apart_are_not_firm():
    window = StreamWindow()
    window.take(frame(0, 1), hit(distance=31), NONE)
    assert not window.take(frame(900, 2), hit(distance=31), NONE).firm


def test_becoming_firm_is_told_though_no_level_is_reached():
    window = StreamWindow()
    first = window.take(frame(0, 1), hit(distance=11), NONE, audience=10**9)
    assert (first.level, first.firm) == (4, False)
    second = window.take(frame(2, 2), hit(distance=11), NONE)
    assert (second.new_level, second.firm, second.tell) == (False, True, True)


def test_a_window_goes_on_from_what_another_remembered():
    whole, parts = StreamWindow(), StreamWindow()
    known = KnownClips([KnownClip(id="a", list="l", frames=frames(1, 20))])
    for number, each in enumerate(frames(1, 20)):
        looked = hit(str(number), number) if number % 3 == 0 else NOTHING
        written = msgspec.msgpack.encode(parts.state)
        parts = StreamWindow(msgspec.msgpack.decode(written, type=WindowState))
        assert parts.same_scene(each) == whole.same_scene(each)
        assert parts.take(each, looked, known) == whole.take(each, looked, known)


def test_one_entry_shown_on_and_on_is_one_entry():
    window = StreamWindow()
    risks = [window.take(frame(float(t), t), hit(distance=31), NONE).risk for t in range(20)]
    assert max(risks) == risks[2]
    assert risks[-1] < 0.8


def test_a_large_audience_makes_it_urgent_not_likelier():
    few, many = StreamWindow(), StreamWindow()
    one = few.take(frame(0), hit(distance=31), NONE, 0)
    other = many.take(frame(0), hit(distance=31), NONE, 5_000)
    assert one.risk == other.risk
    assert other.urgency > 0.7 > one.urgency


def test_risk_wanes_but_what_was_told_stays_told():
    window = StreamWindow()
    high = window.take(frame(0), hit(), NONE)
    later = window.take(frame(900, 5), NOTHING, NONE)
    assert later.risk < high.risk / 4
    assert not window.take(frame(901, 6), hit("1", 31), NONE).new_level


def test_flat_frames_and_the_same_scene_are_not_looked_up():
    window = StreamWindow()
    assert window.same_scene(frame(0, quality=49))
    assert not window.same_scene(frame(0))
    window.take(frame(0), NOTHING, NONE)
    assert window.same_scene(frame(1))
    assert not window.same_scene(frame(1, 2))


def test_vetoed_and_set_aside_matches_do_not_count():
    window = StreamWindow()
    assert window.take(frame(0), hit(set_aside=True), NONE).risk == 0
    assert window.take(frame(1, 1), hit(veto=True), NONE).risk == 0


def test_frames_of_a_known_clip_in_order_add_up():
    known = KnownClips([KnownClip(id="a", list="l", frames=frames(1, 20))])
    window = StreamWindow()
    stands = [window.take(each, NOTHING, known) for each in frames(1, 20, start=500.0)]
    assert [stand.risk > 0 for stand in stands[:4]] == [False, False, True, True]
    assert [stand.firm for stand in stands[:4]] == [False, False, True, True]
    assert stands[-1].risk > 0.99
    assert stands[-1].clips[0].coverage == 1.0


@given(
    st.lists(
        st.tuples(
            st.floats(0, 1e6), st.integers(0, 5), st.integers(0, 100), st.booleans(), st.integers(0, 10**9)
        ),
        max_size=40,
    )
)
def test_whatever_comes_the_stand_is_sound(sent):
    window, level = StreamWindow(), 0
    for at, seed, quality, known, audience in sent:
        one = frame(at, seed, quality)
        looked = None if window.same_scene(one) else (hit(str(seed), seed) if known else NOTHING)
        stand = window.take(one, looked, NONE, audience)
        assert 0 <= stand.risk <= stand.urgency <= 1
        assert stand.level >= level
        assert stand.new_level == (stand.level > level)
        level = stand.level
