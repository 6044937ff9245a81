"""Lists the operator supplies: terms and media hashes, one entry per line. None ships with Havenwall."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from havenwall.errors import BadInput
from havenwall.match import HashKind, View, hash_kind, normalise_hash, view_of


class TermEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One word or phrase of a term list."""

    text: str
    note: str = ""
    """What the list's owner says of it."""


class TermList(msgspec.Struct, frozen=True, kw_only=True):
    """Words and phrases to look for."""

    name: str
    version: str
    """First 12 hexadecimal digits of the SHA-256 of the file's content."""
    entries: tuple[TermEntry, ...]


class HashEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One media hash of a hash list."""

    kind: HashKind
    value: str
    """Lower-case hexadecimal."""
    note: str = ""


class HashList(msgspec.Struct, frozen=True, kw_only=True):
    """Hashes of known media."""

    name: str
    version: str
    """First 12 hexadecimal digits of the SHA-256 of the file's content."""
    entries: tuple[HashEntry, ...]


def load_terms(path: Path) -> TermList:
    """The term list in the UTF-8 text file `path`; its name is the file's, without the ending.

    Raises:
        BadInput: the file cannot be read, or as `parse_terms` says.
    """
    return parse_terms(path.stem, _content(path))


def load_hashes(path: Path) -> HashList:
    """The hash list in the text file `path`; its name is the file's, without the ending.

    Raises:
        BadInput: the file cannot be read, or as `parse_hashes` says.
    """
    return parse_hashes(path.stem, _content(path))


def parse_terms(name: str, content: bytes) -> TermList:
    """A term list from lines of `term` or `term<TAB>note`; `# ` begins a comment line.

    Raises:
        BadInput: not UTF-8, a line without a word in it, or no entry at all; names list, line and remedy.
    """
    entries = tuple(_term(*line) for line in _lines(name, content))
    return TermList(name=name, version=_version(content), entries=entries)


def parse_hashes(name: str, content: bytes) -> HashList:
    """A hash list from lines of `hash`, `kind:hash` and either with `<TAB>note`; `# ` begins a comment line.

    Raises:
        BadInput: not UTF-8, a line that is no hash, or no entry at all; names list, line and remedy.
    """
    entries = tuple(_hash(*line) for line in _lines(name, content))
    return HashList(name=name, version=_version(content), entries=entries)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        hint = "check the path and the rights of the list file"
        raise BadInput(error.strerror or "cannot be read", field=str(path), hint=hint) from error


def _version(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def _lines(name: str, content: bytes) -> list[tuple[str, str, str]]:
    """Where each entry stands, the entry and its note."""
    # Only \n ends a line: splitlines() would also split at separators that may stand inside a term.
    numbered = enumerate(_text(name, content).split("\n"), start=1)
    parts = [(f"{name} line {number}", *line.partition("\t")) for number, line in numbered if _counts(line)]
    if not parts:
        raise BadInput("the list has no entry", field=name, hint="put one entry on each line")
    return [(where, entry.strip(), note.strip()) for where, entry, _, note in parts]


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadInput("not UTF-8", field=f"{name} line {line}", hint="save the list as UTF-8") from error


def _counts(line: str) -> bool:
    """Whether a line holds an entry: it is neither blank nor a comment."""
    # `#word` counts, and is refused further on: a pasted hashtag must not vanish as a comment.
    text = line.strip()
    return bool(text) and not (text[0] == "#" and text[1:2] in {"", " ", "\t", "#"})


def _term(where: str, entry: str, note: str) -> TermEntry:
    if entry.startswith("#"):
        hint = "write the tag without #, or put a space after # for a comment"
        raise BadInput("is it a tag or a comment?", field=where, hint=hint)
    if not view_of(entry, View.PLAIN):
        raise BadInput("no word in this line", field=where, hint="write `term`, or `term<TAB>note`")
    return TermEntry(text=entry, note=note)


def _hash(where: str, entry: str, note: str) -> HashEntry:
    label, colon, value = entry.partition(":")
    try:
        kind = HashKind(label.strip().lower()) if colon else hash_kind(entry)
        return HashEntry(kind=kind, value=normalise_hash(kind, value if colon else entry), note=note)
    except BadInput as error:
        raise BadInput(error.message, field=where, hint=error.hint) from error
    except ValueError as error:
        hint = f"kinds are {', '.join(HashKind)}"
        raise BadInput(f"unknown kind of hash {label[:40]!r}", field=where, hint=hint) from error
