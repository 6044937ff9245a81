"""Packs are checked in full; every refusal names rule, field and remedy."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.errors import BadRulePack
from havenwall.policy import MACHINE_VERBS, Quota, RulePack, default_pack, load_pack, parse_pack

RULE = {
    "id": "r",
    "on": "risk",
    "when": "risk.over_threshold",
    "then": "suppress",
    "why": "Because.",
    "quota": {"per_day": "5", "share_of_accounts": "0.5"},
}


def refusal(rule):
    with pytest.raises(BadRulePack) as refused:
        parse_pack({"name": "test", "rules": [rule]})
    return refused.value


def test_the_default_pack_is_valid_and_acts_only_as_a_machine_may():
    pack = default_pack()
    assert pack.name == "default"
    assert {rule.then for rule in pack.rules} == set(MACHINE_VERBS)
    assert all(rule.quota for rule in pack.rules if rule.then == "suppress")


def test_layout_comments_and_key_order_do_not_change_the_version(tmp_path):
    one, two, other = tmp_path / "1.yaml", tmp_path / "2.yaml", tmp_path / "3.yaml"
    one.write_text('name: a\nrules:\n- {id: r, on: risk, when: "true", then: open_case, why: x}\n')
    two.write_text(
        "# c\nrules:\n  - why: x\n    then: open_case\n    when: true\n    on: risk\n    id: r\nname: a\n"
    )
    other.write_text(one.read_text().replace("true", "false"))
    assert load_pack(one).version == load_pack(two).version
    assert load_pack(one).version != load_pack(other).version
    assert len(load_pack(one).version) == 64


@pytest.mark.parametrize(
    ("change", "field", "hint"),
    [
        ({"extra": 1}, "rule r", "fields are id, on, when"),
        ({"why": 3}, "rule r: why", "sentence"),
        ({"why": ""}, "rule r: why", "sentence"),
        ({"on": "event"}, "rule r: on", "risk or signal"),
        ({"then": "remove"}, "rule r: then", "suppress or open_case"),
        ({"then": "confirm"}, "rule r: then", "for persons"),
        ({"then": "clear"}, "rule r: then", "for persons"),
        ({"when": "risk.over_treshold"}, "rule r: when", "risk.over_threshold"),
        ({"when": "signal.strength > 0.5"}, "rule r: when", "fields are"),
        ({"quota": None}, "rule r: quota", "per_day"),
        ({"quota": {"per_day": "many", "share_of_accounts": 1}}, "rule r: quota.per_day", "per_day"),
        ({"quota": {"per_day": 1, "share_of_accounts": "nan"}}, "rule r: quota.share_of_accounts", "0 to 1"),
        ({"quota": {"per_day": -1, "share_of_accounts": 1}}, "rule r: quota.per_day", "per_day"),
        ({"quota": {"per_day": 1}}, "rule r: quota", "per_day"),
        ({"then": "open_case"}, "rule r: quota", "take the quota away"),
        ({"id": "R 1"}, "rule R 1: id", "lower-case"),
        ({"id": "r\n"}, "rule r\\n: id", "lower-case"),
        ({"why": "\ud800"}, "rule r", "escape"),
        ({"\ud800": 1}, "rule r", "default pack"),
    ],
)
def test_a_bad_rule_is_named(change, field, hint):
    refused = refusal(RULE | change)
    assert refused.field == field
    assert hint in refused.hint


def test_a_rule_without_an_id_is_named_by_its_number():
    assert refusal({}).field == "rule number 1"
    assert refusal("suppress everything").field == "rule number 1"


def test_an_id_twice_is_refused():
    with pytest.raises(BadRulePack, match="used twice"):
        parse_pack({"name": "test", "rules": [RULE, RULE]})


@pytest.mark.parametrize(
    "document", [None, [], {}, {"name": "a"}, {"name": "a", "rules": []}, {"name": "", "rules": [RULE]}]
)
def test_a_bad_head_is_refused(document):
    with pytest.raises(BadRulePack) as refused:
        parse_pack(document)
    assert refused.value.field.startswith("pack")
    assert refused.value.hint


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(BadRulePack, match="none"):
        load_pack(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("quota", "accounts", "limit"),
    [
        ((100, 0.5), 1000, 100),
        ((100, 0.05), 1000, 50),
        ((100, 0.05), 10, 10),
        ((100, 0.05), 0, 10),
        ((100, 0.0), 1000, 0),
        ((0, 1.0), 1000, 0),
    ],
)
def test_the_smaller_limit_counts(quota, accounts, limit):
    assert Quota(per_day=quota[0], share_of_accounts=quota[1]).limit(accounts) == limit


_scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.binary(max_size=4)
    | st.dates()
)
_yamlish = st.recursive(
    _scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_scalars, inner, max_size=3)
)
_nearly = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from(["a", "b", "A", 1]) | _yamlish,
        "on": st.sampled_from(["risk", "signal"]) | _yamlish,
        "when": st.sampled_from(["true", "risk.over_threshold", "count.report > 2", "risk."]) | _yamlish,
        "then": st.sampled_from(["suppress", "open_case", "confirm"]) | _yamlish,
        "why": st.just("x") | _yamlish,
        "quota": st.just({"per_day": 1, "share_of_accounts": 0.5}) | _yamlish,
    },
)
_documents = _yamlish | st.fixed_dictionaries(
    {"name": st.just("a") | _yamlish, "rules": st.lists(_nearly | st.just(RULE), max_size=3) | _yamlish}
)


@given(_documents)
@settings(max_examples=50)
def test_anything_is_a_pack_or_refused(document):
    refused, pack = None, None
    try:
        pack = parse_pack(document)
    except BadRulePack as error:
        refused = error
    assert refused.field if refused else isinstance(pack, RulePack)
