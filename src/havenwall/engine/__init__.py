"""Runs a stage over many records."""

from havenwall.engine.aside import Culprit, SetAside, Stumble, try_alone
from havenwall.engine.batch import (
    EVENT_SCHEMA,
    Attached,
    Batch,
    Output,
    Settled,
    StandingChange,
    Stream,
    empty_events,
)
from havenwall.engine.runner import Progress, Runner, Source
from havenwall.engine.stage import Stage

__all__ = [
    "EVENT_SCHEMA",
    "Attached",
    "Batch",
    "Culprit",
    "Output",
    "Progress",
    "Runner",
    "SetAside",
    "Settled",
    "Source",
    "Stage",
    "StandingChange",
    "Stream",
    "Stumble",
    "empty_events",
    "try_alone",
]
