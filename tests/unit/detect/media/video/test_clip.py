"""Lists of clips: our lines and vPDQ's, and what is neither is named by its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenwall.detect.media.record import Outcome
from havenwall.detect.media.video.clip import Clip, ClipFrame, clip_line, load_clips, vpdq_lines
from havenwall.errors import BadInput

CLIP = Clip(
    outcome=Outcome.HASHED,
    frames=tuple(ClipFrame(at=t / 4, pdq=f"{t:02x}" * 32, quality=80) for t in range(8)),
)


def test_what_is_written_is_read(tmp_path):
    path = tmp_path / "clips.jsonl"
    path.write_bytes(clip_line("one", CLIP, "from a test") + clip_line("two", CLIP))
    one, two = load_clips(path)
    assert (one.id, one.list, one.note, two.id) == ("one", "clips", "from a test", "two")
    assert one.frames == CLIP.frames


def test_vpdq_text_is_a_clip_named_after_its_file(tmp_path):
    path = tmp_path / "kite.txt"
    path.write_text("\n".join(vpdq_lines(CLIP)) + "\n")
    (clip,) = load_clips(path)
    assert (clip.id, clip.frames) == ("kite", CLIP.frames)


@pytest.mark.parametrize("text", ["", "{}", '{"id": "x", "frames": [{"at": 1}]}', "1,2,3", "0,5,zz,1.0"])
def test_what_is_no_clip_is_named_by_its_line(tmp_path, text):
    path = tmp_path / "bad.txt"
    path.write_text(text)
    with pytest.raises(BadInput, match=r"bad\.txt"):
        load_clips(path)
    with pytest.raises(BadInput, match="cannot be read"):
        load_clips(tmp_path / "absent")


@given(st.binary(max_size=200))
def test_any_file_is_clips_or_a_clear_error(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(content)
    try:
        load_clips(path)
    except BadInput as error:
        assert error.field  # noqa: PT017
