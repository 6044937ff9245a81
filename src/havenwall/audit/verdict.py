"""The gate: thresholds declared beforehand, and what an audit says about each of them.

A release passes only if every upper bound lies at or below its threshold. All must pass, so their
chances of a false pass do not add up, and no correction is needed (intersection–union: Berger,
Multiparameter Hypothesis Testing and Acceptance Sampling, 1982). One failure stops a release, so
failures are corrected for the number of thresholds (Holm 1979). All else is inconclusive, with the
size that would decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.audit.stats import (
    Sizes,
    Test,
    components,
    detectable,
    difference_test,
    holm,
    share_test,
    sizes_for_few,
    sizes_needed,
    spread,
)
from havenwall.audit.stats.noninferiority import SLACK
from havenwall.audit.threshold import Measure, Threshold
from havenwall.errors import BadInput

Outcome = Literal["pass", "fail", "inconclusive"]

EXIT_PASS = 0
EXIT_FAIL = 10
EXIT_INCONCLUSIVE = 11
"""Exit codes of the command line; those of errors are below 10."""

_EXITS: dict[Outcome, int] = {"pass": EXIT_PASS, "fail": EXIT_FAIL, "inconclusive": EXIT_INCONCLUSIVE}


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What the audit says about one threshold."""

    threshold: Threshold
    outcome: Outcome
    value: float
    """Mean over platforms; of the difference, for a margin."""
    low: float
    high: float
    """Interval at the threshold's level; `high` decides a pass. See `share_test`, `difference_test`."""
    p_above: float
    """Holm-adjusted; decides a failure together with `low`."""
    p_below: float
    """Not adjusted: see the module."""
    detectable: float
    """Excess over the limit that an audit of this size would fail four times out of five."""
    few: bool
    """Too few accounts had an event to estimate a spread; the exact bound was used."""
    platforms: int
    accounts: int
    needed: Sizes | None
    """Sizes that would decide, if inconclusive; null also where the value lies on the limit."""

    @property
    def text(self) -> str:
        """The line for people."""
        wanted = self.threshold
        sign = "+" if wanted.against else ""
        found = f"{self.value:{sign}.2%} [{self.low:{sign}.2%}, {self.high:{sign}.2%}]"
        where = " on this platform alone" if self.platforms == 1 else ""
        said = f"{self.outcome}: {wanted.text}; observed {found}{where}, detects {self.detectable:.2%}"
        return f"{said}; {self._advice()}" if self.outcome == "inconclusive" else said

    def _advice(self) -> str:
        if self.needed is None:
            return "no practicable size decides it: the value lies on the limit, or platforms differ too much"
        return f"needs {self.needed.platform_seeds} platform seeds of {self.needed.accounts} accounts"


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What an audit says about a release: fail if any line fails, pass if all pass."""

    outcome: Outcome
    lines: list[Line]

    @property
    def exit_code(self) -> int:
        """For the command line."""
        return _EXITS[self.outcome]


def judge(thresholds: Sequence[Threshold], values: Mapping[Measure, NDArray[np.float64]]) -> Judgement:
    """Hold what an audit measured against its thresholds.

    Args:
        thresholds: one or more, declared before the audit.
        values: per measure, (platforms, accounts) shares 0..1, one per test account. The arms of a
            margin were walked by the same accounts in the same order.

    Raises:
        BadInput: no or wrong thresholds, a measure is missing, or its values cannot be used.
    """
    if not thresholds:
        raise BadInput("none", field="thresholds", hint="declare one or more; nothing passes by default")
    checked = [threshold.validated() for threshold in thresholds]
    arrays = [_values(threshold, values) for threshold in checked]
    tests = [_test(threshold, array) for threshold, array in zip(checked, arrays, strict=True)]
    adjusted = holm([test.p_above for test in tests])
    lines = [_line(*each) for each in zip(checked, arrays, tests, adjusted.tolist(), strict=True)]
    return Judgement(outcome=_overall(lines), lines=lines)


def _overall(lines: Sequence[Line]) -> Outcome:
    found = {line.outcome for line in lines}
    if "fail" in found:
        return "fail"
    return "pass" if found == {"pass"} else "inconclusive"


def _values(threshold: Threshold, values: Mapping[Measure, NDArray[np.float64]]) -> NDArray[np.float64]:
    own = _shares(threshold.measure, values)
    if threshold.baseline is None:
        return own
    other = _shares(threshold.baseline, values)
    if own.shape != other.shape:
        hint = "walk the same accounts on the same platforms in both arms"
        raise BadInput(f"{own.shape} and {other.shape}", field=threshold.measure.text, hint=hint)
    return own - other


def _shares(measure: Measure, values: Mapping[Measure, NDArray[np.float64]]) -> NDArray[np.float64]:
    if measure not in values:
        raise BadInput("not measured", field=measure.text, hint="add it to the audit, or drop the threshold")
    found = np.asarray(values[measure], dtype=np.float64)
    if found.ndim != 2 or not found.size:
        hint = "give one share for each platform and test account, as (platforms, accounts)"
        raise BadInput(f"shape {found.shape}", field=measure.text, hint=hint)
    if not ((found >= 0) & (found <= 1)).all():
        raise BadInput(
            "not all are shares", field=measure.text, hint="give numbers from 0 to 1, none missing"
        )
    return found


def _test(threshold: Threshold, values: NDArray[np.float64]) -> Test:
    test = difference_test if threshold.baseline else share_test
    return test(values, threshold.limit, icc=threshold.icc, ceiling=threshold.ceiling, level=threshold.level)


def _line(threshold: Threshold, values: NDArray[np.float64], test: Test, p_above: float) -> Line:
    outcome = _outcome(threshold, test, p_above)
    platforms, accounts = values.shape
    return Line(
        threshold=threshold,
        outcome=outcome,
        value=test.value,
        low=test.low,
        high=test.high,
        p_above=p_above,
        p_below=test.p_below,
        detectable=_detectable(threshold, values, test),
        few=test.few,
        platforms=platforms,
        accounts=accounts,
        needed=_needed(threshold, values, test) if outcome == "inconclusive" else None,
    )


def _outcome(threshold: Threshold, test: Test, p_above: float) -> Outcome:
    if test.high <= threshold.limit + SLACK:
        return "pass"
    if test.low > threshold.limit + SLACK and p_above <= (1 - threshold.level) / 2:
        return "fail"
    return "inconclusive"


def _detectable(threshold: Threshold, values: NDArray[np.float64], test: Test) -> float:
    """Where events are few no spread is known: then what the exact bound leaves possible is a floor."""
    found = spread(values)
    told = detectable(found.error, found.freedom, threshold.level) if found.freedom else 1.0
    return min(max(told, test.high) if test.few else told, 1.0)


def _needed(threshold: Threshold, values: NDArray[np.float64], test: Test) -> Sizes | None:
    one = len(values) == 1
    rate, limit = np.count_nonzero(values) / values.size, threshold.limit / threshold.ceiling
    if test.few and rate < limit:
        return sizes_for_few(limit, rate=rate, icc=threshold.icc, one_platform=one, level=threshold.level)
    distance = abs(test.value - threshold.limit)
    return sizes_needed(components(values), distance, one_platform=one, level=threshold.level)
