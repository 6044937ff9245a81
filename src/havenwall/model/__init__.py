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
from havenwall.model.community import Communities, Community
from havenwall.model.decision import Decision, Verb
from havenwall.model.disclosure import Exhibit, Figures, Referral, ReferralState
from havenwall.model.draw import Answered, Bucket, Draw, Drawn, Part
from havenwall.model.event import MINOR_BANDS, REQUIRED, Event, EventType, LinkKind, Needs
from havenwall.model.ids import EntityKind, ThingKind, derived_id, entity_id, new_id, now, split_entity
from havenwall.model.person import ROLE_RIGHTS, SYSTEM, Person, Right, Role, Viewer
from havenwall.model.precision import PrecisionReport
from havenwall.model.risk import Lane, NetworkRole, Risk, ScoreRun, SeedShare, SharedThing, ThingUse
from havenwall.model.signal import BEHAVIOUR, CARE, CLASSIFIER, RETURN, FoundReturn, Signal
from havenwall.model.term import TermEvidence, TermProposal, TermState

__all__ = [
    "BEHAVIOUR",
    "CARE",
    "CLASSIFIER",
    "MINOR_BANDS",
    "REQUIRED",
    "RETURN",
    "ROLE_RIGHTS",
    "SYSTEM",
    "Action",
    "ActionKind",
    "ActionState",
    "Answered",
    "Bucket",
    "Case",
    "CaseClass",
    "CaseEvent",
    "CaseState",
    "CaseTopic",
    "Communities",
    "Community",
    "Decision",
    "Draw",
    "Drawn",
    "EntityKind",
    "Event",
    "EventType",
    "Exhibit",
    "Figures",
    "FoundReturn",
    "Lane",
    "LinkKind",
    "Member",
    "MemberState",
    "Needs",
    "NetworkRole",
    "Part",
    "Person",
    "PrecisionReport",
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
    "TermEvidence",
    "TermProposal",
    "TermState",
    "ThingKind",
    "ThingUse",
    "Verb",
    "Viewer",
    "derived_id",
    "entity_id",
    "new_id",
    "now",
    "split_entity",
]
