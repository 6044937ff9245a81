"""What the platform said of its accounts, in the order of a graph's rows."""

from __future__ import annotations

import numpy as np
import polars as pl

from havenwall.network.graph import Names
from havenwall.network.roles import Hints


def hints_of(names: Names, profiles: pl.DataFrame) -> Hints:
    """Hints for n accounts; a column about which the platform said nothing at all is left out.

    Args:
        names: of the n accounts.
        profiles: as from `NetworkView.profiles`.
    """
    rows = pl.DataFrame({"entity": names.many(np.arange(len(names)))}, schema={"entity": pl.String})
    told = rows.join(profiles.unique("entity"), on="entity", how="left", maintain_order="left")
    created = told["created"].cast(pl.Int64) if told["created"].count() else None
    return Hints(
        created=None if created is None else created.fill_null(0).to_numpy(),
        minor=_flags(told["minor"]),
        own_signals=None
        if not told["signal"].count()
        else told["signal"].fill_null(0.0).to_numpy().astype(np.float32),
        reports=None
        if not told["reports"].count()
        else told["reports"].fill_null(0).cast(pl.Int64).to_numpy(),
        verified=_flags(told["verified"]),
    )


def _flags(column: pl.Series) -> np.ndarray[tuple[int], np.dtype[np.bool_]] | None:
    return column.fill_null(False).to_numpy() if column.count() else None
