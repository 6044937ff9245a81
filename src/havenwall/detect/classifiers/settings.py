"""The operator's file of classifiers."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path

import msgspec

from havenwall.detect.classifiers.base import Classifier, Kind
from havenwall.detect.classifiers.breaker import Breaker
from havenwall.detect.classifiers.calibrate import load_labelled
from havenwall.detect.classifiers.http import HttpClassifier, HttpOptions
from havenwall.detect.classifiers.onnx import OnnxClassifier, OnnxOptions
from havenwall.detect.classifiers.plugged import UNPROVEN, Plugged
from havenwall.errors import BadConfig


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One `[[classifier]]` of the file. It has a `model` or an `address`."""

    name: str
    kind: Kind
    model: Path | None = None
    """ONNX file; a relative path counts from the file of classifiers."""
    onnx: OnnxOptions = OnnxOptions()
    address: str = ""
    http: HttpOptions | None = None
    headers: dict[str, str] = {}
    """Sent with each request; `$NAME` stands for the environment variable NAME."""
    labelled: Path | None = None
    """File of `score,label` that it is calibrated on."""
    threshold: float = 0.5
    """Least strength that makes a signal."""
    failures: int = 5
    """Failures in a row after which it is left alone for a while."""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    classifier: tuple[Entry, ...] = ()


def load_classifiers(
    path: Path, environ: Mapping[str, str] = os.environ, kinds: Collection[Kind] = tuple(Kind)
) -> tuple[Plugged, ...]:
    """The classifiers of a TOML file, ready to ask; `kinds`: only those that take such inputs.

    Raises:
        BadConfig: file, entry or model is not right; names the field.
        BadInput: as `load_labelled` says.
        NotReady: an entry has a model, and ONNX Runtime is not installed here.
    """
    return tuple(_plugged(entry, path.parent, environ) for entry in _entries(path) if entry.kind in kinds)


def kinds_of(path: Path) -> frozenset[Kind]:
    """What the classifiers of a TOML file take; loads none. Raises BadConfig as `load_classifiers`."""
    return frozenset(entry.kind for entry in _entries(path))


def _entries(path: Path) -> tuple[Entry, ...]:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        entries = msgspec.convert(raw, _File, dec_hook=_path, strict=False).classifier
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as problem:
        hint = "see the how-to on plugging in a classifier"
        raise BadConfig(str(problem), field=str(path), hint=hint) from problem
    names = [entry.name for entry in entries]
    if len(set(names)) != len(names):
        raise BadConfig("two classifiers have one name", field=str(path), hint="give each its own")
    return entries


def _plugged(entry: Entry, folder: Path, environ: Mapping[str, str]) -> Plugged:
    if not 0 < entry.threshold <= 1 or entry.failures < 1:
        raise BadConfig("threshold lies above 0 and up to 1, failures from 1", field=entry.name)
    if entry.threshold > UNPROVEN and not entry.labelled:
        hint = f"give `labelled`, or a threshold of {UNPROVEN} or less"
        raise BadConfig("without calibration nothing is stronger than that", field=entry.name, hint=hint)
    labelled = load_labelled(folder / entry.labelled) if entry.labelled else None
    breaker = Breaker(entry.failures)
    return Plugged(
        _made(entry, folder, environ), threshold=entry.threshold, labelled=labelled, breaker=breaker
    )


def _made(entry: Entry, folder: Path, environ: Mapping[str, str]) -> Classifier:
    if entry.model and not entry.address:
        return OnnxClassifier(entry.name, folder / entry.model, entry.kind, entry.onnx)
    if entry.address and entry.http and not entry.model:
        headers = {name: _filled(entry.name, text, environ) for name, text in entry.headers.items()}
        return HttpClassifier(entry.name, entry.address, entry.kind, entry.http, headers)
    hint = "give `model`, or `address` and `http`"
    raise BadConfig("has neither a model nor an address, or both", field=entry.name, hint=hint)


def _filled(name: str, text: str, environ: Mapping[str, str]) -> str:
    if not text.startswith("$"):
        return text
    value = environ.get(text[1:], "")
    if not value:
        raise BadConfig(
            f"variable {text[1:]} is not set", field=f"{name}.headers", hint="set it and start anew"
        )
    return value


def _path(kind: type, value: object) -> object:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise ValueError(f"expected a path, got {value!r}")
