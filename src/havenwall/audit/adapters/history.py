"""Histories: what each test account follows, for adapters of models in this process."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from havenwall.audit.adapter import Act, ActKind, Ask, AuditSurface, Profile
from havenwall.errors import BadInput


class Histories:
    """Test accounts by name, each with what it follows, in order.

    Args:
        ids: entities that can be followed: those that the model knows.
    """

    def __init__(self, ids: Collection[str]) -> None:
        self._ids = frozenset(ids)
        self._followed: dict[str, dict[str, None]] = {}

    def clear(self) -> None:
        """Forget all test accounts."""
        self._followed.clear()

    def add(self, profiles: Sequence[Profile]) -> list[str]:
        """New test accounts; they keep their own names. A model does not care who they say they are."""
        made = [profile.name for profile in profiles]
        self._followed |= {name: {} for name in made}
        return made

    def names(self) -> list[str]:
        """All test accounts, in the order they were made."""
        return list(self._followed)

    def of(self, account: str) -> list[str]:
        """What a test account follows.

        Raises:
            BadInput: there is no such test account.
        """
        return list(self._known(account))

    def asked(self, ask: Ask) -> list[str]:
        """What the account that asks follows.

        Raises:
            BadInput: there is no such test account, or it asks for another surface than accounts.
        """
        if ask.surface is not AuditSurface.ACCOUNTS:
            hint = "this model recommends accounts alone"
            raise BadInput(f"{ask.surface.value} is not served", field="surface", hint=hint)
        return self.of(ask.account)

    def follow(self, acts: Sequence[Act]) -> bool:
        """Note what is followed, and say whether anything is new; other acts leave no trace in a model.

        Raises:
            BadInput: there is no such test account, or the model does not know what it follows.
        """
        new = False
        for act in acts:
            history = self._known(act.account)
            if act.kind is ActKind.FOLLOW and act.target not in history:
                history[self._target(act.target)] = None
                new = True
        return new

    def _known(self, account: str) -> dict[str, None]:
        if account not in self._followed:
            raise BadInput(f"there is no test account {account}", field="account", hint="create it first")
        return self._followed[account]

    def _target(self, target: str) -> str:
        if target not in self._ids:
            hint = "test accounts follow accounts that the model was trained on"
            raise BadInput(f"the model does not know {target}", field="target", hint=hint)
        return target


def new_ones(ranked: Sequence[str], history: Sequence[str], k: int) -> list[str]:
    """The first k of a ranking that are not in the history."""
    followed = set(history)
    return [entity for entity in ranked if entity not in followed][:k]
