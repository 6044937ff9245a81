"""/v1/guard/query, over lists that lie sealed in the data folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.web.serving import TestClient, client_of, key, make_app

from havenwall.app import App
from havenwall.app.terms import check_terms, seal_list
from havenwall.errors import BadInput
from havenwall.guard.query import LONGEST_TEXT
from havenwall.model import Right
from havenwall.web import create_server

TERM = {"id": "t1", "term": "bluewhistle", "severity": "block", "provenance": "test"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder = tmp_path_factory.mktemp("queries")
    (folder / "list.jsonl").write_text(json.dumps(TERM))
    app = make_app(folder)
    seal_list(app.config, folder / "list.jsonl")
    yield app
    app.close()


@pytest.fixture(scope="module")
def client(app: App) -> Iterator[TestClient]:
    with client_of(create_server(app, worker=False)) as client:
        yield client


@pytest.fixture(scope="module")
def headers(app: App) -> dict[str, str]:
    return key(app, Right.ASK_GUARD)


def test_a_query_is_blocked_with_help_and_the_term_called_by_its_id(
    client: TestClient, headers: dict[str, str]
) -> None:
    wanted = {"text": "b1uewhistle", "surface": "search_query", "country": "de"}
    answer = client.post("/v1/guard/query", json=wanted, headers=headers)
    body = answer.json()
    assert (body["outcome"], body["term"], body["views"]) == ("blocked", "t1", ["leet"])
    assert body["help"]
    assert "bluewhistle" not in answer.text


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"text": "x", "surface": "trends"}, "surface"),
        ({"text": "x"}, "body"),
        ({"text": "x" * (LONGEST_TEXT + 1), "surface": "autocomplete"}, "text"),
    ],
)
def test_a_bad_question_names_the_field(
    client: TestClient, headers: dict[str, str], wanted: dict[str, str], field: str
) -> None:
    answer = client.post("/v1/guard/query", json=wanted, headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_it_needs_the_right_to_ask_the_guard(client: TestClient, app: App) -> None:
    wanted = {"text": "x", "surface": "autocomplete"}
    headers = key(app, Right.SEE_FIGURES)
    assert client.post("/v1/guard/query", json=wanted, headers=headers).status_code == 403


def test_no_file_in_the_data_folder_holds_the_term(app: App) -> None:
    files = [file for file in app.config.data.rglob("*") if file.is_file()]
    assert any(file.suffix == ".sealed" for file in files)
    assert not any(b"bluewhistle" in file.read_bytes() for file in files)


def test_a_list_that_does_not_open_is_an_error_and_never_clean(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    app.config.terms_folder.mkdir(parents=True)
    (app.config.terms_folder / "bad.sealed").write_bytes(b"nonsense")
    with client_of(create_server(app, worker=False)) as client:
        wanted = {"text": "x", "surface": "autocomplete"}
        answer = client.post("/v1/guard/query", json=wanted, headers=key(app, Right.ASK_GUARD))
    app.close()
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:havenwall:problem:bad-config")


def test_a_plain_list_in_the_data_folder_is_refused(app: App) -> None:
    plain = app.config.data / "plain.jsonl"
    plain.write_text(json.dumps(TERM | {"term": "tin-lantern"}))
    try:
        with pytest.raises(BadInput, match="data folder"):
            check_terms(app.config, plain)
    finally:
        plain.unlink()


def test_status_of_the_lists_and_a_newer_one_taken_up(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    with client_of(create_server(app, worker=False)) as client:
        headers = key(app, Right.SEE_FIGURES)
        assert client.get("/v1/guard/terms", headers=headers).json()["version"] == ""
        (tmp_path / "list.jsonl").write_text(json.dumps(TERM))
        seal_list(app.config, tmp_path / "list.jsonl")
        app.query_guard.refresh()
        status = client.get("/v1/guard/terms", headers=headers)
        assert (status.json()["terms"], status.json()["problem"]) == (1, None)
        assert client.get("/v1/guard/terms", headers=key(app, Right.ASK_GUARD)).status_code == 403
    app.close()
