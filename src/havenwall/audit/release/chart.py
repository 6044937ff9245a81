"""Lines over rounds as one accessible SVG drawing, without script, font or style of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import msgspec

_WIDTH, _HEIGHT = 560.0, 280.0
_TOP, _RIGHT, _BOTTOM, _LEFT = 24.0, 168.0, 48.0, 60.0
_QUIET, _GRID = "#57606a", "#e3e6ea"
_CEILINGS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
_LEAST = 19.0
"""Pixels between two labels at the end of lines."""


class _Look(msgspec.Struct, frozen=True):
    colour: str
    dash: str


_LOOKS = (
    _Look("#b5450b", ""),
    _Look("#0b62a8", "9 4"),
    _Look("#46705a", "2 4"),
    _Look("#8a5a9e", "12 3 2 3"),
    _Look("#7a5c00", "5 2"),
    _Look("#9c2c5b", "1 3"),
    _Look("#35618e", "14 4"),
    _Look("#5b5b5b", "4 4"),
)
"""Apart in hue, in dash, and by the label at their end; all pass 4.5:1 on white."""


def lines_svg(title: str, lines: Mapping[str, Sequence[float]], y: str, number: int) -> str:
    """A drawing of shares (0..1) over rounds, a line for each name.

    Args:
        title: what it shows; read out, not drawn.
        lines: by name, one share per round; at most eight.
        y: what the vertical axis is.
        number: of the drawing on its page, so that its parts have names of their own.
    """
    top = max((max(each, default=0.0) for each in lines.values()), default=0.0)
    ceiling = next((each for each in _CEILINGS if each >= top), 1.0)
    rounds = max((len(each) for each in lines.values()), default=1)
    said = "; ".join(f"{name}: from {each[0]:.1%} to {each[-1]:.1%}" for name, each in lines.items() if each)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" role="img" '
        f'aria-labelledby="chart-{number}-title chart-{number}-desc" font-family="system-ui, sans-serif">',
        f'<title id="chart-{number}-title">{escape(title)}</title>',
        f'<desc id="chart-{number}-desc">{escape(said)}</desc>',
        *_axes(ceiling, rounds, y),
        *_drawn(lines, ceiling, rounds),
        "</svg>",
    ]
    return "\n".join(parts)


def _x(at: int, rounds: int) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * ((at - 1) / (rounds - 1) if rounds > 1 else 0.5)


def _y(share: float, ceiling: float) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * share / ceiling


def _text(x: float, y: float, text: str, *, fill: str = _QUIET, anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="15" fill="{fill}" text-anchor="{anchor}"'
    return f"<text {place}>{escape(text)}</text>"


def _axes(ceiling: float, rounds: int, y: str) -> list[str]:
    right, foot = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    parts = []
    for share in (0, ceiling / 2, ceiling):
        at = _y(share, ceiling)
        parts.append(f'<path d="M{_LEFT:.1f} {at:.1f}H{right:.1f}" stroke="{_GRID}" fill="none"/>')
        parts.append(_text(_LEFT - 8, at + 4, f"{share * 100:g} %", anchor="end"))
    every = max(1, -(-rounds // 8))
    parts += [_text(_x(r, rounds), foot + 20, str(r), anchor="middle") for r in range(1, rounds + 1, every)]
    parts.append(_text((_LEFT + right) / 2, foot + 41, f"Round ({y})", anchor="middle"))
    return parts


def _drawn(lines: Mapping[str, Sequence[float]], ceiling: float, rounds: int) -> list[str]:
    ends = {name: _y(each[-1], ceiling) for name, each in lines.items() if each}
    places = _apart(ends)
    parts = []
    for number, (name, each) in enumerate(lines.items()):
        if not each:
            continue
        look = _LOOKS[number % len(_LOOKS)]
        points = "L".join(f"{_x(at, rounds):.1f} {_y(s, ceiling):.1f}" for at, s in enumerate(each, 1))
        dash = f' stroke-dasharray="{look.dash}"' if look.dash else ""
        parts.append(f'<path d="M{points}" fill="none" stroke="{look.colour}" stroke-width="2.5"{dash}/>')
        label = f"{name} {each[-1]:.1%}"
        parts.append(_text(_WIDTH - _RIGHT + 10, places[name] + 4, label, fill=look.colour))
    return parts


def _apart(ends: Mapping[str, float]) -> dict[str, float]:
    """Heights of labels as near to the ends of their lines as they can be without touching."""
    places: dict[str, float] = {}
    names = sorted(ends, key=ends.__getitem__)
    highest = _TOP
    for name in names:
        places[name] = max(ends[name], highest)
        highest = places[name] + _LEAST
    lowest = _HEIGHT - _BOTTOM
    for name in reversed(names):
        places[name] = min(places[name], lowest)
        lowest = places[name] - _LEAST
    return places
