"""A server makes media ready beside its start, and starts though a list is not right."""

import threading

import pytest
from tests.unit.web.serving import client_of, make_app

from havenwall.web import create_server
from havenwall.web.warm import warm_media


@pytest.fixture
def app(tmp_path):
    app = make_app(tmp_path)
    yield app
    app.close()


def test_the_server_answers_while_media_are_made_ready_and_waits_at_its_end(app, monkeypatch):
    began, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def slow():
        began.set()
        may_end.wait(30)
        ended.set()

    monkeypatch.setattr(app.media, "warm_up", slow)
    with client_of(create_server(app, worker=False)) as client:
        assert began.wait(30)
        assert client.get("/v1/health").status_code == 200
        assert not ended.is_set()
        may_end.set()
    assert ended.is_set()


def test_the_decoder_and_the_lists_are_there_afterwards(app):
    warm_media(app).join()
    assert {"_pool", "lists"} <= app.media.__dict__.keys()


def test_a_list_that_is_not_right_does_not_stop_the_server(tmp_path):
    (tmp_path / "bad.txt").write_text("no hash\n")
    app = make_app(tmp_path, hash_lists=(tmp_path / "bad.txt",))
    thread = warm_media(app)
    thread.join()
    assert not thread.is_alive()
    app.close()
