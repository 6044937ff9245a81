"""Term lists for the query guard: read, checked, kept sealed, measured on benign words."""

from havenwall.guard.terms.benign import load_benign
from havenwall.guard.terms.help import HelpResource, help_for, load_help
from havenwall.guard.terms.sealed import SUFFIX, open_terms, seal_terms
from havenwall.match.listed.entry import AllowEntry, Severity, TermEntry, TermList
from havenwall.match.listed.load import read_terms

__all__ = [
    "SUFFIX",
    "AllowEntry",
    "HelpResource",
    "Severity",
    "TermEntry",
    "TermList",
    "help_for",
    "load_benign",
    "load_help",
    "open_terms",
    "read_terms",
    "seal_terms",
]
