"""Every snippet in the docs runs. `sh` and `python` fences are executed; `console` fences only show.

A page whose snippets import what Havenwall does not install says so in a comment, `<!-- needs: module -->`,
and runs where that module can be imported (`PYTHONPATH` reaches the snippets).
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from _pytest.mark.structures import ParameterSet

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^```(\w+)(?: +(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NEEDS = re.compile(r"^<!-- needs: ([\w., ]+?) -->$", re.MULTILINE)


class Snippet(NamedTuple):
    language: str
    file: str
    text: str


_END = Snippet("", "", "")


def snippets(page: Path) -> list[Snippet]:
    return [Snippet(*found.groups(default="")) for found in _FENCE.finditer(page.read_text(encoding="utf-8"))]


def missing(text: str) -> list[str]:
    """Modules a page says it needs and that are not here."""
    wanted = [name.strip() for found in _NEEDS.findall(text) for name in found.split(",")]
    return [name for name in wanted if importlib.util.find_spec(name) is None]


PAGES = sorted(
    page
    for page in [ROOT / "README.md", *ROOT.glob("docs/**/*.md")]
    if any(s.language in ("sh", "python") for s in snippets(page))
)


_SLOW = {
    "act-on-the-platform.md",
    "audit-your-recommender.md",
    "compare-platforms.md",
    "find-new-terms.md",
    "first-run.md",
    "gate-a-release.md",
    "guard-queries.md",
    "import-hash-lists.md",
    "match-media.md",
    "people-and-rights.md",
    "plug-in-a-classifier.md",
    "stress-the-guard.md",
}
"""Pages with many commands: each starts a process."""


def _page(page: Path) -> ParameterSet:
    marks = [pytest.mark.slow] if page.name in _SLOW else []
    return pytest.param(page, marks=marks, id=str(page.relative_to(ROOT)))


@pytest.mark.parametrize("page", [_page(page) for page in PAGES])
def test_snippets_run(page: Path, tmp_path: Path) -> None:
    """The snippets of a page, one after the other, in one empty folder. A fence may name a file it is."""
    if absent := missing(page.read_text(encoding="utf-8")):
        pytest.skip(f"needs {', '.join(absent)}, which is not installed")
    clean = {k: v for k, v in os.environ.items() if not k.startswith("HAVENWALL_")}
    environment = clean | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    python, waiting = "", False
    for snippet in [*snippets(page), _END]:
        # Python runs from the page's beginning each time: once for all fences up to one of another kind.
        if waiting and snippet.language != "python":
            run([sys.executable, "-W", "error", "-c", python], tmp_path, environment)
            waiting = False
        if snippet.file:
            (tmp_path / snippet.file).write_text(snippet.text, encoding="utf-8")
        elif snippet.language == "sh":
            run(["bash", "-euo", "pipefail", "-c", snippet.text], tmp_path, environment)
        elif snippet.language == "python":
            python, waiting = python + snippet.text, True


def run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, f"{command[-1]}\n{done.stdout}\n{done.stderr}"


def test_a_page_says_what_it_needs() -> None:
    assert missing("# Page\n<!-- needs: json, no_such_module -->\n") == ["no_such_module"]
    assert missing("# Page\nIt needs: no_such_module.\n") == []
    named = {page.name for page in PAGES if _NEEDS.search(page.read_text(encoding="utf-8"))}
    assert named == {"guard-a-lenskit-pipeline.md"}, "a page that is skipped unseen proves nothing"
