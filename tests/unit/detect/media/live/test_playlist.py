"""Playlists lead to files beside them and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenwall.detect.media.live.playlist import segment_paths, segments
from havenwall.errors import BadInput


def playlist(folder, *lines, name="p.m3u8"):
    path = folder / name
    path.write_text("\n".join(["#EXTM3U", *lines, ""]))
    return path


@pytest.fixture
def folder(tmp_path):
    inner = tmp_path / "stream"
    inner.mkdir()
    for name in ("init.mp4", "1.ts", "2.ts"):
        (inner / name).write_bytes(name.encode())
    (tmp_path / "secret").write_text("x")
    return inner


def test_segments_come_in_order_the_header_first(folder):
    path = playlist(folder, '#EXT-X-MAP:URI="init.mp4"', "#EXTINF:1,", "1.ts", "#EXTINF:1,", "2.ts")
    assert b"".join(segments(path)) == b"init.mp41.ts2.ts"


def test_of_renditions_the_first_is_taken(folder):
    playlist(folder, "#EXTINF:1,", "2.ts", name="low.m3u8")
    path = playlist(folder, "#EXT-X-STREAM-INF:BANDWIDTH=1", "low.m3u8", "#EXT-X-STREAM-INF:BANDWIDTH=9", "x")
    assert [each.name for each in segment_paths(path)] == ["2.ts"]


@pytest.mark.parametrize(
    "name", ["http://127.0.0.1/1.ts", "../secret", "/etc/passwd", "absent.ts", "file:1.ts"]
)
def test_nothing_elsewhere_is_read(folder, name):
    with pytest.raises(BadInput, match="names"):
        segment_paths(playlist(folder, "#EXTINF:1,", name))


@pytest.mark.parametrize(
    "lines",
    [
        ["#EXT-X-KEY:METHOD=AES-128", "1.ts"],
        ["#EXT-X-BYTERANGE:5@0", "1.ts"],
        ['#EXT-X-MAP:URI="init.mp4",BYTERANGE="5@0"', "1.ts"],
        [],
        ["#EXT-X-STREAM-INF:BANDWIDTH=1", "p.m3u8"],
    ],
)
def test_what_cannot_be_read_whole_is_refused(folder, lines):
    with pytest.raises(BadInput):
        segment_paths(playlist(folder, *lines))


@given(st.text(max_size=200))
def test_any_text_is_a_playlist_or_a_clear_error(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "any.m3u8"
    path.write_text("#EXTM3U\n" + text, encoding="utf-8", errors="replace")
    try:
        assert all(each.parent.is_relative_to(path.parent.resolve()) for each in segment_paths(path))
    except BadInput as error:
        assert error.field  # noqa: PT017
