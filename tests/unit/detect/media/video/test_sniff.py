"""Pictures and videos are told apart by their first bytes."""

import pytest

from havenwall.detect.media.video.sniff import HEAD, is_playlist, is_video


@pytest.mark.parametrize(
    "head",
    [
        b"\0\0\0\x18ftypisom",
        b"\x1aE\xdf\xa3rest",
        b"RIFF\0\0\0\0AVI LIST",
        b"FLV\x01",
        b"OggS",
        b"G" + b"\0" * 187 + b"G" + b"\0" * 100,
    ],
)
def test_videos(head):
    assert is_video(head[:HEAD])


@pytest.mark.parametrize(
    "head",
    [b"", b"\xff\xd8\xff", b"\x89PNG", b"GIF89a" + b"x" * 300, b"RIFF\0\0\0\0WEBP", b"\0\0\0\x18ftypavif"],
)
def test_others(head):
    assert not is_video(head[:HEAD])


def test_playlists():
    assert is_playlist(b"\xef\xbb\xbf#EXTM3U\n")
    assert not is_playlist(b"EXTM3U")
