"""Report → Decision → answer to the reporter."""

from havenwall.casework.reports.check import MOST_LINKS, MOST_TEXT, check_report
from havenwall.casework.reports.contest import contest
from havenwall.casework.reports.number import new_number, number_of, read_number
from havenwall.casework.reports.outcomes import OutcomeStage
from havenwall.casework.reports.stage import REPORT_INPUT, ReportStage
from havenwall.casework.reports.texts import LANGUAGES

__all__ = [
    "LANGUAGES",
    "MOST_LINKS",
    "MOST_TEXT",
    "REPORT_INPUT",
    "OutcomeStage",
    "ReportStage",
    "check_report",
    "contest",
    "new_number",
    "number_of",
    "read_number",
]
