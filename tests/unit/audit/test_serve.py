import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.audit.listing import Listing

from havenwall.audit import AuditSurface, LabelService, MaskGate
from havenwall.audit.adapter import Profile
from havenwall.audit.serve import Look, serve


def entities(n: int) -> list[str]:
    return [f"account:{each}" for each in range(n)]


def dropping(n: int, *dropped: int) -> MaskGate:
    mask = np.zeros(n, dtype=bool)
    mask[list(dropped)] = True
    return MaskGate(mask)


def looking(platform: Listing, people: int, k: int) -> tuple[LabelService, Look]:
    accounts = platform.create_accounts([Profile(name=str(n)) for n in range(people)])
    labels = LabelService(dict.fromkeys(entities(len(platform.ranking)), ()))
    return labels, Look(accounts=accounts, surface=AuditSurface.ACCOUNTS, k=k)


def test_the_gate_takes_candidates_out_and_the_next_ones_move_up():
    platform = Listing(entities(50))
    labels, look = looking(platform, 2, 3)
    (shown,) = serve(platform, [dropping(50, 1, 3)], labels, look)
    assert shown.tolist() == [[0, 2, 4], [0, 2, 4]]


def test_a_gate_that_drops_much_is_filled_from_further_down():
    platform = Listing(entities(200))
    labels, look = looking(platform, 1, 4)
    (shown,) = serve(platform, [dropping(200, *range(150))], labels, look)
    assert shown.tolist() == [[150, 151, 152, 153]]
    assert [ask.k for ask in platform.asked] == [8, 32, 128, 512]


def test_an_exhausted_recommender_is_not_asked_again():
    platform = Listing(entities(5))
    labels, look = looking(platform, 1, 6)
    (shown,) = serve(platform, [dropping(100, 0)], labels, look)
    assert shown.tolist() == [[1, 2, 3, 4, -1, -1]]
    assert len(platform.asked) == 1


def test_one_ranking_serves_every_gate_and_only_short_rows_are_asked_for_again():
    platform = Listing(entities(60))
    labels, look = looking(platform, 1, 2)
    views = serve(platform, [dropping(60), dropping(60, 0, 1, 2, 3)], labels, look)
    assert [view.tolist() for view in views] == [[[0, 1]], [[4, 5]]]
    assert [ask.k for ask in platform.asked] == [4, 16]


def test_an_entity_that_is_sent_twice_takes_one_place():
    platform = Listing(["account:0", "account:0", "account:1"])
    labels, look = looking(platform, 1, 2)
    (shown,) = serve(platform, [dropping(1)], labels, look)
    assert [labels.ids[n] for n in shown[0]] == ["account:0", "account:1"]


def test_a_platform_that_never_has_enough_is_given_up_on():
    platform = Listing(entities(20_000))
    labels, look = looking(platform, 1, 2)
    (shown,) = serve(platform, [dropping(20_000, *range(20_000))], labels, look)
    assert (shown == -1).all()
    assert max(ask.k for ask in platform.asked) < 20_000


def test_words_go_with_the_asks():
    platform = Listing(entities(3))
    labels, look = looking(platform, 2, 1)
    worded = Look(accounts=look.accounts, surface=AuditSurface.SEARCH, k=1, queries=["tin", "lantern"])
    serve(platform, [dropping(1)], labels, worded)
    assert [(ask.surface, ask.query) for ask in platform.asked] == [("search", "tin"), ("search", "lantern")]


@settings(max_examples=50)
@given(st.data())
def test_what_is_shown_is_the_allowed_ranking_cut_at_k(data):
    n, k = data.draw(st.integers(1, 40)), data.draw(st.integers(1, 12))
    accounts = st.sets(st.integers(0, n - 1))
    gates = [data.draw(accounts), data.draw(accounts)]
    platform = Listing(data.draw(st.permutations(entities(n))))
    labels, look = looking(platform, 1, k)
    views = serve(platform, [dropping(n, *g) for g in gates], labels, look)
    order = [int(each.partition(":")[2]) for each in platform.ranking]
    for gate, view in zip(gates, views, strict=True):
        expected = [each for each in order if each not in gate][:k]
        assert view.tolist() == [expected + [-1] * (k - len(expected))]


def test_no_test_account_asks_nothing():
    platform = Listing(entities(3))
    labels, look = looking(platform, 0, 2)
    (shown,) = serve(platform, [dropping(1)], labels, look)
    assert shown.shape == (0, 2)
    assert platform.asked == pytest.approx([])
