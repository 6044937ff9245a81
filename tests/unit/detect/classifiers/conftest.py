"""A real server on loopback that answers as it is told, and tiny models."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class Quiet(ThreadingHTTPServer):
    daemon_threads, request_queue_size = True, 128

    def handle_error(self, *args):
        pass  # Who asked did not wait: some tests want that.


class Server:
    """Answers each request by the next of `script` (the last one again and again) and keeps what came.

    A step is a status, or (status, headers, body), or a number of seconds below 1 to stay silent.
    """

    def __init__(self):
        self.script, self.sent, self.headers = [200], [], []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.sent.append(body)
                outer.headers.append(dict(self.headers))
                step = outer.script[0] if len(outer.script) == 1 else outer.script.pop(0)
                if isinstance(step, float):
                    time.sleep(step)
                    return
                status, headers, content = step if isinstance(step, tuple) else (step, {}, None)
                content = answer(body) if content is None else content
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args):
                pass

        self._server = Quiet(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}/analyze?version=1"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def answer(body):
    """The severity is the number at the end of the text; 3 for pictures."""
    digits = "".join(c for c in body.get("text", "3")[-1:] if c.isdigit())
    analysis = [{"category": "Other", "severity": 6}, {"category": "Harm", "severity": int(digits or 0)}]
    return json.dumps({"categoriesAnalysis": analysis, "blocklistsMatch": []}).encode()


@pytest.fixture
def server():
    server = Server()
    yield server
    server.close()


@pytest.fixture
def onnx_helper():
    """`onnx.helper`; the test is skipped where onnx or its runtime is not installed."""
    pytest.importorskip("onnxruntime", reason="the extra `classifiers` is not installed")
    onnx = pytest.importorskip("onnx", reason="onnx, which makes the test's models, is not installed")
    return onnx.helper


@pytest.fixture
def image_model(onnx_helper, tmp_path):
    """A model (n, 3, 8, 8) → (n, 2): columns are the mean of all pixels and one minus it."""
    from onnx import TensorProto as T

    h = onnx_helper
    nodes = [
        h.make_node("ReduceMean", ["x"], ["mean"], axes=[1, 2, 3], keepdims=0),
        h.make_node("Unsqueeze", ["mean", "axis"], ["a"]),
        h.make_node("Sub", ["one", "a"], ["b"]),
        h.make_node("Concat", ["b", "a"], ["y"], axis=1),
    ]
    constants = [h.make_tensor("one", T.FLOAT, [1], [1.0]), h.make_tensor("axis", T.INT64, [1], [1])]
    given = h.make_tensor_value_info("x", T.FLOAT, ["n", 3, 8, 8])
    wanted = h.make_tensor_value_info("y", T.FLOAT, ["n", 2])
    return saved(h, nodes, given, wanted, constants, tmp_path / "image.onnx")


@pytest.fixture
def text_model(onnx_helper, tmp_path):
    """A model (n,) of texts → (n,): 1 for the text `bluewhistle`, else 0."""
    from onnx import TensorProto as T

    h = onnx_helper
    nodes = [
        h.make_node(
            "LabelEncoder",
            ["x"],
            ["y"],
            domain="ai.onnx.ml",
            keys_strings=["bluewhistle"],
            values_floats=[1.0],
            default_float=0.0,
        ),
    ]
    given = h.make_tensor_value_info("x", T.STRING, ["n"])
    wanted = h.make_tensor_value_info("y", T.FLOAT, ["n"])
    return saved(h, nodes, given, wanted, [], tmp_path / "text.onnx")


def saved(helper, nodes, given, wanted, constants, path):
    graph = helper.make_graph(nodes, "tiny", [given], [wanted], constants)
    opsets = [helper.make_opsetid("", 13), helper.make_opsetid("ai.onnx.ml", 2)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    path.write_bytes(model.SerializeToString())
    return path
