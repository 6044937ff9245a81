"""The adapter: three answers, one of them only for a true True; hostile input stays bounded."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.errors import BadRulePack
from havenwall.policy import FieldType, Language, Match
from havenwall.policy.cel import MAX_ENTRIES, MAX_EXPRESSION, MAX_TEXT

FIELDS = {
    "risk.probability": FieldType.NUMBER,
    "entity.cleared": FieldType.BOOL,
    "entity.id": FieldType.TEXT,
    "count.report": FieldType.INT,
    "risk.factors": FieldType.NUMBER_MAP,
}
LANGUAGE = Language(FIELDS)


def ask(text, **values):
    expression = LANGUAGE.compile(text, where="rule r: when")
    return expression.evaluate(
        LANGUAGE.context({name.replace("__", "."): value for name, value in values.items()})
    )


def test_the_engine_gives_errors_as_truthy_strings_and_the_adapter_does_not_fall_for_it():
    expression = LANGUAGE.compile("risk.probability > 0.5", where="x")
    context = LANGUAGE.context({})
    raw = expression._eval(context.activation).value()
    assert isinstance(raw, str)
    assert raw  # what makes `if value:` fail open in this engine
    assert expression.evaluate(context) is Match.INDETERMINATE


@pytest.mark.parametrize(
    ("text", "values", "match"),
    [
        ("risk.probability > 0.5", {"risk__probability": 0.6}, Match.MATCH),
        ("risk.probability > 0.5", {"risk__probability": 0.4}, Match.NO_MATCH),
        ("risk.probability > 0.5", {"risk__probability": "0.6"}, Match.INDETERMINATE),
        ("risk.probability > 0.5", {"risk__probability": None}, Match.INDETERMINATE),
        ("risk.probability < 0.5", {"risk__probability": float("nan")}, Match.INDETERMINATE),
        ("risk.probability > 0.5", {"risk__probability": float("inf")}, Match.INDETERMINATE),
        ("entity.cleared", {"entity__cleared": "yes"}, Match.INDETERMINATE),
        ("!entity.cleared", {}, Match.INDETERMINATE),
        ("count.report / 0 == 1", {"count__report": 1}, Match.INDETERMINATE),
        ("count.report > 1", {"count__report": 2**80}, Match.INDETERMINATE),
        ('risk.factors["a"] > 0.0', {"risk__factors": {}}, Match.INDETERMINATE),
        ('has(risk.factors.a) && risk.factors["a"] > 0.0', {"risk__factors": {}}, Match.NO_MATCH),
        ('entity.id == "account:a"', {"entity__id": "account:a"}, Match.MATCH),
        ('entity.id == "account:a"', {"entity__id": "\ud800"}, Match.INDETERMINATE),
    ],
)
def test_three_answers(text, values, match):
    assert ask(text, **values) is match


def test_what_is_already_decided_does_not_need_the_missing_field():
    assert ask("entity.cleared && risk.probability > 0.5", entity__cleared=False) is Match.NO_MATCH
    assert ask("risk.probability > 0.5 || entity.cleared", entity__cleared=True) is Match.MATCH


def test_a_value_over_its_cap_makes_the_rule_undecided_not_wrong():
    text = "size(entity.id) > 3"
    assert ask(text, entity__id="a" * MAX_TEXT) is Match.MATCH
    assert ask(text, entity__id="a" * (MAX_TEXT + 1)) is Match.INDETERMINATE
    factors = {str(number): 1.0 for number in range(MAX_ENTRIES + 1)}
    assert ask("size(risk.factors) > 3", risk__factors=factors) is Match.INDETERMINATE


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("risk.probabilty > 0.5", "line 1, column 5: undeclared reference", "risk.probability"),
        ("entity.cleared &&\n count.report > 'x'", "line 2, column 15", "fields are"),
        ("risk.probability >", "line 1, column 19", "fields are"),
        ("risk.probability", "gives DOUBLE", "compare"),
        ("dyn(true)", "gives DYN", "compare"),
        ("true" + " || true" * 600, "longer than", "split"),
        ("[1, 2].exists(x, x == 1)", "line 1", "loops"),
        ("", "line 1, column 1", "fields are"),
        ("\ud800", "not a CEL expression", "fields are"),
    ],
)
def test_a_bad_expression_is_refused_with_place_and_remedy(text, message, hint):
    with pytest.raises(BadRulePack) as refused:
        LANGUAGE.compile(text, where="rule r: when")
    assert refused.value.field == "rule r: when"
    assert message in refused.value.message
    assert hint in refused.value.hint


_LONG = "entity.id" + " + entity.id" * 25


@pytest.mark.parametrize(
    "text",
    [
        "[1,2,3].map(x, [1,2,3].map(y, x * y)).size() > 0",
        "(" * 500 + "true" + ")" * 500,
        "[" * 200 + "1" + "]" * 200 + " == []",
        " + ".join(["entity.id"] * 300) + ' == "x"',
        "9 ** 9 ** 9 > 1",
    ],
)
def test_a_hostile_expression_is_refused(text):
    with pytest.raises(BadRulePack):
        LANGUAGE.compile(text, where="x")


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("!" * 3001 + "true", Match.NO_MATCH),
        ("entity.id.matches('(a+)+$')", Match.NO_MATCH),
        ("entity.id.matches('(((a{100}){100}){100})')", Match.INDETERMINATE),
        (f"size([{', '.join([_LONG] * 10)}]) > 100", Match.NO_MATCH),
        ("9223372036854775807 + 1 > 0", Match.INDETERMINATE),
    ],
)
def test_a_hostile_expression_that_compiles_is_answered(text, match):
    assert ask(text, entity__id="a" * (MAX_TEXT - 1) + "b") is match


def test_expressions_up_to_the_cap_compile():
    text = "true && " * ((MAX_EXPRESSION - 4) // 8) + "true"
    assert ask(text) is Match.MATCH


@given(
    st.text(max_size=40)
    | st.lists(st.sampled_from([*FIELDS, "&&", "!", "(", ")", ">", "1", "0.5", "'a'"])).map(" ".join)
)
@settings(max_examples=50)
def test_any_text_compiles_or_is_refused(text):
    try:
        answer = ask(text)
    except BadRulePack:
        return
    assert answer in Match


TOGETHER = (
    "risk.probability > 0.5",
    "entity.cleared // said by a person",
    'risk.factors["a"] > 0.5 || count.report > 2',
    "count.report / (count.report - 1) > 1",
    "!entity.cleared && size(entity.id) > 2",
)
_some = {
    "risk.probability": st.floats(0, 1) | st.just(float("nan")),
    "entity.cleared": st.booleans(),
    "entity.id": st.text(max_size=5),
    "count.report": st.integers(0, 4),
    "risk.factors": st.dictionaries(st.sampled_from("ab"), st.floats(0, 1), max_size=2),
}


@given(st.fixed_dictionaries({}, optional=_some), st.integers(1, 30))
@settings(max_examples=50)
def test_asked_together_the_answers_are_those_of_each_alone(values, times):
    expressions = [LANGUAGE.compile(text, where="x") for text in TOGETHER] * times
    context = LANGUAGE.context(values)
    alone = [expression.evaluate(context) for expression in expressions]
    assert LANGUAGE.bundle(expressions).evaluate(context) == alone


def test_what_is_too_deep_together_is_asked_alone():
    deepest = next(
        text for text in ("(" * depth + "true" + ")" * depth for depth in range(40, 0, -1)) if _compiles(text)
    )
    expressions = [LANGUAGE.compile(text, where="x") for text in (deepest, "false")]
    assert not _compiles(f"[({deepest})] == [true]")
    assert LANGUAGE.bundle(expressions).evaluate(LANGUAGE.context({})) == [Match.MATCH, Match.NO_MATCH]


def test_nothing_asked_nothing_answered():
    assert LANGUAGE.bundle([]).evaluate(LANGUAGE.context({})) == []


def _compiles(text):
    try:
        LANGUAGE.compile(text, where="x")
    except BadRulePack:
        return False
    return True
