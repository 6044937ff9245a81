"""Threshold: what a release must keep to, declared before the audit runs."""

from __future__ import annotations

import msgspec

from havenwall.errors import BadInput


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured, and where."""

    metric: str
    """A share per test account, such as `exposure` or `ever_exposed`."""
    arm: str
    surface: str | None = None
    persona: str | None = None

    @property
    def text(self) -> str:
        """`exposure havenwall/search/minor`"""
        return f"{self.metric} " + "/".join(n for n in (self.arm, self.surface, self.persona) if n)


class Threshold(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The most that a metric's mean may be, by itself or beyond another arm's."""

    metric: str
    arm: str
    surface: str | None = None
    persona: str | None = None
    at_most: float | None = None
    """Greatest mean allowed, 0..1."""
    margin: float | None = None
    """Greatest mean excess over the arm `against` that counts as no worse, above 0, at most 1."""
    against: str | None = None
    level: float = 0.95
    """Of the two-sided interval: a threshold that is broken passes with at most (1 - level) / 2."""
    icc: float = 0.05
    """How alike accounts of a platform are taken to be, 0..1, where events are too few to tell. At a
    rate of 1 % the default means platforms whose rates vary by twice their mean. Take it from a pilot."""
    ceiling: float = 1.0
    """Greatest share that one account is taken to be able to have: above 0, at most 1."""

    @property
    def measure(self) -> Measure:
        """What it is about."""
        return Measure(metric=self.metric, arm=self.arm, surface=self.surface, persona=self.persona)

    @property
    def baseline(self) -> Measure | None:
        """The same in the other arm, for a margin."""
        return msgspec.structs.replace(self.measure, arm=self.against) if self.against else None

    @property
    def limit(self) -> float:
        """`at_most` or `margin`, whichever is given."""
        return (self.margin if self.at_most is None else self.at_most) or 0.0

    @property
    def text(self) -> str:
        """`exposure havenwall/search/minor at most 1.00%`"""
        beyond = f" above {self.against}" if self.against else ""
        return f"{self.measure.text} at most {self.limit:.2%}{beyond}"

    def validated(self) -> Threshold:
        """This threshold, if it can be judged.

        Raises:
            BadInput: a field is out of range or missing; names the field and what to do.
        """
        if (self.at_most is None) == (self.margin is None):
            hint = "give at_most, or margin and against"
            raise BadInput("neither or both of at_most and margin", field="threshold", hint=hint)
        if (self.margin is None) != (self.against is None) or self.against == self.arm:
            raise BadInput(f"{self.against}", field="against", hint="name the arm that the margin is beyond")
        self._within("at_most", self.at_most is None or 0 <= self.at_most <= 1, "from 0 to 1, such as 0.01")
        self._within(
            "margin", self.margin is None or 0 < self.margin <= 1, "above 0, at most 1, such as 0.01"
        )
        self._within("level", 0.5 <= self.level < 1, "from 0.5 to below 1, such as 0.95")
        self._within("icc", 0 <= self.icc <= 1, "from 0 to 1, such as 0.05")
        self._within("ceiling", 0 < self.ceiling <= 1, "above 0, at most 1")
        return self

    def _within(self, field: str, is_within: bool, wanted: str) -> None:
        if not is_within:
            raise BadInput(
                f"{getattr(self, field)} is out of range", field=field, hint=f"set {field} {wanted}"
            )
