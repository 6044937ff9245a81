"""Hashes told by a number, and index folders that merge after a few records."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from havenwall.detect.media.index import HashIndex

FEW = 20
"""Records in the tail before they are merged."""


def hash_of(number: int) -> str:
    """64 digits, far from those of other numbers."""
    return random.Random(number).randbytes(32).hex()


def near(value: str, bits: int) -> str:
    """A hash that differs in so many bits."""
    places = random.Random(bits).sample(range(256), bits)
    return f"{int(value, 16) ^ sum(1 << place for place in places):064x}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def writer(folder: Path) -> Iterator[HashIndex]:
    with HashIndex.open(folder, writer=True, tail=FEW) as index:
        yield index


@pytest.fixture
def reopened(folder: Path) -> Iterator[Callable[..., HashIndex]]:
    opened: list[HashIndex] = []

    def again(*, writer: bool = True, tail: int = FEW) -> HashIndex:
        if opened:
            opened.pop().close()
        opened.append(HashIndex.open(folder, writer=writer, tail=tail))
        return opened[0]

    yield again
    for index in opened:
        index.close()
