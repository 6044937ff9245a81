import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from havenwall.model import EntityKind
from havenwall.network.things.hands import hands

MOST = 4


def by_name(graph, label):
    return {
        name: graph.names[int(hand)][-1]
        for name, hand in zip((n[-1] for n in graph.names), label, strict=True)
    }


def test_a_contact_of_few_joins_and_one_of_many_does_not(make_graph):
    uses = [(1, "domain:own"), (2, "domain:own"), *((n, "domain:shop") for n in range(3, 9))]
    label = by_name(graph := make_graph(uses), hands(graph, MOST))
    assert label["1"] == label["2"] == "1"
    assert len({label[str(n)] for n in range(3, 9)}) == 6


def test_a_chain_that_grows_too_long_falls_apart(make_graph):
    chain = [(n + step, f"domain:{n}") for n in range(MOST) for step in (0, 1)]
    graph = make_graph(chain)
    assert hands(graph, MOST + 1).tolist() == [0] * (MOST + 1)
    assert hands(graph, MOST).tolist() == list(range(MOST + 1))


def test_ties_between_accounts_join_and_domains_are_judged_without_their_own_links(make_graph):
    tie = [("account:00001", "account:00002", "shared_contact")]
    graph = make_graph([(2, "domain:own"), (3, "domain:own")], links=tie)
    assert hands(graph, MOST).tolist() == [0, 0, 0]
    assert hands(graph, MOST, without=EntityKind.DOMAIN).tolist() == [0, 0, 2]
    assert hands(graph, MOST, without=EntityKind.TAG).tolist() == [0, 0, 0]


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 15), st.integers(0, 9)), min_size=1, max_size=30))
def test_hands_are_the_small_components(make_graph, pairs):
    graph = make_graph([(account, f"domain:{contact}") for account, contact in pairs])
    contacts = next(iter(graph.uses.values()))
    narrow = np.flatnonzero(contacts.flipped.degree <= MOST)
    kept = np.isin(contacts.indices, narrow)
    rows, columns = contacts.sources()[kept], contacts.indices[kept] + graph.n
    size = graph.n + contacts.columns
    links = coo_array((np.ones(len(rows)), (rows, columns)), shape=(size, size))
    component = connected_components(links, directed=False)[1][: graph.n]
    label = hands(graph, MOST)
    for row in range(graph.n):
        mates = np.flatnonzero(component == component[row])
        assert label[row] == (mates[0] if len(mates) <= MOST else row)
