"""Term lists from JSON lines or YAML. What is wrong is named by file, line and field, and never quoted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import yaml

from havenwall.errors import BadInput
from havenwall.match.finder import Mode, check_term
from havenwall.match.listed.entry import AllowEntry, Severity, TermEntry, TermList

_HINT = 'an entry is {"id": …, "term": …, "severity": …, "provenance": …} or {"allow": …}'


def read_terms(lists: Iterable[tuple[str, bytes]]) -> TermList:
    """The terms in lists given as name and content: JSON lines, or a YAML list of the same mappings.

    Raises:
        BadInput: an entry is not right; names file, line and field, and quotes nothing.
    """
    entries: dict[str, tuple[TermEntry, str]] = {}
    allowed: list[str] = []
    digest = hashlib.sha256()
    for name, content in lists:
        digest.update(content + b"\0")
        for place, raw in _raw(name, content):
            entry = _entry(place, raw)
            if isinstance(entry, AllowEntry):
                allowed.append(entry.allow)
            elif entry.id in entries:
                raise _wrong(place, "id", f"is that of {entries[entry.id][1]} too", "give each its own id")
            else:
                entries[entry.id] = entry, place
    return TermList(
        entries=tuple(entry for entry, _ in entries.values()),
        places=tuple(place for _, place in entries.values()),
        allowed=tuple(allowed),
        version=digest.hexdigest()[:12] if entries or allowed else "",
    )


def _raw(name: str, content: bytes) -> Iterator[tuple[str, Any]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        # Errors of decoders and parsers carry the text; a log would print it with the chain of causes.
        raise BadInput("is not UTF-8", field=f"{name} line {line}", hint="save the list as UTF-8") from None
    return _json_lines(name, text) if text.lstrip().startswith("{") else _yaml_list(name, text)


def _json_lines(name: str, text: str) -> Iterator[tuple[str, Any]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            place = f"{name} line {number}"
            try:
                raw = msgspec.json.decode(line)
            except msgspec.DecodeError:
                raise BadInput("is not JSON", field=place, hint=_HINT) from None
            yield place, raw


def _yaml_list(name: str, text: str) -> Iterator[tuple[str, Any]]:
    loader = yaml.SafeLoader(text)
    try:
        root = loader.get_single_node()
        if root is None:
            return
        if not isinstance(root, yaml.SequenceNode):
            raise BadInput("is no list", field=f"{name} line 1", hint=_HINT)
        for node in root.value:
            yield f"{name} line {node.start_mark.line + 1}", loader.construct_object(node, deep=True)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadInput("is neither YAML nor JSON", field=f"{name} line {line}", hint=_HINT) from None
    except (yaml.YAMLError, ValueError):
        raise BadInput("is neither YAML nor JSON", field=name, hint=_HINT) from None


def _entry(place: str, raw: Any) -> TermEntry | AllowEntry:
    kind: type[TermEntry] | type[AllowEntry] = (
        AllowEntry if isinstance(raw, dict) and "allow" in raw else TermEntry
    )
    try:
        entry = msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at `$.")
        raise _wrong(place, where.strip("`"), _unquoted(message, where), _HINT) from None
    for field, text in _texts(entry):
        if problem := check_term(text):
            raise _wrong(place, field, problem, "a term has 1 to 60 letters")
    if isinstance(entry, TermEntry) and (entry.severity is Severity.CONTEXT) != bool(entry.context_terms):
        raise _wrong(place, "context_terms", "go with severity context, and it with them", _HINT)
    return entry


def _texts(entry: TermEntry | AllowEntry) -> list[tuple[str, str]]:
    if isinstance(entry, AllowEntry):
        return [("allow", entry.allow)]
    return [("term", entry.term), *(("context_terms", text) for text in entry.context_terms)]


def _unquoted(message: str, where: str) -> str:
    if message.startswith("Invalid enum value"):
        return "is not one of " + ", ".join(Mode if where.startswith("mode") else Severity)
    if message.startswith("Object contains unknown field"):
        return "has a field that is not known"
    if "RFC3339" in message or "datetime" in message or "timezone" in message:
        return "is no moment with a time zone, such as 2027-01-31T00:00:00Z"
    return message


def _wrong(place: str, field: str, problem: str, hint: str) -> BadInput:
    return BadInput(problem, field=f"{place}, {field}" if field else place, hint=hint)
