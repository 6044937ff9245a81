"""LabelService: who belongs to the network, and who only looks like it. No recommender is ever given it."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from havenwall.errors import BadInput


class Label(StrEnum):
    """What an entity is to the audit; it may be several. One without a label is ordinary."""

    MEMBER = "member"
    """Belongs to the network: showing it is exposure."""
    KNOWN = "known"
    """A member confirmed before the audit; it is a member too."""
    NEIGHBOUR = "neighbour"
    """Ordinary, with interests next to the network's."""
    BYSTANDER = "bystander"
    """Close to the network and not of it: victims, press, researchers, relatives."""
    LOOKALIKE = "lookalike"
    """Of an innocent community that looks like a network."""
    ORDINARY = "ordinary"
    """Nothing of these, and fit for a test account to start from."""


_BIT = {label: 1 << place for place, label in enumerate(Label)}


class LabelService:
    """Numbers entities as they come up and knows their labels; what is counted is counted by number.

    Args:
        labels: by entity id; everybody else is ordinary.
    """

    def __init__(self, labels: Mapping[str, Collection[Label]]) -> None:
        self.ids: list[str] = list(labels)
        """Entity ids by number: first those given, then all others in the order they came up."""
        self._number = {entity: number for number, entity in enumerate(self.ids)}
        self._bits = np.array([_bits(each) for each in labels.values()], dtype=np.uint8)

    def numbers(self, entities: Sequence[str]) -> list[int]:
        """The entities' numbers, from 0; those not seen before are given the next ones."""
        known = self._number
        # Asked millions of times in an audit, and hardly ever of somebody new.
        for entity in entities:
            if entity not in known:
                known[entity] = len(self.ids)
                self.ids.append(entity)
        return list(map(known.__getitem__, entities))

    def are(self, *labels: Label) -> NDArray[np.bool_]:
        """(n + 1,) whether each numbered entity has one of the labels; the last stands for -1, nobody."""
        wanted = sum(_BIT[label] for label in set(labels))
        # Whoever came up later has no label; nor has the last, nobody.
        found = np.zeros(len(self.ids) + 1, dtype=np.bool_)
        found[: self._bits.size] = (self._bits & wanted) > 0
        return found

    def having(self, label: Label, *, besides: Collection[Label] = ()) -> NDArray[np.int64]:
        """Numbers of all entities with a label and none of those `besides` it, in order."""
        return np.flatnonzero(self.are(label) & ~self.are(*besides))


def _bits(labels: Iterable[Label]) -> int:
    found = 0
    for label in labels:
        found |= _BIT[label] | (_BIT[Label.MEMBER] if label is Label.KNOWN else 0)
    return found


def read_labels(path: Path) -> dict[str, set[Label]]:
    """Labels from a CSV file with the columns `entity` and `label`, a line each.

    Raises:
        BadInput: no such file, a column is missing, or a label is unknown or contradicts another; names
            the line.
    """
    found: dict[str, set[Label]] = {}
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            if not {"entity", "label"} <= set(reader.fieldnames or ()):
                raise BadInput("columns entity and label are needed", field=str(path))
            for row in reader:
                _read(found, row, f"{path}:{reader.line_num}")
    except OSError as problem:
        raise BadInput(str(problem.strerror), field=str(path), hint="give a CSV file of labels") from None
    return found


_MEMBERS = {Label.MEMBER, Label.KNOWN}


def _read(found: dict[str, set[Label]], row: Mapping[str, str | None], where: str) -> None:
    entity, word = (row["entity"] or "").strip(), (row["label"] or "").strip()
    if not entity:
        raise BadInput("an entity is missing", field=where)
    if word not in set(Label):
        raise BadInput(f"{word!r} is no label", field=where, hint="labels are " + ", ".join(Label))
    labels = found.setdefault(entity, set())
    labels.add(Label(word))
    if labels & _MEMBERS and labels - _MEMBERS:
        raise BadInput(f"{entity} cannot be a member and {word}", field=where, hint="keep one of the two")
