"""Checks that settings are possible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from havenwall.app.config import Config, exposure_limits
from havenwall.casework.wellbeing import check_limits
from havenwall.detect.media.opaque import read_licensed
from havenwall.errors import BadConfig, BadInput

_HOURS = 8760
_POSSIBLE: tuple[tuple[str, Callable[[Any], bool], str], ...] = (
    ("held_out_recall", lambda it: 0.5 <= it <= 0.99, "must lie between 0.5 and 0.99"),
    ("audit_size", lambda it: it == 0 or it >= 20, "must be 0 or at least 20"),
    ("target_precision", lambda it: 0 < it < 1, "must lie between 0 and 1, such as 0.8"),
    ("guard_false_hits", lambda it: 0 <= it <= 1000, "must lie between 0 and 1000, such as 2"),
    ("guard_max_shrink", lambda it: 0 <= it <= 1, "must lie between 0 and 1, such as 0.2"),
    ("cleared_for_days", lambda it: 1 <= it <= 3650, "must lie between 1 and 3650 days"),
    ("session_hours", lambda it: 0.25 <= it <= 168, "must lie between 0.25 and 168 hours"),
    ("session_idle_minutes", lambda it: 5 <= it <= 1440, "must lie between 5 and 1440 minutes"),
    ("port", lambda it: 1 <= it <= 65535, "must lie between 1 and 65535"),
    ("media_processes", lambda it: it >= 1, "must be 1 or more"),
    ("media_most_bytes", lambda it: it >= 1, "must be 1 byte or more"),
    ("bulk_decisions", lambda it: it >= 1, "must be 1 or more"),
    ("proposal_hours", lambda it: it > 0, "must be more than 0 hours"),
    ("quality_share", lambda it: 0 < it <= 1, "must be more than 0 and at most 1, such as 0.05"),
    ("quality_floor", lambda it: it >= 0, "must be 0 or more"),
    ("quality_golden_every", lambda it: it >= 0, "must be 0 or more"),
    ("appeal_days", lambda it: 1 <= it <= 183, "must lie between 1 and 183 days"),
    ("delivery_timeout", lambda it: 0 < it <= 300, "must lie between 0 and 300 seconds"),
    ("delivery_tries", lambda it: 1 <= it <= 1000, "must lie between 1 and 1000"),
    ("pass_hours", lambda it: 0 < it <= _HOURS, f"must be more than 0 and at most {_HOURS}"),
    ("score_every", lambda it: it > 0, "must be more than 0 seconds"),
    ("lists_every", lambda it: it > 0, "must be more than 0 seconds"),
    (
        "log_level",
        lambda it: it in ("debug", "info", "warning", "error"),
        "use debug, info, warning or error",
    ),
)
"""Setting, whether a value of it is possible, and what to say where it is not."""


def check_config(config: Config) -> None:
    """Do nothing if every setting is possible.

    Raises:
        BadConfig: one is not; names the setting and the remedy.
    """
    for name, is_possible, remedy in _POSSIBLE:
        if not is_possible(getattr(config, name)):
            raise BadConfig(remedy, field=name)
    for name in (n for n in Config.__struct_fields__ if n.startswith(("lease_", "hand_over_", "clock_"))):
        if not 0 < getattr(config, name) <= _HOURS:
            raise BadConfig(f"must be more than 0 and at most {_HOURS}", field=name)
    for each in config.licensed_hashes:
        read_licensed(each)
    check_limits(exposure_limits(config))
    _check_networks(config)
    _check_sign_in(config)


def _check_networks(config: Config) -> None:
    if not config.endpoint_networks:
        return
    # It brings asyncio along, which most commands do without.
    from havenwall.connect.reach import networks_of

    try:
        networks_of(config.endpoint_networks)
    except BadInput as problem:
        raise BadConfig(problem.message, field="endpoint_networks", hint=problem.hint) from problem


def _check_sign_in(config: Config) -> None:
    if config.oidc_issuer:
        # Its tokens bring a library along; most servers have no such sign-in.
        from havenwall.app.oidc import check_oidc

        check_oidc(config)
