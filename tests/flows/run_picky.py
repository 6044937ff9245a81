"""Run as a child process by the kill test: a stage that fails on some events, in small batches."""

from __future__ import annotations

import sys
from pathlib import Path

import structlog
from tests.contract.test_asides import Picky

from havenwall.engine import Runner
from havenwall.store import Store


def main(url: str, folder: Path) -> None:
    """Run until nothing is new."""
    # Nobody reads what it says after the first line.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    store = Store.open(url, folder)
    print("ready", flush=True)  # noqa: T201
    runner = Runner(store.streams, [Picky(*range(0, 300, 17))], limit=16, enough=lambda stumble: True)
    runner.run()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
