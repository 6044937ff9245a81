"""Decision: what a policy (machine) or a reviewer (person) concluded."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from havenwall.model.case import CaseClass, CaseTopic
from havenwall.model.urgency import Circumstances


class Verb(StrEnum):
    """What was concluded about the entities of a decision."""

    OPEN_CASE = "open_case"
    """These entities belong before a reviewer, as one case."""
    SUPPRESS = "suppress"
    """Keep them out of recommendation, search, suggestion and contact. Reversible."""
    CONFIRM = "confirm"
    """They belong to the network. Persons only."""
    CLEAR = "clear"
    """They do not; lift what the machine did. Persons only."""
    RESTRICT = "restrict"
    """They belong to it, and the platform limits what they can do. Persons only."""
    REMOVE = "remove"
    """The platform takes them down. Two persons."""
    LIFT = "lift"
    """End what is in force, whatever is thought of them. Persons, and machines when its time is over."""
    CARE = "care"
    """They may be minors or victims: they get help and no punishment. Persons only."""
    NO_RULE = "no_rule"
    """No rule covers them; a policy gap is open. Persons only."""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """A conclusion with its rule, policy version and inputs."""

    id: str
    verb: Verb
    entities: tuple[str, ...]
    by: str
    """`policy:RULE` for a machine, `user:NAME` for a person."""
    why: str
    at: datetime
    rule: str | None = None
    policy_version: str | None = None
    case_id: str | None = None
    case_class: CaseClass = CaseClass.CHILD_SAFETY
    """Of the case it opens."""
    topic: CaseTopic | None = None
    """Of the case it opens; None leaves it to what is known of the entities."""
    circumstances: Circumstances | None = None
    """Of the case it opens or adds to."""
    inputs: dict[str, str] = {}
    """Ids of the risks and signals it rests on, by entity or role; of a lift the one action it takes back."""
    expires_at: datetime | None = None
    """When what it does is taken back by itself."""
    policy: str | None = None
    """The platform's policy that was broken, by which strikes are weighed."""
    approved_by: str | None = None
    """The second person, where it took one."""

    @property
    def by_person(self) -> bool:
        """Whether a person decided."""
        return self.by.startswith("user:")
