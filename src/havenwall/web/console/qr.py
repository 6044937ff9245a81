"""A picture for an authenticator, drawn on the server."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr_svg(text: str, label: str) -> Markup:
    """The text as a QR code (ISO/IEC 18004), an SVG to stand in a page."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(
        scale=5, border=4, dark="#000000", light="#ffffff", omitsize=True, svgclass="qr", lineclass=None
    )
    # The picture tells nothing to who cannot see it, so its label says what it is; the text stands beside it.
    told = Markup('<svg role="img" aria-label="{}" ').format(label)
    return told + Markup(drawn.removeprefix("<svg "))  # noqa: S704 - segno draws paths only
