"""Classifiers that the operator brings: models in ONNX files, or servers. None ships with Havenwall."""

from havenwall.detect.classifiers.base import Classifier, Kind, Picture, Score
from havenwall.detect.classifiers.breaker import Breaker
from havenwall.detect.classifiers.calibrate import Calibration, Labelled, calibrate, load_labelled
from havenwall.detect.classifiers.drift import Drift
from havenwall.detect.classifiers.http import HttpClassifier, HttpOptions
from havenwall.detect.classifiers.onnx import OnnxClassifier, OnnxOptions
from havenwall.detect.classifiers.pictures import Shown, check_shown, picture_signal
from havenwall.detect.classifiers.pixels import Pixels
from havenwall.detect.classifiers.plugged import Judged, Plugged
from havenwall.detect.classifiers.settings import kinds_of, load_classifiers
from havenwall.detect.classifiers.squash import Squash
from havenwall.detect.classifiers.stage import ClassifyStage
from havenwall.detect.classifiers.watch import ALARMS, Alarms, DriftWatch, alarm_of

__all__ = [
    "ALARMS",
    "Alarms",
    "Breaker",
    "Calibration",
    "Classifier",
    "ClassifyStage",
    "Drift",
    "DriftWatch",
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
    "Shown",
    "Squash",
    "alarm_of",
    "calibrate",
    "check_shown",
    "kinds_of",
    "load_classifiers",
    "load_labelled",
    "picture_signal",
]
