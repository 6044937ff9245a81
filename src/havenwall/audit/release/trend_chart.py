"""Exposure over findings as one accessible SVG drawing, broken where the plan changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from havenwall.audit.release.summary import Trend

_WIDTH, _HEIGHT = 640.0, 280.0
_TOP, _RIGHT, _BOTTOM, _LEFT = 28.0, 176.0, 44.0, 52.0
_QUIET, _GRID = "#57606a", "#e3e6ea"
_CEILINGS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
_LEAST = 16.0
"""Pixels between two labels at the end of lines."""
_ROOM = 60.0
"""Pixels that the words over a change of plan take."""
_LOOKS = (
    ("#b5450b", ""),
    ("#0b62a8", "9 4"),
    ("#46705a", "2 4"),
    ("#8a5a9e", "12 3 2 3"),
    ("#7a5c00", "5 2"),
    ("#9c2c5b", "1 3"),
    ("#35618e", "14 4"),
    ("#5b5b5b", "4 4"),
)
"""Colour and dash of the arms; all pass 4.5:1 on white."""

Shares = Sequence[float | None]


def trend_charts(trend: Trend) -> list[tuple[str, str]]:
    """A drawing per persona and surface, a line per arm, and what each shows."""
    breaks = {place for place, point in enumerate(trend.points) if point.changed}
    return [
        (
            trend_svg(f"{persona} on {surface}: exposure", trend.lines(persona, surface), breaks, number),
            f"{persona} on {surface}: share of places that show the network",
        )
        for number, (persona, surface) in enumerate(trend.places)
    ]


def trend_svg(title: str, lines: Mapping[str, Shares], breaks: set[int], number: int) -> str:
    """A drawing of shares (0..1) over findings.

    Args:
        title: what it shows; read out, not drawn.
        lines: by arm, a share per finding, None where it has none; all of one length.
        breaks: places, from 0, at which the plan is another than before.
        number: of the drawing on its page.
    """
    count = max(map(len, lines.values()), default=1)
    top = max((share for each in lines.values() for share in each if share is not None), default=0.0)
    ceiling = next((each for each in _CEILINGS if each >= top), 1.0)
    said = "; ".join(f"{arm}: {_told(each)}" for arm, each in lines.items())
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" role="img" '
        f'aria-labelledby="trend-{number}-title trend-{number}-desc" font-family="system-ui, sans-serif">',
        f'<title id="trend-{number}-title">{escape(title)}</title>',
        f'<desc id="trend-{number}-desc">{escape(said)}</desc>',
        *_axes(ceiling, count),
        *_broken(breaks, count),
        *_drawn(lines, breaks, ceiling, count),
        "</svg>",
    ]
    return "\n".join(parts)


def _told(shares: Shares) -> str:
    known = [share for share in shares if share is not None]
    return f"from {known[0]:.1%} to {known[-1]:.1%}" if known else "none"


def _x(place: float, count: int) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * ((place + 0.5) / count)


def _y(share: float, ceiling: float) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * share / ceiling


def _text(x: float, y: float, text: str, *, fill: str = _QUIET, anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="12" fill="{fill}" text-anchor="{anchor}"'
    return f"<text {place}>{escape(text)}</text>"


def _axes(ceiling: float, count: int) -> Iterator[str]:
    right, foot = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    for share in (0, ceiling / 2, ceiling):
        at = _y(share, ceiling)
        yield f'<path d="M{_LEFT:.1f} {at:.1f}H{right:.1f}" stroke="{_GRID}" fill="none"/>'
        yield _text(_LEFT - 8, at + 4, f"{share * 100:g} %", anchor="end")
    every = max(1, -(-count // 10))
    for place in range(0, count, every):
        yield _text(_x(place, count), foot + 18, str(place + 1), anchor="middle")
    yield _text((_LEFT + right) / 2, foot + 36, "Finding (number in the table)", anchor="middle")


def _broken(breaks: set[int], count: int) -> Iterator[str]:
    told = -_ROOM
    for place in sorted(breaks):
        x = _x(place - 0.5, count)
        yield (
            f'<path d="M{x:.1f} {_TOP:.1f}V{_HEIGHT - _BOTTOM:.1f}" stroke="{_QUIET}" '
            'stroke-dasharray="3 3" fill="none"/>'
        )
        if x - told >= _ROOM:
            yield _text(x, _TOP - 8, "new plan", anchor="middle")
            told = x


def _drawn(lines: Mapping[str, Shares], breaks: set[int], ceiling: float, count: int) -> Iterator[str]:
    last = {arm: next((s for s in reversed(each) if s is not None), None) for arm, each in lines.items()}
    places = _apart({arm: _y(share, ceiling) for arm, share in last.items() if share is not None})
    for number, (arm, shares) in enumerate(lines.items()):
        colour, dash = _LOOKS[number % len(_LOOKS)]
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        for run in _runs(shares, breaks):
            path = "L".join(f"{_x(place, count):.1f} {_y(share, ceiling):.1f}" for place, share in run)
            yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2.5"{dashes}/>'
            yield from (
                f'<circle cx="{_x(p, count):.1f}" cy="{_y(s, ceiling):.1f}" r="3.5" fill="{colour}"/>'
                for p, s in run
            )
        if (share := last[arm]) is not None:
            yield _text(_WIDTH - _RIGHT + 10, places[arm] + 4, f"{arm} {share:.1%}", fill=colour)


def _runs(shares: Shares, breaks: set[int]) -> Iterator[list[tuple[int, float]]]:
    """Parts of a line between gaps and changes of the plan."""
    run: list[tuple[int, float]] = []
    for place, share in enumerate(shares):
        if run and (share is None or place in breaks):
            yield run
            run = []
        if share is not None:
            run.append((place, share))
    if run:
        yield run


def _apart(ends: Mapping[str, float]) -> dict[str, float]:
    """Heights of labels near the ends of their lines, without touching."""
    places: dict[str, float] = {}
    lowest = _HEIGHT - _BOTTOM
    for arm in sorted(ends, key=ends.__getitem__, reverse=True):
        places[arm] = min(ends[arm], lowest)
        lowest = places[arm] - _LEAST
    return places
