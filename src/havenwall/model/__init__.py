"""The nouns of Havenwall: frozen records and enums, one definition for journal, bulk files and JSON."""

from havenwall.model.case import (
    Action,
    ActionKind,
    ActionState,
    Case,
    CaseClass,
    CaseEvent,
    CaseState,
    CaseTopic,
    Member,
    MemberState,
    Restriction,
    Standing,
)
from havenwall.model.decision import Decision, Verb
from havenwall.model.disclosure import Exhibit, Figures, Referral, ReferralState
from havenwall.model.event import REQUIRED, Event, EventType, LinkKind, Needs
from havenwall.model.ids import EntityKind, derived_id, entity_id, new_id, now, split_entity
from havenwall.model.person import ROLE_RIGHTS, SYSTEM, Person, Right, Role, Viewer
from havenwall.model.risk import Lane, NetworkRole, Risk, ScoreRun, SeedShare, SharedThing
from havenwall.model.signal import Signal

__all__ = [
    "REQUIRED",
    "ROLE_RIGHTS",
    "SYSTEM",
    "Action",
    "ActionKind",
    "ActionState",
    "Case",
    "CaseClass",
    "CaseEvent",
    "CaseState",
    "CaseTopic",
    "Decision",
    "EntityKind",
    "Event",
    "EventType",
    "Exhibit",
    "Figures",
    "Lane",
    "LinkKind",
    "Member",
    "MemberState",
    "Needs",
    "NetworkRole",
    "Person",
    "Referral",
    "ReferralState",
    "Restriction",
    "Right",
    "Risk",
    "Role",
    "ScoreRun",
    "SeedShare",
    "SharedThing",
    "Signal",
    "Standing",
    "Verb",
    "Viewer",
    "derived_id",
    "entity_id",
    "new_id",
    "now",
    "split_entity",
]
