"""Which stages run, with which parts."""

from __future__ import annotations

from havenwall.app.config import Config
from havenwall.app.listed import SealedLists
from havenwall.app.proposals import listed_terms
from havenwall.casework import CaseworkStage
from havenwall.detect import BehaviourStage, DetectStage, load_hashes, load_terms, standard_detectors
from havenwall.detect.classifiers import ClassifyStage, load_classifiers
from havenwall.detect.detectors.bank_media import BankMedia, KnowsBanks
from havenwall.detect.detectors.listed_term import ListedTerms
from havenwall.detect.terms import TermStage
from havenwall.disclose import DiscloseStage, Vault
from havenwall.engine import Stage
from havenwall.network import DiscoverStage, NeighboursStage, NetworkStage, ReturnsStage, ScoreConfig
from havenwall.network.precision import AuditConfig
from havenwall.policy import PolicyStage, RulePack, default_pack, load_pack
from havenwall.store import Store


def build_stages(
    config: Config, store: Store, vault: Vault, banks: KnowsBanks | None = None
) -> tuple[Stage, ...]:
    """All stages, in the order of the flow."""
    network = NetworkStage(
        store.network, ScoreConfig(keep=config.held_out_recall), store.audits, audit_config(config)
    )
    return (
        DetectStage(
            (
                *standard_detectors(map(load_terms, config.term_lists), map(load_hashes, config.hash_lists)),
                ListedTerms(SealedLists(config)),
                *((BankMedia(banks),) if banks else ()),
            )
        ),
        *((BehaviourStage(store.behaviour),) if config.behaviour else ()),
        DiscoverStage(store.network),
        network,
        NeighboursStage(network),
        ReturnsStage(store.returns),
        TermStage(store.terms, lambda: listed_terms(config, store)),
        PolicyStage(rule_pack(config), store.policy),
        CaseworkStage(store.casework),
        DiscloseStage(store.casework, vault),
        # The last: a classifier that does not answer must hold up nothing else.
        *_classify(config),
    )


def _classify(config: Config) -> tuple[Stage, ...]:
    if config.classifiers is None:
        return ()
    return (ClassifyStage(load_classifiers(config.classifiers)),)


def audit_config(config: Config) -> AuditConfig:
    """How audits are drawn, and what they decide."""
    return AuditConfig(size=config.audit_size, target=config.target_precision)


def rule_pack(config: Config) -> RulePack:
    """The operator's rule pack, or the one that comes with Havenwall."""
    return load_pack(config.rules) if config.rules else default_pack()
