"""A segment finds what looking at every hash finds, with whatever bands, and never anything else."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.match.index.conftest import flipped

from havenwall.errors import BadInput
from havenwall.match.index import Plan, Segment, build, scan
from havenwall.match.index import segment as segment_module
from havenwall.match.index.segment import Found

CUTS = (16, 14, 20)
"""Numbers of bands; as narrow as small tests need."""


def even(bands: int) -> Plan:
    edges = np.linspace(0, 256, bands + 1).astype(int).tolist()
    return Plan(widths=tuple(end - begin for begin, end in pairwise(edges)))


def pairs(found: Found) -> list[tuple[int, int, int]]:
    return sorted(zip(*(column.tolist() for column in found), strict=True))


def brute(
    codes: np.ndarray, entries: np.ndarray, queries: np.ndarray, radius: int
) -> list[tuple[int, int, int]]:
    distances = np.bitwise_count(codes[None] ^ queries[:, None]).sum(axis=2, dtype=np.int64)
    rows = {(q, int(entries[n]), int(distances[q, n])) for q, n in np.argwhere(distances <= radius).tolist()}
    return sorted(rows)


@pytest.fixture(scope="module", params=CUTS)
def segment(request: pytest.FixtureRequest, crowd: np.ndarray) -> Segment:
    return build(crowd, np.arange(len(crowd)), bands=even(request.param))


@pytest.fixture(scope="module", params=["compiled", "numpy"])
def way(request: pytest.FixtureRequest) -> str:
    return request.param


@given(seed=st.integers(0, 1 << 32), radius=st.sampled_from([0, 1, 15, 16, 31, 32, 40]))
@settings(max_examples=12)
def test_it_finds_what_looking_at_all_finds(
    segment: Segment, crowd: np.ndarray, way: str, seed: int, radius: int
) -> None:
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, radius + 8, 12)
    queries = flipped(crowd[rng.integers(0, len(crowd), 12)], counts, rng)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segment_module, "COMPILED", way == "compiled")
        # Small sets would always be looked at as a whole.
        patch.setattr(segment_module, "HEAVY", int(rng.choice([0, 8])))
        patch.setattr(segment_module, "flips_for", lambda widths, _size, radius: spread(widths, radius))
        found = segment.search(queries, radius)
    assert pairs(found) == brute(crowd, np.arange(len(crowd)), queries, radius)


def spread(widths: tuple[int, ...], radius: int) -> tuple[int, ...]:
    each, more = divmod(radius + 1, len(widths))
    return tuple(each - 1 + (band < more) for band in range(len(widths)))


@pytest.mark.parametrize("distance", range(32))
def test_every_planted_distance_is_found(segment: Segment, crowd: np.ndarray, distance: int) -> None:
    rng = np.random.default_rng(distance)
    rows = rng.integers(0, len(crowd), 20)
    found = segment.search(flipped(crowd[rows], np.full(20, distance), rng))
    seen = set(zip(*(column.tolist() for column in found), strict=True))
    assert all((nth, int(row), distance) in seen for nth, row in enumerate(rows))


def test_an_entry_withdrawn_is_not_found_and_the_rest_stays(segment: Segment, crowd: np.ndarray) -> None:
    before = segment.search(crowd[:50])
    gone = np.unique(before.entry)[::2]
    after = segment.without(gone).search(crowd[:50])
    assert pairs(after) == [row for row in pairs(before) if row[1] not in set(gone.tolist())]
    assert pairs(segment.search(crowd[:50])) == pairs(before)


def test_a_hash_given_twice_for_an_entry_counts_once(crowd: np.ndarray) -> None:
    twice = build(np.concatenate((crowd, crowd)), np.tile(np.arange(len(crowd)), 2))
    assert len(twice) == len(crowd)
    assert len(twice.codes) == len(np.unique(crowd, axis=0))


def test_an_empty_segment_finds_nothing() -> None:
    empty = build(np.empty((0, 4), np.uint64), np.empty(0, np.int64))
    assert len(empty.search(np.zeros((3, 4), np.uint64)).entry) == 0


def test_planned_bands_are_exact_too() -> None:
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 1 << 64, (60_000, 4), dtype=np.uint64)
    planned = build(codes, np.arange(len(codes)))
    assert planned.widths
    distances = np.arange(320) % 40
    queries = flipped(codes[:320], distances, rng)
    rows = scan(codes, queries, 31)
    assert pairs(planned.search(queries)) == sorted(map(tuple, rows.tolist()))
    assert len(rows) >= (distances <= 31).sum()


@pytest.mark.parametrize(
    ("queries", "radius", "field"),
    [
        (np.zeros((1, 4), np.uint64), -1, "radius"),
        (np.zeros((1, 4), np.uint64), 257, "radius"),
        (np.zeros((1, 4), np.int64), 31, "codes"),
        (np.zeros((1, 3), np.uint64), 31, "codes"),
    ],
)
def test_a_bad_question_names_its_field(
    crowd: np.ndarray, queries: np.ndarray, radius: int, field: str
) -> None:
    with pytest.raises(BadInput, match=field):
        build(crowd, np.arange(len(crowd))).search(queries, radius)


def test_entries_must_fit_the_codes(crowd: np.ndarray) -> None:
    with pytest.raises(BadInput, match="entries"):
        build(crowd, np.arange(3))
