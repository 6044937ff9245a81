"""Classifiers in the flow: signals, outages that lose nothing, settings."""

import numpy as np
import pytest

from havenwall.detect.classifiers import (
    Breaker,
    ClassifyStage,
    HttpClassifier,
    HttpOptions,
    Kind,
    Labelled,
    Plugged,
    Score,
    load_classifiers,
)
from havenwall.engine import Batch, Runner
from havenwall.errors import BadConfig, BadInput, SourceFailed

OPTIONS = HttpOptions(category="Harm", seconds=30, tries=1, at_once=2)
TEXTS = [f"text {number} {number % 7}" for number in range(140)]


def plug(server, **more):
    return Plugged(HttpClassifier("safety", server.address, Kind.TEXT, OPTIONS), **more)


def posts(frame, texts=TEXTS):
    return frame(*({"type": "post", "target": f"post:{n}", "text": t} for n, t in enumerate(texts)))


def sharp():
    rng = np.random.default_rng(1)
    scores = rng.choice(np.arange(7) / 6, 3000)
    return Labelled(scores, rng.random(3000) < np.where(scores > 0.9, 0.9, 0.02), "v1")


def test_calibrated_scores_become_signals(server, frame):
    stage = ClassifyStage([plug(server, labelled=sharp())])
    events = posts(frame)
    signals = stage.run(Batch(events=events)).signals
    assert {signal.evidence["post"] for signal in signals} == {f"post:{n}" for n in range(140) if n % 7 == 6}
    assert all(0.85 < signal.strength < 0.95 for signal in signals)
    assert {signal.detector for signal in signals} == {"classifier"}
    again = ClassifyStage([plug(server, labelled=sharp())]).run(Batch(events=events)).signals
    assert again == signals


def test_without_calibration_nothing_is_strong(server, frame):
    signals = ClassifyStage([plug(server)]).run(Batch(events=posts(frame))).signals
    assert {signal.strength for signal in signals} == {0.5}


def test_an_outage_loses_nothing_and_asks_nothing_twice(server, store, frame):
    stage = ClassifyStage([plug(server, breaker=Breaker(2, 0.0, 0.0))])
    store.journal.append_frame(posts(frame))
    server.script = [200] * 70 + [500]
    with pytest.raises(SourceFailed):
        Runner(store.streams, (stage,)).run()
    server.script, before = [200], len(server.sent)
    Runner(store.streams, (stage,)).run()
    assert len(server.sent) - before == 140 - 64
    counts = store.policy.signal_counts(["account:a"])["account:a"]
    assert counts == {"classifier": sum(n % 7 >= 3 for n in range(140))}


def test_what_failed_too_often_is_not_asked(server, frame):
    stage = ClassifyStage([plug(server, breaker=Breaker(1, 60.0))])
    server.script = [500]
    for _ in range(5):
        with pytest.raises(SourceFailed):
            stage.run(Batch(events=posts(frame, ["text"])))
    assert len(server.sent) == 1


def test_one_refused_text_stops_nobody(server, frame):
    server.script = [400, 200]
    signals = ClassifyStage([plug(server)]).run(Batch(events=posts(frame, ["a 6", "b 6"]))).signals
    assert len(signals) == 1


def test_the_same_text_is_asked_about_once(server, frame):
    ClassifyStage([plug(server)]).run(Batch(events=posts(frame, ["hello 5"] * 50)))
    assert len(server.sent) == 1


def test_settings_make_classifiers(text_model, server, tmp_path, frame):
    (tmp_path / "c.toml").write_text(f"""
[[classifier]]
name = "words"
kind = "text"
model = "{text_model.name}"

[[classifier]]
name = "safety"
kind = "text"
address = "{server.address}"
headers = {{"Api-Key" = "$SAFETY_KEY"}}
http = {{category = "Harm", tries = 1}}
""")
    words, safety = load_classifiers(tmp_path / "c.toml", {"SAFETY_KEY": "s3cret"})
    signals = ClassifyStage([words, safety]).run(Batch(events=posts(frame, ["bluewhistle"]))).signals
    assert [signal.evidence["classifier"] for signal in signals] == ["words"]
    assert server.headers[0]["Api-Key"] == "s3cret"


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ('name = "a"\nkind = "sound"', "kind"),
        ('name = "a"\nkind = "text"', "neither a model nor an address"),
        ('name = "a"\nkind = "text"\nthreshold = 0.8\nmodel = "m"', "without calibration"),
        ('name = "a"\nkind = "text"\nthreshold = 0', "threshold"),
        ('name = "a"\nkind = "text"\nlabelled = "none.csv"', "none.csv"),
        ('name = "a"\nkind = "text"\naddress = "http://x"\nhttp={category="c"}\nheaders={K="$NONE"}', "NONE"),
        ('name = "a"\nkind = "text"\nwrong = 1', "wrong"),
    ],
)
def test_what_is_wrong_in_the_settings_is_named(tmp_path, entry, told):
    (tmp_path / "c.toml").write_text(f"[[classifier]]\n{entry}\n")
    with pytest.raises((BadConfig, BadInput), match=told):
        load_classifiers(tmp_path / "c.toml", {})


def test_names_are_told_apart(tmp_path):
    entry = '[[classifier]]\nname = "a"\nkind = "text"\naddress = "http://x"\nhttp = {category = "c"}\n'
    (tmp_path / "c.toml").write_text(2 * entry)
    with pytest.raises(BadConfig, match="one name"):
        load_classifiers(tmp_path / "c.toml")


class Said:
    """Gives each text the score it says."""

    name, version, kind = "said", "1", Kind.TEXT

    def scores(self, inputs):
        return [Score(float(text.split()[0])) for text in inputs]


def test_shifted_scores_are_told_until_they_are_as_before(store, frame):
    rng = np.random.default_rng(2)
    usual = rng.random(3000)
    plugged = Plugged(Said(), labelled=Labelled(usual, rng.random(3000) < usual, "v1"))
    stage = ClassifyStage([plugged], store.ledger)

    def judged(scores):
        stage.run(Batch(events=posts(frame, [f"{score:.6f} text" for score in scores])))
        return [(each.what, "shifted" in each.message) for each in store.ledger.troubles()]

    assert judged(rng.random(400)) == []
    assert stage.drifts == {}
    assert judged(0.9 + 0.1 * rng.random(2000)) == [("classifier said", True)]
    assert stage.drifts["said"] > 0.25
    assert judged(0.9 + 0.1 * rng.random(10)) == [("classifier said", True)]
    assert judged(rng.random(2000)) == []
    assert 0 <= stage.drifts["said"] < 0.1
