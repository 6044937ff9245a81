import pytest

from havenwall.audit import run_audit, tables
from havenwall.audit.table import interval, percent


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.835, "83.5 %"), (0, "0.0 %"), (0.0008, "0.08 %"), (1, "100.0 %"), (-0.002, "-0.20 %"), (None, "–")],
)
def test_percent(share, text):
    assert percent(share) == text


def test_interval():
    assert interval(0.835, 0.73, 0.9312) == "83.5 % [73.0 %, 93.1 %]"


def test_every_row_fills_every_column(make_world, plan):
    result = run_audit(plan, (make_world(seed) for seed in range(3)))
    arms, comparisons, cost = tables(result)
    for table in (arms, comparisons, cost):
        assert all(len(row) == len(table.columns) for row in table.rows)
        assert all(isinstance(cell, str) for row in table.rows for cell in row)
    assert arms.columns[1] == "exposure@10 [95 % interval]"
    assert [row[0] for row in arms.rows] == [
        "No guard",
        "Known accounts dropped",
        "Havenwall",
        "Whole network known",
    ]
    assert arms.rows[0][1] == interval(
        *(getattr(result.arms["none"], f) for f in ("exposure", "low", "high"))
    )
    assert arms.rows[3][6] == "never"
    assert comparisons.rows[0][0] == "No guard → Havenwall"
    assert cost.rows[3] == ["bystanders suppressed", "10.0 %"]
