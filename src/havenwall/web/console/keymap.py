"""Which keys do what: those that come with Havenwall, and a person's own instead of them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from havenwall.errors import BadInput
from havenwall.web.tongue import N_, gettext


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a key does."""

    name: str
    key: str
    label: str
    where: str = "lists"
    """Part of the help it stands in."""


ACTS = (
    Act(name="palette", key="/", label=N_("go anywhere, find a case"), where=N_("Everywhere")),
    Act(name="help", key="?", label=N_("show this"), where="Everywhere"),
    Act(name="take", key="t", label=N_("open the queues; there, take the next case"), where="Everywhere"),
    Act(name="next", key="j", label=N_("next row, next account"), where=N_("Lists")),
    Act(name="previous", key="k", label=N_("previous row, previous account"), where="Lists"),
    Act(name="open", key="o", label=N_("open what the row is about"), where="Lists"),
    Act(name="select", key="x", label=N_("select the row"), where="Lists"),
    Act(name="find", key="f", label=N_("find in this list"), where="Lists"),
    Act(name="confirm", key="c", label=N_("confirm: belongs to the network"), where=N_("A case")),
    Act(name="clear", key="r", label=N_("clear: does not belong"), where="A case"),
    Act(name="hide", key="h", label=N_("hide a live stream and preserve it now"), where="A case"),
    Act(name="skip", key="s", label=N_("pass the case to others"), where="A case"),
    Act(name="send", key="e", label=N_("record the decision"), where="A case"),
    Act(name="send_next", key="n", label=N_("record it, and take the next case"), where="A case"),
)
"""What keys do, in the order of the help."""
NAMES = tuple(act.name for act in ACTS)


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the help."""

    act: Act
    key: str
    """The key now; empty if it was taken away."""


def shown(own: Mapping[str, str]) -> list[Shown]:
    """Every act with its key for somebody."""
    return [Shown(act=act, key=own.get(act.name, act.key)) for act in ACTS]


def checked(sent: Mapping[str, str]) -> dict[str, str]:
    """A person's own keys, without those that are as they come.

    Raises:
        BadInput: two acts share a key, or something is not one character; names the act.
    """
    wanted = {act.name: sent.get(act.name, act.key).strip() for act in ACTS}
    taken: dict[str, str] = {}
    for name, key in wanted.items():
        if len(key) > 1 or (key and not key.isprintable()):
            raise BadInput(gettext("one key is one character"), field=name)
        if key and key in taken:
            told = {"key": key, "one": _label(taken[key]), "two": _label(name)}
            raise BadInput(gettext("the key %(key)s is used twice: %(one)s; %(two)s") % told, field=name)
        taken[key] = name
    return {act.name: wanted[act.name] for act in ACTS if wanted[act.name] != act.key}


def _label(name: str) -> str:
    return gettext(ACTS[NAMES.index(name)].label)
