"""Plain files: lines of `hash`, `kind:hash`, either with `<TAB>note`; `# ` begins a comment line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from havenwall.detect.banks import Page, read_item, reject
from havenwall.detect.banks.hashes import Item, short_id
from havenwall.errors import BadInput
from havenwall.match import hash_kind

_LINES = 5000
"""Lines of a page."""


class PlainFile:
    """The content of a file; each import tells of all of it, so what is not in it any more is withdrawn."""

    whole = True

    def __init__(self, content: bytes) -> None:
        self._content = content

    @classmethod
    def open(cls, path: Path) -> PlainFile:
        """The file at a path.

        Raises:
            BadInput: it cannot be read.
        """
        return cls(read_content(path))

    def stale(self, cursor: str, fetched_at: datetime | None, now: datetime) -> bool:
        """Whether the file is another one than last time, or was not read to its end."""
        return cursor != end_of(self._content)

    def pages(self, cursor: str, now: datetime) -> Iterator[Page]:
        """The lines, some thousands a page. Malformed ones are rejects and stop nobody."""
        # Only \n ends a line: splitlines() would also split at separators that may stand in a note.
        if cursor == end_of(self._content):
            return
        lines = self._content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
        mark, seen = version_of(self._content), set[str]()
        for first in range(0, max(1, len(lines)), _LINES):
            part, last = lines[first : first + _LINES], first + _LINES >= len(lines)
            items = [_item(first + at, line) for at, line in enumerate(part, start=1) if _counts(line)]
            # Of lines with the same hash the first counts, whatever page it is on.
            once = [item.change for item in items if item.change and _new(item.change.source_id, seen)]
            yield Page(
                cursor=end_of(self._content) if last else f"{mark}:{first + len(part)}",
                changes=tuple(once),
                rejects=tuple(one for item in items for one in item.rejects),
                done=first + len(part),
                total=len(lines),
            )


def _new(name: str, seen: set[str]) -> bool:
    known = name in seen
    seen.add(name)
    return not known


def read_content(path: Path) -> bytes:
    """All bytes of a list file. Raises BadInput when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        hint = "check the path and the rights of the list file"
        raise BadInput(error.strerror or "cannot be read", field=str(path), hint=hint) from error


def version_of(content: bytes) -> str:
    """First 12 hexadecimal digits of the SHA-256."""
    return hashlib.sha256(content).hexdigest()[:12]


def end_of(content: bytes) -> str:
    """The cursor after the last page of a file."""
    return f"{version_of(content)}:end"


def _counts(line: bytes) -> bool:
    text = line.strip()
    return bool(text) and not (text[:1] == b"#" and text[1:2] in (b"", b" ", b"\t", b"#"))


def _item(number: int, line: bytes) -> Item:
    where = f"line {number}"
    try:
        entry, _, note = line.decode("utf-8").strip().partition("\t")
        label, colon, value = entry.partition(":")
        kind = label if colon else hash_kind(entry).value
    except UnicodeDecodeError:
        return Item(None, (reject(where, "not UTF-8", line[:60].hex()),))
    except BadInput as error:
        return Item(None, (reject(where, error.message, entry),))
    item = read_item(where, [(kind, value if colon else entry)], note=note.strip(), where=where)
    if item.change is None:
        return item
    # A plain file names no items: the hash itself is the name.
    (known,) = item.change.hashes
    name = short_id(f"{known.kind}:{known.value}")
    return Item(msgspec.structs.replace(item.change, source_id=name), item.rejects)
