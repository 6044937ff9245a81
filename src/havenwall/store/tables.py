"""All tables: imports every file that declares some, by which `METADATA` comes to know them."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from havenwall.store.schema import METADATA

FILES: Final = (
    "schema",
    "appeal_schema",
    "aside_schema",
    "bank_schema",
    "comfort_schema",
    "delivery_schema",
    "finding_schema",
    "people_schema",
    "quality_schema",
    "queue_schema",
    "report_schema",
    "term_rows",
)
for name in FILES:
    import_module(f"havenwall.store.{name}")

__all__ = ["FILES", "METADATA"]
