"""The factors a pair of accounts is judged by: what each says, which way it may count, how much at first."""

from __future__ import annotations

import msgspec

from havenwall.network.returns.sets import Kind


class Factor(msgspec.Struct, frozen=True, kw_only=True):
    """One column of the scorecard."""

    name: str
    kind: Kind | None = None
    """The kind of evidence it belongs to; None for what only supports or weakens other evidence."""
    sign: int
    """1 if it can only speak for a return, -1 if only against."""
    weight: float
    """What a full factor adds to the log-odds before anything was learned: judgement, in round numbers that
    were looked over on ten sandbox draws (101 to 110) and on the one of 100,000 accounts, never fitted."""
    text: str
    """For a reviewer."""


FACTORS: tuple[Factor, ...] = (
    Factor(name="follows", kind=Kind.FOLLOWS, sign=1, weight=6.0, text="follows the same accounts"),
    Factor(name="audience", kind=Kind.AUDIENCE, sign=1, weight=9.0, text="is followed by the same accounts"),
    Factor(name="name", kind=Kind.NAME, sign=1, weight=4.0, text="has nearly the same name"),
    Factor(name="media", kind=Kind.MEDIA, sign=1, weight=3.5, text="shares the same media"),
    Factor(name="contact", kind=Kind.CONTACT, sign=1, weight=3.5, text="shares a contact or device"),
    Factor(
        name="circles",
        kind=Kind.CIRCLES,
        sign=1,
        weight=2.5,
        text="is in the same groups, uses the same tags",
    ),
    Factor(name="tie", kind=Kind.TIE, sign=1, weight=2.0, text="is tied to it from before the removal"),
    Factor(name="timing", sign=1, weight=2.0, text="was created when a return or backup would be"),
    Factor(name="household", sign=-1, weight=-4.0, text="shares a contact but neither company nor media"),
    Factor(name="fan", sign=-1, weight=-4.0, text="is followed by others than the removed account was"),
    Factor(name="together", sign=-1, weight=-4.0, text="was there beside it for long"),
    Factor(name="talk", sign=-1, weight=-6.0, text="they followed each other for long, as two people do"),
)
"""All factors, in the order of the columns."""

COLUMN = {factor.name: place for place, factor in enumerate(FACTORS)}
"""Column of each factor."""

DOUBT = {
    Kind.FOLLOWS: 6.0,
    Kind.AUDIENCE: 6.0,
    Kind.MEDIA: 2.0,
    Kind.CONTACT: 1.0,
    Kind.CIRCLES: 4.0,
}
"""Shared weight at which half of an overlap counts. What only two accounts have weighs log(hub / 2): 5 for a
follower, 3 for media, 2 for a contact."""
