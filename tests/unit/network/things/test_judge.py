import numpy as np
import pytest

from havenwall.errors import BadInput
from havenwall.network.things.config import ThingConfig
from havenwall.network.things.judge import judge


def test_confirmed_accounts_have_chance_one_and_make_a_thing_suspect(make_graph):
    graph = make_graph([(1, "tag:a"), (2, "tag:a"), (3, "tag:b")])
    (judged,) = judge(graph, np.array([0.1, 0.0, 0.2]), np.array([1]), ThingConfig())
    assert judged.probability.tolist() == [0.1, 1.0, 0.2]
    assert [judged.uses.names[row] for row in judged.suspects] == ["tag:a"]
    assert judged.prior.base == pytest.approx(1.3 / 3)


def test_the_base_rate_is_that_of_the_accounts_that_use_the_kind(make_graph):
    graph = make_graph([(1, "tag:a"), (1, "tag:b"), (2, "tag:a"), (3, "group:g")])
    group, tag = judge(graph, np.array([0.2, 0.0, 0.04]), np.empty(0, int), ThingConfig())
    assert (group.prior.base, tag.prior.base) == (0.04, 0.1)


@pytest.mark.parametrize("probability", [[0.1], [0.1, 1.2], [0.1, np.nan], [-0.1, 0.0]])
def test_refuses_what_is_no_probability(make_graph, probability):
    with pytest.raises(BadInput, match="probability"):
        judge(
            make_graph([(1, "tag:a"), (2, "tag:a")]), np.array(probability), np.empty(0, int), ThingConfig()
        )


def test_refuses_rows_outside_the_graph(make_graph):
    with pytest.raises(BadInput, match="confirmed"):
        judge(make_graph([(1, "tag:a")]), np.zeros(1), np.array([1]), ThingConfig())
