"""Networks of another build, as changes to a configuration."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from havenwall.sandbox.hard.config import HardConfig


class Variant(StrEnum):
    """How a network holds together."""

    STANDARD = "standard"
    """As the recipe has it."""
    TAG_ONLY = "tag-only"
    """By tags: members hardly follow each other, and press follows few of them."""
    STAR = "star"
    """By one promoter: traders hardly follow each other, and are followed less themselves."""
    CHURN = "churn"
    """Most traders were removed in the last year and have come back."""


def variant(config: HardConfig, kind: Variant) -> HardConfig:
    """The configuration of such a network.

    Raises:
        BadConfig: the changed configuration does not fit together.
    """
    changes: dict[Variant, dict[str, float]] = {
        Variant.STANDARD: {},
        Variant.TAG_ONLY: {"group_ties": 0.1, "inner_ties": 0.1, "tag_share": 0.8},
        Variant.STAR: {"promoters": 1, "group_ties": 0.1, "inner_ties": 0.4},
        Variant.CHURN: {"removed": round(config.traders * 0.9), "window": config.days * 2 // 3},
    }
    return msgspec.structs.replace(config, **changes[kind]).validated()
