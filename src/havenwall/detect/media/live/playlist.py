"""HLS playlists on this machine → the bytes of their segments. Nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from havenwall.errors import BadInput

_CHUNK = 1 << 20
_MAP = re.compile(r'^#EXT-X-MAP:.*URI="([^"]+)"')
_REFUSED = {
    "#EXT-X-KEY:": "its segments are encrypted",
    "#EXT-X-BYTERANGE": "it names parts of files",
    "#EXT-X-SESSION-KEY:": "its segments are encrypted",
}


def segment_paths(path: Path) -> list[Path]:
    """Files of a playlist in the order they are played; of several renditions, the first one's.

    Raises:
        BadInput: it cannot be read, names an address or a file outside its folder, or is encrypted.
    """
    lines = _lines(path)
    if not lines or not lines[0].startswith("#EXTM3U"):
        raise BadInput("is no playlist", field=str(path), hint="give an m3u8 file")
    named = [name for line in lines if (name := _named(path, line))]
    if any(line.startswith("#EXT-X-STREAM-INF") for line in lines):
        if not named or "#EXT-X-STREAM-INF" in "\n".join(_lines(_inside(path, named[0]))):
            raise BadInput("names no rendition", field=str(path), hint="give the playlist of one rendition")
        return segment_paths(_inside(path, named[0]))
    if not named:
        raise BadInput("names no segment", field=str(path), hint="give a playlist with segments")
    return [_inside(path, name) for name in named]


def segments(path: Path) -> Iterator[bytes]:
    """The bytes of a playlist's segments, one after the other, in parts. Raises as `segment_paths` does."""
    for each in segment_paths(path):
        with each.open("rb") as file:
            while part := file.read(_CHUNK):
                yield part


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("cannot be read", field=str(path), hint="check path and rights") from error
    return [line.strip() for line in text.splitlines() if line.strip()]


def _named(path: Path, line: str) -> str:
    for start, reason in _REFUSED.items():
        if line.startswith(start) and "METHOD=NONE" not in line:
            raise BadInput(reason, field=str(path), hint="give whole segments in the clear")
    if found := _MAP.match(line):
        if "BYTERANGE=" in line:
            raise BadInput("it names parts of files", field=str(path), hint="give whole segments")
        return found.group(1)
    return "" if line.startswith("#") else line


def _inside(path: Path, name: str) -> Path:
    folder = path.resolve().parent
    try:
        found = (folder / name).resolve()
        sound = "://" not in name and found.is_relative_to(folder) and found.is_file()
    except (ValueError, OSError):
        sound = False
    if not sound:
        hint = "segments must be files in the folder of the playlist; nothing is fetched"
        raise BadInput(f"names {name[:80]!r}", field=str(path), hint=hint)
    return found
