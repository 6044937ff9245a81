"""The one place that touches cel-expr-python: CEL expressions over declared fields, three-valued.

In this engine an evaluation error is not an exception but a value, and that value is a truthy string.
So nothing outside this file sees an engine value, and here only `value() is True` is a match.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from cel_expr_python import cel

from havenwall.errors import BadRulePack

MAX_EXPRESSION = 4096
"""Characters of an expression."""
MAX_TEXT = 1024
"""Characters of a text an expression may see."""
MAX_ENTRIES = 128
"""Entries of a map an expression may see."""

_TOGETHER = 64
"""Expressions of one list; the engine takes 100,000 characters."""

# The engine bounds depth and iterations, but nested loops over long concatenations could still fill the
# memory, and no rule over flat fields needs a loop. `has` stays.
_NO_LOOPS = "stdlib:\n  exclude_macros: [all, exists, exists_one, filter, map]\n"
_PLACE = re.compile(r"<input>:(\d+):(\d+): (.*)")
_UNDECLARED = re.compile(r"undeclared reference to '([^']*)'")

Value = bool | int | float | str | Mapping[str, str] | Mapping[str, float]
"""What a field may hold."""


class Match(StrEnum):
    """What a rule says of a record."""

    MATCH = "match"
    NO_MATCH = "no_match"
    INDETERMINATE = "indeterminate"
    """It cannot be decided: something it needs is missing, too large or of the wrong kind."""


class FieldType(StrEnum):
    """The type of a declared field."""

    BOOL = "bool"
    INT = "int"
    NUMBER = "number"
    TEXT = "text"
    TEXT_MAP = "map of text"
    NUMBER_MAP = "map of numbers"


class Expression:
    """A compiled expression; made by `Language.compile`."""

    def __init__(self, text: str, compiled: Any) -> None:
        self.text = text
        self._eval = compiled.eval

    def evaluate(self, context: Context) -> Match:
        """Whether the record in `context` matches. Never raises; what cannot be decided is INDETERMINATE."""
        try:
            value = self._eval(context.activation).value()
        except (RuntimeError, TypeError, ValueError):
            return Match.INDETERMINATE
        return _match(value)


class Bundle:
    """Expressions asked together; made by `Language.bundle`.

    They are one list expression to the engine, which costs a quarter of asking one by one at 50 rules. One
    error spoils the whole list, so then each is asked alone: the answers are the same either way.
    """

    def __init__(self, parts: Sequence[tuple[Any, tuple[Expression, ...]]]) -> None:
        self._parts = tuple(parts)

    def evaluate(self, context: Context) -> list[Match]:
        """Each expression's answer, in order. Never raises."""
        return [match for together, each in self._parts for match in _ask(together, each, context)]


class Context:
    """One record's fields, converted once for all rules; made by `Language.context`."""

    def __init__(self, activation: Any) -> None:
        self.activation = activation


class Language:
    """CEL over a fixed set of typed fields such as `risk.probability`."""

    def __init__(self, fields: Mapping[str, FieldType]) -> None:
        self._fields = dict(fields)
        types = {name: _engine_type(kind) for name, kind in fields.items()}
        self._env = cel.NewEnv(config=cel.NewEnvConfigFromYaml(_NO_LOOPS), variables=types)

    def compile(self, text: str, *, where: str) -> Expression:
        """Parse and type-check `text`; `where` names it in errors.

        Raises:
            BadRulePack: too long, not CEL, an unknown field, a type error (each with line and column), or
                an expression that does not give true or false.
        """
        if len(text) > MAX_EXPRESSION:
            hint = "split the rule in two"
            raise BadRulePack(f"longer than {MAX_EXPRESSION} characters", field=where, hint=hint)
        try:
            compiled = self._env.compile(text)
        except (RuntimeError, TypeError, ValueError) as error:
            message = str(error)
            raise BadRulePack(_placed(message), field=where, hint=self._hint(message)) from error
        if (kind := compiled.return_type().name()) != "BOOL":
            hint = "compare it with something, as in `risk.probability >= 0.9`"
            raise BadRulePack(f"gives {kind}, not true or false", field=where, hint=hint)
        return Expression(text, compiled)

    def bundle(self, expressions: Iterable[Expression]) -> Bundle:
        """The expressions (of this language), ready to be asked together."""
        known = tuple(expressions)
        chunks = [known[start : start + _TOGETHER] for start in range(0, len(known), _TOGETHER)]
        return Bundle([(self._together(chunk), chunk) for chunk in chunks])

    def _together(self, expressions: tuple[Expression, ...]) -> Any:
        # The line break ends a comment a rule may end with. What compiles alone may be too deep or too long
        # together; then there is nothing to ask together.
        members = ",".join(f"({each.text}\n)" for each in expressions)
        try:
            return self._env.compile(f"[{members}]")
        except RuntimeError:
            return None

    def context(self, values: Mapping[str, Value]) -> Context:
        """Make a record's fields ready for evaluation.

        A value that is not finite, not encodable or over its size cap is left out, not cut: a rule that
        needs it becomes INDETERMINATE instead of deciding on something else than what is there.
        """
        fit = {name: value for name, value in values.items() if _fits(value)}
        return Context(self._env.Activation(fit))

    def _hint(self, message: str) -> str:
        unknown = _UNDECLARED.search(message)
        near = difflib.get_close_matches(unknown[1], self._fields, n=1, cutoff=0.5) if unknown else []
        if near:
            return f"did you mean {near[0]}?"
        return (
            f"fields are {', '.join(sorted(self._fields))}; loops such as exists() and map() are not offered"
        )


def _match(value: object) -> Match:
    if value is True:
        return Match.MATCH
    return Match.NO_MATCH if value is False else Match.INDETERMINATE


def _ask(together: Any, each: tuple[Expression, ...], context: Context) -> list[Match]:
    try:
        values = together.eval(context.activation).plain_value() if together else None
    except (RuntimeError, TypeError, ValueError):
        values = None
    if isinstance(values, list) and len(values) == len(each):
        return [_match(value) for value in values]
    return [expression.evaluate(context) for expression in each]


def _engine_type(kind: FieldType) -> Any:
    types = {
        FieldType.BOOL: cel.Type.BOOL,
        FieldType.INT: cel.Type.INT,
        FieldType.NUMBER: cel.Type.DOUBLE,
        FieldType.TEXT: cel.Type.STRING,
        FieldType.TEXT_MAP: cel.Type.Map(cel.Type.STRING, cel.Type.STRING),
        FieldType.NUMBER_MAP: cel.Type.Map(cel.Type.STRING, cel.Type.DOUBLE),
    }
    return types[kind]


def _placed(message: str) -> str:
    """The engine's first complaint, as `line 1, column 5: ...`."""
    place = _PLACE.search(message)
    if place is None:
        return f"not a CEL expression: {message.splitlines()[0][:200]}"
    text = place[3].replace(" (in container '')", "").removesuffix(" [INVALID_ARGUMENT]")
    return f"line {place[1]}, column {place[2]}: {text[:200]}"


def _fits(value: Value) -> bool:
    if isinstance(value, str):
        return len(value) <= MAX_TEXT and _encodable(value)
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, Mapping):
        return len(value) <= MAX_ENTRIES and all(_fits(key) and _fits(item) for key, item in value.items())
    return True


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
