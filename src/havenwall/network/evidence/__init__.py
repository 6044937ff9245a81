"""From ties to a calibrated score: features, models, and the choice between them on held-out seeds."""

from havenwall.network.evidence.calibrate import Calibration, calibrate
from havenwall.network.evidence.design import Matrix
from havenwall.network.evidence.features import FEATURES, Feature
from havenwall.network.evidence.links import FloatArray, IntArray, Links, as_scipy
from havenwall.network.evidence.model import VERSION, Scored, score
from havenwall.network.evidence.seen import Seen

__all__ = [
    "FEATURES",
    "VERSION",
    "Calibration",
    "Feature",
    "FloatArray",
    "IntArray",
    "Links",
    "Matrix",
    "Scored",
    "Seen",
    "as_scipy",
    "calibrate",
    "score",
]
