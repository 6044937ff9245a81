"""Which stages run, with which parts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from havenwall.app.config import Config
from havenwall.casework import CaseworkStage
from havenwall.detect import DetectStage, HashList, TermList, build_detectors
from havenwall.disclose import DiscloseStage, Vault
from havenwall.engine import Stage
from havenwall.network import NetworkConfig, NetworkStage
from havenwall.policy import PolicyStage, RulePack, default_pack, load_pack
from havenwall.store import Store


def build_stages(config: Config, store: Store, vault: Vault) -> tuple[Stage, ...]:
    """All stages, in the order of the flow."""
    return (
        DetectStage(build_detectors(_terms(config.term_lists), _hashes(config.hash_lists))),
        NetworkStage(store.network, NetworkConfig(recall=config.held_out_recall)),
        PolicyStage(rule_pack(config), store.policy),
        CaseworkStage(store.casework),
        DiscloseStage(store.casework, vault),
    )


def rule_pack(config: Config) -> RulePack:
    """The operator's rule pack, or the one that comes with Havenwall."""
    return load_pack(config.rules) if config.rules else default_pack()


def _terms(paths: Sequence[Path]) -> list[TermList]:
    return [TermList.load(path) for path in paths]


def _hashes(paths: Sequence[Path]) -> list[HashList]:
    return [HashList.load(path) for path in paths]
