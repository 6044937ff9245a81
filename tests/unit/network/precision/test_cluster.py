import numpy as np
import pytest

from havenwall.network.precision.cluster import design_effect, intra_correlation


def clustered(correlation: float, clusters: int = 3000, size: int = 4, seed: int = 0):
    rng = np.random.default_rng(seed)
    share = rng.beta(0.7 * (1 / correlation - 1), 0.3 * (1 / correlation - 1), clusters)
    member = (rng.random((clusters, size)) < share[:, None]).ravel().astype(float)
    return np.repeat(np.arange(clusters), size), member


@pytest.mark.parametrize("correlation", [0.1, 0.4, 0.8])
def test_finds_the_correlation_that_was_put_in(correlation):
    cluster, member = clustered(correlation)
    found = intra_correlation(np.zeros(len(cluster), int), cluster, member)
    assert found == pytest.approx(correlation, abs=0.03)


def test_differences_between_buckets_are_no_correlation():
    rng = np.random.default_rng(1)
    bucket = np.repeat([0, 1], 4000)
    member = (rng.random(8000) < np.where(bucket, 0.1, 0.9)).astype(float)
    cluster = np.repeat(np.arange(2000), 4)
    assert intra_correlation(bucket, cluster, member) < 0.03
    assert intra_correlation(np.zeros(8000, int), cluster, member) > 0.5


def test_is_the_analysis_of_variance_written_out():
    bucket = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1])
    cluster = np.array([1, 1, 1, 2, 2, 3, 3, 4, 4])
    member = np.array([1.0, 1, 0, 0, 0, 1, 1, 0, 1])
    groups = [(0, [1, 1, 0]), (0, [0, 0]), (1, [1, 1]), (1, [0, 1])]
    middle = {0: 2 / 5, 1: 3 / 4}
    within = sum(((np.array(g) - np.mean(g)) ** 2).sum() for _, g in groups) / (9 - 4)
    between = sum(len(g) * (np.mean(g) - middle[b]) ** 2 for b, g in groups) / (4 - 2)
    typical = (9 - ((9 + 4) / 5 + (4 + 4) / 4)) / (4 - 2)
    expected = (between - within) / (between + (typical - 1) * within)
    assert intra_correlation(bucket, cluster, member) == pytest.approx(max(0.0, expected))


def test_audits_drawn_alone_have_no_design_effect():
    rng = np.random.default_rng(2)
    member = (rng.random(400) < 0.8).astype(float)
    effect, correlation = design_effect(np.zeros(400, int), np.arange(400), member, 2)
    assert correlation == 0
    assert effect == pytest.approx([1, 1], abs=0.02)


def test_pure_clusters_count_as_one_audit_each():
    cluster = np.repeat(np.arange(200), 5)
    member = np.repeat(np.arange(200) % 3 > 0, 5).astype(float)
    effect, correlation = design_effect(np.zeros(1000, int), cluster, member, 1)
    assert correlation == pytest.approx(1)
    assert effect[0] == pytest.approx(5, rel=0.03)


def test_clusters_that_span_buckets_count_whole():
    cluster, member = clustered(0.4)
    bucket = np.tile([0, 0, 1, 1], 3000)
    effect, correlation = design_effect(bucket, cluster, member, 2)
    assert correlation == pytest.approx(0.4, abs=0.03)
    assert effect == pytest.approx([2.2, 2.2], abs=0.1)


def test_few_clusters_are_trusted_less():
    cluster, member = clustered(0.3, clusters=6)
    few, _ = design_effect(np.zeros(24, int), cluster, member, 1)
    raw = 1 + 3 * intra_correlation(np.zeros(24, int), cluster, member)
    assert few[0] > 1.5 * raw
