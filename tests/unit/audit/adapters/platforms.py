"""One small graph of follows, and every adapter over it."""

from __future__ import annotations

import re
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import uvicorn
from implicit.als import AlternatingLeastSquares
from implicit.nearest_neighbours import CosineRecommender
from scipy.sparse import csr_array, csr_matrix
from threadpoolctl import threadpool_limits

from havenwall.audit.adapter import Adapter
from havenwall.audit.adapters.command import command_adapter
from havenwall.audit.adapters.http import http_adapter
from havenwall.audit.adapters.implicit import implicit_adapter
from havenwall.audit.adapters.lenskit import LenskitAdapter
from havenwall.audit.adapters.matrix import MatrixAdapter
from havenwall.audit.adapters.rectools import RectoolsAdapter
from havenwall.sandbox import CoFollow, Friends
from havenwall.web.reference_recommender import PREFIX, listening, reference_recommender

N = 200
IDS = [f"account:u{n}" for n in range(N)]
ROOT = Path(__file__).parents[4]
EXAMPLE = ROOT / "docs" / "reference" / "audit-command.md"


def follows() -> csr_array:
    """(N, N): four communities that follow each other, and a few strangers."""
    rng = np.random.default_rng(3)
    near = np.arange(N)[:, None] // 50 == np.arange(N)[None, :] // 50
    links = rng.random((N, N)) < np.where(near, 0.2, 0.01)
    np.fill_diagonal(links, False)
    return csr_array(links.astype(np.float32))


@contextmanager
def serving(adapter: Adapter, token: str = "") -> Iterator[str]:
    """The reference recommender on a real socket of this machine; its address."""
    at = listening("127.0.0.1", 0)
    server = uvicorn.Server(
        uvicorn.Config(reference_recommender(adapter, token), log_level="warning", lifespan="off")
    )
    thread = threading.Thread(target=server.run, args=([at],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{at.getsockname()[1]}{PREFIX}"
    finally:
        server.should_exit = True
        thread.join()
        at.close()


def friends() -> MatrixAdapter:
    return MatrixAdapter(Friends().fit(follows()), IDS)


def example(folder: Path) -> list[str]:
    """The documented program and its file of follows, written into a folder; its command."""
    fence = re.search(r"^```python recommender\.py\n(.*?)^```$", EXAMPLE.read_text("utf-8"), re.M | re.S)
    assert fence
    (folder / "recommender.py").write_text(fence[1], encoding="utf-8")
    pairs = zip(*follows().nonzero(), strict=True)
    (folder / "follows.csv").write_text("".join(f"{IDS[a]},{IDS[b]}\n" for a, b in pairs), encoding="utf-8")
    return [sys.executable, "recommender.py", "follows.csv"]


def fitted(model: object) -> object:
    with threadpool_limits(1, "blas"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # item-item models warn of the matrix they make themselves
        model.fit(csr_matrix(follows()), show_progress=False)  # type: ignore[attr-defined]
    return model


@contextmanager
def _sandbox(folder: Path) -> Iterator[Adapter]:
    yield MatrixAdapter(CoFollow().fit(follows()), IDS)


@contextmanager
def _als(folder: Path) -> Iterator[Adapter]:
    model = AlternatingLeastSquares(factors=8, iterations=4, random_state=1, num_threads=1)
    yield implicit_adapter(fitted(model), IDS, follows())


@contextmanager
def _cosine(folder: Path) -> Iterator[Adapter]:
    yield implicit_adapter(fitted(CosineRecommender(num_threads=1)), IDS, follows())


@contextmanager
def _lenskit(folder: Path) -> Iterator[Adapter]:
    pipeline = lenskit_pipeline("lenskit.als", "ImplicitMFScorer", {"embedding_size": 8, "epochs": 4})
    yield LenskitAdapter(pipeline, IDS)


def lenskit_pipeline(
    module: str, scorer: str, settings: dict[str, object], ids: Sequence[object] = IDS
) -> Any:
    reason = "LensKit is not installed, nor on PYTHONPATH"
    pytest.importorskip("lenskit", reason=reason)
    pandas = pytest.importorskip("pandas", reason=reason)
    from importlib import import_module

    from lenskit.data import from_interactions_df
    from lenskit.pipeline import topn_pipeline
    from lenskit.training import TrainingOptions

    who, whom = follows().nonzero()
    frame = pandas.DataFrame({"user_id": [ids[n] for n in who], "item_id": [ids[n] for n in whom]})
    pipeline = topn_pipeline(getattr(import_module(module), scorer), settings, n=10)
    pipeline.train(from_interactions_df(frame), TrainingOptions(rng=1))
    return pipeline


@contextmanager
def _rectools_items(folder: Path) -> Iterator[Adapter]:
    model, data = rectools_model("EASEModel")
    yield RectoolsAdapter(model, data)


@contextmanager
def _rectools_refit(folder: Path) -> Iterator[Adapter]:
    model, data = rectools_model("PureSVDModel", factors=8, random_state=1)
    yield RectoolsAdapter(model, data, refit=True)


def rectools_model(name: str, ids: Sequence[object] = IDS, **settings: object) -> tuple[Any, Any]:
    reason = "RecTools is not installed, nor on PYTHONPATH"
    pytest.importorskip("rectools", reason=reason)
    pandas = pytest.importorskip("pandas", reason=reason)
    from rectools import models
    from rectools.dataset import Dataset

    who, whom = follows().nonzero()
    frame = pandas.DataFrame({"user_id": [ids[n] for n in who], "item_id": [ids[n] for n in whom]})
    data = Dataset.construct(frame.assign(weight=1.0, datetime=pandas.Timestamp("2026-01-01")))
    return getattr(models, name)(**settings).fit(data), data


@contextmanager
def _http(folder: Path) -> Iterator[Adapter]:
    with serving(friends()) as url, http_adapter(url, at_once=3) as adapter:
        yield adapter


@contextmanager
def _command(folder: Path) -> Iterator[Adapter]:
    with command_adapter(example(folder), folder=folder, at_once=3) as adapter:
        yield adapter


PLATFORMS: dict[str, Callable[[Path], object]] = {
    "sandbox": _sandbox,
    "implicit-als": _als,
    "implicit-cosine": _cosine,
    "lenskit": _lenskit,
    "rectools-items": _rectools_items,
    "rectools-refit": _rectools_refit,
    "http": _http,
    "command": _command,
}
"""Every adapter by name; each makes a context manager from an empty folder."""
