import polars as pl

from havenwall.engine import Batch
from havenwall.network import NetworkStage, ScoreConfig

PROFILES = {
    "entity": pl.String(),
    "created": pl.Datetime("us", "UTC"),
    "minor": pl.Boolean(),
    "verified": pl.Boolean(),
    "reports": pl.Int64(),
    "signal": pl.Float64(),
}


class View:
    def __init__(self, graph, seeds, cleared=()):
        follows, named = graph.follows, graph.names.many
        self._links = pl.DataFrame(
            {"entity": named(follows.sources()), "target": named(follows.indices)}
        ).with_columns(link=pl.lit("follow"), weight=pl.lit(1.0))
        self._seeds, self._cleared = seeds, list(cleared)

    def links(self):
        return self._links

    def profiles(self):
        return pl.DataFrame(schema=PROFILES)

    def seeds(self):
        return self._seeds

    def cleared(self):
        return self._cleared


NOTICE = Batch(new=1)


def names(graph, rows):
    return graph.names.many(rows)


def test_risks_of_the_accounts_worth_looking_at(planted):
    graph, members = planted
    seeds, cleared = names(graph, members[:40]), names(graph, members[40:42])
    stage = NetworkStage(View(graph, seeds, cleared), ScoreConfig(margin=25))
    output = stage.run(NOTICE)
    (run,) = output.runs
    assert len(output.risks) == run.over_threshold + 25
    assert sum(risk.over_threshold for risk in output.risks) == run.over_threshold
    assert not {risk.entity for risk in output.risks} & {*seeds, *cleared}
    scores = [risk.score for risk in output.risks]
    assert scores == sorted(scores, reverse=True)
    assert all(share.seed in seeds for risk in output.risks for share in risk.seeds)
    assert output.risks[0].seeds


def test_risks_are_named_after_their_run(planted):
    graph, members = planted
    output = NetworkStage(View(graph, names(graph, members[:40]))).run(NOTICE)
    (run,) = output.runs
    assert all(risk.id == f"{run.id}:{risk.entity}" and risk.run_id == run.id for risk in output.risks)


def test_nothing_without_seeds_or_records(planted):
    graph, members = planted
    assert not NetworkStage(View(graph, [])).run(NOTICE).runs
    assert not NetworkStage(View(graph, ["account:unheard-of"])).run(NOTICE).runs
    assert not NetworkStage(View(graph, names(graph, members))).run(Batch()).runs
