"""Appeals: statements of reasons handed out, appeals taken in and decided by somebody else."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from functools import cached_property

import msgspec
import structlog

from havenwall.app.config import Config
from havenwall.app.reports import PUBLIC, plain_code, shown
from havenwall.casework.appeals import answered, check_appeal, reversals, statement
from havenwall.casework.reports import new_number
from havenwall.errors import NotFound
from havenwall.model import DECIDE_RIGHT, Right, Viewer, new_id, now
from havenwall.model.appeal import Appeal, AppealDraft, AppealStanding, Finding, Statement, standing_of
from havenwall.store import Store
from havenwall.store.appeal_facts import Contested
from havenwall.store.sealed import load_key

_CODE = 25
"""Characters of a secret: 125 bits."""
_log = structlog.get_logger()


class AppealDesk:
    """Speaks with those who are restricted, and lets people decide what they ask.

    Args: `after`: carries out what was decided, so that it is in force when `decide` returns.
    """

    def __init__(self, config: Config, store: Store, after: Callable[[], None]) -> None:
        self._config, self._store, self._after = config, store, after

    def statement(self, viewer: Viewer, action_id: str, language: str = "en") -> Statement:
        """The statement of reasons of a restriction with its secret, for the platform to hand over; the
        access log says who got it.

        Raises:
            Forbidden: the viewer may not read actions.
            NotFound: there is no such restriction.
        """
        viewer.need(Right.READ_ACTIONS)
        grounds = self._store.appeals.contested(action_id).grounds
        self._store.appeals.handed_over(viewer, action_id)
        return statement(grounds, language, now(), shown(self._code(action_id)))

    def send(self, viewer: Viewer, draft: AppealDraft) -> AppealStanding:
        """Keep an appeal of a platform's user; durable when it returns. Sending again gives the same.

        Raises:
            Forbidden: the viewer may not send reports.
            NotFound: there is no such restriction.
            BadInput: it cannot be kept; names the field.
            Conflict: the restriction was appealed before, was taken back, or is too old.
        """
        viewer.need(Right.SEND_REPORTS)
        return self._take(draft, viewer.name)

    def shown(
        self, reference: str, code: str, language: str = "en"
    ) -> tuple[Statement, AppealStanding | None]:
        """The statement of somebody who has its reference and secret, and how their appeal stands.

        Raises:
            NotFound: reference and secret do not belong together.
        """
        grounds = self._opened(reference, code).grounds
        appeal = self._store.appeals.of_action(grounds.action_id)
        return statement(grounds, language, now()), standing_of(appeal) if appeal else None

    def send_public(self, reference: str, code: str, text: str, language: str = "en") -> AppealStanding:
        """Keep an appeal of the public page; sending again gives the same. Raises as `shown` and `send`."""
        action_id = self._opened(reference, code).grounds.action_id
        draft = AppealDraft(source_id=action_id, action_id=action_id, text=text, language=language)
        return self._take(draft, PUBLIC)

    def decide(self, viewer: Viewer, appeal_id: str, finding: Finding, why: str) -> Appeal:
        """Decide an appeal; what is taken back is so, and in every guard, when this returns.

        Raises:
            Forbidden: not a person, without the right, or one who had a part in it before.
            NotFound: there is no such appeal for this viewer.
            BadInput: there is no reason.
            Conflict: it was decided already.
        """
        viewer.need(Right.DECIDE_APPEALS)
        appeal = self._store.appeals_for(viewer).appeal(appeal_id)
        answer = answered(appeal, viewer, finding, why, now())
        kept = self._store.appeals.decide(answer, reversals, lambda kind: viewer.need(DECIDE_RIGHT[kind]))
        _log.info("appeal decided", appeal=kept.id, state=kept.state.value, by=viewer.name)
        self._after()
        return kept

    def _take(self, draft: AppealDraft, sender: str) -> AppealStanding:
        found, at = self._store.appeals.contested(draft.action_id), now()
        known = self._store.appeals.of_action(found.grounds.action_id) is not None
        draft = check_appeal(draft, found.grounds, at, known=known)
        appeal = Appeal(
            id=new_id(),
            number="",
            sender=sender,
            source_id=draft.source_id,
            entity=found.grounds.entity,
            text=draft.text,
            language=draft.language,
            grounds=found.grounds,
            case_id=found.case_id,
            case_class=found.case_class,
            received_at=at,
            due_at=at + timedelta(days=self._config.appeal_days),
        )
        kept, new = self._store.appeals.add(appeal, new_number)
        _log.info("appeal kept", appeal=kept.id, new=new)
        return standing_of(kept, new=new)

    def _opened(self, reference: str, code: str) -> Contested:
        reference = reference.strip()
        if not hmac.compare_digest(plain_code(code).encode(), self._code(reference).encode()):
            raise NotFound(
                "no statement has this reference and code", hint="compare both with the statement of reasons"
            )
        return self._store.appeals.contested(reference)

    def _code(self, action_id: str) -> str:
        digest = hmac.digest(self._key, msgspec.json.encode(("statement", action_id)), "sha256")
        return base64.b32encode(digest).decode()[:_CODE]

    @cached_property
    def _key(self) -> bytes:
        key = load_key(self._config.sealing_key_file)
        return hashlib.blake2b(key, person=b"hw appeals", digest_size=32).digest()
