"""What is in force while a batch of decisions is carried out: what was before, and what it did."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from havenwall.casework.view import CaseworkView
from havenwall.engine import StandingChange
from havenwall.model import Action, ActionState, Restriction


class InForce:
    """Shared by all desks of a batch, so that a decision sees what those before it did, at whatever desk."""

    def __init__(self, view: CaseworkView) -> None:
        self._view = view
        self._done: dict[tuple[str, ActionState], Action] = {}
        self._newest: dict[str, dict[str, Action]] = {}
        self._standing: dict[str, StandingChange] = {}

    def act(self, action: Action) -> None:
        """Note an action, or the state that one has come to."""
        self._done[action.id, action.state] = action
        self._newest.setdefault(action.entity, {})[action.id] = action

    def stand(self, change: StandingChange) -> None:
        """Note what is in force on an entity from now on."""
        self._standing[change.entity] = change

    def actions(self, entities: Collection[str]) -> list[Action]:
        """The present state of every action on the entities, oldest first."""
        found = {action.id: action for action in self._view.actions(entities)}
        for entity in dict.fromkeys(entities):
            found |= self._newest.get(entity, {})
        return list(found.values())

    def restrictions(self, entities: Iterable[str]) -> dict[str, Restriction]:
        """The restriction of each of the entities."""
        entities = list(entities)
        found = dict.fromkeys(entities, Restriction.NONE)
        found |= {entity: s.restriction for entity, s in self._view.standings(entities).items()}
        return found | {e: self._standing[e].restriction for e in entities if e in self._standing}

    def behind(self, entities: Iterable[str]) -> set[str]:
        """Those of the entities with a person behind what is in force on them, be it nothing."""
        entities = list(entities)
        found = {entity: s.confirmed for entity, s in self._view.standings(entities).items()}
        found |= {e: self._standing[e].confirmed for e in entities if e in self._standing}
        return {entity for entity, confirmed in found.items() if confirmed}

    def done(self) -> tuple[Action, ...]:
        """Every state of an action that came about in the batch, in order."""
        return tuple(self._done.values())

    def changes(self) -> tuple[StandingChange, ...]:
        """The last change of each entity's standing."""
        return tuple(self._standing.values())
