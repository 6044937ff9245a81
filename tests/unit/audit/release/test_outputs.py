"""What a finding is written as: JUnit, report, evidence."""

import base64
import io
import xml.etree.ElementTree as ET
import zipfile
from html.parser import HTMLParser

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from havenwall.audit.release import Release, run_release
from havenwall.audit.release.bundle import pack, signing_key, verify
from havenwall.audit.release.chart import lines_svg
from havenwall.audit.release.junit import junit_xml
from havenwall.audit.release.page import report_page
from havenwall.audit.release.tables import release_tables
from havenwall.errors import BadInput


@pytest.fixture(scope="session")
def judged(release_plan, worlds):
    """A release of each outcome, by outcome."""
    found = {}
    for most in (0.0001, 0.05, 0.6):
        for arm in ("none", "best"):
            threshold = msgspec.structs.replace(release_plan.thresholds[0], at_most=most, arm=arm)
            plan = msgspec.structs.replace(release_plan, thresholds=[threshold])
            release = run_release(plan, worlds(4), labels_hash="x", version="1")
            found[release.finding.verdict.outcome] = release
    return found


def test_a_ci_server_shows_what_came_out(judged):
    assert set(judged) == {"pass", "fail", "inconclusive"}
    for outcome, release in judged.items():
        suite = ET.fromstring(junit_xml(release.finding)).find("testsuite")
        counts = {key: int(suite.get(key)) for key in ("tests", "failures", "errors")}
        assert counts == {"tests": 1, "failures": outcome == "fail", "errors": outcome == "inconclusive"}
        case = suite.find("testcase")
        assert (case.find("failure") is not None) == (outcome == "fail")
        assert (case.find("error") is not None) == (outcome == "inconclusive")


class Page(HTMLParser):
    """Tags that stand open, and every address that is named."""

    def __init__(self):
        super().__init__()
        self.open, self.addresses, self.ids = [], [], []

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "path"):
            self.open.append(tag)
        self.addresses += [v for k, v in attrs if k in ("src", "href")]
        self.ids += [v for k, v in attrs if k == "id"]

    def handle_endtag(self, tag):
        if tag not in ("meta", "path"):
            assert self.open.pop() == tag


def test_the_report_stands_alone(release):
    page = Page()
    text = report_page(release.finding)
    page.feed(text)
    assert page.open == []
    assert page.addresses == []
    assert len(set(page.ids)) == len(page.ids)
    assert "<script" not in text
    assert text.count("<svg") == 2 * 3
    assert release.finding.plan_hash in text


def test_names_in_a_report_are_text(release):
    plan = msgspec.structs.replace(release.finding.plan, name="<b>nightly</b>")
    text = report_page(msgspec.structs.replace(release.finding, plan=plan))
    assert "<b>nightly" not in text
    assert "&lt;b&gt;nightly" in text


def test_a_report_of_nothing_shown_says_so(release):
    text = report_page(msgspec.structs.replace(release.finding, replays=[]))
    assert "No test account was shown a member." in text


def test_tables_have_as_many_cells_as_columns(judged):
    for release in judged.values():
        for table in release_tables(release.finding):
            assert table.rows
            assert all(len(row) == len(table.columns) for row in table.rows)


def test_a_chart_says_in_words_what_it_draws():
    svg = ET.fromstring(lines_svg("up <and> down", {"a": [0.1, 0.2], "b": [0.5, 0.0]}, "shares", 3))
    assert svg.get("role") == "img"
    texts = {node.get("id"): node.text for node in svg if node.get("id")}
    assert texts["chart-3-title"] == "up <and> down"
    assert "a: from 10.0% to 20.0%" in texts["chart-3-desc"]


def test_a_chart_of_one_round_and_of_none():
    ET.fromstring(lines_svg("one", {"a": [0.0]}, "shares", 0))
    ET.fromstring(lines_svg("none", {}, "shares", 0))


@pytest.fixture
def bundle(release, tmp_path):
    key = signing_key(tmp_path / "audit.key")
    path = tmp_path / "audit.zip"
    path.write_bytes(pack(release, key))
    return path, key


def public(key):
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def changed(path, name, body):
    """The bundle with one file replaced, or without it."""
    with zipfile.ZipFile(path) as old:
        files = {each: old.read(each) for each in old.namelist()}
    files = files | {name: body} if body is not None else {k: v for k, v in files.items() if k != name}
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as new:
        for each, content in files.items():
            new.writestr(each, content)
    path.write_bytes(held.getvalue())


def test_good_evidence_is_verified(bundle, release):
    path, key = bundle
    assert verify(path).finding == release.finding
    assert list(verify(path).finding.plan.arms) == list(release.finding.plan.arms) == ["none", "best"]
    assert (verify(path).trusted, verify(path, public(key)).trusted) == (False, True)


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path):
    path = tmp_path / "audit.key"
    assert public(signing_key(path)) == public(signing_key(path))
    assert path.stat().st_mode & 0o077 == 0
    path.write_bytes(b"short")
    with pytest.raises(BadInput, match="no key"):
        signing_key(path)


def test_another_key_is_told(bundle):
    path, _ = bundle
    with pytest.raises(BadInput, match="not signed with this key"):
        verify(path, public(Ed25519PrivateKey.generate()))
    with pytest.raises(BadInput) as caught:
        verify(path, "no base64!")
    assert caught.value.field == "public_key"


@pytest.mark.parametrize("name", ["finding.json", "values.json", "report.html", "junit.xml", "manifest.json"])
def test_whatever_is_changed_or_missing_is_named(bundle, name):
    path, _ = bundle
    with zipfile.ZipFile(path) as held:
        body = held.read(name)
    for content in (body + b" ", None):
        changed(path, name, content)
        with pytest.raises(BadInput) as caught:
            verify(path)
        assert caught.value.field == name


def test_a_signed_lie_is_told_by_its_values(release, tmp_path):
    line = msgspec.structs.replace(release.finding.verdict.lines[0], outcome="fail")
    verdict = msgspec.structs.replace(release.finding.verdict, outcome="fail", lines=[line])
    lie = Release(finding=msgspec.structs.replace(release.finding, verdict=verdict), values=release.values)
    path = tmp_path / "lie.zip"
    path.write_bytes(pack(lie, Ed25519PrivateKey.generate()))
    with pytest.raises(BadInput) as caught:
        verify(path)
    assert caught.value.field == "verdict"


def test_a_threshold_that_was_moved_afterwards_is_told(release, tmp_path):
    easier = msgspec.structs.replace(release.finding.plan.thresholds[0], at_most=0.9)
    plan = msgspec.structs.replace(release.finding.plan, thresholds=[easier])
    moved = Release(finding=msgspec.structs.replace(release.finding, plan=plan), values=release.values)
    path = tmp_path / "moved.zip"
    path.write_bytes(pack(moved, Ed25519PrivateKey.generate()))
    with pytest.raises(BadInput) as caught:
        verify(path)
    assert caught.value.field in ("verdict", "plan_hash")


@pytest.mark.parametrize("body", [b"", b"PK", b"no zip at all"])
def test_what_is_no_bundle_is_refused(tmp_path, body):
    path = tmp_path / "x.zip"
    path.write_bytes(body)
    with pytest.raises(BadInput):
        verify(path)
