"""Rule packs: what a machine may decide alone, and when; checked in full before any of it runs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from havenwall.errors import BadRulePack
from havenwall.model import CaseTopic, Verb
from havenwall.policy.cel import Bundle, Language
from havenwall.policy.document import read_document
from havenwall.policy.fields import fields_for

MAX_RULES = 500
"""Rules in a pack."""
MACHINE_VERBS = (Verb.SUPPRESS, Verb.OPEN_CASE)
"""What a rule may conclude. Confirming, clearing, restricting and removing are for persons."""

_LEAST = 10
"""Entities a day that a share of accounts always allows."""
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern="^[a-z0-9][a-z0-9-]*\\Z")]
_Words = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]


class Quota(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many entities a rule may act on in a UTC day: the smaller of the two limits."""

    per_day: Annotated[int, msgspec.Meta(ge=0, le=10**9)]
    share_of_accounts: Annotated[float, msgspec.Meta(ge=0, le=1)]
    """Of all accounts on the platform; unless it is 0, at least 10 entities."""

    def limit(self, accounts: int) -> int:
        """Entities per day on a platform of so many accounts."""
        # On a small platform, or before anything told how large it is, a share would round to nobody.
        least = _LEAST if self.share_of_accounts else 0
        return min(self.per_day, max(least, int(self.share_of_accounts * accounts)))


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule as written."""

    id: _Name
    on: Literal["risk", "signal"]
    """Which records it looks at."""
    when: str
    """A CEL expression over the declared fields."""
    then: Verb
    """One of MACHINE_VERBS."""
    why: _Words
    """What people read on the decision."""
    quota: Quota | None = None
    """Required for `suppress`; `open_case` has none, because sending something to a person drops nothing."""
    topic: CaseTopic | None = None
    """What holds the case together that it opens; left out, what is known of the entities says so."""


class RulePack(msgspec.Struct, frozen=True, kw_only=True):
    """A checked pack, compiled."""

    name: str
    version: str
    """SHA-256 of the pack's meaning: layout, comments and the order of keys do not change it."""
    rules: tuple[Rule, ...]
    """In order: of two suppressing rules the first to match acts."""
    languages: dict[str, Language]
    """By what a rule is on."""
    bundles: dict[str, Bundle]
    """By what a rule is on: the conditions of those rules, in the order of `rules`."""

    def rules_on(self, on: str) -> tuple[Rule, ...]:
        """The rules on `risk` or `signal`, in order."""
        return tuple(rule for rule in self.rules if rule.on == on)


_PATH = re.compile(r"\$\.([a-z_.]+)")
_REMEDIES = {
    "id": "use lower-case letters, digits and dashes, at most 64",
    "on": "write risk or signal",
    "when": "write a CEL expression, as in `risk.over_threshold && !entity.cleared`",
    "then": f"write {' or '.join(MACHINE_VERBS)}; everything else is for persons",
    "why": "write a sentence for those who read the decision, at most 1000 characters",
    "quota": "write quota: {per_day: 1000, share_of_accounts: 0.01}; the share is 0 to 1",
    "name": "use lower-case letters, digits and dashes, at most 64",
    "rules": f"write a list of 1 to {MAX_RULES} rules",
}
_Kind = TypeVar("_Kind", bound=msgspec.Struct)


class _Document(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: _Name
    rules: Annotated[list[Any], msgspec.Meta(min_length=1, max_length=MAX_RULES)]


def load_pack(path: Path) -> RulePack:
    """The rule pack in a YAML file.

    Raises:
        BadRulePack: the file cannot be read, or as `parse_pack` says.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        hint = "check the path and the rights of the rule pack"
        raise BadRulePack(error.strerror or "cannot be read", field=str(path), hint=hint) from error
    return parse_pack(read_document(content))


def default_pack() -> RulePack:
    """The pack that ships with Havenwall."""
    shipped = resources.files("havenwall.policy").joinpath("default.yaml")
    return parse_pack(read_document(shipped.read_bytes()))


def parse_pack(document: object) -> RulePack:
    """A rule pack from plain dicts and lists (numbers may be strings, as YAML leaves them).

    Raises:
        BadRulePack: anything at all is wrong; `field` names the rule and its field, `hint` the remedy.
    """
    head = _convert(document, _Document, "pack")
    languages = {on: Language(fields_for(on)) for on in ("risk", "signal")}
    rules = tuple(_rule(raw, number) for number, raw in enumerate(head.rules, start=1))
    _refuse_repeated(rules)
    return RulePack(
        name=head.name,
        version=_version(head.name, rules),
        rules=rules,
        languages=languages,
        bundles={on: _bundle(languages[on], rules, on) for on in languages},
    )


def _bundle(language: Language, rules: tuple[Rule, ...], on: str) -> Bundle:
    conditions = ((rule.when, f"rule {rule.id}: when") for rule in rules if rule.on == on)
    return language.bundle(language.compile(when, where=where) for when, where in conditions)


def _rule(raw: object, number: int) -> Rule:
    named = raw.get("id") if isinstance(raw, Mapping) else None
    where = f"rule {ascii(named[:64])[1:-1]}" if isinstance(named, str) else f"rule number {number}"
    rule = _convert(raw, Rule, where)
    _refuse_unprintable(rule, where)
    if rule.then not in MACHINE_VERBS:
        hint = f"use {' or '.join(MACHINE_VERBS)}; {rule.then} is for persons"
        raise BadRulePack(f"a machine may not {rule.then}", field=f"{where}: then", hint=hint)
    _check_quota(rule, f"{where}: quota")
    return rule


def _refuse_unprintable(rule: Rule, where: str) -> None:
    try:
        msgspec.json.encode(rule)
    except UnicodeEncodeError as error:
        raise BadRulePack("half a character", field=where, hint="remove the \\ud800-like escape") from error


def _check_quota(rule: Rule, where: str) -> None:
    if rule.then is Verb.SUPPRESS and rule.quota is None:
        hint = "add quota: {per_day: 1000, share_of_accounts: 0.01}"
        raise BadRulePack("a rule that acts alone needs a quota", field=where, hint=hint)
    if rule.then is Verb.OPEN_CASE and rule.quota is not None:
        hint = "take the quota away: opening a case drops nothing"
        raise BadRulePack("open_case has no quota", field=where, hint=hint)


def _refuse_repeated(rules: tuple[Rule, ...]) -> None:
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise BadRulePack("this id is used twice", field=f"rule {rule.id}: id", hint="rename one")
        seen.add(rule.id)


def _version(name: str, rules: tuple[Rule, ...]) -> str:
    return hashlib.sha256(msgspec.json.encode([name, rules], order="deterministic")).hexdigest()


def _convert(raw: object, kind: type[_Kind], where: str) -> _Kind:
    try:
        return msgspec.convert(raw, kind, strict=False)
    except msgspec.ValidationError as error:
        message, _, rest = str(error).partition(" - at `")
        path = _PATH.search(rest)
        field = path[1] if path else ""
        hint = _REMEDIES.get(field.partition(".")[0]) or f"fields are {', '.join(kind.__struct_fields__)}"
        raise BadRulePack(message, field=f"{where}: {field}" if field else where, hint=hint) from error
    except (UnicodeEncodeError, RecursionError) as error:
        raise BadRulePack(
            "not plain text fields", field=where, hint="write it as the default pack"
        ) from error
