"""Harmless words the sandbox speaks with. Stand-ins only; no real term is among them."""

from __future__ import annotations

from itertools import product

NETWORK_TAGS = (
    "bluewhistle",
    "tin-lantern",
    "paperfinch",
    "slate-orchard",
    "copperkite",
    "moss-ladder",
    "quietharbour",
    "velvet-anvil",
)
"""Tags the planted network rotates through; made up, and used by some benign accounts too."""

_KINDS = ("autumn", "city", "coastal", "family", "garden", "home", "island", "market", "morning", "mountain")
_THEMES = (
    "baking",
    "birds",
    "books",
    "chess",
    "cycling",
    "film",
    "gardening",
    "knitting",
    "music",
    "painting",
)
_FORMS = ("club", "daily", "diary", "fans", "ideas", "news", "notes", "photos", "talk", "tips")

PHRASES = (
    "A walk along the canal this morning.",
    "New photos from the weekend.",
    "Trying a recipe my aunt sent me.",
    "What are you all reading?",
    "Back after a short break.",
    "The allotment is finally in flower.",
    "Found this on an old shelf.",
    "Rain again, so more time for the workshop.",
)
"""What posts say."""

GROUP_TEXTS = (
    "For everyone who likes the outdoors.",
    "Neighbours help each other here.",
    "We share what we make.",
    "Questions and answers for beginners.",
)
"""How groups describe themselves."""

REPORT_TEXTS = (
    "Something about this account worries me.",
    "Please have a look at this.",
    "This looks like spam.",
    "They keep sending me messages.",
)
"""What users write in reports."""


def benign_tags(count: int) -> list[str]:
    """`count` different everyday tags, at most 1,000 of them plain and the rest numbered."""
    plain = ["-".join(parts) for parts in product(_THEMES, _KINDS, _FORMS)]
    return [
        plain[i % len(plain)] + (f"-{i // len(plain) + 1}" if i >= len(plain) else "") for i in range(count)
    ]
