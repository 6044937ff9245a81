"""Small bars for table cells. The number stands beside them, so they are hidden from screen readers."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

_SVG = Markup(
    '<svg class="bar {}" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{}</svg>'
)
_RECT = Markup('<rect class="{}" x="{:.2f}" y="0" width="{:.2f}" height="10"/>')


def share_bar(share: float, threshold: float | None = None) -> Markup:
    """A share (0..1) of the full width, with a line where a threshold lies."""
    line = _RECT.format("limit", 100 * threshold - 0.5, 1) if threshold is not None else ""
    return _SVG.format("share", _RECT.format("fill", 0, 100 * _clip(share)) + line)


def effect_bar(value: float, largest: float) -> Markup:
    """A contribution: to the right of the middle if it speaks for the network, to the left if against."""
    size = 50 * _clip(abs(value) / largest) if largest else 0.0
    kind, start = ("for", 50.0) if value >= 0 else ("against", 50.0 - size)
    return _SVG.format("effect", _RECT.format("axis", 49.75, 0.5) + _RECT.format(kind, start, size))


def parts_bar(parts: Sequence[tuple[str, int]]) -> Markup:
    """How a whole splits into named parts; each name is a class of the style sheet."""
    total = sum(count for _, count in parts)
    body, start = Markup(""), 0.0
    for name, count in parts:
        width = 100 * count / total if total else 0.0
        body += _RECT.format(name, start, width)
        start += width
    return _SVG.format("parts", body)


def _clip(share: float) -> float:
    return min(1.0, max(0.0, share))
