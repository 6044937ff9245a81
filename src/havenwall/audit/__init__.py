"""Test accounts follow a recommender with and without the guard; the figures say what they were shown."""

from havenwall.audit.adapter import Adapter, AuditSurface
from havenwall.audit.adapters.matrix import MatrixAdapter
from havenwall.audit.chart import chart_svg
from havenwall.audit.labels import Label, LabelService
from havenwall.audit.persona import PERSONAS, Persona
from havenwall.audit.plan import AuditPlan
from havenwall.audit.result import ArmResult, AuditResult, Comparison, Suppressed
from havenwall.audit.run import Progress, run_audit
from havenwall.audit.stats import cluster_interval, median_survival, sign_flip_p, zero_event_upper
from havenwall.audit.table import Table, tables
from havenwall.audit.world import ARM_LABELS, ARMS, OPEN, Arm, Gate, Histories, MaskGate, World

__all__ = [
    "ARMS",
    "ARM_LABELS",
    "OPEN",
    "PERSONAS",
    "Adapter",
    "Arm",
    "ArmResult",
    "AuditPlan",
    "AuditResult",
    "AuditSurface",
    "Comparison",
    "Gate",
    "Histories",
    "Label",
    "LabelService",
    "MaskGate",
    "MatrixAdapter",
    "Persona",
    "Progress",
    "Suppressed",
    "Table",
    "World",
    "chart_svg",
    "cluster_interval",
    "median_survival",
    "run_audit",
    "sign_flip_p",
    "tables",
    "zero_event_upper",
]
