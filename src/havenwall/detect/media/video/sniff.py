"""Whether a file is a video, by its first bytes; never by its name."""

from __future__ import annotations

HEAD = 400
"""Bytes that are enough to tell."""
_PICTURE_BRANDS = (b"avif", b"avis", b"mif1", b"msf1", b"heic", b"heix", b"hevc", b"jxl ")
_STARTS = (
    b"\x1aE\xdf\xa3",
    b"OggS",
    b"FLV\x01",
    b"\x00\x00\x01\xba",
    b"\x00\x00\x01\xb3",
    b"0&\xb2u",
    b"DKIF",
)
_TS_PACKET = 188


def is_video(head: bytes) -> bool:
    """Whether the first `HEAD` bytes are those of a container of moving pictures."""
    if head[4:8] in (b"ftyp", b"styp", b"moov", b"moof", b"mdat"):
        return head[8:12] not in _PICTURE_BRANDS
    if head[:4] == b"RIFF":
        return head[8:12] == b"AVI "
    if head[:1] == b"G" and len(head) > _TS_PACKET:
        return head[_TS_PACKET : _TS_PACKET + 1] == b"G"
    return head.startswith(_STARTS)


def is_playlist(head: bytes) -> bool:
    """Whether it is a list of segments (HLS)."""
    return head.removeprefix(b"\xef\xbb\xbf").startswith(b"#EXTM3U")
