"""Run as a child process by the kill test: sends what is due until it is killed."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from havenwall.app import App, Config
from havenwall.app.deliveries import DeliveryDesk
from havenwall.casework.patience import Patience


def main(folder: Path) -> None:
    """Send for ever."""
    config = Config(data=folder, endpoint_http=True, delivery_timeout=0.3)
    app = App(config)
    hasty = Patience(tries=1000, first=0.02, longest=0.05, shut_longest=0.05)
    desk = DeliveryDesk(config, app.store, lambda: app.sealer, hasty)
    print("ready", flush=True)  # noqa: T201
    while True:
        desk.deliver()
        time.sleep(0.01)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
