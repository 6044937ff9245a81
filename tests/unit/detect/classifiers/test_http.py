"""Classifiers over HTTP, against a real server that misbehaves."""

import base64
import struct
import zlib

import numpy as np
import pytest

from havenwall.detect.classifiers import HttpClassifier, HttpOptions, Kind
from havenwall.errors import BadConfig, SourceFailed

PATIENT = HttpOptions(category="Harm", seconds=30, at_once=1)


def client(server, options=PATIENT, kind=Kind.TEXT, waits=None, **headers):
    sleep = (waits if waits is not None else []).append
    return HttpClassifier("safety", server.address, kind, options, headers, sleep=sleep)


def test_severity_becomes_a_score(server):
    options = HttpOptions(category="Harm", at_once=4)
    texts = [f"text {number % 7}" for number in range(20)]
    scores = client(server, options, **{"Api-Key": "k"}).scores(texts)
    assert [score.value for score in scores] == pytest.approx([number % 7 / 6 for number in range(20)])
    assert server.headers[0]["Api-Key"] == "k"
    assert server.sent[0]["categories"] == ["Harm"]


def test_a_picture_goes_as_a_png(server):
    picture = np.arange(5 * 7 * 3, dtype=np.uint8).reshape(5, 7, 3)
    assert client(server, kind=Kind.IMAGE).scores([picture])[0].value == 0.5
    content = base64.b64decode(server.sent[0]["image"]["content"])
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", content[16:24]) == (7, 5)
    (length,) = struct.unpack(">I", content[33:37])
    lines = zlib.decompress(content[41 : 41 + length])
    assert lines == b"".join(b"\0" + line.tobytes() for line in picture)


def test_busy_is_waited_for_as_long_as_it_says(server):
    server.script = [(429, {"Retry-After": "0"}, b""), 503, 200]
    waits = []
    assert client(server, waits=waits).scores(["text 3"])[0].value == 0.5
    assert waits == [0.0, 0.25]


def test_who_wants_too_long_a_wait_is_left_alone(server):
    server.script = [(429, {"Retry-After": "3600"}, b"")]
    waits = []
    with pytest.raises(SourceFailed, match="answers 429"):
        client(server, waits=waits).scores(["text"])
    assert waits == []


def test_failing_on_ends_after_all_tries(server):
    server.script = [500]
    with pytest.raises(SourceFailed, match="answers 500"):
        client(server).scores(["text"])
    assert len(server.sent) == 3


def test_after_a_failure_the_rest_is_not_asked(server):
    server.script = [(403, {}, b"")]
    with pytest.raises(SourceFailed, match="403"):
        client(server).scores([f"text {number}" for number in range(100)])
    assert len(server.sent) < 20


def test_silence_ends(server):
    server.script = [0.9]
    options = HttpOptions(category="Harm", seconds=0.1, tries=2)
    with pytest.raises(SourceFailed, match="does not answer"):
        client(server, options).scores(["text"])


def test_a_slow_drip_ends_too():
    import socket
    import threading

    door = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def drip():
        talk, _ = door.accept()
        talk.recv(65536)
        talk.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not stop.wait(0.02):
            try:
                talk.sendall(b"x")
            except OSError:
                break
        talk.close()

    thread = threading.Thread(target=drip)
    thread.start()
    address = f"http://127.0.0.1:{door.getsockname()[1]}"
    options = HttpOptions(category="Harm", seconds=0.2, tries=1)
    with pytest.raises(SourceFailed, match="TimeoutError"):
        HttpClassifier("drip", address, Kind.TEXT, options).scores(["text"])
    stop.set()
    thread.join()
    door.close()


def test_nobody_there():
    options = HttpOptions(category="Harm", tries=1)
    with pytest.raises(SourceFailed, match="ConnectionRefusedError"):
        HttpClassifier("gone", "http://127.0.0.1:9", Kind.TEXT, options).scores(["text"])


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b'{"categoriesAnalysis": 3}', b'{"categoriesAnalysis": []}', b"\xff\xfe"],
)
def test_answers_of_another_form_are_a_failure(server, body):
    server.script = [(200, {}, body)]
    with pytest.raises(SourceFailed, match="gives"):
        client(server).scores(["text"])


def test_one_text_that_is_refused_costs_only_its_own_score(server):
    server.script = [200, 400, 200]
    scores = client(server).scores(["a 3", "b 3", "c 6"])
    assert [score.value for score in scores] == [0.5, None, 1.0]
    assert scores[1].fault == "refused with 400"


def test_a_severity_out_of_range_is_a_fault(server):
    assert client(server).scores(["text 9"])[0].fault == "the severity is out of range"


def test_an_address_must_be_one():
    with pytest.raises(BadConfig, match=r"safety\.address"):
        HttpClassifier("safety", "ftp://x", Kind.TEXT, PATIENT)
