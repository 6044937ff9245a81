"""A registered plan, from its files to its verdict."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from havenwall.app.release import Bench, read_histories
from havenwall.audit import Label, LabelService
from havenwall.audit.release import ReleasePlan, parse_plan
from havenwall.errors import BadInput
from havenwall.guard import publish
from havenwall.model import Restriction, Standing, now
from havenwall.sandbox import SandboxConfig, generate

SMALL = {"adapter": "sandbox", "recommender": "cofollow", "accounts": 400}


def plan(**fields: object) -> ReleasePlan:
    given = {
        "name": "small",
        "platform": SMALL,
        "labels": "sandbox",
        "personas": ["seek"],
        "arms": {"none": {}, "best": {"drop_labelled": True}},
        "thresholds": [{"metric": "exposure", "arm": "best", "at_most": 0.5}],
        "accounts": 4,
        "rounds": 2,
        "k": 5,
        "platform_seeds": 2,
    }
    return parse_plan(yaml.safe_dump(given | fields, sort_keys=False))


def test_a_sandbox_is_its_own_truth(tmp_path: Path) -> None:
    finding = Bench(plan(), tmp_path).run().finding
    found = {cell.arm: cell.exposure for cell in finding.cells}
    assert found["none"] > 0.2
    assert found["best"] == 0
    assert len(set(finding.snapshots["none"])) == 2
    assert finding.snapshots["none"] == finding.snapshots["best"]
    assert finding.costs[0].sampled > 0


def test_arms_may_be_different_recommenders(tmp_path: Path) -> None:
    arms = {"old": {}, "new": {"platform": SMALL | {"recommender": "friends"}}}
    thresholds = [{"metric": "exposure", "arm": "new", "margin": 0.5, "against": "old"}]
    finding = Bench(plan(arms=arms, thresholds=thresholds), tmp_path).run().finding
    assert finding.snapshots["old"] != finding.snapshots["new"]


def test_histories_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "ordinary.csv").write_text("account,target\naccount:o,account:p\n")
    labels = LabelService({"account:m": [Label.KNOWN], "account:o": [Label.ORDINARY]})
    past = read_histories(tmp_path / "ordinary.csv", labels)
    assert [labels.ids[n] for n in past.people] == ["account:o"]
    assert past.follows.nnz == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [("a,b\n", "columns account and target"), ("account,target\na,\n", ":2: account or target is missing")],
)
def test_bad_histories_are_refused_by_line(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "ordinary.csv").write_text(text)
    with pytest.raises(BadInput) as caught:
        read_histories(tmp_path / "ordinary.csv", LabelService({}))
    assert told in str(caught.value)


def test_a_list_of_ids_is_dropped(tmp_path: Path) -> None:
    platforms = [generate(_config(), seed) for seed in range(2)]
    ids = [p.ids[n] for p in platforms for n in p.member.nonzero()[0]]
    (tmp_path / "drop.txt").write_text("\n".join(ids))
    arms = {"none": {}, "best": {"drop": "drop.txt"}}
    found = {c.arm: c.exposure for c in Bench(plan(arms=arms), tmp_path).run().finding.cells}
    assert found["none"] > 0
    assert found["best"] == 0


def _config() -> SandboxConfig:
    from havenwall.app.platforms import sandbox_of
    from havenwall.audit.adapters.spec import SandboxSpec

    return sandbox_of(SandboxSpec(accounts=400))


def test_a_guard_stands_behind_an_arm(tmp_path: Path) -> None:
    platform = generate(_config(), 0)
    rows = [
        Standing(
            seq=seq,
            entity=platform.ids[place],
            restriction=Restriction.SUPPRESSED,
            confirmed=True,
            decision_id="d",
            reason="r",
            at=now(),
        )
        for seq, place in enumerate(platform.member.nonzero()[0], 1)
    ]
    publish(tmp_path / "guard", (), lambda: rows, watermark=len(rows))
    arms = {"none": {}, "best": {"guard": "guard"}}
    found = {
        c.arm: c.exposure for c in Bench(plan(arms=arms, platform_seeds=1), tmp_path).run().finding.cells
    }
    assert found["none"] > 0
    assert found["best"] == 0


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"arms": {"none": {}, "best": {"guard": "nowhere"}}}, "arms.guard"),
        ({"platform": {"adapter": "command", "command": ["true"]}}, "labels"),
        (
            {"arms": {"none": {}, "best": {"platform": SMALL | {"accounts": 500}}}},
            "arms",
        ),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, fields: dict[str, object], field: str) -> None:
    with pytest.raises(BadInput) as caught:
        Bench(plan(**fields), tmp_path).run()
    assert caught.value.field == field


@pytest.mark.parametrize(
    "fields", [{"labels": "none.csv"}, {"popular": "none.txt"}, {"ordinary": "none.csv"}]
)
def test_a_file_that_is_not_there_is_named(tmp_path: Path, fields: dict[str, object]) -> None:
    with pytest.raises(BadInput, match="none"):
        Bench(plan(**fields), tmp_path).run()
