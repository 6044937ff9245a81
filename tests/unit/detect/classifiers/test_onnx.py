"""Models in files: a tiny one proves the whole path."""

import numpy as np
import pytest

from havenwall.detect.classifiers import Kind, OnnxClassifier, OnnxOptions, Pixels, Squash
from havenwall.detect.classifiers import onnx as module
from havenwall.errors import BadConfig, NotReady, SourceFailed

SMALL = Pixels(side=8)


def plain(value, size=(20, 30)):
    return np.full((*size, 3), value, np.uint8)


def test_pictures_of_any_size_get_their_score_in_batches(image_model):
    model = OnnxClassifier("tiny", image_model, Kind.IMAGE, OnnxOptions(batch=2, pixels=SMALL))
    scores = model.scores([plain(0), plain(255, (5, 5)), plain(51), plain(102, (9, 400)), plain(255)])
    assert [score.value for score in scores] == pytest.approx([0, 1, 0.2, 0.4, 1], abs=1e-5)
    assert model.scores([]) == []


def test_the_column_and_what_is_made_of_it_are_options(image_model):
    first = OnnxClassifier("tiny", image_model, Kind.IMAGE, OnnxOptions(pixels=SMALL, column=0))
    soft = OnnxClassifier("tiny", image_model, Kind.IMAGE, OnnxOptions(pixels=SMALL, squash=Squash.SOFTMAX))
    assert first.scores([plain(51)])[0].value == pytest.approx(0.8)
    assert soft.scores([plain(255)])[0].value == pytest.approx(1 / (1 + np.exp(-1)))


def test_texts_go_in_as_they_are(text_model):
    model = OnnxClassifier("words", text_model, Kind.TEXT)
    assert [score.value for score in model.scores(["bluewhistle", "harbour", ""])] == [1.0, 0.0, 0.0]
    assert len(model.version) == 12


def test_what_texts_become_may_be_prepared(image_model):
    def prepare(texts):
        return {"x": np.stack([np.full((3, 8, 8), len(text) / 10, np.float32) for text in texts])}

    model = OnnxClassifier("prepared", image_model, Kind.TEXT, prepare=prepare)
    assert [score.value for score in model.scores(["abc", "abcde"])] == pytest.approx([0.3, 0.5])


def test_what_is_not_between_0_and_1_is_a_fault_of_that_input(image_model):
    pixels = Pixels(side=8, deviation=(0.1, 0.1, 0.1))
    model = OnnxClassifier("tiny", image_model, Kind.IMAGE, OnnxOptions(pixels=pixels))
    good, bad = model.scores([plain(10), plain(255)])
    assert good.value is not None
    assert (bad.value, bad.fault) == (None, "the score is not between 0 and 1")


def test_a_model_that_stops_is_told_of(image_model):
    model = OnnxClassifier("tiny", image_model, Kind.IMAGE, OnnxOptions(pixels=Pixels(side=9)))
    with pytest.raises(SourceFailed, match="tiny stopped"):
        model.scores([plain(0)])
    shape = OnnxClassifier("tiny", image_model, Kind.IMAGE, OnnxOptions(pixels=SMALL, column=7))
    with pytest.raises(SourceFailed, match="gives"):
        shape.scores([plain(0)])


def test_what_is_no_model_is_refused_with_its_path(onnx_helper, tmp_path, image_model):
    (tmp_path / "bad.onnx").write_bytes(b"no model")
    with pytest.raises(BadConfig, match=r"bad\.onnx"):
        OnnxClassifier("bad", tmp_path / "bad.onnx", Kind.IMAGE)
    with pytest.raises(BadConfig, match=r"none\.onnx"):
        OnnxClassifier("none", tmp_path / "none.onnx", Kind.IMAGE)
    with pytest.raises(BadConfig, match="takes no texts"):
        OnnxClassifier("image", image_model, Kind.TEXT)


def test_without_the_runtime_the_remedy_is_named(tmp_path, monkeypatch):
    def absent(name):
        raise ImportError(name)

    monkeypatch.setattr(module.importlib, "import_module", absent)
    with pytest.raises(NotReady) as told:
        OnnxClassifier("any", tmp_path / "any.onnx", Kind.TEXT)
    assert told.value.hint == "install the extra: pip install 'havenwall[classifiers]'"
