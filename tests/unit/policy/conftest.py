"""A view over plain dicts, and short ways to make packs, risks and signals."""

from datetime import UTC, datetime

import msgspec
import pytest

from havenwall.model import Lane, Risk, SeedShare, Signal
from havenwall.policy import parse_pack

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


class View(msgspec.Struct, kw_only=True):
    """A PolicyView a test can fill."""

    label: dict[str, str] = {}
    restriction: dict[str, str] = {}
    counts: dict[str, dict[str, int]] = {}
    lane: dict[str, str] = {}
    cases: frozenset[str] = frozenset()
    widen: bool = True
    used: dict = {}
    platform: int = 1_000_000

    def labels(self, entities):
        return {each: self.label[each] for each in entities if each in self.label}

    def restrictions(self, entities):
        return {each: self.restriction[each] for each in entities if each in self.restriction}

    def lanes(self, entities):
        return {each: self.lane[each] for each in entities if each in self.lane}

    def signal_counts(self, entities):
        return {each: self.counts[each] for each in entities if each in self.counts}

    def in_case(self, entities):
        return self.cases & set(entities)

    def may_widen(self):
        return self.widen

    def spent(self, rule, day):
        return self.used.get((rule, day), 0)

    def accounts(self):
        return self.platform


@pytest.fixture
def view():
    return View()


@pytest.fixture
def at():
    return AT


@pytest.fixture
def pack():
    """Makes a pack from rules; what a rule leaves out is filled in."""

    def make(*rules):
        return parse_pack({"name": "test", "rules": [_filled(rule) for rule in rules]})

    return make


def _filled(rule):
    rule = {"id": "r", "on": "risk", "when": "true", "then": "suppress", "why": "Because."} | rule
    if rule["then"] == "suppress":
        rule.setdefault("quota", {"per_day": 100, "share_of_accounts": 1.0})
    return rule


@pytest.fixture
def risk():
    """Makes a risk on an account; its id is made from the account's."""

    def make(key, probability=0.9, seeds=(0.5, 0.5), links_from=1, shared_followers=0, **fields):
        shares = tuple(
            SeedShare(
                seed=f"account:s{n}",
                share=share,
                links_to=1,
                links_from=links_from,
                shared_followers=shared_followers,
            )
            for n, share in enumerate(seeds)
        )
        known = {"id": f"risk-{key}", "run_id": "run", "entity": f"account:{key}", "score": 2.0, "at": AT}
        known |= {
            "probability": probability,
            "over_threshold": True,
            "seeds": shares,
            "lane": Lane.ENFORCEMENT,
        }
        return Risk(**known | fields)

    return make


@pytest.fixture
def signal():
    """Makes a signal on an account."""

    def make(key, detector="confirmed", strength=1.0, **fields):
        known = {"id": f"{detector}-{key}", "entity": f"account:{key}", "detector": detector, "version": "1"}
        return Signal(**known | {"strength": strength, "at": AT} | fields)

    return make
