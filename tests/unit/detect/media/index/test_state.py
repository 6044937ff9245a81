"""Whatever is added, withdrawn, merged and reopened: writer and reader find what a plain list finds."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.unit.detect.media.index.conftest import hash_of, near

from havenwall.detect.media.index import HashIndex, Match

HASHES = [near(hash_of(base), bits) for base in range(3) for bits in (0, 1, 8, 31, 32, 60)]
numbers = st.integers(0, 5)
records = st.lists(st.tuples(numbers, st.sampled_from(HASHES)), max_size=6)


class IndexMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.index = HashIndex.open(self.folder, writer=True, tail=8)
        self.reader = HashIndex.open(self.folder)
        self.known: list[tuple[int, str]] = []

    @initialize()
    def begin(self) -> None:
        self.index.add([(0, HASHES[0])])
        self.known.append((0, HASHES[0]))

    @rule(given=records)
    def add(self, given: list[tuple[int, str]]) -> None:
        self.index.add(given)
        self.known += given

    @rule(gone=st.lists(numbers, max_size=3))
    def withdraw(self, gone: list[int]) -> None:
        self.index.withdraw(gone)
        self.known = [record for record in self.known if record[0] not in gone]

    @rule()
    def compact(self) -> None:
        self.index.compact()

    @rule()
    def reopen(self) -> None:
        self.index.close()
        self.index = HashIndex.open(self.folder, writer=True, tail=8)

    @rule()
    def open_another_reader(self) -> None:
        self.reader = HashIndex.open(self.folder)

    @invariant()
    def both_find_what_a_list_finds(self) -> None:
        self.reader.refresh()
        expected = [self.expected(value) for value in HASHES]
        assert self.index.search_many(HASHES) == expected
        assert self.reader.search_many(HASHES) == expected
        assert not self.index.status().problem

    def expected(self, value: str) -> list[Match]:
        best: dict[int, int] = {}
        for entry, known in self.known:
            distance = (int(known, 16) ^ int(value, 16)).bit_count()
            if distance <= 31:
                best[entry] = min(distance, best.get(entry, 256))
        nearest = sorted((distance, entry) for entry, distance in best.items())
        return [Match(entry=entry, distance=distance) for distance, entry in nearest]

    def teardown(self) -> None:
        self.index.close()
        shutil.rmtree(self.folder)


TestIndex = IndexMachine.TestCase
TestIndex.settings = settings(max_examples=15, stateful_step_count=15)
