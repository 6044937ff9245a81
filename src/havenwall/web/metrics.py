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
        self._troubles = Gauge("havenwall_troubles", "Stages and effects that fail now", registry=on)

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
        self._troubles.set(len(app.store.ledger.troubles()))
        return generate_latest(self._registry)
