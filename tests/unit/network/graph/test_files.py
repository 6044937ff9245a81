import errno
import json
import os

import numpy as np
import pytest

from havenwall.errors import BadGraph
from havenwall.network.graph import NumberNames, build_graph, files, from_edges, open_graph, save_graph


def same(one, two):
    assert list(one.names) == list(two.names)
    assert one.set_aside == two.set_aside
    assert {kind: list(names) for kind, names in one.things.items()} == {
        kind: list(names) for kind, names in two.things.items()
    }
    for ours, theirs in ((one.between, two.between), (one.uses, two.uses)):
        assert list(ours) == list(theirs)
        for kind, matrix in ours.items():
            other = theirs[kind]
            assert (matrix.rows, matrix.columns) == (other.rows, other.columns)
            assert np.array_equal(matrix.indptr, other.indptr)
            assert np.array_equal(matrix.indices, other.indices)
            assert np.array_equal(matrix.since, other.since)


@pytest.fixture
def kept(tmp_path, links):
    folder = tmp_path / "deep" / "graph"
    save_graph(build_graph(links), folder)
    return folder


@pytest.mark.parametrize("verify", [True, False])
def test_what_is_kept_is_opened(kept, links, verify):
    same(open_graph(kept, verify=verify), build_graph(links))


def test_names_that_are_numbers(tmp_path):
    edge = np.array([0]), np.array([2])
    for names in (None, NumberNames(np.array([-5, 7, 9]))):
        graph = from_edges(*edge, 3, names=names)
        save_graph(graph, tmp_path / "graph")
        same(open_graph(tmp_path / "graph"), graph)


def test_an_empty_graph(tmp_path, links):
    for graph in (build_graph(links.head(0)), from_edges(np.array([0]), np.array([0]), 1)):
        save_graph(graph, tmp_path / "graph")
        same(open_graph(tmp_path / "graph"), graph)


def test_an_opened_graph_works_without_being_read(kept, links):
    graph, whole = open_graph(kept), build_graph(links)
    assert not graph.follows.indices.flags.writeable
    assert isinstance(graph.follows.indices.base, np.memmap)
    values = np.arange(6, dtype=np.float32).reshape(3, 2)
    assert np.array_equal(graph.follows.gather(values), whole.follows.gather(values))
    assert np.array_equal(graph.follows.flipped.indices, whole.follows.flipped.indices)
    assert graph.index(["account:ä", "account:zz"]).tolist() == [2]


def test_a_new_graph_takes_the_place_of_the_old(kept, links):
    before = open_graph(kept)
    foreign = kept / "notes.npy"
    foreign.write_text("not ours")
    newer = build_graph(links.head(5))
    save_graph(newer, kept)
    same(open_graph(kept), newer)
    same(before, build_graph(links))
    named = {file.name for file in kept.iterdir()}
    referred = set(json.dumps(json.loads((kept / "manifest.json").read_text())).split('"'))
    assert {name for name in named if name.removesuffix(".npy") not in referred} == {
        "manifest.json",
        foreign.name,
    }


def test_a_graph_may_be_kept_where_it_was_opened(kept, links):
    save_graph(open_graph(kept), kept)
    same(open_graph(kept), build_graph(links))


@pytest.mark.parametrize("good_writes", range(4))
def test_a_full_disk_leaves_the_old_graph(kept, links, monkeypatch, good_writes):
    present = {file.name for file in kept.iterdir()}
    real, left = os.fsync, iter([True] * good_writes)

    def fsync(handle):
        if not next(left, False):
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(BadGraph, match="graph: cannot be written: No space left"):
        save_graph(from_edges(np.array([0]), np.array([1]), 2), kept)
    assert {file.name for file in kept.iterdir()} == present
    same(open_graph(kept), build_graph(links))


def test_a_disk_that_fails_last_leaves_the_new_graph(kept, monkeypatch):
    newer = from_edges(np.array([0]), np.array([1]), 2)
    real = os.fsync

    def fsync(handle):
        if json.loads((kept / "manifest.json").read_text())["names"]["length"] == newer.n:
            raise OSError(errno.EIO, "Input/output error")
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(BadGraph, match="cannot be written: Input/output error"):
        save_graph(newer, kept)
    same(open_graph(kept), newer)


def test_a_reader_that_meets_a_newer_graph_takes_it(kept, links, monkeypatch):
    newer = build_graph(links.head(5))
    old_manifest = (kept / "manifest.json").read_text()
    read, first = files.read_manifest, iter([True])

    def overtaken(folder):
        manifest = read(folder)
        if next(first, False):
            save_graph(newer, folder)
        return manifest

    monkeypatch.setattr(files, "read_manifest", overtaken)
    same(open_graph(kept), newer)
    assert (kept / "manifest.json").read_text() != old_manifest


def change(folder, **fields):
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def arrays(folder):
    return sorted(folder.glob("*.npy"), key=lambda path: path.stat().st_size)


def cut(folder):
    path = arrays(folder)[-1]
    path.write_bytes(path.read_bytes()[:-1])


def flip_bit(folder):
    path = arrays(folder)[-1]
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)


def rename_type(folder):
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace("uint32", "int32"))


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (lambda folder: (folder / "manifest.json").unlink(), "manifest.json: cannot be read"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "is not the manifest of a graph"),
        (lambda folder: (folder / "manifest.json").write_text("{}"), "is not the manifest of a graph"),
        (
            lambda folder: change(folder, version=2),
            "havenwall-graph version 2, not havenwall-graph version 1",
        ),
        (lambda folder: change(folder, format="other"), "is other version 1"),
        (lambda folder: change(folder, names=3), "is damaged"),
        (lambda folder: change(folder, extra=3), "is damaged"),
        (lambda folder: change(folder, names={"length": 2}), "does not fit its names"),
        (lambda folder: arrays(folder)[0].unlink(), "cannot be read"),
        (cut, "bytes and not"),
        (flip_bit, "its checksum differs"),
        (rename_type, "holds uint32"),
    ],
)
def test_what_is_wrong_is_named(kept, harm, message):
    harm(kept)
    with pytest.raises(BadGraph, match=message):
        open_graph(kept)


def test_a_folder_that_cannot_be_written(tmp_path, links):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BadGraph, match="file: cannot be written"):
        save_graph(build_graph(links), tmp_path / "file")
