"""An appeal as it is sent is checked before it is kept."""

from __future__ import annotations

from datetime import datetime

import msgspec

from havenwall.casework.tidy import TAG, tidy
from havenwall.errors import BadInput, Conflict
from havenwall.model.appeal import APPEAL_WITHIN, AppealDraft, Grounds

_LONGEST = 10_000


def check_appeal(draft: AppealDraft, grounds: Grounds, at: datetime, *, known: bool = False) -> AppealDraft:
    """The draft, tidied.

    Args:
        draft: as it was sent.
        grounds: of the restriction.
        at: now.
        known: whether the restriction was appealed before; sending that again is never too late.

    Raises:
        BadInput: it has no text or id, or they are too long, or the language is no tag; names the field.
        Conflict: the restriction is older than can be appealed, or was taken back.
    """
    if not 0 < len(tidy(draft.source_id)) <= 200:
        raise BadInput("must have 1 to 200 characters", field="source_id")
    if not 0 < len(tidy(draft.text)) <= _LONGEST:
        raise BadInput(f"say why it is wrong, in 1 to {_LONGEST:,} characters", field="text")
    if not TAG.fullmatch(draft.language):
        raise BadInput("must be a tag such as en or de-AT", field="language")
    if grounds.taken_back and not known:
        raise Conflict("this was taken back already")
    if at > grounds.at + APPEAL_WITHIN and not known:
        raise Conflict(f"this was decided more than {APPEAL_WITHIN.days} days ago")
    return msgspec.structs.replace(draft, text=tidy(draft.text), source_id=tidy(draft.source_id))
