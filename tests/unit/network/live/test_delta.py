from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.errors import BadInput
from havenwall.model import LinkKind
from havenwall.network.graph import from_edges
from havenwall.network.live import DeltaGraph

FOLLOW, LIKE, TAG, MEDIA = LinkKind.FOLLOW, LinkKind.LIKE, LinkKind.TAG_USE, LinkKind.SHARED_MEDIA
AT = datetime(2026, 3, 1, tzinfo=UTC)

names = st.sampled_from([f"account:{row}" for row in (*range(9), "00", "new", "zz")])
things = st.sampled_from([f"tag:{row}" for row in (0, 3, "a", "z")])
events = st.lists(
    st.tuples(st.booleans(), st.sampled_from([FOLLOW, LIKE, LinkKind.COMMENT]), names, names)
    | st.tuples(st.booleans(), st.sampled_from([TAG, MEDIA]), names, things),
    max_size=40,
)


def named(graph):
    """{(kind, entity, target): moment} of every link of a graph."""
    held = {}
    for kind, matrix, targets in (
        *((kind, matrix, graph.names) for kind, matrix in graph.between.items()),
        *((kind, matrix, graph.things[kind]) for kind, matrix in graph.uses.items()),
    ):
        since = np.zeros(matrix.links, np.uint32) if matrix.since is None else matrix.since
        for source, target, moment in zip(matrix.sources(), matrix.indices, since, strict=True):
            held[kind, graph.names[int(source)], targets[int(target)]] = int(moment)
    return held


@settings(max_examples=60)
@given(st.integers(0, 3), events)
def test_a_compacted_graph_is_what_a_dictionary_of_links_would_be(small, seed, changes):
    base = small(seed)
    delta, wanted = DeltaGraph(base), named(base)
    for present, kind, entity, target in changes:
        row, key = delta.account(entity), (kind, entity, target)
        if target.startswith("account:"):
            end = delta.account(target)
            done = delta.add(kind, row, end, AT) if present else delta.remove(kind, row, end)
        else:
            end = delta.thing(kind, target)
            done = delta.use(kind, row, end, AT) if present else delta.disuse(kind, row, end)
        assert done == ((key in wanted) != present and entity != target)
        if done and present:
            wanted[key] = int(AT.timestamp())
        elif done:
            del wanted[key]
    assert delta.links == len(wanted)
    compacted = delta.compacted()
    assert named(compacted) == wanted
    assert compacted.links == len(wanted)
    for kind in (FOLLOW, LIKE):
        for row in range(delta.n):
            entity = delta.names[row]
            out = [delta.names[int(end)] for end in delta.out(kind, row)]
            into = [delta.names[int(end)] for end in delta.into(kind, row)]
            assert set(out) == {target for k, source, target in wanted if (k, source) == (kind, entity)}
            assert set(into) == {source for k, source, target in wanted if (k, target) == (kind, entity)}
            assert delta.degree(kind, row) == len(out)
    assert named(base) == named(small(seed))


def test_rows_of_the_base_stay_and_new_ones_follow():
    graph = from_edges(np.array([0, 1]), np.array([1, 2]), 3)
    delta = DeltaGraph(graph)
    assert delta.account("2") == 2
    assert delta.account("17") == 3
    assert delta.account("17") == 3
    assert delta.n == 4
    assert delta.add(FOLLOW, 3, 0)
    assert delta.out(FOLLOW, 3).tolist() == [0]
    assert delta.into(FOLLOW, 0).tolist() == [3]
    assert list(delta.compacted().names) == ["0", "1", "2", "17"]


def test_works_on_a_base_that_is_read_only(small):
    base = small()
    for matrix in (*base.between.values(), *base.uses.values()):
        for array in (matrix.indptr, matrix.indices, matrix.since):
            array.flags.writeable = False
    delta = DeltaGraph(base)
    source, target = next((row, int(ends[0])) for row in range(9) if len(ends := base.follows.row(row)))
    assert delta.remove(FOLLOW, source, target)
    assert target not in delta.out(FOLLOW, source)
    assert delta.compacted().follows.links == base.follows.links - 1


def test_takes_room_for_the_changes_only():
    n = 200_000
    delta = DeltaGraph(from_edges(np.arange(n), (np.arange(n) + 1) % n, n))
    for row in range(300):
        delta.add(FOLLOW, row, 5_000 + row)
        delta.remove(FOLLOW, row, row + 1)
    assert delta.size < 300_000
    assert delta.links == n


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda delta: delta.add(FOLLOW, 9, 0), "row"),
        (lambda delta: delta.remove(FOLLOW, 0, -1), "row"),
        (lambda delta: delta.use(TAG, 0, 4), "thing"),
        (lambda delta: delta.disuse(MEDIA, 0, 0), "thing"),
        (lambda delta: delta.add(FOLLOW, 7, 8, datetime(2026, 3, 1)), "at"),  # noqa: DTZ001
    ],
)
def test_wrong_rows_and_times_are_refused(small, call, field):
    with pytest.raises(BadInput) as refused:
        call(DeltaGraph(small()))
    assert refused.value.field == field
