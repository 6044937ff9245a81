"""Known clips are found inside longer videos; shared pictures and plain frames find nothing."""

import numpy as np

from havenwall.detect.media.video.clip import ClipFrame, KnownClip
from havenwall.detect.media.video.known import KnownClips


def frames(seed, count, *, start=0.0, every=1.0, flips=0, quality=100):
    rng = np.random.default_rng(seed)
    made = []
    for at in range(count):
        value = bytearray(rng.bytes(32))
        for bit in range(flips):
            value[bit] ^= 1
        made.append(ClipFrame(at=start + at * every, pdq=value.hex(), quality=quality))
    return tuple(made)


KNOWN = KnownClips(
    [KnownClip(id="a", list="l", frames=frames(1, 20)), KnownClip(id="b", list="l", frames=frames(2, 20))]
)


def test_a_clip_inside_a_longer_video_is_found_with_its_place():
    video = frames(9, 300) + frames(1, 20, start=300.4, flips=20) + frames(8, 100, start=330)
    (match,) = KNOWN.find(video)
    assert (match.clip, match.coverage, match.frames) == ("a", 1.0, 20)
    assert (match.start, match.end) == (300.4, 319.4)
    assert match.distance == 20


def test_a_part_counts_by_the_share_of_the_known_clip():
    part = frames(1, 20)[5:13]
    assert KNOWN.find(part) == ()
    (match,) = KNOWN.find(part, least=0.4)
    assert match.coverage == 0.4


def test_a_single_shared_frame_is_no_match():
    shared = frames(1, 20)[7]
    video = (*frames(9, 50), shared, *frames(8, 50, start=60))
    assert KNOWN.find(video, least=0.0) == ()
    held = tuple(ClipFrame(at=t / 4, pdq=shared.pdq, quality=100) for t in range(400))
    assert KNOWN.find(held, least=0.0) == ()


def test_frames_too_plain_or_too_far_match_nothing():
    assert KNOWN.find(frames(1, 20, quality=49)) == ()
    assert KNOWN.find(frames(1, 20, flips=32)) == ()
    assert KNOWN.find(()) == ()
    plain = KnownClips([KnownClip(id="p", frames=frames(3, 20, quality=10))])
    assert plain.find(frames(3, 20)) == ()


def test_a_list_of_every_frame_is_as_good_as_one_a_second():
    shots = frames(4, 40)
    every = tuple(ClipFrame(at=t / 30, pdq=shots[t // 15].pdq, quality=90) for t in range(600))
    dense = KnownClips([KnownClip(id="d", frames=every)])
    (match,) = dense.find(every[3::8])
    assert match.coverage > 0.9


def test_a_still_scene_is_bounded_work():
    still = tuple(ClipFrame(at=float(t), pdq="5a" * 32, quality=90) for t in range(600))
    (match,) = KnownClips([KnownClip(id="s", frames=still)]).find(still)
    assert match.coverage == 1.0
