import pytest

from havenwall.app.network_bench import run_table, tables
from havenwall.errors import BadInput


@pytest.fixture(scope="module")
def every():
    return tables(8_000, 12)


def test_a_hard_platform_is_measured_beside_its_peers(every):
    rows = dict(run_table(every["hard"], range(1)))
    assert list(rows) == ["hard", "hard: followers of two seeds", "hard: walk"]
    ours, walk = rows["hard"], rows["hard: walk"]
    assert ours["average precision"] > walk["average precision"]
    assert ours["victims in lane"] == 0
    assert set(walk) < set(ours)


@pytest.mark.parametrize("place", [0, 1])
def test_where_nothing_is_to_be_found_nobody_is_enforced_against(every, place):
    ((_, row),) = run_table((every["controls"][place],), range(1))
    assert row["enforcement"] <= 1


def test_more_seeds_than_a_platform_has():
    with pytest.raises(BadInput, match="seeds"):
        tables(8_000, 200)
