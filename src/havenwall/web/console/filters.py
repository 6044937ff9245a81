"""What templates may do with a value."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from babel.dates import format_datetime
from markupsafe import Markup

from havenwall.model import MemberState
from havenwall.web.console import accounts, roles, words
from havenwall.web.console.drawing import mark_svg
from havenwall.web.console.told import told
from havenwall.web.tongue import gettext, language


def when(moment: datetime | str) -> Markup:
    """A moment in UTC, to the minute, for people and for machines."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    at = at.astimezone(UTC)
    return Markup('<time datetime="{}">{}</time>').format(
        at.strftime("%Y-%m-%dT%H:%M:%SZ"), _day_and_time(at)
    )


def _day_and_time(at: datetime) -> str:
    if language() == "en":
        return f"{at.day}\u00a0{at:%b\u00a0%Y, %H:%M}\u00a0UTC"
    return format_datetime(at, "d.\u00a0MMM\u00a0y, HH:mm\u00a0'UTC'", locale=language())


def count(number: int) -> str:
    """`12,345`, or as the language writes it."""
    return words.number(number)


def capitalised(text: str) -> str:
    """The text with its first letter large and the rest as it is."""
    return text[:1].upper() + text[1:]


def spaced(name: str) -> str:
    """A value of an enum as words, in the language of the answer."""
    return gettext(name.replace("_", " "))


FILTERS: dict[str, Callable[..., Any]] = {
    "capitalised": capitalised,
    "change_words": words.change_words,
    "count": count,
    "device": accounts.device,
    "event_word": words.event_word,
    "lane_sentence": roles.lane_sentence,
    "lane_word": roles.lane_word,
    "likelihood": words.likelihood,
    "mark": lambda state: mark_svg(MemberState(state)),
    "part_word": words.part_word,
    "percent": words.percent,
    "plural": words.plural,
    "priority_words": words.priority_words,
    "role_word": roles.role_word,
    "signed": words.signed,
    "spaced": spaced,
    "standing_sentence": words.standing_sentence,
    "state_word": words.state_word,
    "told": told,
    "when": when,
    "who": words.who,
}
"""The filters by the name they have in templates."""
