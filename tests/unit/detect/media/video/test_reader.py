"""Videos read in a child of their own: frames and times, and an outcome whatever the file."""

import pytest
from tests.unit.detect.media.video.films import film

from havenwall.detect.media.record import Outcome
from havenwall.detect.media.video import reader
from havenwall.detect.media.video.clip import KnownClip
from havenwall.detect.media.video.frames import Sampling
from havenwall.detect.media.video.known import KnownClips
from havenwall.detect.media.video.reader import VideoBudget, read_clip
from havenwall.errors import NotReady

SCENES = [(number, 1.5) for number in range(1, 6)]


def read(path, **options):
    with path.open("rb") as file:
        return read_clip(file, **options)


@pytest.mark.slow
def test_a_clip_is_found_inside_a_longer_video_of_another_kind(tmp_path):
    known = read(film(tmp_path / "known.mp4", SCENES))
    assert (known.outcome, len(known.frames)) == (Outcome.HASHED, 30)
    assert [frame.at for frame in known.frames[:3]] == [0.0, 0.25, 0.5]
    clips = KnownClips([KnownClip(id="k", frames=known.frames)])
    longer = read(film(tmp_path / "l.mkv", [(50, 2.3), (51, 3), *SCENES, (52, 2)], codec="mjpeg"))
    (match,) = clips.find(longer.frames)
    assert match.coverage > 0.9
    assert 5 <= match.start <= 5.8
    other = read(film(tmp_path / "o.ts", [(60, 3), (3, 0.2), (61, 4)], fmt="mpegts"))
    assert other.outcome is Outcome.HASHED
    assert clips.find(other.frames, least=0.1) == ()


@pytest.mark.slow
def test_a_stream_of_parts_is_read_as_it_comes(tmp_path):
    data = film(tmp_path / "s.ts", SCENES, fmt="mpegts").read_bytes()
    heard = []
    parts = (data[at : at + 5000] for at in range(0, len(data), 5000))
    clip = read_clip(parts, Sampling(every=0.5), tell=lambda frame, _: heard.append(frame))
    assert clip.outcome is Outcome.HASHED
    assert tuple(heard) == clip.frames
    assert 14 <= len(heard) <= 16


@pytest.mark.slow
def test_every_file_has_an_outcome(tmp_path):
    black = read(film(tmp_path / "black.mp4", [(0, 1)]))
    assert (black.outcome, black.frames[0].quality) == (Outcome.LOW_QUALITY, 0)
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"\0\0\0\x18ftypmp42" + b"junk" * 500)
    assert read(broken).outcome is Outcome.UNREADABLE
    playlist = tmp_path / "evil.mp4"
    playlist.write_text("#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n")
    assert read(playlist).outcome is Outcome.UNREADABLE
    few = read(tmp_path / "black.mp4", sampling=Sampling(most_frames=2))
    assert few.reason == "only the first 0 s were read"
    wide = read(tmp_path / "black.mp4", sampling=Sampling(most_pixels=100))
    assert (wide.outcome, wide.reason) == (Outcome.TOO_LARGE, "192 × 144 pixels")


@pytest.mark.slow
def test_nothing_takes_for_ever(tmp_path):
    path = film(tmp_path / "k.mp4", SCENES[:1])
    late = read(path, budget=VideoBudget(clock_seconds=0.01))
    assert (late.outcome, late.reason) == (Outcome.UNREADABLE, "reading took longer than 0.01 s")


def test_without_the_decoder_the_extra_is_named(monkeypatch):
    monkeypatch.setattr(reader.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(NotReady, match="av") as told:
        read_clip([b""])
    assert "havenwall[video]" in (told.value.hint or "")
