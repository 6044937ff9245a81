"""How alike account names are: what is left of them without digits, separators and look-alike characters.

A returning account often keeps its name but for a number or an underscore. Names are compared by the cosine
of their 2- and 3-grams weighted by rarity (TF-IDF), so that a stem many share counts little.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from havenwall.network.graph import Csr, from_pairs
from havenwall.network.graph.names import pack
from havenwall.network.returns.sketch import Values, rarity
from havenwall.network.returns.weighed import Weighed

Rows = NDArray[np.int64]

_LOOK_ALIKE = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"}
_MARKS, _EDGES, _BETWEEN = r"\p{M}", r"^[\W\d_]+|[\W\d_]+$", r"[\W_]+"


def plain(names: pl.Series) -> pl.Series:
    """Names without what is easily changed: case, accents, digits at the ends, separators, look-alikes.

    Where nothing would be left, the name in lower case.
    """
    folded = names.str.normalize("NFKD").str.to_lowercase().str.replace_all(_MARKS, "")
    inner = folded.str.replace_all(_EDGES, "").str.replace_many(_LOOK_ALIKE).str.replace_all(_BETWEEN, "")
    return inner.zip_with(inner != "", folded.str.strip_chars())


class NameSpace:
    """The names of all accounts, ready to be compared. A stem is a plain name of one account."""

    def __init__(self, names: Sequence[Sequence[str]]) -> None:
        """Learn from all names how rare each part is.

        Args:
            names: (n,) the names of each account, none or several.
        """
        owner = np.repeat(np.arange(len(names)), [len(shown) for shown in names])
        shown = pl.Series("stem", [name for part in names for name in part], pl.String)
        frame = pl.DataFrame({"owner": owner, "stem": plain(shown)})
        frame = frame.filter(pl.col("stem") != "").unique().sort("owner", "stem")
        count = np.bincount(frame["owner"].to_numpy(), minlength=len(names))
        self.first = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
        """(n + 1,) where each account's stems begin."""
        grams = _grams(frame["stem"])
        # Squared, so that what two stems share is the product of their TF-IDF vectors.
        self.grams = Weighed(grams, rarity(grams, max(3, grams.rows + 1)) ** 2)
        """Which 2- and 3-grams each stem has."""
        self.rare = _rareness(frame, len(names))
        """(stems,) 1 for a stem that only two accounts have, towards 0 for one that all have."""

    def likeness(self, left: Rows, right: Rows) -> Values:
        """How alike the names of accounts are.

        Args:
            left: (m,) rows of accounts.
            right: (m,) rows of the accounts to compare with.

        Returns:
            (m,) 0..1: the best cosine of two of their names, times the rareness of the more common of both;
            0 where one has no name.
        """
        pair, a, b = self._combinations(left, right)
        size = np.sqrt(self.grams.total)
        cosine = self.grams.shared(a, b) / np.maximum(size[a] * size[b], 1e-12)
        best = np.zeros(len(left))
        np.maximum.at(best, pair, cosine * np.minimum(self.rare[a], self.rare[b]))
        return np.clip(best, 0, 1)

    def _combinations(self, left: Rows, right: Rows) -> tuple[Rows, Rows, Rows]:
        """Every stem of one with every stem of the other: which pair it is of, and the two stems."""
        many, across = (self.first[rows + 1] - self.first[rows] for rows in (left, right))
        size = many * across
        pair = np.repeat(np.arange(len(left)), size)
        step = np.arange(len(pair)) - np.repeat(np.cumsum(size) - size, size)
        a, b = self.first[left][pair] + step // across[pair], self.first[right][pair] + step % across[pair]
        return pair, a, b


def _grams(stems: pl.Series) -> Csr:
    """(stems, grams) by UTF-8 bytes, a space before and after each, so that even one letter has some."""
    blob, starts = pack(" " + stems + " ")
    owner, code = _cut(blob, starts)
    known, column = np.unique(code, return_inverse=True)
    return from_pairs(owner, column, (len(stems), len(known)))


def _rareness(frame: pl.DataFrame, accounts: int) -> Values:
    bearers = frame.select(pl.len().over("stem")).to_series().to_numpy()
    # A successor has its former's stem, so two bearers are as rare as it gets.
    return 1 - np.log(np.maximum(bearers, 2) / 2) / np.log(max(accounts, 3) / 2)


@njit(cache=True, nogil=True)
def _cut(blob, starts):  # type: ignore[no-untyped-def]
    """Every 2- and 3-gram as a number, with the text it is from."""
    size = 0
    for at in range(len(starts) - 1):
        size += 2 * max(starts[at + 1] - starts[at], 2) - 3
    owner, code = np.empty(size, np.int64), np.empty(size, np.int64)
    place = 0
    for at in range(len(starts) - 1):
        for step in range(starts[at], starts[at + 1] - 1):
            two = (np.int64(blob[step]) << 8) | blob[step + 1]
            owner[place], code[place] = at, two
            place += 1
            if step + 2 < starts[at + 1]:
                owner[place], code[place] = at, (1 << 24) | (two << 8) | blob[step + 2]
                place += 1
    return owner[:place], code[:place]
