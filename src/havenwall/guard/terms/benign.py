"""The benign vocabulary: what people search for every day, for measuring what a term list hits by mistake."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from havenwall.errors import BadConfig


def load_benign(paths: Iterable[Path] = ()) -> tuple[str, ...]:
    """The operator's words and phrases, one per line, and those that ship; each once, in order.

    Raises:
        BadConfig: a file cannot be read.
    """
    shipped = files("havenwall.guard.terms").joinpath("benign.txt").read_text("utf-8")
    lines = [line.strip() for text in (*map(_text, paths), shipped) for line in text.splitlines()]
    return tuple(dict.fromkeys(line for line in lines if line and not line.startswith("#")))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfig(f"cannot be read: {error}", field=str(path)) from error
