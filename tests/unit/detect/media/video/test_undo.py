"""What was done to a whole video is guessed from a few frames, and undone in every one."""

from itertools import pairwise

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.detect.media.video.films import barred, film, inverted, mirrored, padded
from tests.unit.match.image.conftest import scene

from havenwall.detect.media.file import VARY
from havenwall.detect.media.record import Outcome
from havenwall.detect.media.video.child import SAME
from havenwall.detect.media.video.clip import Clip, ClipFrame, KnownClip
from havenwall.detect.media.video.frames import Sampling
from havenwall.detect.media.video.known import KnownClips
from havenwall.detect.media.video.reader import read_clip
from havenwall.detect.media.video.suspects import MOST, found_undone, spread, suspects
from havenwall.detect.media.video.undo import Undo, Varied, undos, varied
from havenwall.match.image import Box, Turn, View, distance, pdq, turned_image

SCENES = [(number, 1.5) for number in range(1, 6)]


def luma(number):
    return np.ascontiguousarray(scene(160, 200, number)[..., 1])


def known(*numbers):
    frames = tuple(
        ClipFrame(at=float(at), pdq=pdq(luma(number)).hex, quality=100) for at, number in enumerate(numbers)
    )
    return KnownClips([KnownClip(id="k", list="l", frames=frames)])


def frames_of(change, *numbers):
    return [
        varied(float(at), np.ascontiguousarray(change(luma(number)))) for at, number in enumerate(numbers)
    ]


def test_turning_a_picture_is_what_the_turned_hashes_are_of():
    picture = luma(3)
    for undo, value in undos(varied(0, picture)):
        assert distance(undo.pdq(picture).value, bytes.fromhex(value)) <= 2, undo.name
    assert (turned_image(picture, Turn.ROTATED_90) == np.rot90(picture)).all()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda p: p[:, ::-1], "whole, mirrored"),
        (lambda p: 255 - p, "whole, inverted"),
        (lambda p: np.pad(p, 40), "trimmed"),
        (lambda p: np.pad(p[:, ::-1], 40, constant_values=200), "trimmed, mirrored"),
        (lambda p: np.rot90(p), "whole, rotated 270"),
    ],
)
def test_the_change_is_named(change, name):
    found = suspects(known(1, 2, 3), frames_of(change, 1, 2, 3, 9))
    assert found[0].name == name
    assert len(found) <= MOST


def test_of_other_videos_there_is_no_suspicion():
    assert suspects(known(1, 2, 3), frames_of(lambda p: p, 20, 21, 22)) == []
    assert suspects(known(1, 2, 3), []) == []


def test_the_box_is_the_one_of_most_frames():
    whole = np.pad(luma(1), 40)
    dark = whole.copy()
    dark[40:52] = 0
    frames = [varied(float(at), each) for at, each in enumerate((whole, dark, whole))]
    assert suspects(known(1), frames)[0].box == Box(top=40, bottom=200, left=40, right=240)


def test_a_plain_match_has_nothing_undone():
    clip = Clip(outcome=Outcome.HASHED, frames=tuple(known(1, 2, 3, 4)._clips[0].frames))

    def never(undo):
        raise AssertionError(undo.name)

    (match,) = found_undone(known(1, 2, 3, 4), clip, never)
    assert (match.coverage, match.form) == (1.0, "")


def test_a_box_outside_a_smaller_frame_does_no_harm():
    undo = Undo(
        view=View.TRIMMED, turn=Turn.AS_IS, inverted=False, box=Box(top=900, bottom=999, left=0, right=9)
    )
    assert undo.pdq(luma(1)).value == pdq(luma(1)).value


@given(st.integers(0, 40), st.integers(1, 12))
def test_frames_are_spread(count, most):
    frames = [Varied(at=float(at), parts=()) for at in range(count)]
    chosen = spread(frames, most)
    assert len(chosen) == min(count, most)
    assert [each.at for each in chosen] == sorted({each.at for each in chosen})


def read(path, sampling=None):
    with path.open("rb") as file:
        return read_clip(file, sampling)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "form"),
    [(mirrored, "whole, mirrored"), (padded, "trimmed"), (barred, "trimmed"), (inverted, "whole, inverted")],
)
def test_a_changed_clip_is_found_in_a_longer_video(tmp_path, change, form):
    clips = KnownClips([KnownClip(id="k", frames=read(film(tmp_path / "known.mp4", SCENES)).frames)])
    path = film(tmp_path / "longer.mp4", [(50, 2), *SCENES, (52, 2)], change=change)
    clip = read(path, Sampling(vary=VARY))
    assert clips.find(clip.frames) == ()
    (match,) = found_undone(clips, clip, lambda undo: read(path, Sampling(undo=undo)))
    assert match.form == form
    assert match.coverage > 0.8
    assert 1.5 <= match.start <= 2.5


@pytest.mark.slow
def test_a_changed_video_of_something_else_is_not_found_nor_read_again(tmp_path):
    clips = KnownClips([KnownClip(id="k", frames=read(film(tmp_path / "known.mp4", SCENES)).frames)])
    path = film(tmp_path / "o.mp4", [(60, 2), (61, 2), (62, 3)], change=lambda p: padded(mirrored(p)))
    read_again = []
    assert found_undone(clips, read(path, Sampling(vary=VARY)), read_again.append) == ()
    assert read_again == []


@pytest.mark.slow
def test_variants_are_of_different_scenes_and_bounded(tmp_path):
    path = film(tmp_path / "still.mp4", [(0, 3), *SCENES])
    clip = read(path, Sampling(vary=0.5))
    plain = {frame.at: bytes.fromhex(frame.pdq) for frame in clip.frames}
    told = [plain[each.at] for each in clip.varied]
    assert all(distance(one, other) > SAME for one, other in pairwise(told))
    assert len(read(path, Sampling(vary=0.5, most_varied=2)).varied) <= 2
    assert read(path).varied == ()
    assert msgspec.json.decode(msgspec.json.encode(clip), type=Clip) == clip
