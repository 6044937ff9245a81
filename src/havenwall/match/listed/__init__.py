"""Lists of terms: what an entry holds, how lists are read, and which entry counts in a text. No files."""

from havenwall.match.listed.entry import AllowEntry, Severity, TermEntry, TermList
from havenwall.match.listed.judge import Counted, Judge
from havenwall.match.listed.load import read_terms

__all__ = ["AllowEntry", "Counted", "Judge", "Severity", "TermEntry", "TermList", "read_terms"]
