"""Exposure by round in the four arms as one self-contained SVG.

It has no script, no font of its own and no `style` attribute, because the console's content security
policy forbids them, and it brings its own white card, so that it reads the same on a dark page.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

import msgspec

from havenwall.audit.result import ArmResult, AuditResult
from havenwall.audit.table import interval, percent, setting
from havenwall.audit.world import ARM_LABELS

_TOP, _RIGHT, _BOTTOM, _LEFT = 104.0, 268.0, 56.0, 64.0
"""Margins around the plot in pixels; the lines' labels stand in the right one."""
_LABEL_HEIGHT = 42.0
"""Least distance between two labels: two lines of text and air."""
_CEILINGS = (0.05, 0.1, 0.2, 0.5, 1.0)
_INK, _QUIET, _GRID = "#1b1f24", "#57606a", "#e3e6ea"
_FONT = 'font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif"'


class _Look(msgspec.Struct, frozen=True):
    colour: str
    dash: str
    marker: str
    hollow: bool = False


_LOOKS: dict[str, _Look] = {
    "none": _Look("#b5450b", "", "M0-5.5L5.2 4.5H-5.2Z"),
    "known": _Look("#8a5a9e", "9 4", "M-4.3-4.3H4.3V4.3H-4.3Z"),
    "havenwall": _Look("#0b62a8", "", "M-4.5 0A4.5 4.5 0 1 0 4.5 0A4.5 4.5 0 1 0-4.5 0Z"),
    "all_known": _Look("#46705a", "2 4", "M0-7L7 0L0 7L-7 0Z", hollow=True),
}
"""Apart in hue for the colour-blind, and in dash and marker without any colour. All pass 4.5:1 on white.

The best possible arm is hollow and drawn first, so that Havenwall lying right on it leaves both visible.
"""
_DRAWN = ("all_known", "none", "known", "havenwall")


class _Frame(msgspec.Struct, frozen=True):
    """Turns rounds and shares into pixels."""

    width: float
    height: float
    rounds: int
    ceiling: float

    def x(self, round_: int) -> float:
        span = self.width - _LEFT - _RIGHT
        return _LEFT + (span * (round_ - 1) / (self.rounds - 1) if self.rounds > 1 else span / 2)

    def y(self, share: float) -> float:
        return self.height - _BOTTOM - (self.height - _TOP - _BOTTOM) * share / self.ceiling


def chart_svg(result: AuditResult, width: int = 860, height: int = 420) -> str:
    """An accessible SVG drawing, `width` × `height` pixels, of exposure by round in every arm.

    Each line is labelled at its end with the arm's name, its mean over all rounds and the 95 % interval
    of that mean.
    """
    frame = _Frame(width, height, result.plan.rounds, _ceiling(result))
    parts = [
        *_head(result, width, height),
        *_axes(frame),
        *(_line(frame, name, result.arms[name]) for name in _DRAWN),
        *_labels(frame, result),
        "</svg>",
    ]
    return "\n".join(parts)


def _ceiling(result: AuditResult) -> float:
    top = max(max(arm.by_round) for arm in result.arms.values())
    return next((c for c in _CEILINGS if c >= top), 1.0)


def _head(result: AuditResult, width: int, height: int) -> list[str]:
    title = f"Network accounts among {result.plan.k} recommendations, by round"
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-labelledby="audit-title audit-desc" {_FONT}>',
        f'<title id="audit-title">{escape(title)}</title>',
        f'<desc id="audit-desc">{escape(_description(result))}</desc>',
        f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="10" fill="#ffffff" '
        f'stroke="{_GRID}"/>',
        _text(24, 34, title, size=17, font_weight="600"),
        _text(24, 56, _subtitle(result), size=13, fill=_QUIET),
    ]


def _subtitle(result: AuditResult) -> str:
    return f"{setting(result)}. The network is {percent(result.prevalence)} of all accounts."


def _description(result: AuditResult) -> str:
    arms = (
        f"{ARM_LABELS[name]}: mean {interval(arm.exposure, arm.low, arm.high)}, "
        f"from {percent(arm.by_round[0])} in round 1 to {percent(arm.by_round[-1])} in the last."
        for name, arm in result.arms.items()
    )
    return " ".join([_subtitle(result), *arms])


def _text(x: float, y: float, text: str, *, size: int = 12, **more: str) -> str:
    more = {"fill": _INK, **more}
    extra = " ".join(f'{name.replace("_", "-")}="{value}"' for name, value in more.items())
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" {extra}>{escape(text)}</text>'


def _axes(frame: _Frame) -> list[str]:
    right = frame.width - _RIGHT + 10
    shares = [frame.ceiling * i / 4 for i in range(5)]
    every = max(1, -(-frame.rounds // 12))
    foot = frame.height - _BOTTOM
    return [
        *(
            f'<path d="M{_LEFT - 8:.1f} {frame.y(s):.1f}H{right:.1f}" '
            f'stroke="{_QUIET if s == 0 else _GRID}" fill="none"/>'
            for s in shares
        ),
        *(
            _text(_LEFT - 14, frame.y(s) + 4, f"{s * 100:g} %", fill=_QUIET, text_anchor="end")
            for s in shares
        ),
        *(
            _text(frame.x(r), foot + 24, str(r), fill=_QUIET, text_anchor="middle")
            for r in range(1, frame.rounds + 1, every)
        ),
        _text((_LEFT + right) / 2, foot + 44, "Round", fill=_QUIET, text_anchor="middle"),
    ]


def _line(frame: _Frame, name: str, arm: ArmResult) -> str:
    look = _LOOKS[name]
    points = [(frame.x(i + 1), frame.y(share)) for i, share in enumerate(arm.by_round)]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    dash = f' stroke-dasharray="{look.dash}"' if look.dash else ""
    every = max(1, -(-frame.rounds // 24))
    markers = "".join(_marker(look, x, y) for x, y in points[::-every])
    return (
        f'<path d="{path}" fill="none" stroke="{look.colour}" stroke-width="2.5" '
        f'stroke-linejoin="round" stroke-linecap="round"{dash}/>{markers}'
    )


def _marker(look: _Look, x: float, y: float) -> str:
    fill, edge = ("#ffffff", look.colour) if look.hollow else (look.colour, "#ffffff")
    return (
        f'<path d="{look.marker}" transform="translate({x:.1f} {y:.1f})" fill="{fill}" '
        f'stroke="{edge}" stroke-width="1.5"/>'
    )


def _labels(frame: _Frame, result: AuditResult) -> list[str]:
    ends = {name: frame.y(arm.by_round[-1]) for name, arm in result.arms.items()}
    places = _apart(ends, _TOP, frame.height - _BOTTOM)
    heading = _text(frame.width - _RIGHT + 48, _TOP - 24, "Mean of all rounds [95 % interval]", fill=_QUIET)
    return [heading, *(_label(frame, name, result.arms[name], ends[name], y) for name, y in places.items())]


def _apart(wanted: dict[str, float], top: float, foot: float) -> dict[str, float]:
    """Heights as near as possible to the wanted ones, at least one label apart, above `foot`."""
    names = sorted(wanted, key=wanted.__getitem__)
    places: dict[str, float] = {}
    lowest = foot
    for name in reversed(names):
        places[name] = min(wanted[name], lowest)
        lowest = places[name] - _LABEL_HEIGHT
    highest = top
    for name in names:
        places[name] = max(places[name], highest)
        highest = places[name] + _LABEL_HEIGHT
    return places


def _label(frame: _Frame, name: str, arm: ArmResult, end: float, y: float) -> str:
    look = _LOOKS[name]
    tip, x = frame.x(frame.rounds) + 9, frame.width - _RIGHT + 30
    return (
        f'<path d="M{tip:.1f} {end:.1f}L{x - 8:.1f} {y:.1f}H{x - 2:.1f}" fill="none" stroke="{look.colour}"/>'
        + _marker(look, x + 6, y)
        + _text(x + 18, y + 1, ARM_LABELS[name], size=14, font_weight="600", fill=look.colour)
        + _text(x + 18, y + 18, interval(arm.exposure, arm.low, arm.high), size=13)
    )
