"""Help resources by country and language: what somebody sees in place of results."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import msgspec
import yaml

from havenwall.errors import BadConfig

ANY = "*"


class HelpResource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place to turn to."""

    name: str
    url: str
    country: str = ANY
    """ISO 3166 code in lower case; `*` for every country."""
    language: str = ANY
    """Language tag in lower case; `*` for every language."""
    phone: str = ""
    """None ships: a wrong number is worse than no number."""
    text: str = ""
    """What to tell, in that language."""


def load_help(path: Path | None = None) -> tuple[HelpResource, ...]:
    """The operator's resources, then those that ship.

    Raises:
        BadConfig: the file cannot be read, or an entry is not right; names its place.
    """
    shipped = _read(files("havenwall.guard.terms").joinpath("help.yaml").read_text("utf-8"), "help.yaml")
    if path is None:
        return shipped
    try:
        return (*_read(path.read_text("utf-8"), str(path)), *shipped)
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfig(f"cannot be read: {error}", field=str(path)) from error


def help_for(
    resources: Sequence[HelpResource], country: str | None, language: str | None
) -> tuple[HelpResource, ...]:
    """Those that fit best: of country and language, else of the country, the language, or of all."""
    country, language = (country or ANY).lower(), (language or ANY).lower()
    for wanted in ((country, language), (country, ANY), (ANY, language), (ANY, ANY)):
        found = tuple(r for r in resources if (r.country.lower(), r.language.lower()) == wanted)
        if found:
            return found
    return ()


def _read(text: str, name: str) -> tuple[HelpResource, ...]:
    try:
        return msgspec.convert(yaml.safe_load(text) or [], tuple[HelpResource, ...])
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise BadConfig(str(error), field=name, hint="a list of name, url, country, language") from error
