"""What people outside send, tidied."""

from __future__ import annotations

import re
import unicodedata

TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,5}")
"""A language tag (RFC 5646) as far as answers need it."""
_UNSEEN = ("Cc", "Cs")
"""Categories of characters that no text needs and a database may refuse: controls, and halves of pairs."""


def tidy(text: str) -> str:
    """The text without blanks at its ends and characters that nobody sees."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in _UNSEEN).strip()
