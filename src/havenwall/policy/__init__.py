"""Signal + Risk → Decision: rule packs, evaluation, quotas, replay."""

from havenwall.policy.cel import Bundle, Context, Expression, FieldType, Language, Match
from havenwall.policy.decide import Decided, Tally, decide
from havenwall.policy.evaluate import Outcome, Subject, evaluate
from havenwall.policy.fields import DETECTORS, fields_for, independent_seeds
from havenwall.policy.pack import MACHINE_VERBS, Quota, Rule, RulePack, default_pack, load_pack, parse_pack
from havenwall.policy.replay import Replay, RuleReplay, replay
from havenwall.policy.stage import PolicyStage
from havenwall.policy.view import EntityFacts, PolicyView

__all__ = [
    "DETECTORS",
    "MACHINE_VERBS",
    "Bundle",
    "Context",
    "Decided",
    "EntityFacts",
    "Expression",
    "FieldType",
    "Language",
    "Match",
    "Outcome",
    "PolicyStage",
    "PolicyView",
    "Quota",
    "Replay",
    "Rule",
    "RulePack",
    "RuleReplay",
    "Subject",
    "Tally",
    "decide",
    "default_pack",
    "evaluate",
    "fields_for",
    "independent_seeds",
    "load_pack",
    "parse_pack",
    "replay",
]
