import numpy as np
import pytest

from havenwall.errors import BadInput
from havenwall.model import NetworkRole
from havenwall.network.roles import (
    CARD,
    STANDARD,
    Features,
    Hints,
    find_near,
    fit_roles,
    role_features,
    role_odds,
    type_roles,
)

NOBODY = np.empty(0, np.int64)
KINDS = ("trader", "buyer", "victim", "press", "lookalike", "ordinary")


@pytest.fixture(scope="module")
def reviewed(village):
    rows, roles = [], []
    for kind in KINDS:
        some = np.setdiff1d(village.rows[kind], village.seeds)[:40]
        rows.append(some)
        roles += [NetworkRole(kind)] * len(some)
    near = find_near(village.graph, village.seeds, NOBODY, Hints(), None)
    return role_features(village.graph, near, Hints(), np.concatenate(rows)), roles


def surprise(features, roles, card):
    odds = role_odds(features, card).astype(float)
    truth = [list(NetworkRole).index(role) for role in roles]
    return float((np.logaddexp.reduce(odds, axis=1) - odds[np.arange(len(truth)), truth]).mean())


def test_reviewed_roles_become_less_surprising(reviewed):
    features, roles = reviewed
    fitted = fit_roles(features, roles)
    assert surprise(features, roles, fitted) < surprise(features, roles, STANDARD)


def test_no_weight_turns_round_and_priors_stay(reviewed):
    features, roles = reviewed
    wrong = [NetworkRole.PRESS if role is NetworkRole.TRADER else NetworkRole.TRADER for role in roles]
    fitted = fit_roles(features, wrong, strength=0.01)
    assert (fitted.weights * STANDARD.weights >= 0).all()
    assert np.array_equal(fitted.priors, STANDARD.priors)


def test_strength_holds_to_the_card(reviewed):
    features, roles = reviewed
    near, far = (fit_roles(features, roles, strength=value) for value in (1e3, 0.1))
    assert near.weights == pytest.approx(STANDARD.weights, abs=1e-2)
    assert np.abs(far.weights - STANDARD.weights).max() > 0.1


def test_lines_without_evidence_keep_their_weight(reviewed):
    features, roles = reviewed
    fitted = fit_roles(features, roles)
    for line, weight in zip(CARD, fitted.weights, strict=True):
        if line.feature in ("media", "minor", "own_signals"):
            assert weight == pytest.approx(line.weight, abs=1e-4)


def test_a_fitted_card_can_be_used(village, reviewed):
    fitted = fit_roles(*reviewed)
    table = type_roles(village.graph, village.seeds, NOBODY, rows=village.rows["press"], card=fitted)
    assert {table.of(row).role for row in village.rows["press"].tolist()} == {NetworkRole.PRESS}


def test_bad_input(reviewed):
    features, roles = reviewed
    with pytest.raises(BadInput, match="roles_given"):
        fit_roles(features, roles[:-1])
    with pytest.raises(BadInput, match="roles_given"):
        fit_roles(Features(NOBODY, features.values[:0]), [])
    with pytest.raises(BadInput, match="strength"):
        fit_roles(features, roles, strength=0)
