"""Runs the stages while the server is up: each in turn, again and again, each failing on its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

import msgspec
import structlog

from havenwall.app import App
from havenwall.engine import Runner, Stage
from havenwall.errors import HavenwallError
from havenwall.store.ledger import Ledger
from havenwall.store.streams import Mark, Streams

TICK = 0.2
"""Seconds between two rounds."""
_FIRST_WAIT = 1.0
_LONGEST_WAIT = 60.0
"""Seconds before a failed job is tried again: doubling from the first to the longest."""
_PATIENCE = 20.0
"""Seconds to wait at the end for what runs. Whatever is cut off is repeated at the next start."""

_GRAPH = ("discover", "network", "returns", "terms")
"""Stages that read the whole graph or all posts: in a lane of their own, and not more often than is set."""

_log = structlog.get_logger()


class JobStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How one job of the worker stands."""

    name: str
    behind_seconds: float | None
    """All that was there so long ago is done; null before the first time."""
    tries: int
    """Failures in a row; 0 when it works."""


class Job:
    """Something to be done again and again; a failure is kept as trouble until it works again.

    After `work` said that it found something to do, `every` seconds pass before it is called again.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[], object],
        ledger: Ledger,
        *,
        every: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._work = work
        self._ledger = ledger
        self._every = every
        self._clock = clock
        self._due = clock()
        self._done_up_to: float | None = None
        self._tries = 0

    def turn(self) -> None:
        """Do the work if it is due. Never raises."""
        began = self._clock()
        if began < self._due:
            return
        try:
            self._well(began, found=bool(self._work()))
        except Exception as error:
            self._failed(error)

    def status(self) -> JobStatus:
        """How the job stands."""
        done = self._done_up_to
        behind = None if done is None else round(self._clock() - done, 1)
        return JobStatus(name=self.name, behind_seconds=behind, tries=self._tries)

    def _well(self, began: float, *, found: bool) -> None:
        # The first success clears what an earlier process may have left.
        if self._tries or self._done_up_to is None:
            self._ledger.well_again(self.name)
        self._tries, self._done_up_to = 0, began
        # A look that found nothing was cheap: the next one need not keep the distance.
        self._due = began + self._every if found else began

    def _failed(self, error: Exception) -> None:
        self._tries += 1
        wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(self._tries - 1, 10))
        self._due = self._clock() + wait
        _log.error("job failed", job=self.name, tries=self._tries, again_in=wait, exc_info=error)
        message = error.message if isinstance(error, HavenwallError) else f"{type(error).__name__}: {error}"
        try:
            self._ledger.trouble(self.name, message)
        except HavenwallError as problem:
            # The database is what fails, most likely. The log has it; the job goes on trying.
            _log.error("trouble not kept", job=self.name, problem=problem.message)


class Worker:
    """Runs lanes of jobs, a thread each, so that a long scoring holds up neither detection nor the guard."""

    def __init__(self, lanes: Sequence[Sequence[Job]]) -> None:
        self._lanes = lanes
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin; returns at once."""
        self._stop.clear()
        self._threads = [
            threading.Thread(target=self._run, args=(lane,), name=f"havenwall-{lane[0].name}", daemon=True)
            for lane in self._lanes
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End after the job each lane is at; waits for it, but not for ever."""
        self._stop.set()
        deadline = time.monotonic() + _PATIENCE
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def status(self) -> list[JobStatus]:
        """How each job stands."""
        return [job.status() for lane in self._lanes for job in lane]

    def _run(self, lane: Sequence[Job]) -> None:
        while not self._stop.wait(TICK):
            for job in lane:
                if not self._stop.is_set():
                    job.turn()


def build_worker(app: App) -> Worker:
    """The worker of an application: the stages, network scoring, and the guard's publisher."""
    ledger, news = app.store.ledger, News(app.store.streams)
    flow = [_stage_job(app, stage, 0.0, news) for stage in app.stages if stage.name not in _GRAPH]
    flow.append(Job("compact", app.compact, ledger))
    flow.append(Job("leases", lambda: app.queues.expire(), ledger))
    network = [_stage_job(app, s, app.config.score_every, news) for s in app.stages if s.name in _GRAPH]
    deliveries = Job("deliveries", lambda: app.deliveries.deliver(), ledger)
    flow.append(Job("run-out", lambda: app.actions.run_out(), ledger, every=1.0))
    lanes = (flow, network, [Job("publish", app.publish, ledger)], [deliveries], *_banks(app))
    return Worker([lane for lane in lanes if lane])


def _banks(app: App) -> list[list[Job]]:
    # A lane each: new entries must be found within a second, whatever an import or a search takes.
    ledger = app.store.ledger
    return [
        [Job("bank-index", lambda: app.banks.index.catch_up(), ledger)],
        [Job("bank-search", lambda: app.banks.search_seen(), ledger, every=1.0)],
        [Job("lists", lambda: app.banks.bring_in_all(), ledger, every=app.config.lists_every)],
    ]


class News:
    """Whether anything came for stages: asked once for all of them, as most rounds find nothing."""

    def __init__(self, streams: Streams, clock: Callable[[], float] = time.monotonic) -> None:
        self._streams, self._clock = streams, clock
        self._known: tuple[float, Mark] | None = None

    def mark(self) -> Mark:
        """See `Streams.mark`; at most half a round old."""
        known, moment = self._known, self._clock()
        if known is None or moment >= known[0] + TICK / 2:
            known = self._known = (moment, self._streams.mark())
        return known[1]

    def forget(self) -> None:
        """Look anew: a stage made something, which is news for the next ones."""
        self._known = None

    def watched(self, work: Callable[[], int]) -> Callable[[], int]:
        """The work of a stage, left out while nothing came since it last found nothing."""
        seen: Mark | None = None

        def look() -> int:
            nonlocal seen
            before = self.mark()
            if before == seen:
                return 0
            done = work()
            if done:
                self.forget()
            # What came while it worked moved the mark, and is looked at in the next round.
            seen = before
            return done

        return look


def _stage_job(app: App, stage: Stage, every: float, news: News) -> Job:
    # The publisher has a lane of its own, so the runner is used without `App.run`, which publishes.
    runner = Runner(app.store.streams, [stage])
    return Job(stage.name, news.watched(runner.run), app.store.ledger, every=every)
