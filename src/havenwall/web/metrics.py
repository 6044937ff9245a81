"""Figures for Prometheus, kept per server, so that two servers in one process do not share them."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from havenwall.app import App

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0)
"""Seconds."""


class Metrics:
    """Counts requests and events; reads the rest from the application when it is asked."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        on = self._registry
        self._requests = Counter(
            "havenwall_requests", "Requests answered", ["method", "route", "status"], registry=on
        )
        self._seconds = Histogram(
            "havenwall_request_seconds", "Time to answer", ["route"], buckets=_BUCKETS, registry=on
        )
        self._events = Counter("havenwall_events_accepted", "New events journalled by the API", registry=on)
        self._age = Gauge(
            "havenwall_guard_age_seconds", "Since the guard's publisher last gave a sign of life", registry=on
        )
        self._restricted = Gauge(
            "havenwall_restricted_entities", "By the restriction in force", ["restriction"], registry=on
        )
        self._drift = Gauge(
            "havenwall_classifier_drift",
            "Population stability index of a classifier's newest scores against its calibration; .25 alarms",
            ["classifier"],
            registry=on,
        )
        self._pictures = Gauge(
            "havenwall_pictures_unclassified",
            "Answered pictures that wait for classifiers, or were let go or cut off before",
            ["state"],
            registry=on,
        )
        self._troubles = Gauge("havenwall_troubles", "Stages and effects that fail now", registry=on)
        self._aside = Gauge(
            "havenwall_set_aside", "Records that a stage could not work on", ["stage"], registry=on
        )

        self._waiting = Gauge("havenwall_queue_waiting", "Cases that need work", ["queue"], registry=on)
        self._overdue = Gauge(
            "havenwall_queue_overdue", "Cases whose answer is overdue", ["queue"], registry=on
        )
        self._gaps = Gauge("havenwall_policy_gaps", "Open gaps in the policy", ["state"], registry=on)
        self._appeals = Gauge("havenwall_appeals", "Appeals that wait", ["state"], registry=on)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        # A client can invent methods; each would be a new series for ever.
        method = method if method in _METHODS else "other"
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def events(self, accepted: int) -> None:
        """Count events that were new."""
        self._events.inc(accepted)

    def render(self, app: App) -> bytes:
        """All figures in the Prometheus text format."""
        self._age.set(app.guard.status().age)
        self._restricted.clear()
        for restriction, count in app.store.figures.standing_counts().items():
            if restriction != "none":
                self._restricted.labels(restriction).set(count)
        for name, psi in app.classifier_drifts.items():
            self._drift.labels(name).set(psi)
        pictures = app.pictures.counted()
        self._pictures.labels("waiting").set(pictures.waiting)
        self._pictures.labels("left").set(pictures.left)
        self._troubles.set(len(app.store.ledger.troubles()))
        self._aside.clear()
        for stage, count in app.store.asides.counts().items():
            self._aside.labels(stage).set(count)
        self._queues(app)
        return generate_latest(self._registry)

    def _queues(self, app: App) -> None:
        self._waiting.clear()
        self._overdue.clear()
        for name, count in app.store.queues.counts().items():
            self._waiting.labels(name).set(count.waiting)
            self._overdue.labels(name).set(count.overdue)
        open_gaps, late = app.store.case_steps.gap_counts()
        self._gaps.labels("open").set(open_gaps)
        self._gaps.labels("overdue").set(late)
        appeals = app.store.appeals.counts()
        self._appeals.labels("waiting").set(appeals.waiting)
        self._appeals.labels("overdue").set(appeals.overdue)
