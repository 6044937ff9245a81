"""`havenwall audit serve-example`: a wrong option is named before anything is trained or served."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from havenwall.cli import cli
from havenwall.web.reference_recommender import listening


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--recommender", "telepathy"], "platform.recommender"),
        (["--accounts", "10"], "platform.accounts"),
        (["--token-env", "NO_SUCH_TOKEN"], "NO_SUCH_TOKEN is empty"),
        (["--host", "192.0.2.1"], "cannot listen on 192.0.2.1"),
    ],
)
def test_a_wrong_option_is_named(options: list[str], named: str) -> None:
    done = CliRunner().invoke(cli, ["audit", "serve-example", *options])
    assert done.exit_code == 2
    assert named in done.output.replace("\n", " ")


def test_a_port_that_is_taken_is_named() -> None:
    with listening("127.0.0.1", 0) as at:
        port = str(at.getsockname()[1])
        done = CliRunner().invoke(cli, ["audit", "serve-example", "--accounts", "400", "--port", port])
    assert done.exit_code == 2
    assert port in done.output
