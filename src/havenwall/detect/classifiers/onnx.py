"""Models in ONNX files, run here by ONNX Runtime (the extra `classifiers`)."""

from __future__ import annotations

import hashlib
import importlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.detect.classifiers.base import Kind, Picture, Score
from havenwall.detect.classifiers.pixels import Pixels, as_tensor
from havenwall.detect.classifiers.squash import Squash, squash
from havenwall.errors import BadConfig, NotReady, SourceFailed

_MISSING: Final = "install the extra: pip install 'havenwall[classifiers]'"
Prepare = Callable[[Sequence[str]], Mapping[str, NDArray[Any]]]
"""Texts → inputs of the model by name, for models that do not take texts themselves."""


class OnnxOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How to run a model."""

    batch: int = 32
    """Most inputs at a time."""
    seconds: float = 10.0
    """Longest time for a batch."""
    threads: int = 1
    column: int = -1
    """Which of the model's output columns is the score; -1 the last."""
    squash: Squash = Squash.NONE
    """What makes a number from 0 to 1 of what the model gives."""
    pixels: Pixels = Pixels()
    """How pictures are handed to it."""


class OnnxClassifier:
    """A model file. It takes texts as a tensor of strings (n,), or pictures as `OnnxOptions.pixels` says."""

    def __init__(
        self,
        name: str,
        path: Path,
        kind: Kind,
        options: OnnxOptions | None = None,
        *,
        prepare: Prepare | None = None,
    ) -> None:
        """Load a model.

        Raises:
            NotReady: ONNX Runtime is not installed here.
            BadConfig: the file cannot be read, is no model, or takes something else.
        """
        self.name, self.kind, self._options, self._prepare = name, kind, options or OnnxOptions(), prepare
        self._runtime = _runtime()
        content = _content(path)
        self.version = hashlib.sha256(content).hexdigest()[:12]
        self._session = self._load(content, path)
        self._input = self._session.get_inputs()[0].name
        if kind is Kind.TEXT and prepare is None and "string" not in self._session.get_inputs()[0].type:
            raise BadConfig("takes no texts", field=str(path), hint="use a model with its tokenizer inside")

    def scores(self, inputs: Sequence[str] | Sequence[Picture]) -> list[Score]:
        """One score per input; not a number is a fault of that input.

        Raises:
            SourceFailed: the model stopped with an error, took too long, or gave something of another shape.
        """
        return [score for part in _parts(inputs, self._options.batch) for score in self._batch(part)]

    def _batch(self, part: Sequence[Any]) -> list[Score]:
        given = squash(self._run(self._fed(part)), self._options.squash, self._options.column)
        if given.shape != (len(part),):
            raise SourceFailed(f"{self.name} gives {given.shape} for {len(part)} inputs")
        well = np.isfinite(given) & (given >= 0) & (given <= 1)
        fault = Score(None, "the score is not between 0 and 1")
        return [Score(float(value)) if fine else fault for value, fine in zip(given, well, strict=True)]

    def _fed(self, part: Sequence[Any]) -> Mapping[str, NDArray[Any]]:
        if self.kind is Kind.IMAGE:
            return {self._input: np.stack([as_tensor(each, self._options.pixels) for each in part])}
        return self._prepare(part) if self._prepare else {self._input: np.array(part, dtype=object)}

    def _run(self, fed: Mapping[str, NDArray[Any]]) -> NDArray[np.float64]:
        limits = self._runtime.RunOptions()
        clock = threading.Timer(self._options.seconds, setattr, (limits, "terminate", True))
        clock.daemon = True
        clock.start()
        try:
            return np.asarray(self._session.run(None, dict(fed), limits)[-1], dtype=np.float64)
        except Exception as error:  # Each version of the runtime has error types of its own.
            why = (
                f"took longer than {self._options.seconds:g} s" if limits.terminate else type(error).__name__
            )
            raise SourceFailed(f"{self.name} stopped: {why}", hint="try the model by itself") from error
        finally:
            clock.cancel()

    def _load(self, content: bytes, path: Path) -> Any:
        options = self._runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = self._options.threads
        options.log_severity_level = 4
        try:
            return self._runtime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        except Exception as error:
            hint = "it must be an ONNX model that this version of ONNX Runtime knows, in one file"
            raise BadConfig("is no model that can be run", field=str(path), hint=hint) from error


def _runtime() -> Any:
    try:
        return importlib.import_module("onnxruntime")
    except ImportError as error:
        raise NotReady("ONNX Runtime is not installed here", hint=_MISSING) from error


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadConfig(error.strerror or "cannot be read", field=str(path), hint="check the path") from error


def _parts(inputs: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (inputs[start : start + size] for start in range(0, len(inputs), size))
