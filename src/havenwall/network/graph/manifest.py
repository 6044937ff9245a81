"""The manifest of a stored graph: which array files make it up."""

from __future__ import annotations

from pathlib import Path

import msgspec

from havenwall.errors import BadGraph
from havenwall.model import LinkKind

FORMAT = "havenwall-graph"
VERSION = 1
MANIFEST = "manifest.json"


class ArrayEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An array file."""

    xxh3: str
    """128-bit xxHash of the file in hexadecimal; the file is named by it."""
    size: int
    """Bytes of the file."""
    dtype: str
    length: int

    @property
    def file(self) -> str:
        """Name of the file."""
        return f"{self.xxh3}.npy"


class NamesEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Names: text has `blob` and `starts`, numbers have `numbers`, and 0..length-1 has none of them."""

    length: int
    blob: ArrayEntry | None = None
    starts: ArrayEntry | None = None
    numbers: ArrayEntry | None = None


class CsrEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A matrix."""

    columns: int
    indptr: ArrayEntry
    indices: ArrayEntry
    since: ArrayEntry | None


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What a manifest of any version has."""

    format: str
    version: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stored graph; the fields are those of Graph."""

    format: str = FORMAT
    version: int = VERSION
    set_aside: int
    names: NamesEntry
    between: dict[LinkKind, CsrEntry]
    uses: dict[LinkKind, CsrEntry]
    things: dict[LinkKind, NamesEntry]

    @property
    def arrays(self) -> list[ArrayEntry]:
        """All array files."""
        names = [self.names, *self.things.values()]
        entries = [entry for each in names for entry in (each.blob, each.starts, each.numbers)]
        for matrix in (*self.between.values(), *self.uses.values()):
            entries += [matrix.indptr, matrix.indices, matrix.since]
        return [entry for entry in entries if entry is not None]


def read_manifest(folder: Path) -> Manifest:
    """The manifest in a folder.

    Raises:
        BadGraph: there is none, it is not one, or it is of another version.
    """
    field = f"{folder.name}/{MANIFEST}"
    try:
        raw = (folder / MANIFEST).read_bytes()
    except OSError as problem:
        raise BadGraph(f"cannot be read: {problem.strerror}", field=field) from problem
    try:
        head = msgspec.json.decode(raw, type=Head)
    except msgspec.DecodeError as problem:
        raise BadGraph(f"is not the manifest of a graph: {problem}", field=field) from problem
    if (head.format, head.version) != (FORMAT, VERSION):
        found = f"is {head.format} version {head.version}, not {FORMAT} version {VERSION}"
        raise BadGraph(found, field=field, hint="build the graph again")
    try:
        return msgspec.json.decode(raw, type=Manifest)
    except msgspec.DecodeError as problem:
        raise BadGraph(f"is damaged: {problem}", field=field, hint="build the graph again") from problem
