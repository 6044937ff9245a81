import pytest

from havenwall.network.graph import Names, NumberNames
from havenwall.network.live.growing import GrowingNames


def test_new_names_come_after_the_old_ones():
    names = GrowingNames(Names.from_list(["b", "d"]))
    assert names.add("d") == 1
    assert [names.add(name) for name in ("c", "a", "c")] == [2, 3, 2]
    assert [names[row] for row in range(len(names))] == ["b", "d", "c", "a"]
    assert [names.row(name) for name in ("b", "c", "x")] == [0, 2, None]
    for row in (-1, 4):
        with pytest.raises(IndexError, match="of 4 names"):
            names[row]


def test_merged_names_are_in_order_and_know_where_each_went():
    names = GrowingNames(Names.from_list(["b", "d"]))
    names.add("ç")
    names.add("a")
    merged, rows = names.merged()
    assert list(merged) == ["a", "b", "d", "ç"]
    assert [merged[row] for row in rows] == ["b", "d", "ç", "a"]


def test_without_new_names_nothing_moves():
    base = Names.from_list(["b", "d"])
    merged, rows = GrowingNames(base).merged()
    assert merged is base
    assert rows.tolist() == [0, 1]


@pytest.mark.parametrize("base", [range(3), [2, 5, 10]])
def test_numbers_stay_numbers_as_long_as_all_are(base):
    import numpy as np

    held = NumberNames(base if isinstance(base, range) else np.array(base, np.uint32))
    names = GrowingNames(held)
    names.add("7")
    merged, rows = names.merged()
    assert isinstance(merged, NumberNames)
    assert list(merged) == sorted([*(str(number) for number in base), "7"], key=int)
    assert [merged[row] for row in rows] == [*map(str, base), "7"]
    names.add("07")
    merged, rows = names.merged()
    assert list(merged) == sorted([*map(str, base), "7", "07"])
    assert [merged[row] for row in rows] == [*map(str, base), "7", "07"]
