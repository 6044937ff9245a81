"""What policy asks of the store, and what it makes of the answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

import msgspec

from havenwall.model import Lane, Restriction


class PolicyView(Protocol):
    """The store as policy sees it. Answers include the records of the batch, which are already kept."""

    def labels(self, entities: Sequence[str]) -> dict[str, str]:
        """`confirmed` or `cleared`, whichever was said last, of those that have a label; `was_cleared` where
        that was longer ago than the operator lets it count."""
        ...

    def restrictions(self, entities: Sequence[str]) -> dict[str, str]:
        """The restriction in force (`Restriction`) on those that have one."""
        ...

    def signal_counts(self, entities: Sequence[str]) -> dict[str, dict[str, int]]:
        """How many signals each detector has on each entity that has any."""
        ...

    def lanes(self, entities: Sequence[str]) -> dict[str, str]:
        """The lane (`Lane`) that the newest scoring put each of them in, of those it told of."""
        ...

    def in_case(self, entities: Sequence[str]) -> set[str]:
        """Those of them that wait for a person in a case which is not closed."""
        ...

    def may_widen(self) -> bool:
        """Whether audits let rules suppress further accounts; True while there are too few to tell."""
        ...

    def spent(self, rule: str, day: date) -> int:
        """How many entities the rule has acted on that day (UTC)."""
        ...

    def accounts(self) -> int:
        """How many accounts the platform has."""
        ...


class EntityFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one entity when a rule looks at it."""

    label: str | None = None
    restriction: str = Restriction.NONE.value
    counts: dict[str, int] = {}
    """Signals by detector."""
    lane: str = Lane.NONE.value
    """Where the newest scoring put it."""
    in_case: bool = False
    """Whether it waits for a person in a case that is not closed."""

    @property
    def cleared(self) -> bool:
        """Whether a person found it innocent, and nobody has confirmed it since."""
        return self.label == "cleared"

    @property
    def was_cleared(self) -> bool:
        """Whether a person found it innocent too long ago to count. It may come before a person again, and no
        machine acts on it before one has confirmed it."""
        return self.label == "was_cleared"

    @property
    def protected(self) -> bool:
        """Whether it may be a minor's or a victim's and nobody has confirmed it: no machine acts on it."""
        return self.lane == Lane.PROTECTIVE and self.label != "confirmed"

    @property
    def suppressed(self) -> bool:
        """Whether it is suppressed already, or under something harsher."""
        return self.restriction != Restriction.NONE


def entity_facts(view: PolicyView, entities: Sequence[str]) -> dict[str, EntityFacts]:
    """The facts of each entity, with one question of each kind to the store."""
    labels = view.labels(entities)
    restrictions = view.restrictions(entities)
    counts = view.signal_counts(entities)
    lanes = view.lanes(entities)
    cases = view.in_case(entities)
    return {
        entity: EntityFacts(
            label=labels.get(entity),
            restriction=restrictions.get(entity, Restriction.NONE.value),
            counts=counts.get(entity, {}),
            lane=lanes.get(entity, Lane.NONE.value),
            in_case=entity in cases,
        )
        for entity in entities
    }
