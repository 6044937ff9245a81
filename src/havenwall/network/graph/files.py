"""Keeps a graph in a folder, from where it is used without being read: as read-only memory maps.

The arrays are files named by their checksum, and `manifest.json` says which of them make up the graph. It is
replaced in one step once all arrays are on the disk, so that a reader finds the old graph or the new one.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from havenwall.errors import BadGraph
from havenwall.network.graph.arrays import ArrayFolder
from havenwall.network.graph.csr import Csr
from havenwall.network.graph.manifest import MANIFEST, CsrEntry, Manifest, NamesEntry, read_manifest
from havenwall.network.graph.names import Names
from havenwall.network.graph.numbers import NumberNames
from havenwall.network.graph.typed import Graph


def save_graph(graph: Graph, folder: Path) -> None:
    """Keep a graph in a folder, in the place of the one that is there; graphs opened before stay as they are.

    Args:
        graph: what to keep; it may be one that was opened from the same folder.
        folder: made if need be. Only one program may write to it at a time.

    Raises:
        BadGraph: the folder cannot be written to; it holds a whole graph as before.
    """
    store, last = ArrayFolder(folder), _last(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        manifest = Manifest(
            set_aside=graph.set_aside,
            names=_put_names(store, graph.names),
            between={kind: _put_csr(store, matrix) for kind, matrix in graph.between.items()},
            uses={kind: _put_csr(store, matrix) for kind, matrix in graph.uses.items()},
            things={kind: _put_names(store, names) for kind, names in graph.things.items()},
        )
        store.replace(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
    except OSError as problem:
        store.remove(store.added - _last(folder))
        reason = problem.strerror or str(problem)
        raise BadGraph(f"cannot be written: {reason}", field=folder.name) from problem
    store.remove(last - store.added)


def open_graph(folder: Path, *, verify: bool = True) -> Graph:
    """The graph kept in a folder; its arrays are read-only memory maps.

    Args:
        folder: where `save_graph` put it.
        verify: whether to read all files once and compare their checksums. Loops over a damaged graph could
            read memory that is not theirs: leave it out only for files that nobody else can write.

    Raises:
        BadGraph: there is no manifest, it is damaged or of another version, or a file is missing, has
            another size or type or, when verified, another checksum.
    """
    manifest, store = read_manifest(folder), ArrayFolder(folder, verify=verify)
    try:
        return _open(store, manifest)
    except BadGraph:
        # Between the manifest and the arrays a newer graph may have come in the place of this one.
        newer = read_manifest(folder)
        if newer == manifest:
            raise
        return _open(store, newer)


def _open(store: ArrayFolder, manifest: Manifest) -> Graph:
    names = _names(store, manifest.names)
    things = {kind: _names(store, entry) for kind, entry in manifest.things.items()}
    between = {kind: _csr(store, entry) for kind, entry in manifest.between.items()}
    uses = {kind: _csr(store, entry) for kind, entry in manifest.uses.items()}
    shapes = [(matrix, len(names)) for matrix in between.values()]
    shapes += [(matrix, len(things.get(kind, ()))) for kind, matrix in uses.items()]
    if any((matrix.rows, matrix.columns) != (len(names), columns) for matrix, columns in shapes):
        raise BadGraph("is damaged: a matrix does not fit its names", field=MANIFEST)
    return Graph(names, between, uses, things, manifest.set_aside)


def _names(store: ArrayFolder, entry: NamesEntry) -> Names:
    if entry.blob is not None and entry.starts is not None:
        return Names(store.map(entry.blob), store.map(entry.starts))
    return NumberNames(range(entry.length) if entry.numbers is None else store.map(entry.numbers))


def _csr(store: ArrayFolder, entry: CsrEntry) -> Csr:
    since = None if entry.since is None else store.map(entry.since)
    return Csr(store.map(entry.indptr), store.map(entry.indices), entry.columns, since)


def _put_names(store: ArrayFolder, names: Names) -> NamesEntry:
    if not isinstance(names, NumberNames):
        return NamesEntry(length=len(names), blob=store.put(names.blob), starts=store.put(names.starts))
    numbers = None if isinstance(names.numbers, range) else store.put(names.numbers)
    return NamesEntry(length=len(names), numbers=numbers)


def _put_csr(store: ArrayFolder, matrix: Csr) -> CsrEntry:
    return CsrEntry(
        columns=matrix.columns,
        indptr=store.put(matrix.indptr),
        indices=store.put(matrix.indices),
        since=None if matrix.since is None else store.put(matrix.since),
    )


def _last(folder: Path) -> set[str]:
    """The files of the graph that is in the folder now."""
    try:
        return {entry.file for entry in read_manifest(folder).arrays}
    except BadGraph:
        return set()
