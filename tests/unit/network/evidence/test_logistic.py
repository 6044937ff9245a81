import numpy as np
from sklearn.linear_model import LogisticRegression

from havenwall.network.evidence.logistic import fit_logistic


def data():
    rng = np.random.default_rng(0)
    values = rng.normal(size=(400, 3))
    label = (values @ [1.0, -1.0, 0.5] + rng.logistic(size=400) > 0).astype(float)
    return values, label, rng.uniform(0.5, 2, 400)


def test_agrees_with_scikit_learn_without_bounds():
    values, label, weight = data()
    peer = LogisticRegression(C=0.5, tol=1e-8).fit(values, label, sample_weight=weight)
    fit = fit_logistic(values, label, weight, (0, 0, 0), 0.5)
    np.testing.assert_allclose(fit.weights, peer.coef_[0], atol=2e-3)
    assert abs(fit.intercept - peer.intercept_[0]) < 2e-3


def test_weights_keep_their_sign():
    weights = fit_logistic(*data(), (1, 1, -1), 0.5).weights
    assert weights[0] > 0
    assert weights[1] == 0
    assert weights[2] == 0
