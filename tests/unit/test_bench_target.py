"""`make bench` runs every benchmark though one misses its bar, and fails at the end."""

import shutil
import subprocess
import sys
from pathlib import Path

MAKEFILE = Path(__file__).parents[2] / "Makefile"


def test_a_missed_bar_does_not_stop_the_rest(tmp_path):
    shutil.copy(MAKEFILE, tmp_path)
    for name in ("requirements/bench.txt", "pyproject.toml", "scripts/setup.sh"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "benchmarks").mkdir()
    (tmp_path / "benchmarks" / "bench_a.py").write_text("print('a ran')\nraise SystemExit(1)\n")
    (tmp_path / "benchmarks" / "bench_b.py").write_text("print('b ran')\n")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    # Newer than what it is made of, so that nothing is installed.
    (tmp_path / ".venv" / ".bench").touch()
    done = subprocess.run(
        ["make", "bench"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert [line for line in done.stdout.splitlines() if "ran" in line] == ["a ran", "b ran"]
    assert done.returncode != 0
    (tmp_path / "benchmarks" / "bench_a.py").unlink()
    assert (
        subprocess.run(
            ["make", "bench"], cwd=tmp_path, capture_output=True, timeout=60, check=False
        ).returncode
        == 0
    )
