"""An appeal as it is sent is checked before it is kept."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

import msgspec

from havenwall.errors import BadInput, Conflict
from havenwall.model.appeal import APPEAL_WITHIN, AppealDraft, Grounds

_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)
_LONGEST = 10_000


def check_appeal(draft: AppealDraft, grounds: Grounds, at: datetime) -> AppealDraft:
    """The draft, tidied.

    Raises:
        BadInput: it has no text or id, or they are too long, or the language is no tag; names the field.
        Conflict: the restriction is older than can be appealed.
    """
    if not 0 < len(_tidy(draft.source_id)) <= 200:
        raise BadInput("must have 1 to 200 characters", field="source_id")
    if not 0 < len(_tidy(draft.text)) <= _LONGEST:
        raise BadInput(f"say why it is wrong, in 1 to {_LONGEST:,} characters", field="text")
    if len(draft.language) > 35 or not _TAG.fullmatch(draft.language):
        raise BadInput("must be a tag such as en or de-AT", field="language")
    if at > grounds.at + APPEAL_WITHIN:
        raise Conflict(f"this was decided more than {APPEAL_WITHIN.days} days ago")
    return msgspec.structs.replace(draft, text=_tidy(draft.text), source_id=_tidy(draft.source_id))


def _tidy(text: str) -> str:
    # Neither controls nor halves of pairs are words, and a database may refuse them.
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()
