"""The JSON shape of a result is a public contract: this test changes only with the CHANGELOG."""

import msgspec

from havenwall.audit import run_audit


def shape(value):
    """Keys all the way down, types at the leaves; int and float are both numbers."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(each) for each in value[:1]]
    return "number" if isinstance(value, int | float) else type(value).__name__


ARM = {
    "exposure": "number",
    "low": "number",
    "high": "number",
    "by_round": ["number"],
    "ever_exposed": "number",
    "saturated": "number",
    "first_exposure": "number",
    "amplification": "number",
}
COMPARISON = dict.fromkeys(["difference", "low", "high", "p", "p_platforms"], "number")
CONTRACT = {
    "arms": {
        "none": ARM,
        "known": ARM,
        "havenwall": ARM,
        "all_known": {**ARM, "first_exposure": "NoneType"},
    },
    "suppressed": {
        "accounts": "number",
        "precision": "number",
        "recall_unknown": "number",
        "bystander_share": "number",
        "hard_negatives": "number",
    },
    "benign_changed": "number",
    "benign_slots_changed": "number",
    "comparisons": {"none_vs_havenwall": COMPARISON, "known_vs_havenwall": COMPARISON},
    "plan": {
        "persona": "str",
        "accounts": "number",
        "rounds": "number",
        "k": "number",
        "follows_per_round": "number",
        "surfaces": ["str"],
        "queries": [],
        "platform_seeds": "number",
        "seed": "number",
        "recommender": "str",
        "camouflage": "number",
        "known_share": "number",
        "bootstrap_draws": "number",
        "benign_sample": "number",
    },
    "prevalence": "number",
}


def test_the_json_has_exactly_this_shape(make_world, plan):
    result = run_audit(plan, (make_world(seed) for seed in range(3)))
    plain = msgspec.json.decode(msgspec.json.encode(result))
    assert shape(plain) == CONTRACT
    assert list(plain["arms"]) == ["none", "known", "havenwall", "all_known"]
    assert all(len(arm["by_round"]) == plan.rounds for arm in plain["arms"].values())
