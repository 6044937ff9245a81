"""Honest precision: what to audit, what the audits say, and whether a suppression may widen."""

from havenwall.network.precision.calibration import Calibrator, calibration_error, fit_audited
from havenwall.network.precision.drift import (
    Alarm,
    Band,
    Kind,
    Reading,
    band_around,
    check,
    predictive_band,
    watch,
)
from havenwall.network.precision.estimate import Estimate, estimate
from havenwall.network.precision.needed import needed
from havenwall.network.precision.plan import Bucket, Part, Sampled, SamplingPlan
from havenwall.network.precision.share import Share, share_among, share_of
from havenwall.network.precision.simulate import Population, World, simulate
from havenwall.network.precision.tally import Audits
from havenwall.network.precision.widen import Verdict, level_for, may_widen

__all__ = [
    "Alarm",
    "Audits",
    "Band",
    "Bucket",
    "Calibrator",
    "Estimate",
    "Kind",
    "Part",
    "Population",
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
    "level_for",
    "may_widen",
    "needed",
    "predictive_band",
    "share_among",
    "share_of",
    "simulate",
    "watch",
]
