"""All tables: the place that knows every file which declares some."""

from __future__ import annotations

from havenwall.store import (
    appeal_schema,
    aside_schema,
    bank_schema,
    comfort_schema,
    delivery_schema,
    finding_schema,
    people_schema,
    quality_schema,
    queue_schema,
    report_schema,
    schema,
    term_rows,
)

FILES = (
    schema,
    appeal_schema,
    aside_schema,
    bank_schema,
    comfort_schema,
    delivery_schema,
    finding_schema,
    people_schema,
    quality_schema,
    queue_schema,
    report_schema,
    term_rows,
)
METADATA = schema.METADATA
