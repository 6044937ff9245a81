"""Runs a plan in the background of the server, one at a time, and tells how far it is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Literal

import msgspec
import structlog

from havenwall.app.audit_bounds import FOLDER, bounded
from havenwall.app.config import Config
from havenwall.app.findings import read_plan_text
from havenwall.app.release import Bench
from havenwall.audit.release import Finding, ReleasePlan
from havenwall.errors import Conflict, HavenwallError
from havenwall.model import Right, Viewer, now
from havenwall.store import Store

_PATIENCE = 20.0
"""Seconds to wait at the end for a run that is to stop."""
_log = structlog.get_logger()


class AuditRun(msgspec.Struct, frozen=True, kw_only=True):
    """How a run stands."""

    name: str
    plan_hash: str
    by: str
    began_at: datetime
    state: Literal["running", "stopping", "done", "failed", "stopped"] = "running"
    what: str = "getting ready"
    done: int = 0
    total: int = 0
    """Steps; 0 until they are known."""
    finding_id: str = ""
    problem: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes."""
        return self.state not in ("running", "stopping")


class RunDesk:
    """One run at a time; the newest is remembered until the server ends."""

    def __init__(self, config: Config, store: Store, keep: Callable[[Finding], object]) -> None:
        self._config, self._store, self._keep = config, store, keep
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._run: AuditRun | None = None

    def start(self, viewer: Viewer, text: str) -> AuditRun:
        """Begin a run; returns at once.

        Raises:
            Forbidden: the viewer may not run audits.
            BadInput: the plan is wrong, or may not be run from here; names the field.
            Conflict: another run is under way.
        """
        viewer.need(Right.MANAGE)
        plan = bounded(read_plan_text(text), self._config)
        with self._lock:
            if self._run and not self._run.is_over:
                raise Conflict("another audit is running", hint="wait for it, or stop it")
            self._stop.clear()
            run = AuditRun(name=plan.name, plan_hash=plan.hash, by=viewer.name, began_at=now())
            self._run = run
            self._thread = threading.Thread(
                target=self._work, args=(plan,), name="havenwall-audit", daemon=True
            )
            self._thread.start()
        self._store.note(viewer, "audit run", plan.name)
        return run

    def newest(self) -> AuditRun | None:
        """How the newest run stands; None where there was none since the server began."""
        return self._run

    def stop(self, viewer: Viewer) -> None:
        """Ask the run to stop, which it does at its next step. Raises Forbidden."""
        viewer.need(Right.MANAGE)
        self._ask_to_stop()

    def close(self) -> None:
        """Stop the run and wait for it, but not for ever."""
        self._ask_to_stop()
        if self._thread:
            self._thread.join(_PATIENCE)

    def _ask_to_stop(self) -> None:
        self._stop.set()
        with self._lock:
            if self._run and self._run.state == "running":
                self._run = msgspec.structs.replace(self._run, state="stopping")

    def _work(self, plan: ReleasePlan) -> None:
        folder = self._config.data / FOLDER
        try:
            finding = Bench(plan, folder).run(self._step).finding
            self._keep(finding)
            self._tell(state="done", finding_id=finding.id)
        except _Stopped:
            self._tell(state="stopped")
        except HavenwallError as problem:
            hint = f" ({problem.hint})" if problem.hint else ""
            self._tell(state="failed", problem=problem.message + hint)
        except OSError as problem:
            self._tell(state="failed", problem=f"a file cannot be read: {problem.strerror}")
        except Exception:
            # Nobody waits for this thread: what it does not tell is never heard of.
            _log.exception("audit failed", plan=plan.name)
            self._tell(state="failed", problem="it failed without a known reason; the server's log has it")

    def _step(self, what: str, done: int, total: int) -> None:
        if self._stop.is_set():
            raise _Stopped
        self._tell(what=what, done=done, total=total)

    def _tell(self, **news: object) -> None:
        with self._lock:
            if self._run:
                self._run = msgspec.structs.replace(self._run, **news)


class _Stopped(Exception):
    """Somebody asked the run to end."""
