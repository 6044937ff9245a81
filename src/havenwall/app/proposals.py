"""Proposed terms: what a person made of them, and the operator's list of the accepted ones."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
import structlog

from havenwall.app.config import Config
from havenwall.detect import load_terms
from havenwall.detect.terms import TermStage
from havenwall.errors import BadInput, Conflict
from havenwall.model import Right, TermProposal, TermState, Viewer, now
from havenwall.store import Store

if TYPE_CHECKING:
    from pathlib import Path

_log = structlog.get_logger()

ACCEPTED = "accepted.jsonl"
"""Name of the sealed list of accepted proposals, in the folder of term lists."""
SEVERITIES = ("block", "suppress")
_LONGEST = 2000


class TermDesk:
    """Searches for terms, and lets people accept and reject what was proposed."""

    def __init__(self, config: Config, store: Store) -> None:
        self._config, self._store = config, store
        self._sealing = threading.Lock()

    def proposals(self, viewer: Viewer, state: TermState | None = None) -> list[TermProposal]:
        """Proposed terms, those seen with the most accounts of the network first.

        Raises:
            Forbidden: the viewer may not see the accounts of child-safety cases.
        """
        self._store.communities(viewer).note("term proposals")
        return self._store.terms.proposals(state)

    def search(self, viewer: Viewer) -> list[TermProposal]:
        """Look for new terms now, keep what is found, and return all that wait for a person.

        Raises:
            Forbidden: the viewer may not see the accounts of child-safety cases.
            BadConfig, BadInput: a list of terms does not open or is not right.
        """
        viewer.need(Right.SEE_CHILD_SAFETY)
        stage = TermStage(self._store.terms, lambda: listed_terms(self._config, self._store))
        self._store.terms.add(stage.search(now()))
        return self.proposals(viewer, TermState.OPEN)

    def decide(
        self, viewer: Viewer, proposal_id: str, version: int, state: TermState, why: str, severity: str = ""
    ) -> TermProposal:
        """A person accepts or rejects a proposed term; an accepted one is on the guard's lists afterwards.

        Raises:
            Forbidden: the viewer has not the right.
            NotFound: there is no such proposal.
            BadInput: the decision is not possible, or the term is found in too many benign texts.
            Conflict: the proposal is not at `version` any more.
        """
        viewer.need(Right.DECIDE_CHILD_SAFETY)
        old = self._store.terms.proposal(proposal_id)
        if old.version != version:
            raise Conflict("the proposal changed while you decided", hint="look at it again and repeat")
        new = decided(old, viewer, state, why, severity)
        others = [one for one in self._store.terms.proposals(TermState.ACCEPTED) if one.id != new.id]
        if state is TermState.ACCEPTED:
            check_accepted(self._config, [*others, new])
        self._store.terms.decide(new)
        _log.info("term decided", proposal=new.id, state=state.value, by=viewer.name)
        self.seal()
        return new

    def seal(self) -> None:
        """Bring the sealed list of accepted terms up to the store; running guards take it up themselves."""
        with self._sealing:
            seal_accepted(self._config, self._store.terms.proposals(TermState.ACCEPTED))


def listed_terms(config: Config, store: Store) -> dict[str, datetime]:
    """The terms of all lists, the guard's sealed ones among them, and since when each is there.

    A list does not say when a term came into it; the time of its file stands in.

    Raises:
        BadConfig, BadInput: a list does not open or is not right.
    """
    from havenwall.guard.terms import open_terms, read_terms

    found: dict[str, datetime] = {}
    for path in config.term_lists:
        found |= dict.fromkeys((entry.text for entry in load_terms(path).entries), _written(path))
    for path in sealed_lists(config):
        entries = read_terms([(path.name, open_terms(path, config.terms_key_file))]).entries
        found |= dict.fromkeys((entry.term for entry in entries), _written(path))
    accepted = store.terms.proposals(TermState.ACCEPTED)
    return found | {one.term: one.decided_at or one.proposed_at for one in accepted}


def sealed_lists(config: Config) -> list[Path]:
    """The sealed lists in force for the query guard, and the accepted terms' one if there is one."""
    from havenwall.guard.terms import SUFFIX

    if not config.guard_term_lists:
        return sorted(config.terms_folder.glob(f"*{SUFFIX}"))
    accepted = accepted_list(config)
    return sorted({*config.guard_term_lists, *([accepted] if accepted.exists() else [])})


def accepted_list(config: Config) -> Path:
    """Where the sealed list of accepted terms lies while there are any; it counts besides lists named."""
    from havenwall.guard.terms import SUFFIX

    return config.terms_folder / f"{ACCEPTED}{SUFFIX}"


def decided(
    proposal: TermProposal, viewer: Viewer, state: TermState, why: str, severity: str = ""
) -> TermProposal:
    """The proposal as a person decided it. A decision may be changed later.

    Raises:
        BadInput: no reason, a severity that is none, or it stands at that state already.
    """
    if not 0 < len(why.strip()) <= _LONGEST:
        raise BadInput(f"give a reason of 1 to {_LONGEST:,} characters", field="why")
    if state is TermState.ACCEPTED and severity not in SEVERITIES:
        raise BadInput("is not one of " + ", ".join(SEVERITIES), field="severity")
    if proposal.state is state:
        raise BadInput(f"the proposal is {state} already", field="state")
    return msgspec.structs.replace(
        proposal,
        state=state,
        version=proposal.version + 1,
        by=viewer.name,
        why=why.strip(),
        decided_at=now(),
        severity=severity if state is TermState.ACCEPTED else "",
        decided_on=proposal.evidence,
    )


def check_accepted(config: Config, proposals: Iterable[TermProposal]) -> None:
    """Do nothing if the guard can take these terms.

    Raises:
        BadInput: one is no term, or they are found in too many benign texts.
        BadConfig: the benign vocabulary cannot be read.
    """
    from havenwall.guard.query import QueryGuard
    from havenwall.guard.terms import load_benign, read_terms

    terms = read_terms([(ACCEPTED, _content(proposals))])
    QueryGuard(
        terms, help=(), benign=load_benign(config.guard_benign_lists), budget=config.guard_false_hits
    ).close()


def seal_accepted(config: Config, proposals: Iterable[TermProposal]) -> bool:
    """Bring the sealed list of accepted terms up to the store; guards take it up by themselves.

    Returns whether it changed. The list is made anew from the store, so that a crash between a decision and
    this loses nothing: the next run mends it.

    Raises:
        BadConfig, BadInput: the key or the list there is cannot be read.
    """
    from havenwall.guard.terms import open_terms, seal_terms

    path, content = accepted_list(config), _content(proposals)
    before = open_terms(path, config.terms_key_file) if path.exists() else b""
    if content == before:
        return False
    if content:
        seal_terms(config.terms_folder, ACCEPTED, content, config.terms_key_file)
    else:
        path.unlink()
    return True


def _content(proposals: Iterable[TermProposal]) -> bytes:
    lines = (msgspec.json.encode(_entry(one)) for one in sorted(proposals, key=lambda one: one.id))
    return b"".join(line + b"\n" for line in lines)


def _entry(proposal: TermProposal) -> dict[str, str]:
    day = f"{proposal.decided_at:%Y-%m-%d}" if proposal.decided_at else ""
    return {
        "id": f"found-{proposal.id[:12]}",
        "term": proposal.term,
        "severity": proposal.severity,
        "provenance": f"proposed by havenwall, accepted by {proposal.by} {day}"[:200],
    }


def _written(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
