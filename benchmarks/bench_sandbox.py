"""The sandbox's generator and recommenders beside their nearest peers: CPU seconds, best of three."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import rustworkx
import scipy.sparse as sp
from implicit.nearest_neighbours import CosineRecommender
from threadpoolctl import threadpool_limits

from havenwall.sandbox import Als, CoFollow, Platform, SandboxConfig, generate

TESTED, K = 200, 20


def best_of(run: Callable[[], object], repeats: int = 3) -> float:
    times = []
    for _ in range(repeats):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times)


def report(what: str, ours: float, peer: float, name: str) -> None:
    print(f"{what:<42} ours {ours:8.3f} s   {name} {peer:8.3f} s   peer/ours {peer / ours:6.2f}")


def peer_cosine(platform: Platform, histories: sp.csr_matrix) -> np.ndarray:
    model = CosineRecommender(K=500, num_threads=1)
    model.fit(sp.csr_matrix(platform.follows, dtype=np.float64), show_progress=False)
    return model.recommend(np.arange(TESTED), histories, N=K)[0]


def peer_als(model: Als, histories: sp.csr_matrix) -> None:
    inner = model._model
    for row in range(TESTED):
        inner.recommend(row, histories[row], N=K, recalculate_user=True)


def main() -> None:
    config = SandboxConfig()
    platform = generate(config, 1)
    size = platform.follows.nnz
    ours = best_of(lambda: generate(config, 1))
    peer = best_of(lambda: rustworkx.directed_gnm_random_graph(config.accounts, size, seed=1))
    report(f"generate {config.accounts} accounts, {size} links", ours, peer, "rustworkx G(n,m), links only")
    histories = sp.csr_matrix(platform.follows[:TESTED], dtype=np.float32)
    ours = best_of(lambda: CoFollow().fit(platform.follows).recommend(sp.csr_array(histories), K))
    peer = best_of(lambda: peer_cosine(platform, histories))
    report(f"co-follow, fit + {TESTED} histories", ours, peer, "implicit CosineRecommender")
    als = Als().fit(platform.follows)
    with threadpool_limits(1, user_api="blas"):
        ours = best_of(lambda: als.recommend(sp.csr_array(histories), K))
        peer = best_of(lambda: peer_als(als, histories))
    report(f"ALS fold-in, {TESTED} histories", ours, peer, "implicit, one by one")


if __name__ == "__main__":
    main()
