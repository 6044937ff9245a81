"""What is made ready beside a server's start, so that the first request does not wait for it."""

from __future__ import annotations

import threading
import time

import structlog

from havenwall.app import App
from havenwall.errors import HavenwallError

_log = structlog.get_logger()


def warm_media(app: App) -> threading.Thread:
    """Load lists of known media, compiled code and the decoder in a thread, which is returned.

    The start of the server never fails for it: a list that is not right is logged here, and told again to
    whoever sends a file and by the doctor.
    """
    thread = threading.Thread(target=_warm, args=(app,), name="havenwall-warm-up", daemon=True)
    thread.start()
    return thread


def _warm(app: App) -> None:
    began = time.monotonic()
    try:
        app.media.warm_up()
    except HavenwallError as problem:
        _log.error("lists of known media are not ready", problem=problem.message, remedy=problem.hint)
    except Exception:
        # Nobody waits for this thread: what it does not log is never heard of.
        _log.exception("media could not be made ready")
    else:
        _log.info("media ready", seconds=round(time.monotonic() - began, 1))
