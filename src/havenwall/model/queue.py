"""Queue: where a case waits, and the rule that brings it there."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from havenwall.model.case import Case, CaseClass, CaseTopic
from havenwall.model.urgency import CaseSource

DEFAULT_QUEUES: dict[CaseClass, str] = {
    CaseClass.CHILD_SAFETY: "child-safety",
    CaseClass.GENERAL: "general",
}
"""The queue of each class that takes what no rule wants. It cannot be deleted."""


class QueueRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which cases of its class a queue takes. An empty field does not ask; all that ask must agree."""

    topics: tuple[CaseTopic, ...] = ()
    sources: tuple[CaseSource, ...] = ()
    languages: tuple[str, ...] = ()
    """`de` takes `de-AT` too."""
    kinds: tuple[str, ...] = ()
    """Kinds of entities, such as `account`; one of the members must be of one of them."""
    min_priority: float = 0.0
    min_members: int = 0
    """How large the network is at least."""
    imminent: bool = False
    """Only where somebody is in danger now."""

    def takes(self, case: Case) -> bool:
        """Whether the rule wants a case."""
        return (
            (not self.topics or case.topic in self.topics)
            and (not self.sources or case.source in self.sources)
            and (not self.languages or _speaks(case.language, self.languages))
            and (not self.kinds or not set(self.kinds).isdisjoint(case.kinds))
            and case.priority >= self.min_priority
            and case.members >= self.min_members
            and (case.imminent or not self.imminent)
        )


class Queue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A queue of cases of one class. Work is never in a queue that is not there."""

    name: str
    case_class: CaseClass
    position: int = 100
    """Queues are asked in this order; the first whose rule takes a case has it."""
    rule: QueueRule = QueueRule()
    hours: float | None = None
    """Hours within which its cases are to be answered, where that is sooner than the law's clock."""
    policy: str = ""
    """What reviewers of this queue are asked to apply."""

    @property
    def is_default(self) -> bool:
        """Whether it takes what no rule of its class wants."""
        return DEFAULT_QUEUES[self.case_class] == self.name


def route(queues: Iterable[Queue], case: Case) -> str:
    """The name of the first queue of the case's class whose rule takes the case, else of the default one."""
    mine = (q for q in queues if q.case_class is case.case_class and not q.is_default)
    ordered = sorted(mine, key=lambda q: (q.position, q.name))
    return next((q.name for q in ordered if q.rule.takes(case)), DEFAULT_QUEUES[case.case_class])


def _speaks(language: str, wanted: Iterable[str]) -> bool:
    spoken = language.lower()
    return any(spoken == tag.lower() or spoken.startswith(tag.lower() + "-") for tag in wanted)
