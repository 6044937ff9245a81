"""A finding as JUnit XML, which every CI server shows: one test case per threshold."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from havenwall.audit.release.finding import Finding
from havenwall.audit.verdict import Line


def junit_xml(finding: Finding) -> str:
    """The finding as a JUnit document.

    A broken threshold is a failure. An inconclusive one is an error: a CI server must not show as passed
    what an audit could not tell.
    """
    lines = finding.verdict.lines
    seconds = (finding.ended_at - finding.started_at).total_seconds()
    suite = ET.Element(
        "testsuite",
        name=f"havenwall audit: {finding.plan.name}",
        tests=str(len(lines)),
        failures=str(sum(line.outcome == "fail" for line in lines)),
        errors=str(sum(line.outcome == "inconclusive" for line in lines)),
        time=f"{seconds:.3f}",
        timestamp=finding.started_at.isoformat(),
    )
    _properties(suite, finding)
    for line in lines:
        _case(suite, line)
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _properties(suite: ET.Element, finding: Finding) -> None:
    known = {
        "finding": finding.id,
        "plan_hash": finding.plan_hash,
        "labels_hash": finding.labels_hash,
        "verdict": finding.verdict.outcome,
        "version": finding.version,
    }
    properties = ET.SubElement(suite, "properties")
    for name, value in known.items():
        ET.SubElement(properties, "property", name=name, value=value)


def _case(suite: ET.Element, line: Line) -> None:
    case = ET.SubElement(suite, "testcase", classname="havenwall.audit", name=line.threshold.text)
    if line.outcome == "pass":
        ET.SubElement(case, "system-out").text = line.text
        return
    kind = "failure" if line.outcome == "fail" else "error"
    ET.SubElement(case, kind, message=line.text, type=line.outcome).text = line.text
