"""Matching kernels shared by detect and guard; pure, no I/O."""

from havenwall.match.hashes import HashKind, HashSet, hash_kind, normalise_hash
from havenwall.match.terms import Hit, TermIndex
from havenwall.match.views import View, fold, strip_invisible, strip_marks, tokens, view_of

__all__ = [
    "HashKind",
    "HashSet",
    "Hit",
    "TermIndex",
    "View",
    "fold",
    "hash_kind",
    "normalise_hash",
    "strip_invisible",
    "strip_marks",
    "tokens",
    "view_of",
]
