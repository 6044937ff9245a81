"""The `platform:` part of an audit plan: which adapter, and what it needs."""

from __future__ import annotations

import re
from typing import Annotated, Literal

import msgspec

from havenwall.audit.adapters.remote import AT_ONCE
from havenwall.errors import BadInput

Seconds = Annotated[float, msgspec.Meta(gt=0, le=3600)]
Tries = Annotated[int, msgspec.Meta(ge=1, le=20)]
Many = Annotated[int, msgspec.Meta(ge=1, le=10_000)]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=2048)]
CodePlace = Annotated[str, msgspec.Meta(pattern=r"^[^:]+:[A-Za-z_][A-Za-z0-9_]*$")]


class Spec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="adapter"):
    """What every adapter may be given."""


class SandboxSpec(Spec, frozen=True, kw_only=True, tag="sandbox"):
    """A synthetic platform with a planted network."""

    recommender: Literal["als", "cofollow", "friends", "walk"] = "als"
    accounts: Annotated[int, msgspec.Meta(ge=400, le=5_000_000)] = 20_000
    camouflage: Annotated[float, msgspec.Meta(ge=0, le=20)] = 1.0
    """Links the network makes to strangers, as a multiple of the usual."""
    seed: Annotated[int, msgspec.Meta(ge=0)] = 0


class ImplicitSpec(Spec, frozen=True, kw_only=True, tag="implicit"):
    """A model that `implicit` saved. Such files hold numbers and no code."""

    model: Text
    """The `.npz` file that the model's `save` wrote."""
    ids: Text
    """Text file with one entity id per line, in the order of the training matrix's columns."""
    follows: Text
    """The training matrix, a `.npz` file of `scipy.sparse.save_npz`."""
    snapshot: str = ""


class LenskitSpec(Spec, frozen=True, kw_only=True, tag="lenskit"):
    """A LensKit pipeline, made by your own code."""

    python: CodePlace
    """`module:function` or `file.py:function`; called without arguments, gives the trained pipeline and the
    items' ids."""
    snapshot: str = ""


class RectoolsSpec(Spec, frozen=True, kw_only=True, tag="rectools"):
    """A RecTools model, made by your own code."""

    python: CodePlace
    """`module:function` or `file.py:function`; called without arguments, gives the fitted model and its data
    set."""
    refit: bool = False
    """Fit again for the test accounts; for models that learn a vector per person."""
    snapshot: str = ""


class HttpSpec(Spec, frozen=True, kw_only=True, tag="http"):
    """A recommender behind the six routes of `audit-http.openapi.yaml`."""

    url: Text
    name: str = ""
    token_env: Annotated[str, msgspec.Meta(pattern=r"^([A-Za-z_][A-Za-z0-9_]*)?$")] = ""
    """The environment variable with the bearer token."""
    ca: str = ""
    """PEM file of the authority behind the recommender's certificate."""
    timeout: Seconds = 30.0
    tries: Tries = 4
    at_once: Many = AT_ONCE
    """Asks, acts or profiles in one question."""


class CommandSpec(Spec, frozen=True, kw_only=True, tag="command"):
    """A program that answers JSON lines; it runs in the plan's folder."""

    command: Annotated[list[Text], msgspec.Meta(min_length=1)]
    name: str = ""
    timeout: Seconds = 60.0
    start: Seconds = 300.0
    """Seconds for the first answer."""
    at_once: Many = AT_ONCE


PlatformSpec = SandboxSpec | ImplicitSpec | LenskitSpec | RectoolsSpec | HttpSpec | CommandSpec

_NAMED = re.compile(r"(unknown|missing required) field `([^`]+)`$")


def read_platform(raw: object) -> PlatformSpec:
    """The platform that a plan names.

    Args:
        raw: the `platform:` part as YAML gives it, typed or all text.

    Raises:
        BadInput: an adapter or a field is unknown, missing or out of range; names it.
    """
    try:
        return msgspec.convert(raw, PlatformSpec, strict=False)
    except msgspec.ValidationError as problem:
        raise _misread(str(problem)) from None


def _misread(said: str) -> BadInput:
    reason, _, place = said.partition(" - at `")
    path = "platform" + place.strip("`").removeprefix("$")
    named = _NAMED.search(reason)
    if not named:
        return BadInput(reason, field=path, hint=_ADAPTERS if path.endswith(".adapter") else None)
    state, field = named.groups()
    if state != "unknown":
        return BadInput("is missing", field=f"{path}.{field}", hint=_ADAPTERS if field == "adapter" else None)
    hint = "name the environment variable that holds it, in token_env" if field == "token" else None
    return BadInput("is no field of this adapter", field=f"{path}.{field}", hint=hint)


_ADAPTERS = "adapters are sandbox, implicit, lenskit, rectools, http and command"
