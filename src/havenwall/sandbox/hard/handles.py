"""Handles: made of stand-in words, so that relatives, fans and returning accounts can have similar ones."""

from __future__ import annotations

from itertools import product

import msgspec
import numpy as np

from havenwall.sandbox.sampling import Bools, Ints


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST = _words(
    "amber autumn basil birch blue breezy brisk bronze candid cedar chalk clever cloudy clover coral cosy "
    "crisp dapper dawn dusty early easy ember fable fern foggy gentle ginger golden grassy hazel honest "
    "indigo ivory jolly juniper keen lemon light linen lucky maple mellow merry mild minty misty mossy "
    "nimble noble north oak olive opal paper pearl pebble plain plum polar prim quick quiet rainy river "
    "rosy royal ruby rustic sandy sage silver simple sleepy snowy solid sunny swift tidy timber "
    "topaz urban velvet violet warm wavy wild willow windy winter witty woven zesty"
)
_HEADS = _words(
    "al ash bar bel ber bran bur cal car clay col dal den dor east ed el fair fen fox gar glen grey ha "
    "hart hill hol kel ken king lan lin mar mel mil mor nor oak pen pres ran red rich ro sal stan thorn "
    "wal wes whit wil win"
)
_TAILS = _words(
    "bourne bridge brook bury by cott croft dale den don field ford gate ham hurst land ley low man mere "
    "mond more ridge rick side son stead stock stone ston tham thorpe ton vale ville wald ward water way "
    "well wick wood worth"
)
_SECOND = tuple("".join(parts) for parts in product(_HEADS, _TAILS))
_STYLES = ("{0}{1}", "{0}_{1}", "{0}.{1}", "{1}{0}", "{1}_{0}", "the{0}{1}")
_LEET = str.maketrans("oie", "013")
_NUMBERED, _DECORATED = 0.6, 0.05
_CLOSE, _HALF = 0.45, 0.3


class Handles(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Handles taken apart; all arrays are (accounts,)."""

    first: Ints
    second: Ints
    style: Ints
    number: Ints
    """The number at the end, -1 for none."""
    leet: Bools
    """Whether some letters are written as digits."""

    def take(self, rows: Ints) -> Handles:
        """The handles of some rows."""
        return Handles(**{field: getattr(self, field)[rows] for field in self.__struct_fields__})

    def put(self, rows: Ints, other: Handles) -> Handles:
        """These handles with those of `rows` replaced."""
        changed = {field: getattr(self, field).copy() for field in self.__struct_fields__}
        for field, values in changed.items():
            values[rows] = getattr(other, field)
        return Handles(**changed)

    def texts(self) -> list[str]:
        """The handles as text."""
        columns = (getattr(self, field).tolist() for field in self.__struct_fields__)
        return [_text(*parts) for parts in zip(*columns, strict=True)]


def handles(size: int, rng: np.random.Generator) -> Handles:
    """(size,) handles that have nothing to do with each other; some words are more usual than others."""
    return Handles(
        first=(len(_FIRST) * rng.random(size) ** 1.5).astype(np.int64),
        second=(len(_SECOND) * rng.random(size) ** 1.5).astype(np.int64),
        style=rng.integers(0, len(_STYLES), size),
        number=np.where(rng.random(size) < _NUMBERED, rng.integers(1, 10_000, size), -1),
        leet=rng.random(size) < _DECORATED,
    )


def renamed(old: Handles, rng: np.random.Generator) -> Handles:
    """What returning accounts call themselves: many nearly the same, some keep a word, some are new."""
    new = handles(old.first.size, rng)
    kind = rng.random(old.first.size)
    close, half = kind < _CLOSE, (kind >= _CLOSE) & (kind < _CLOSE + _HALF)
    keep_first = close | (half & (rng.random(kind.size) < 0.5))
    return Handles(
        first=np.where(keep_first, old.first, new.first),
        second=np.where(close | (half & ~keep_first), old.second, new.second),
        style=new.style,
        number=new.number,
        leet=new.leet,
    )


def with_names(base: Handles, rows: Ints, like: Handles, *, whole: bool) -> Handles:
    """`base` with the second word of `rows` taken from `like`, and if `whole` the first word too."""
    own = base.take(rows)
    first = like.first if whole else own.first
    return base.put(rows, msgspec.structs.replace(own, first=first, second=like.second))


def _text(first: int, second: int, style: int, number: int, leet: bool) -> str:
    bare = _STYLES[style].format(_FIRST[first], _SECOND[second])
    return (bare.translate(_LEET) if leet else bare) + (str(number) if number >= 0 else "")
