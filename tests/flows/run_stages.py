"""Run as a child process by the kill test: lets the real stages catch up in small batches."""

from __future__ import annotations

import sys
from pathlib import Path

from havenwall.casework import CaseworkStage
from havenwall.detect import DetectStage, standard_detectors
from havenwall.disclose import DiscloseStage, Vault
from havenwall.engine import Runner
from havenwall.policy import PolicyStage, default_pack
from havenwall.store import Store


def main(url: str, folder: Path) -> None:
    """Run until nothing is new."""
    store = Store.open(url, folder)
    stages = (
        DetectStage(standard_detectors()),
        PolicyStage(default_pack(), store.policy),
        CaseworkStage(store.casework),
        DiscloseStage(store.casework, Vault(folder / "vault", b"k" * 32)),
    )
    print("ready", flush=True)  # noqa: T201
    Runner(store.streams, stages, limit=7).run()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
