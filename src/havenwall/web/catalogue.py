"""Brings the catalogues up to the code: `python -m havenwall.web.catalogue`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from havenwall.web.tongue import LANGUAGES, LOCALE

_WEB = Path(__file__).parent
_METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
_KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "N_": None,
}
_OPTIONS = {"**/templates/**.html": {"trimmed": "true", "silent": "false"}}


def extracted() -> Catalog:
    """Every text of the pages that is marked for translation, and where it stands."""
    catalogue = Catalog(project="Havenwall", charset="utf-8", fuzzy=False)
    found = extract_from_dir(
        _WEB, _METHODS, options_map=_OPTIONS, keywords=_KEYWORDS | {"N_": (1, 2)}, strip_comment_tags=True
    )
    for name, _line, text, _comments, _context in (*found, *_single()):
        catalogue.add(text, locations=[(name, 0)])
    return catalogue


def _single() -> Iterator[tuple[str, int, str, list[str], None]]:
    # N_ with one text only: keywords of two texts pass these over.
    for name, line, text, _c, _x in extract_from_dir(
        _WEB, _METHODS[:1], keywords={"N_": None}, strip_comment_tags=True
    ):
        if isinstance(text, str):
            yield name, line, text, [], None


def catalogue(tag: str) -> Catalog:
    """The catalogue of a language as it stands."""
    with _path(tag).open("rb") as lines:
        return read_po(lines, locale=tag)


def missing(tag: str, texts: Catalog) -> list[Message]:
    """Texts that a language has not, or only as a guess."""
    held = catalogue(tag)
    return [one for one in texts if one.id and not _translated(held.get(one.id))]


def update() -> None:
    """Add what is new to every catalogue and drop what is gone; the rest stays."""
    texts = extracted()
    for tag in set(LANGUAGES) - {"en"}:
        held = catalogue(tag) if _path(tag).exists() else Catalog(locale=tag, charset="utf-8", fuzzy=False)
        held.update(texts, no_fuzzy_matching=True)
        held.obsolete.clear()
        _path(tag).parent.mkdir(parents=True, exist_ok=True)
        with _path(tag).open("wb") as out:
            write_po(out, held, width=110, omit_header=False, sort_by_file=True, include_lineno=False)


def _path(tag: str) -> Path:
    return LOCALE / tag / "LC_MESSAGES" / "havenwall.po"


def _translated(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    texts = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return bool(texts) and all(texts)


if __name__ == "__main__":
    update()
