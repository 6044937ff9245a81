"""Honest precision: what to audit, what the audits say, and whether a suppression may widen."""

from havenwall.model import Bucket, Part, PrecisionReport
from havenwall.model.precision import Alarm, Band, BucketRow, Estimate, Gate, Kind, Share
from havenwall.network.precision.calibration import Calibrator, calibration_error, fit_audited
from havenwall.network.precision.config import AuditConfig
from havenwall.network.precision.drift import Reading, band_around, check, predictive_band, watch
from havenwall.network.precision.estimate import estimate
from havenwall.network.precision.needed import needed
from havenwall.network.precision.plan import Sampled, SamplingPlan
from havenwall.network.precision.report import gate_of, report
from havenwall.network.precision.share import share_among, share_of
from havenwall.network.precision.simulate import Population, World, simulate
from havenwall.network.precision.tally import Audits
from havenwall.network.precision.widen import Verdict, level_for, may_widen

__all__ = [
    "Alarm",
    "AuditConfig",
    "Audits",
    "Band",
    "Bucket",
    "BucketRow",
    "Calibrator",
    "Estimate",
    "Gate",
    "Kind",
    "Part",
    "Population",
    "PrecisionReport",
    "Reading",
    "Sampled",
    "SamplingPlan",
    "Share",
    "Verdict",
    "World",
    "band_around",
    "calibration_error",
    "check",
    "estimate",
    "fit_audited",
    "gate_of",
    "level_for",
    "may_widen",
    "needed",
    "predictive_band",
    "report",
    "share_among",
    "share_of",
    "simulate",
    "watch",
]
