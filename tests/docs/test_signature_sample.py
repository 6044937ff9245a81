"""The sample that receivers copy refuses what it must, and takes what we send."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from havenwall.connect.webhook import new_secret, signature

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "act-on-the-platform.md"
BODY = b'{"type":"test"}'


@pytest.fixture(scope="module")
def is_ours() -> Callable[[str, dict[str, str], bytes], bool]:
    sample = PAGE.read_text(encoding="utf-8").partition("```python\n")[2].partition("```")[0]
    names: dict[str, Callable[[str, dict[str, str], bytes], bool]] = {}
    exec(sample, names)
    return names["is_ours"]


def headers(secret: str, at: float, before: str = "") -> dict[str, str]:
    signed = signature(secret, "k:planned", int(at), BODY)
    return {
        "Webhook-Id": "k:planned",
        "Webhook-Timestamp": str(int(at)),
        "Webhook-Signature": f"{before} {signed}".strip(),
    }


def test_the_sample_takes_ours_and_no_other(is_ours: Callable[[str, dict[str, str], bytes], bool]) -> None:
    secret, at = new_secret(), time.time()
    assert is_ours(secret, headers(secret, at), BODY)
    assert is_ours(secret, headers(secret, at, "v1,b2xk v2,eA=="), BODY)
    assert not is_ours(secret, headers(new_secret(), at), BODY)
    assert not is_ours(secret, headers(secret, at), BODY + b" ")
    for off in (-400, 400):
        assert not is_ours(secret, headers(secret, at + off), BODY), "a copy may be sent again later"
