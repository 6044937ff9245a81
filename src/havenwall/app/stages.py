"""Which stages run, with which parts."""

from __future__ import annotations

from havenwall.app.behaviour_states import behaviour_states
from havenwall.app.config import Config, clocks
from havenwall.app.listed import ListedHashes, SealedLists
from havenwall.app.proposals import listed_terms
from havenwall.casework import CaseworkStage
from havenwall.casework.quality import DrawConfig, QualityStage
from havenwall.casework.reports import OutcomeStage, ReportStage
from havenwall.detect import BehaviourStage, DetectStage, load_terms, standard_detectors
from havenwall.detect.classifiers import ALARMS, ClassifyStage, alarm_of, load_classifiers
from havenwall.detect.detectors.bank_media import BankMedia, KnowsBanks
from havenwall.detect.detectors.listed_term import ListedTerms
from havenwall.detect.detectors.media_hash import FollowedHashes
from havenwall.detect.media.opaque import read_licensed
from havenwall.detect.terms import TermStage
from havenwall.disclose import DiscloseStage, Vault
from havenwall.engine import Stage
from havenwall.model.console import MessageTemplate
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
    kinds = [read_licensed(each).kind for each in config.licensed_hashes]
    return (
        DetectStage(
            (
                *standard_detectors(map(load_terms, config.term_lists)),
                *((FollowedHashes(ListedHashes(config.hash_lists)),) if config.hash_lists else ()),
                ListedTerms(SealedLists(config)),
                *((BankMedia(banks, licensed=kinds),) if banks else ()),
            )
        ),
        *((BehaviourStage(store.behaviour, behaviour_states(config)),) if config.behaviour else ()),
        DiscoverStage(store.network),
        network,
        NeighboursStage(network),
        ReturnsStage(store.returns),
        TermStage(store.terms, lambda: listed_terms(config, store)),
        PolicyStage(rule_pack(config), store.policy),
        ReportStage(),
        CaseworkStage(store.casework, clocks(config)),
        OutcomeStage(store.reports, store.casework, lambda: _messages(store)),
        QualityStage(store.reviews, DrawConfig(share=config.quality_share, floor=config.quality_floor)),
        DiscloseStage(store.casework, vault),
        # The last: a classifier that does not answer must hold up nothing else.
        *_classify(config, store),
    )


def _classify(config: Config, store: Store) -> tuple[Stage, ...]:
    plugged = load_classifiers(config.classifiers) if config.classifiers else ()
    # Of one that was renamed, removed, or is calibrated no more, nobody else would say that it is well again.
    watched = {alarm_of(each.classifier.name) for each in plugged if each.drift}
    for trouble in store.ledger.troubles():
        if trouble.what.startswith(ALARMS) and trouble.what not in watched:
            store.ledger.well_again(trouble.what)
    return (ClassifyStage(plugged, store.ledger),) if config.classifiers else ()


def audit_config(config: Config) -> AuditConfig:
    """How audits are drawn, and what they decide."""
    return AuditConfig(size=config.audit_size, target=config.target_precision)


def rule_pack(config: Config) -> RulePack:
    """The operator's rule pack, or the one that comes with Havenwall."""
    return load_pack(config.rules) if config.rules else default_pack()


def _messages(store: Store) -> dict[tuple[str, str], MessageTemplate]:
    return {(one.name, one.language): one for one in store.console.templates()}
