"""A synthetic month of what accounts do: planted behaviour, innocent look-alikes, and everybody else.

Who does how much is drawn, so that planted accounts lie on both sides of every threshold. All numbers are
ours: nobody has published real ones. Texts are everyday words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import msgspec
import numpy as np
import polars as pl

from havenwall.engine import EVENT_SCHEMA
from havenwall.model import EventType, LinkKind

_START = round(datetime(2026, 3, 1, tzinfo=UTC).timestamp()) * 1_000_000
_DAY = 86_400_000_000
Plant = Callable[["_Script", str], None]


class BehaviourConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Size of the town."""

    accounts: int = 20_000
    minors: float = 0.1
    """Share of accounts that the platform takes for minors'."""
    planted: int = 40
    """Accounts planted for each behaviour."""
    lookalikes: int = 40
    """Innocent look-alikes of each behaviour."""
    events: float = 20.0
    """Mean ordinary acts of an account in the month."""


class BehaviourTown(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The events, and the truth."""

    events: pl.DataFrame
    """`EVENT_SCHEMA`, in order of time."""
    planted: dict[str, list[str]]
    """By rule: accounts that behave so."""
    lookalikes: dict[str, list[str]]
    """By rule: innocent accounts that do something alike."""


def behaviour_town(config: BehaviourConfig | None = None, seed: int = 1) -> BehaviourTown:
    """Draw a month of behaviour; the same seed gives the same events."""
    config = config or BehaviourConfig()
    script = _Script(config, np.random.default_rng(seed))
    script.ordinary()
    planted = {rule: script.cast(f"member-{rule}", config.planted, plant) for rule, plant in _PLANTED.items()}
    alike = {rule: script.cast(f"like-{rule}", config.lookalikes, plant) for rule, plant in _ALIKE.items()}
    return BehaviourTown(events=script.frame(), planted=planted, lookalikes=alike)


class _Script:
    """Events as they are written down; times in days."""

    def __init__(self, config: BehaviourConfig, rng: np.random.Generator) -> None:
        self.rng, self._config = rng, config
        count = round(config.accounts * config.minors)
        self.minors = [f"account:m{number}" for number in range(count)]
        self.others = [f"account:a{number}" for number in range(config.accounts - count)]
        self._rows: list[dict[str, object]] = []
        for names, band in ((self.minors, "13_15"), (self.others, "adult")):
            for name in names:
                self.tell("account", name, -self.rng.uniform(30, 900), band=band)

    def tell(self, type: str, entity: str, at: float, *, band: str = "", **fields: object) -> None:
        attributes = {"attributes": f'{{"age_band":"{band}"}}'} if band else {}
        row = {"type": type, "entity": entity, "at": _START + round(at * _DAY)}
        self._rows.append(row | attributes | fields)

    def cast(self, prefix: str, count: int, plant: Plant) -> list[str]:
        names = [f"account:{prefix}{number}" for number in range(count)]
        for name in names:
            self.tell("account", name, -40.0, band="adult")
            plant(self, name)
        return names

    def many(self, mean: float) -> int:
        """About `mean`, spread widely: some do a third of it, some three times as much."""
        return max(1, round(mean * float(self.rng.lognormal(0.0, 0.5))))

    def some(self, names: list[str], count: int) -> list[str]:
        picked = self.rng.choice(len(names), min(count, len(names)), replace=False)
        return [names[place] for place in picked.tolist()]

    def day(self, last: float = 28.0) -> float:
        return float(self.rng.uniform(0.0, last))

    def ordinary(self) -> None:
        everybody = self.minors + self.others
        acts = self.rng.poisson(self._config.events * len(everybody))
        who, whom = self.rng.integers(0, len(everybody), (2, acts)).tolist()
        what = self.rng.random(acts).tolist()
        for a, b, kind in zip(who, whom, what, strict=True):
            if a != b:
                _ordinary(self, everybody[a], everybody[b], kind)

    def frame(self) -> pl.DataFrame:
        rows = pl.DataFrame(self._rows, infer_schema_length=None).sort("at", maintain_order=True)
        defaults = {
            "weight": pl.lit(1.0),
            "source": pl.lit("town"),
            "tags": pl.lit([], dtype=pl.List(pl.String)),
        }
        return rows.with_row_index("number").select(
            _column(rows, name, defaults).cast(dtype).alias(name) for name, dtype in EVENT_SCHEMA.items()
        )


def _column(rows: pl.DataFrame, name: str, defaults: dict[str, pl.Expr]) -> pl.Expr:
    if name == "source_id":
        return pl.format("e{}", "number")
    if name == "at":
        return pl.col("at").cast(pl.Datetime("us", "UTC"))
    return pl.col(name) if name in rows.columns else defaults.get(name, pl.lit(None))


def _ordinary(script: _Script, who: str, whom: str, kind: float) -> None:
    at = script.day()
    if kind < 0.55:
        _follow(script, who, whom, at)
    elif kind < 0.8:
        _contact(script, who, [whom], answered=0.7)
    elif kind < 0.98:
        text = "The harbour this morning, write to me@mail.example" if kind < 0.82 else "The harbour again"
        script.tell("post", who, at, target=f"post:{len(script._rows)}", text=text)
    else:
        script.tell("block", who, at, target=whom)


def _follow(script: _Script, who: str, whom: str, at: float) -> None:
    script.tell("link", who, at, target=whom, link=LinkKind.FOLLOW.value)


def _contact(script: _Script, who: str, whom: Iterable[str], answered: float, last: float = 28.0) -> None:
    for each in whom:
        at = script.day(last)
        script.tell("contact", who, at, target=each)
        if script.rng.random() < answered:
            script.tell("contact", each, at + 0.1, target=who)


def _seeker(script: _Script, who: str) -> None:
    _contact(script, who, script.some(script.minors, script.many(30)), answered=0.15)
    _contact(script, who, script.some(script.others, 5), answered=0.7)


def _teacher(script: _Script, who: str) -> None:
    _contact(script, who, script.some(script.minors, script.many(30)), answered=0.8)


def _objected(script: _Script, who: str, minors: float, others: float) -> None:
    crowd = script.some(script.minors, script.many(minors)) + script.some(script.others, script.many(others))
    for each in crowd:
        report = script.rng.random() < 0.3
        about, by = (who, each) if report else (each, who)
        script.tell("report" if report else "block", about, script.day(), target=by)


def _searcher(script: _Script, who: str, days: int, each: int) -> None:
    for day in script.some([str(day) for day in range(28)], days):
        for number in range(each):
            script.tell("search", who, int(day) + number / 100)


def _advertiser(script: _Script, who: str, different: int) -> None:
    for number in range(max(20, different)):
        text = f"New pictures, write to {who[8:]}.{number % different}@mail.example"
        script.tell("post", who, script.day(), target=f"post:{who}-{number}", text=text)


def _reposter(script: _Script, who: str, pieces: int, times: int) -> None:
    for piece in range(pieces):
        for number in range(times + 1):
            hashes = f'{{"md5":"{abs(hash_of(who, piece)):032x}"}}'
            media = f"media:{who}-{piece}-{number}"
            at = 0.1 * piece + number * 20 / (times + 1)
            script.tell("media", who, at, target=media, attributes=hashes)
            script.tell("removed", media, at + 0.05)


def hash_of(who: str, piece: int) -> int:
    """A stand-in for a media hash, the same in every run."""
    return int.from_bytes(f"{who}{piece}".encode()[-12:], "big")


def _burster(script: _Script, who: str, contacts: int, hours: float) -> None:
    script.tell("account", who + "-new", 1.0, band="adult")
    for each in script.some(script.others, contacts):
        script.tell("contact", who + "-new", 1.0 + script.day(hours / 24), target=each)


def _circle(script: _Script, who: str) -> None:
    """Ten members each look at the same forty minors."""
    ring = int(who.rpartition("s")[2]) // 10 * 40
    for minor in script.some(script.minors[ring : ring + 40], script.many(20)):
        _follow(script, who, minor, script.day())
    for each in script.some(script.others, int(script.rng.poisson(2))):
        _follow(script, who, each, script.day())


def _class(script: _Script, who: str) -> None:
    for minor in script.some(script.minors, 25):
        if script.rng.random() < 0.8:
            _follow(script, minor, who, script.day(1))
        _follow(script, who, minor, 1 + script.day(20))


def _sharer(script: _Script, who: str, flagged: int) -> None:
    for number in range(flagged):
        other, contact = f"{who}-gone{number}", f"media:{who}-contact{number}"
        for name in (who, other):
            script.tell("link", name, 1, target=contact, link=LinkKind.SHARED_CONTACT.value)
        script.tell(EventType.CONFIRMED.value, other, script.day())


def _worded(script: _Script, who: str, same: bool) -> None:
    """Comes back with the wording of a removed account, or only with the link of one."""
    own = " ".join(f"word{number}" for number in script.rng.integers(0, 500, 10))
    link = f"https://lantern.example/{who[8:]}"
    script.tell("account", who + "-gone", 0, text=f"{own} {link}")
    script.tell("removed", who + "-gone", 2)
    kept = own if same and script.rng.random() < 0.8 else "pictures of somebody else"
    script.tell("account", who, 3, text=f"{kept} {link}" if not same else kept)


_PLANTED: dict[str, Plant] = {
    "unanswered-contacts": _seeker,
    "minor-objections": lambda script, who: _objected(script, who, 10, 2),
    "blocked-searches": lambda script, who: _searcher(script, who, min(28, script.many(10)), 3),
    "off-platform": lambda script, who: _advertiser(script, who, script.many(16)),
    "reposts": lambda script, who: _reposter(script, who, script.many(14), 1),
    "burst": lambda script, who: _burster(script, who, script.many(150), 1.0),
    "only-minors": _circle,
    "shared-contact": lambda script, who: _sharer(script, who, min(8, script.many(3))),
    "likeness": lambda script, who: _worded(script, who, same=True),
}
_ALIKE: dict[str, Plant] = {
    "unanswered-contacts": _teacher,
    "minor-objections": lambda script, who: _objected(script, who, 8, 30),
    "blocked-searches": lambda script, who: _searcher(script, who, script.many(1.5), 40),
    "off-platform": lambda script, who: _advertiser(script, who, min(6, script.many(3))),
    "reposts": lambda script, who: _reposter(script, who, min(4, script.many(1.5)), 8),
    "burst": lambda script, who: _burster(script, who, script.many(60), 12.0),
    "only-minors": _class,
    "shared-contact": lambda script, who: _sharer(script, who, 1),
    "likeness": lambda script, who: _worded(script, who, same=False),
}
