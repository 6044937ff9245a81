"""Every rule an event must keep, once: each says how to test one draft and how to test a column."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import NamedTuple

import polars as pl

from havenwall.intake.draft import Draft, Fault
from havenwall.intake.tidy import NAIVE, TIME, attributes_json, moment
from havenwall.model import REQUIRED, EntityKind, EventType, LinkKind

SOURCE_LENGTH = 100
ID_LENGTH = 300
"""Of `source_id`, `entity` and `target`, in characters."""
TEXT_LENGTH = 10_000
TAGS = 100
"""Tags of one event."""
TAG_LENGTH = 300
ATTRIBUTES_LENGTH = 10_000
"""Of the attributes written as JSON, in characters."""
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
"""Times from EARLIEST up to, not including, LATEST are taken."""


class Test(NamedTuple):
    """Whether something is wrong: `row` of one tidied draft, `column` (true is wrong) of a tidied frame."""

    row: Callable[[Draft], bool]
    column: pl.Expr


class Rule(NamedTuple):
    """A fault and the test that finds it."""

    fault: Fault
    test: Test
    types: tuple[str, ...] = ()
    """The only event types it can find fault with; empty for all."""


LINK_TYPES = tuple(t.value for t, needs in REQUIRED.items() if needs.link)
"""Types that say something of a tie."""


def kinds_pattern(kinds: Iterable[str]) -> str:
    """Regular expression for `kind:id` with one of `kinds`."""
    return f"^(?:{'|'.join(kinds)}):(?s:.)"


def _absent(field: str) -> Test:
    return Test(lambda d: getattr(d, field) is None, pl.col(field).is_null())


def _given(field: str) -> Test:
    return Test(lambda d: getattr(d, field) is not None, pl.col(field).is_not_null())


def _longer(field: str, most: int) -> Test:
    return Test(lambda d: len(getattr(d, field) or "") > most, pl.col(field).str.len_chars() > most)


def _nul(field: str) -> Test:
    return Test(lambda d: "\0" in (getattr(d, field) or ""), pl.col(field).str.contains("\0", literal=True))


def _unlike(field: str, pattern: str) -> Test:
    find = re.compile(pattern).search
    return Test(
        lambda d: getattr(d, field) is not None and not find(getattr(d, field)),
        pl.col(field).str.contains(pattern).not_(),
    )


def _outside(field: str, values: Iterable[str]) -> Test:
    known = tuple(values)
    return Test(
        lambda d: getattr(d, field) is not None and getattr(d, field) not in known,
        pl.col(field).is_in(known).not_(),
    )


def _of_type(types: Iterable[str], test: Test) -> Test:
    these = tuple(types)
    return Test(lambda d: d.type in these and test.row(d), pl.col("type").is_in(these) & test.column)


def _naive(draft: Draft) -> bool:
    return draft.at is not None and re.fullmatch(NAIVE, draft.at) is not None


def _no_time(draft: Draft) -> bool:
    return draft.at is not None and moment(draft.at) is None


def _far(draft: Draft) -> bool:
    at = moment(draft.at or "")
    return at is not None and not EARLIEST <= at < LATEST


_AT_TEXT = pl.col("at_text")
_ESCAPED_NUL = r"(?:^|[^\\])(?:\\\\)*\\u0000"

_MISSING_TIME = Test(lambda d: d.at is None, pl.col("at").is_null() & _AT_TEXT.is_null())
_NAIVE = Test(_naive, _AT_TEXT.str.contains(f"^(?:{NAIVE})$"))
_NO_TIME = Test(
    _no_time,
    _AT_TEXT.is_not_null() & (pl.col("at").is_null() | _AT_TEXT.str.contains(f"^(?:{TIME})$").not_()),
)
_FAR = Test(_far, pl.col("at").is_between(EARLIEST, LATEST, closed="left").not_())
_SELF = Test(lambda d: d.entity is not None and d.entity == d.target, pl.col("entity") == pl.col("target"))
_NO_NUMBER = Test(lambda d: False, pl.col("weight").is_null())
_NOT_POSITIVE = Test(
    lambda d: not (math.isfinite(d.weight or 0.0) and (d.weight or 0.0) > 0),
    (pl.col("weight").is_finite() & (pl.col("weight") > 0)).not_(),
)
_MANY_TAGS = Test(lambda d: len(d.tags or ()) > TAGS, pl.col("tags").list.len() > TAGS)
_LONG_TAG = Test(
    lambda d: any(len(tag) > TAG_LENGTH for tag in d.tags or ()),
    pl.col("tags").list.eval(pl.element().str.len_chars() > TAG_LENGTH).list.any(),
)
_NUL_TAG = Test(
    lambda d: any("\0" in tag for tag in d.tags or ()),
    pl.col("tags").list.eval(pl.element().str.contains("\0", literal=True)).list.any(),
)
_NO_OBJECT = Test(lambda d: False, pl.col("attributes").is_null() & pl.col("attributes_text").is_not_null())
_LONG_ATTRIBUTES = Test(
    lambda d: len(attributes_json(d.attributes) or "") > ATTRIBUTES_LENGTH,
    pl.col("attributes").str.len_chars() > ATTRIBUTES_LENGTH,
)
_NUL_ATTRIBUTES = Test(
    lambda d: re.search(_ESCAPED_NUL, attributes_json(d.attributes) or "") is not None,
    pl.col("attributes").str.contains(_ESCAPED_NUL),
)


def _rule(field: str, reason: str, hint: str, test: Test, types: Iterable[str] = ()) -> Rule:
    these = tuple(types)
    return Rule(Fault(field, reason, hint), _of_type(these, test) if these else test, these)


def _text(field: str, most: int) -> tuple[Rule, ...]:
    long = _rule(field, f"is longer than {most:,} characters", "shorten it", _longer(field, most))
    return long, _rule(field, "holds a NUL character", "remove it", _nul(field))


def _name(field: str) -> tuple[Rule, ...]:
    hint = f"write it as one of {', '.join(f'{kind}:ID' for kind in EntityKind)}"
    shape = _rule(field, "is not kind:id", hint, _unlike(field, kinds_pattern(EntityKind)))
    return shape, *_text(field, ID_LENGTH)


def _kinds(field: str, allowed: dict[EventType, tuple[EntityKind, ...]]) -> tuple[Rule, ...]:
    """One rule per set of kinds, naming the types that demand it."""
    groups: dict[tuple[EntityKind, ...], list[EventType]] = {}
    for type_, kinds in allowed.items():
        groups.setdefault(kinds, []).append(type_)
    return tuple(
        _rule(
            field,
            f"has a kind this type does not allow ({', '.join(types)})",
            f"give {' or '.join(f'{kind}:ID' for kind in kinds)}",
            _unlike(field, kinds_pattern(kinds)),
            types,
        )
        for kinds, types in groups.items()
        if kinds and set(kinds) != set(EntityKind)
    )


_TARGET_REQUIRED = tuple(t for t, needs in REQUIRED.items() if needs.target and needs.target_required)
_TARGET_NONE = tuple(t for t, needs in REQUIRED.items() if not needs.target)
_LINK_NONE = tuple(t for t in REQUIRED if t not in LINK_TYPES)
_ZONE = "end it with Z or an offset: 2026-01-31T12:00:00Z"

RULES: tuple[Rule, ...] = (
    _rule("source", "is missing", "name the feed, or give a source for the whole file", _absent("source")),
    *_text("source", SOURCE_LENGTH),
    _rule("source_id", "is missing", "give the event's id in the source", _absent("source_id")),
    *_text("source_id", ID_LENGTH),
    _rule("type", "is missing", f"give one of {', '.join(EventType)}", _absent("type")),
    _rule("type", "is not an event type", f"give one of {', '.join(EventType)}", _outside("type", EventType)),
    _rule("at", "is missing", "say when it happened: 2026-01-31T12:00:00Z", _MISSING_TIME),
    _rule("at", "has no time zone", _ZONE, _NAIVE),
    _rule("at", "is not a time", "write it as 2026-01-31T12:00:00Z", _NO_TIME),
    _rule("at", "is not between the years 1900 and 2199", "correct the time", _FAR),
    _rule("entity", "is missing", "say what the event is about, as kind:id", _absent("entity")),
    *_name("entity"),
    *_kinds("entity", {t: needs.entity for t, needs in REQUIRED.items()}),
    _rule(
        "target",
        f"is missing ({', '.join(_TARGET_REQUIRED)} need it)",
        "name the other entity, as kind:id",
        _absent("target"),
        _TARGET_REQUIRED,
    ),
    _rule(
        "target",
        f"is given, but {', '.join(_TARGET_NONE)} have none",
        "leave it out",
        _given("target"),
        _TARGET_NONE,
    ),
    *_name("target"),
    *_kinds("target", {t: needs.target for t, needs in REQUIRED.items()}),
    _rule("target", "is the entity itself", "leave self-links out", _SELF, LINK_TYPES),
    _rule(
        "link",
        "is missing",
        f"give one of {', '.join(LinkKind)}",
        _absent("link"),
        LINK_TYPES,
    ),
    _rule(
        "link",
        f"is given, but only {' and '.join(LINK_TYPES)} have one",
        "leave it out",
        _given("link"),
        _LINK_NONE,
    ),
    _rule("link", "is not a kind of link", f"give one of {', '.join(LinkKind)}", _outside("link", LinkKind)),
    _rule("weight", "is not a number", "write it as 1.5, or leave it out for 1", _NO_NUMBER),
    _rule("weight", "is not a finite number greater than 0", "correct it, or leave it out", _NOT_POSITIVE),
    *_text("text", TEXT_LENGTH),
    _rule("tags", f"are more than {TAGS}", "keep the first ones", _MANY_TAGS),
    _rule("tags", f"hold one longer than {TAG_LENGTH} characters", "shorten it", _LONG_TAG),
    _rule("tags", "hold a NUL character", "remove it", _NUL_TAG),
    _rule("attributes", "are not a JSON object of texts", 'write them as {"md5": "..."}', _NO_OBJECT),
    _rule(
        "attributes", f"are longer than {ATTRIBUTES_LENGTH:,} characters", "leave some out", _LONG_ATTRIBUTES
    ),
    _rule("attributes", "hold a NUL character", "remove it", _NUL_ATTRIBUTES),
)
"""In the order of the fields; the first rule that fails names the fault."""
