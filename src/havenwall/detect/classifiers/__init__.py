"""Classifiers that the operator brings: models in ONNX files, or servers. None ships with Havenwall."""

from havenwall.detect.classifiers.base import Classifier, Kind, Picture, Score
from havenwall.detect.classifiers.breaker import Breaker
from havenwall.detect.classifiers.calibrate import Calibration, Labelled, calibrate, load_labelled
from havenwall.detect.classifiers.drift import Drift
from havenwall.detect.classifiers.http import HttpClassifier, HttpOptions
from havenwall.detect.classifiers.onnx import OnnxClassifier, OnnxOptions
from havenwall.detect.classifiers.pixels import Pixels
from havenwall.detect.classifiers.plugged import Judged, Plugged
from havenwall.detect.classifiers.settings import load_classifiers
from havenwall.detect.classifiers.squash import Squash
from havenwall.detect.classifiers.stage import ALARMS, ClassifyStage, alarm_of

__all__ = [
    "ALARMS",
    "Breaker",
    "Calibration",
    "Classifier",
    "ClassifyStage",
    "Drift",
    "HttpClassifier",
    "HttpOptions",
    "Judged",
    "Kind",
    "Labelled",
    "OnnxClassifier",
    "OnnxOptions",
    "Picture",
    "Pixels",
    "Plugged",
    "Score",
    "Squash",
    "alarm_of",
    "calibrate",
    "load_classifiers",
    "load_labelled",
]
