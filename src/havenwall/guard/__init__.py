"""Standing → Verdict: importable alone in a recommender's process, without a database."""

from havenwall.guard.bound import BoundGuard, Judged
from havenwall.guard.delta import DeltaReader, append_delta
from havenwall.guard.guard import Guard
from havenwall.guard.heartbeat import beat
from havenwall.guard.policy import Failure, Policy, load_policy
from havenwall.guard.publisher import Published, publish, published
from havenwall.guard.snapshot import Snapshot, SnapshotInfo, read_snapshot, write_snapshot
from havenwall.guard.sources import Sources
from havenwall.guard.surface import CONTACTS, Outcome, Surface, ViewerClass
from havenwall.guard.verdict import Filtered, Status, Verdict

__all__ = [
    "CONTACTS",
    "BoundGuard",
    "DeltaReader",
    "Failure",
    "Filtered",
    "Guard",
    "Judged",
    "Outcome",
    "Policy",
    "Published",
    "Snapshot",
    "SnapshotInfo",
    "Sources",
    "Status",
    "Surface",
    "Verdict",
    "ViewerClass",
    "append_delta",
    "beat",
    "load_policy",
    "publish",
    "published",
    "read_snapshot",
    "write_snapshot",
]
