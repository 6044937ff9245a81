"""Appeals: what the person restricted is told, and what an answer changes. Pure."""

from havenwall.casework.appeals.answer import answered, reversals
from havenwall.casework.appeals.check import check_appeal
from havenwall.casework.appeals.statement import outcome, statement

__all__ = ["answered", "check_appeal", "outcome", "reversals", "statement"]
