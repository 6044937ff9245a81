import msgspec
import pytest
import yaml
from tests.unit.audit.release.conftest import PLAN

from havenwall.audit.release import parse_plan, read_plan
from havenwall.errors import BadInput


def changed(**fields):
    return yaml.safe_dump(yaml.safe_load(PLAN) | fields, sort_keys=False)


def test_the_hash_is_of_what_the_plan_says_and_not_of_how():
    plan = parse_plan(PLAN)
    assert plan.hash == parse_plan(changed()).hash == parse_plan("# a word before\n" + PLAN).hash
    assert plan.hash != parse_plan(changed(rounds=5)).hash
    turned = PLAN.replace(
        "  none: {}\n  best: {drop_labelled: true}", "  best: {drop_labelled: true}\n  none: {}"
    )
    assert turned != PLAN
    assert plan.hash != parse_plan(turned).hash
    assert plan.hash != parse_plan(PLAN.replace("0.2", "0.3")).hash


def test_a_plan_survives_json():
    plan = parse_plan(PLAN)
    assert msgspec.json.decode(msgspec.json.encode(plan), type=type(plan)).hash == plan.hash


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"rounds": 0}, "rounds"),
        ({"rounds": "many"}, "rounds"),
        ({"k": 0}, "k"),
        ({"choices": 50}, "follows_per_round"),
        ({"personas": ["seek", "seek"]}, "personas"),
        ({"personas": ["stranger"]}, "personas"),
        ({"personas": []}, "personas"),
        ({"surfaces": ["search"]}, "queries"),
        ({"surfaces": ["cellar"]}, "surfaces[0]"),
        ({"arms": {}}, "arms"),
        ({"arms": {"none": {"drop": "a", "guard": "b"}}}, "arms.none"),
        ({"thresholds": []}, "thresholds"),
        ({"thresholds": [{"metric": "exposure", "arm": "other", "at_most": 0.1}]}, "thresholds[0].arm"),
        ({"thresholds": [{"metric": "joy", "arm": "best", "at_most": 0.1}]}, "thresholds[0].metric"),
        (
            {"thresholds": [{"metric": "exposure", "arm": "best", "persona": "minor", "at_most": 0.1}]},
            "thresholds[0].persona",
        ),
        ({"platform": {"adapter": "abacus"}}, "platform.adapter"),
        ({"platform": {"adapter": "http"}}, "platform.url"),
        ({"horses": 3}, "plan"),
    ],
)
def test_what_is_wrong_is_named(fields, field):
    with pytest.raises(BadInput) as caught:
        parse_plan(changed(**fields))
    assert caught.value.field == field


@pytest.mark.parametrize("text", ["name: [", "", "- 1", "name: a\x00b", "[" * 5000, "rounds: " + "9" * 5000])
def test_what_is_no_plan_is_refused(text):
    with pytest.raises(BadInput):
        parse_plan(text)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BadInput, match="nowhere"):
        read_plan(tmp_path / "nowhere.yaml")
