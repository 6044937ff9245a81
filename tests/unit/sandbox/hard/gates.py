"""What an honest platform must not give away, measured."""

import numpy as np
import scipy.sparse as sp
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.neighbors import NearestNeighbors
from threadpoolctl import threadpool_limits

from havenwall.model import LinkKind
from havenwall.sandbox.hard import HardPart, seeds

DAY = 86_400


def adjacency(links):
    ones = np.ones(links.links, np.float32)
    return sp.csr_array(
        (ones, links.indices.astype(np.int64), links.indptr), shape=(links.rows, links.columns)
    )


def traders(platform):
    return platform.part == HardPart.TRADER


def degree_features(platform):
    """What an account's own surroundings show, without knowing anybody."""
    graph = platform.graph()
    returned = mutual(platform)
    inside, outside = platform.follows.flipped.degree, platform.follows.degree
    age = platform.config.end.timestamp() * 1e6 - platform.created_at
    ratios = [
        returned / np.maximum(inside, 1),
        returned / np.maximum(outside, 1),
        inside / np.maximum(outside, 1),
    ]
    ties = [side for kind in (LinkKind.LIKE, LinkKind.COMMENT) for side in _both(graph.between[kind])]
    uses = [graph.uses[kind].degree for kind in graph.uses]
    often = [np.bincount(things.uses.account, minlength=graph.n) for things in platform.catalogues.values()]
    return np.column_stack([inside, outside, returned, *ratios, age, *ties, *uses, *often])


def mutual(platform):
    """Follows of each account that are returned."""
    follows = adjacency(platform.follows)
    return np.asarray(follows.multiply(follows.T.tocsr()).sum(axis=1)).ravel()


def _both(links):
    return links.degree, links.flipped.degree


def supervised(platform, features):
    """Average precision for traders on one half of all accounts, learned from the labels of the rest."""
    truth = traders(platform)
    half = np.random.default_rng(0).random(truth.size) < 0.5
    model = HistGradientBoostingClassifier(
        max_iter=60,
        learning_rate=0.05,
        max_leaf_nodes=8,
        min_samples_leaf=50,
        l2_regularization=10.0,
        early_stopping=False,
        random_state=0,
    )
    with threadpool_limits(1):
        model.fit(features[half], truth[half])
    return average_precision_score(truth[~half], model.predict_proba(features[~half])[:, 1])


def confirmed(platform, draw=0):
    """5 % of the traders, visible ones first."""
    return seeds(platform, round(0.05 * platform.config.traders), np.random.default_rng(draw))


def seeded(platform, known, score):
    """Average precision of a score for the traders that are not known yet."""
    rest = np.ones(platform.config.accounts, dtype=bool)
    rest[known] = False
    return average_precision_score(traders(platform)[rest], score[rest])


def one_hop(platform, known):
    """Links to and from the known accounts."""
    follows = adjacency(platform.follows)
    mark = np.zeros(platform.config.accounts, np.float32)
    mark[known] = 1.0
    return follows @ mark + follows.T @ mark


def shared_followers(platform, known, least=2):
    """Followers that follow several of the known accounts."""
    follows = adjacency(platform.follows)
    mark = np.zeros(platform.config.accounts, np.float32)
    mark[known] = 1.0
    return follows.T @ (follows @ mark >= least).astype(np.float32)


def matched(platform, each=5, caliper=0.12):
    """Rows of traders and of ordinary accounts of nearly the same degrees, and which are traders."""
    degrees = np.log1p(np.column_stack([*_both(platform.follows), mutual(platform)]))
    rows = np.flatnonzero(traders(platform))
    plain = np.flatnonzero(platform.part == HardPart.ORDINARY)
    distance, near = NearestNeighbors(n_neighbors=each).fit(degrees[plain]).kneighbors(degrees[rows])
    close = distance < caliper
    rows, others = rows[close.any(axis=1)], np.unique(plain[near[close]])
    return np.concatenate([rows, others]), np.repeat([True, False], [rows.size, others.size])


def accident_features(platform):
    """What should be chance: the number in the name, the row, the age, when follows began."""
    number = np.array([int(name.rpartition(":")[2]) for name in platform.ids])
    created = platform.created_at / 1e6
    columns = [number, np.arange(number.size), created, number % 10]
    for links in (platform.follows, platform.follows.flipped):
        since, row, size = links.since.astype(np.float64), links.sources(), np.maximum(links.degree, 1)
        mean = np.bincount(row, since, links.rows) / size
        spread = np.sqrt(np.maximum(np.bincount(row, since**2, links.rows) / size - mean**2, 0))
        # In standard errors, so that it does not stand for the degree.
        hour = (np.bincount(row, since % DAY, links.rows) / size - DAY / 2) * np.sqrt(size)
        columns += [mean, mean - created, spread, hour]
    return np.column_stack(columns)


def told_apart(learned, tested):
    """AUC on one platform of trees that learned from another: .5 if the features say nothing.

    Both are features and truth. Two platforms, because cross-validation within one is biased below .5.
    """
    model = HistGradientBoostingClassifier(
        max_iter=40,
        learning_rate=0.05,
        max_leaf_nodes=6,
        min_samples_leaf=30,
        early_stopping=False,
        random_state=0,
    )
    with threadpool_limits(1):
        model.fit(*learned)
        return roc_auc_score(tested[1], model.predict_proba(tested[0])[:, 1])


def inner_density(platform, group):
    """Follows within each group per ordered pair of its accounts; -1 is no group."""
    source, target = platform.follows.sources(), platform.follows.indices
    same = (group[source] == group[target]) & (group[source] >= 0)
    sizes = np.bincount(group[group >= 0])
    return np.bincount(group[source[same]], minlength=sizes.size) / np.maximum(sizes * (sizes - 1), 1), sizes
