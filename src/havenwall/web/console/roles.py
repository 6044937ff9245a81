"""What the guessed role and the lane of an account mean, in words a reviewer can read."""

from __future__ import annotations

from havenwall.model import Lane, NetworkRole
from havenwall.web.tongue import N_, gettext

_ROLES = {
    NetworkRole.TRADER: N_("trader"),
    NetworkRole.BUYER: N_("buyer"),
    NetworkRole.HUB: N_("hub"),
    NetworkRole.VICTIM: N_("minor or victim"),
    NetworkRole.PRESS: N_("press or research"),
    NetworkRole.LOOKALIKE: N_("lawful look-alike"),
    NetworkRole.ORDINARY: N_("ordinary"),
}
_LANES = {
    Lane.ENFORCEMENT: ("Enforcement", "It goes to suppression and to reviewers of the network."),
    Lane.PROTECTIVE: ("Protective", "For care; no machine acts on it unless it is confirmed."),
    Lane.NONE: ("No lane", "Scoring asks for no action and no review."),
}


def role_word(role: NetworkRole | None) -> str:
    """A role; a dash where none was worked out."""
    return gettext(_ROLES[role]) if role else "\u2013"


def lane_word(lane: Lane) -> str:
    """The short name of a lane."""
    return _LANES[lane][0]


def lane_sentence(lane: Lane) -> str:
    """What a lane means for the account."""
    return _LANES[lane][1]
