"""Messages to people outside: the operator's own texts, and what may be filled into them."""

from __future__ import annotations

import string
from collections.abc import Mapping

from havenwall.errors import BadInput
from havenwall.model.console import MessageTemplate

PLACEHOLDERS: dict[str, frozenset[str]] = {
    "report.upheld": frozenset({"number"}),
    "report.turned_down": frozenset({"number"}),
    "report.no_rule": frozenset({"number"}),
    "report.upheld.again": frozenset({"number"}),
    "report.turned_down.again": frozenset({"number"}),
    "report.upheld.before": frozenset({"number"}),
    "report.turned_down.before": frozenset({"number"}),
}
"""The messages there are, and what each can be filled with."""
_LONGEST = {"subject": 200, "body": 5000}
_LONGEST_TAG = 3


def placeholders(text: str) -> frozenset[str]:
    """The names in braces.

    Raises:
        BadInput: a brace is not closed, or there is more in it than a name.
    """
    try:
        parts = [(name, spec, turn) for _, name, spec, turn in string.Formatter().parse(text)]
    except ValueError as problem:
        raise BadInput(f"the braces are not right: {problem}", field="body") from problem
    for name, spec, turn in parts:
        if name is not None and (spec or turn or not name.isidentifier()):
            raise BadInput("write a name alone in braces, such as {number}", field="body")
    return frozenset(name for name, _, _ in parts if name is not None)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with every placeholder filled.

    Raises:
        BadInput: one is not filled, or is filled with nothing; such a message must not go out.
    """
    missing = sorted(name for name in placeholders(text) if not values.get(name, "").strip())
    if missing:
        raise BadInput(f"nothing fills {{{missing[0]}}}", field="body", hint="fill it, or take it out")
    return text.format_map(values)


def check_template(template: MessageTemplate) -> None:
    """Do nothing if a message can be kept.

    Raises:
        BadInput: there is no such message, it is empty or too long, or nothing would fill a placeholder.
    """
    if template.name not in PLACEHOLDERS:
        raise BadInput("there is no such message", field="name", hint=f"there are {', '.join(PLACEHOLDERS)}")
    if not 2 <= len(template.language) <= _LONGEST_TAG or not template.language.isalpha():
        raise BadInput("must be a tag such as en or de", field="language")
    for field, most in _LONGEST.items():
        text = getattr(template, field)
        if not 0 < len(text) <= most:
            raise BadInput(f"must have 1 to {most:,} characters", field=field)
        for name in sorted(placeholders(text) - PLACEHOLDERS[template.name]):
            raise BadInput(f"nothing fills {{{name}}}", field=field)
