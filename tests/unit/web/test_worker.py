"""The worker keeps going, says what fails, and stops when told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import pairwise

import pytest
from tests.unit.web.serving import reports

from havenwall.app import App
from havenwall.errors import NotReady, StoreError
from havenwall.guard.heartbeat import last_beat
from havenwall.intake import check_event
from havenwall.model import SYSTEM
from havenwall.store.ledger import Ledger
from havenwall.web.worker import Job, News, Worker, build_worker


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Work:
    """Fails as long as it is told to."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.done = 0
        self.found = 1

    def __call__(self) -> int:
        self.done += 1
        if self.error:
            raise self.error
        return self.found


@pytest.fixture
def ledger(app: App) -> Ledger:
    for trouble in app.store.ledger.troubles():
        app.store.ledger.well_again(trouble.what)
    return app.store.ledger


def test_a_failure_is_kept_as_trouble_until_it_works_again(ledger: Ledger) -> None:
    clock, work = Clock(), Work()
    job = Job("detect", work, ledger, clock=clock)
    work.error = NotReady("no list")
    job.turn()
    clock.now += 100
    job.turn()
    [trouble] = ledger.troubles()
    assert (trouble.what, trouble.message, trouble.tries) == ("detect", "no list", 2)
    assert job.status().tries == 2
    work.error, clock.now = None, 200
    job.turn()
    assert ledger.troubles() == []
    assert job.status().tries == 0


def test_trouble_of_an_earlier_process_is_cleared_by_the_first_success(ledger: Ledger) -> None:
    ledger.trouble("detect", "died")
    Job("detect", Work(), ledger, clock=Clock()).turn()
    assert ledger.troubles() == []


def test_the_wait_grows_to_a_minute_and_no_further(ledger: Ledger) -> None:
    clock, work = Clock(), Work()
    work.error = ValueError("x")
    job, tried_at = Job("policy", work, ledger, clock=clock), []
    while len(tried_at) < 10:
        before = work.done
        job.turn()
        if work.done > before:
            tried_at.append(clock.now)
        clock.now += 0.5
    waits = [b - a for a, b in pairwise(tried_at)]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_job_keeps_its_distance(ledger: Ledger) -> None:
    clock, work = Clock(), Work()
    job = Job("network", work, ledger, every=60, clock=clock)
    for _ in range(121):
        job.turn()
        clock.now += 1
    assert work.done == 3


def test_a_job_that_found_nothing_looks_again_at_once(ledger: Ledger) -> None:
    clock, work = Clock(), Work()
    work.found = 0
    job = Job("network", work, ledger, every=60, clock=clock)
    for _ in range(5):
        job.turn()
    assert work.done == 5


def test_how_far_behind_a_job_is(ledger: Ledger) -> None:
    clock, work = Clock(), Work()
    job = Job("network", work, ledger, clock=clock)
    assert job.status().behind_seconds is None
    job.turn()
    clock.now += 7
    work.error = ValueError("x")
    job.turn()
    assert job.status().behind_seconds == 7


class Deaf(Ledger):
    """A ledger whose database is gone."""

    def __init__(self) -> None:
        pass

    def trouble(self, what: str, message: str) -> None:
        raise StoreError("gone")


def test_a_job_outlives_the_database() -> None:
    work = Work()
    work.error = StoreError("gone")
    job = Job("detect", work, Deaf(), clock=Clock())
    job.turn()
    assert job.status().tries == 1


def run_until(worker: Worker, reached: Callable[[], bool]) -> None:
    """Run a worker until something is so; pytest-xdist's own limit ends a test that never gets there."""
    pause = threading.Event()
    worker.start()
    try:
        for _ in range(600):
            if reached():
                return
            pause.wait(0.05)
        raise AssertionError("the worker never got there")
    finally:
        worker.stop()


def test_one_failing_job_holds_up_no_other(ledger: Ledger) -> None:
    bad, good = Work(), Work()
    bad.error = ValueError("x")
    worker = Worker([[Job("bad", bad, ledger), Job("good", good, ledger)]])
    run_until(worker, lambda: good.done >= 2)
    assert bad.done >= 1


def test_a_stopped_worker_leaves_no_thread(ledger: Ledger) -> None:
    work = Work()
    run_until(Worker([[Job("x", work, ledger)]]), lambda: work.done >= 1)
    assert not [thread for thread in threading.enumerate() if thread.name == "havenwall-x"]


def test_events_become_cases_and_the_guard_hears_of_life(fresh_app: App) -> None:
    fresh_app.ingest_events([check_event(raw) for raw in reports("account:m")])
    view = fresh_app.store.cases(SYSTEM)
    worker = build_worker(fresh_app)
    run_until(
        worker, lambda: view.count() == 1 and all(job.behind_seconds is not None for job in worker.status())
    )
    assert fresh_app.store.ledger.troubles() == []
    assert last_beat(fresh_app.config.guard_folder)
    assert {job.name for job in worker.status()} == {stage.name for stage in fresh_app.stages} | {
        "bank-index",
        "bank-search",
        "compact",
        "deliveries",
        "leases",
        "lists",
        "publish",
        "run-out",
    }


class Marks:
    """Streams of which the mark is set by the test."""

    def __init__(self) -> None:
        self.at, self.asked = 0, 0

    def mark(self) -> tuple[int]:
        self.asked += 1
        return (self.at,)


def test_work_that_found_nothing_waits_for_news() -> None:
    marks, clock, work = Marks(), Clock(), Work()
    work.found = 0
    look = News(marks, clock).watched(work)  # type: ignore[arg-type]
    for _round in range(3):
        clock.now += 1
        assert look() == 0
    assert work.done == 1
    marks.at = 1
    clock.now += 1
    look()
    assert work.done == 2


def test_what_comes_while_work_runs_is_looked_at_in_the_next_round() -> None:
    marks, clock = Marks(), Clock()
    calls = []

    def work() -> int:
        calls.append(marks.at)
        marks.at = 1
        return 0

    look = News(marks, clock).watched(work)  # type: ignore[arg-type]
    for _round in range(3):
        clock.now += 1
        look()
    assert calls == [0, 1]


def test_work_that_failed_is_done_again_without_news() -> None:
    clock, work = Clock(), Work()
    work.error = StoreError("locked")
    look = News(Marks(), clock).watched(work)  # type: ignore[arg-type]
    for _round in range(2):
        clock.now += 1
        with pytest.raises(StoreError):
            look()
    assert work.done == 2


def test_all_stages_of_a_round_ask_once_unless_one_made_something() -> None:
    marks, clock = Marks(), Clock()
    news, first, second = News(marks, clock), Work(), Work()  # type: ignore[arg-type]
    second.found = 0
    looks = [news.watched(first), news.watched(second)]
    for look in looks:
        look()
    assert (marks.asked, first.done, second.done) == (2, 1, 1)
    clock.now += 1
    first.found = 0
    marks.at = 1
    for look in looks:
        look()
    assert (marks.asked, first.done, second.done) == (3, 2, 2)
