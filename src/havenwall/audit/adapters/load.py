"""Opens the platform that a plan names, and closes it again."""

from __future__ import annotations

import importlib
import importlib.util
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from scipy.sparse import load_npz
from threadpoolctl import threadpool_limits

from havenwall.audit.adapter import Adapter
from havenwall.audit.adapters.command import command_adapter
from havenwall.audit.adapters.http import http_adapter
from havenwall.audit.adapters.implicit import implicit_adapter
from havenwall.audit.adapters.lenskit import LenskitAdapter
from havenwall.audit.adapters.rectools import RectoolsAdapter
from havenwall.audit.adapters.remote import RemoteAdapter
from havenwall.audit.adapters.spec import (
    CommandSpec,
    HttpSpec,
    ImplicitSpec,
    LenskitSpec,
    PlatformSpec,
    RectoolsSpec,
    SandboxSpec,
)
from havenwall.errors import BadInput

_KINDS = {
    "alpha": "cpu.als:AlternatingLeastSquares",
    "indptr": "nearest_neighbours:ItemItemRecommender",
    "neg_prop": "cpu.lmf:LogisticMatrixFactorization",
    "learning_rate": "cpu.bpr:BayesianPersonalizedRanking",
}
"""Classes of `implicit` by what their files alone hold: a file does not name its class."""

Sandbox = Callable[[SandboxSpec], Adapter]


@contextmanager
def opened(spec: PlatformSpec, folder: Path, sandbox: Sandbox) -> Iterator[Adapter]:
    """The adapter of a platform; connections and programs end with the block.

    Args:
        spec: of `read_platform`.
        folder: of the plan; its paths begin there, and its programs run there.
        sandbox: makes a sandbox platform's adapter; the audit itself knows no sandbox.

    Raises:
        BadInput: a file, variable or function is missing or not as it should be; names the field.
        NotReady: a library is not installed.
    """
    adapter = _made(spec, folder, sandbox)
    try:
        yield adapter
    finally:
        if isinstance(adapter, RemoteAdapter):
            adapter.close()


def _made(spec: PlatformSpec, folder: Path, sandbox: Sandbox) -> Adapter:
    match spec:
        case SandboxSpec():
            return sandbox(spec)
        case ImplicitSpec():
            return _implicit(spec, folder)
        case LenskitSpec():
            pipeline, ids = _pair(spec.python, folder, "a trained pipeline and the ids of its items")
            return LenskitAdapter(pipeline, list(ids), spec.snapshot)
        case RectoolsSpec():
            model, data = _pair(spec.python, folder, "a fitted model and its data set")
            return RectoolsAdapter(model, data, refit=spec.refit, snapshot=spec.snapshot)
        case HttpSpec():
            ca = folder / spec.ca if spec.ca else None
            return http_adapter(
                spec.url,
                name=spec.name,
                token_env=spec.token_env,
                ca=ca,
                timeout=spec.timeout,
                tries=spec.tries,
                at_once=spec.at_once,
            )
        case CommandSpec():
            return command_adapter(
                spec.command,
                name=spec.name,
                folder=folder,
                timeout=spec.timeout,
                start=spec.start,
                at_once=spec.at_once,
            )


def _implicit(spec: ImplicitSpec, folder: Path) -> Adapter:
    model = _file("model", folder / spec.model, _saved)
    training = _file("follows", folder / spec.follows, load_npz)
    ids = _file("ids", folder / spec.ids, lambda path: path.read_text(encoding="utf-8").splitlines())
    return implicit_adapter(model, ids, training, spec.snapshot)


def _saved(path: Path) -> Any:
    with np.load(path, allow_pickle=False) as held:
        found = next((place for mark, place in _KINDS.items() if mark in held), None)
    if found is None:
        raise ValueError("no model of implicit")
    module, _, name = found.partition(":")
    with threadpool_limits(1, user_api="blas"):  # as implicit asks for
        return getattr(importlib.import_module(f"implicit.{module}"), name).load(str(path))


def _file(field: str, path: Path, read: Callable[[Path], Any]) -> Any:
    try:
        return read(path)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as problem:
        raise BadInput(f"{path} cannot be read: {problem}", field=f"platform.{field}") from problem


def _pair(place: str, folder: Path, what: str) -> tuple[Any, Any]:
    """What the operator's function gives; it runs as part of this program."""
    where, _, name = place.rpartition(":")
    hint = f"the function gives {what}"
    try:
        made = getattr(_module(where, folder), name)()
    except Exception as problem:
        message = f"{place} failed: {type(problem).__name__}: {problem}"
        raise BadInput(message, field="platform.python", hint=hint) from problem
    if not isinstance(made, tuple) or len(made) != 2:
        raise BadInput(f"{place} gave {type(made).__name__}", field="platform.python", hint=hint)
    return made[0], made[1]


def _module(where: str, folder: Path) -> ModuleType:
    if not where.endswith(".py"):
        return importlib.import_module(where)
    spec = importlib.util.spec_from_file_location(Path(where).stem, folder / where)
    if spec is None or spec.loader is None:
        raise ImportError(f"{where} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
