"""Loops on all cores survive a fork: servers and Spark fork processes that have used them."""

from __future__ import annotations

import subprocess
import sys

import pytest

_KERNELS = {
    "gather": "matrix.gather(np.ones((500, 2), np.float32)).sum()",
    "shared": "Weighed(matrix, np.ones(500)).shared(rows, rows[::-1].copy()).sum()",
    "sweep": "pagerank(matrix, np.eye(500, 4, dtype=np.float32), Direction.SYMMETRIC).sum()",
    "likelihood": "log_likelihood(votes, np.arange(200), 0.1, 100).sum()",
}
_PROGRAM = """
import multiprocessing
import numpy as np
from havenwall.network import Direction, pagerank
from havenwall.network.graph.csr import from_pairs
from havenwall.network.returns.weighed import Weighed
from havenwall.network.things.likelihood import log_likelihood
from havenwall.network.things.votes import Votes

rng = np.random.default_rng(1)
ends = rng.integers(0, 500, (2, 40_000))
matrix, rows = from_pairs(*ends, (500, 500)), np.arange(500)
flat = np.zeros(600, np.int64)
votes = Votes(np.arange(201) * 3, flat, np.ones(600), np.array([0.3]), flat[:200])

def work():
    return float({code})

def child():
    raise SystemExit(0 if work() == before else 3)

before = work()
forked = multiprocessing.get_context("fork").Process(target=child)
forked.start()
forked.join(60)
forked.kill() if forked.exitcode is None else None
raise SystemExit(forked.exitcode)
"""


@pytest.mark.parametrize("which", _KERNELS)
def test_a_forked_process_computes_the_same(which: str) -> None:
    program = _PROGRAM.format(code=_KERNELS[which])
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
