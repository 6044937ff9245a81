"""AuditPlan: what an audit does, declared before it runs."""

from __future__ import annotations

import math

import msgspec

from havenwall.audit.adapter import ASKED_WITH_WORDS, AuditSurface
from havenwall.audit.persona import PERSONAS
from havenwall.audit.ranges import Whole, check_known_share, check_whole
from havenwall.errors import BadInput

_WHOLE: Whole = (
    ("accounts", 2, 10_000),
    ("rounds", 1, 1_000),
    ("k", 1, 1_000),
    ("platform_seeds", 1, 1_000),
    ("seed", 0, 2**63 - 1),
    ("bootstrap_draws", 200, 100_000),
    ("benign_sample", 1, 1_000_000),
)


class AuditPlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an audit does. Everything that shapes its figures is here, so a result can be run again."""

    persona: str = "neighbourhood"
    """How the test accounts behave: a name in `PERSONAS`."""
    accounts: int = 20
    """Test accounts per platform."""
    rounds: int = 10
    """Times each test account looks at its recommendations and follows some."""
    k: int = 20
    """Recommendations shown per round."""
    follows_per_round: int = 5
    """Entities chosen per round and surface, at most."""
    surfaces: tuple[AuditSurface, ...] = (AuditSurface.ACCOUNTS,)
    """Where the test accounts look, one after the other in each round."""
    queries: tuple[str, ...] = ()
    """What they type in turn, on surfaces that answer words."""
    platform_seeds: int = 5
    """Platforms (or retrained models) walked. Below five the intervals are too narrow: `cluster_interval`."""
    seed: int = 0
    """Of the test accounts' starts and choices."""
    recommender: str = "als"
    """Name of the recommender under test."""
    camouflage: float = 1.0
    """Links a sandbox's network makes to strangers to look ordinary, as a multiple of the usual number."""
    known_share: float = 0.3
    """Share of the network that is already known."""
    bootstrap_draws: int = 2_000
    benign_sample: int = 1_000
    """Ordinary accounts per platform whose recommendations are compared with and without Havenwall."""

    def validated(self) -> AuditPlan:
        """This plan, if it can be run.

        Raises:
            BadInput: a field is out of range; names the field and what to do.
        """
        check_whole(self, (*_WHOLE, ("follows_per_round", 1, self.k)))
        self._named()
        self._shown()
        self._shares()
        return self

    def _named(self) -> None:
        if self.persona not in PERSONAS:
            hint = "choose one of " + ", ".join(PERSONAS)
            raise BadInput(f"{self.persona!r} is not a persona", field="persona", hint=hint)
        if not self.recommender.strip():
            raise BadInput("empty", field="recommender", hint="name the recommender under test")

    def _shown(self) -> None:
        if not self.surfaces or len(set(self.surfaces)) < len(self.surfaces):
            raise BadInput("none, or one twice", field="surfaces", hint="name each surface once")
        if ASKED_WITH_WORDS & set(self.surfaces) and not any(map(str.strip, self.queries)):
            hint = "give the words that test accounts type"
            raise BadInput("search and autocomplete answer words", field="queries", hint=hint)

    def _shares(self) -> None:
        check_known_share(self.known_share)
        if not (math.isfinite(self.camouflage) and self.camouflage >= 0):
            hint = "set camouflage to 0 or more; 1 is the usual number of links"
            raise BadInput(f"{self.camouflage} is out of range", field="camouflage", hint=hint)
