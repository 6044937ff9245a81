"""What is sent to a classifier over HTTP, and how its answer is read: the form of Content Safety APIs."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Final

import msgspec

from havenwall.detect.classifiers.base import Picture

LONGEST_TEXT: Final = 10_000


class Category(msgspec.Struct):
    """One category of an answer."""

    category: str
    severity: float


class Analysis(msgspec.Struct, rename="camel"):
    """An answer; what else it holds is not read."""

    categories_analysis: list[Category]


def question(given: str | Picture, category: str) -> bytes:
    """The body that asks about one text, or one picture as a PNG file."""
    if isinstance(given, str):
        return msgspec.json.encode({"text": given[:LONGEST_TEXT], "categories": [category]})
    content = base64.b64encode(png(given)).decode()
    return msgspec.json.encode({"image": {"content": content}, "categories": [category]})


def severity(body: bytes, category: str) -> float:
    """The severity of a category in an answer.

    Raises:
        ValueError: the answer is of another form, or has no such category.
    """
    try:
        told = msgspec.json.decode(body, type=Analysis)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError("an answer of another form") from error
    for each in told.categories_analysis:
        if each.category == category:
            return each.severity
    raise ValueError(f"no category {category} in the answer")


def png(picture: Picture) -> bytes:
    """A picture as a PNG file, without another package."""
    tall, wide = picture.shape[:2]
    lines = b"".join(b"\0" + line.tobytes() for line in picture)
    head = struct.pack(">IIBBBBB", wide, tall, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
