"""The `platform:` part of a plan: every wrong field is named, every right one opens an adapter."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from implicit.als import AlternatingLeastSquares
from implicit.bpr import BayesianPersonalizedRanking
from implicit.lmf import LogisticMatrixFactorization
from implicit.nearest_neighbours import BM25Recommender, CosineRecommender, TFIDFRecommender
from scipy.sparse import csr_array, csr_matrix, save_npz
from tests.unit.audit.adapters.platforms import IDS, ROOT, example, fitted, follows, friends, serving

from havenwall.app.platforms import sandbox_platform
from havenwall.audit.adapter import Act, ActKind, Adapter, Ask, AuditSurface, Profile
from havenwall.audit.adapters.implicit import implicit_adapter
from havenwall.audit.adapters.load import opened
from havenwall.audit.adapters.spec import SandboxSpec, read_platform
from havenwall.errors import BadInput, HavenwallError, SourceFailed
from havenwall.sandbox import RECOMMENDERS

PAGE = ROOT / "docs" / "how-to" / "audit-your-recommender.md"


def shown(adapter: Adapter, *targets: str) -> list[str]:
    adapter.reset(1)
    (account,) = adapter.create_accounts([Profile(name="test-1")])
    adapter.act([Act(account=account, kind=ActKind.FOLLOW, target=target) for target in targets])
    return adapter.recommend([Ask(account=account, surface=AuditSurface.ACCOUNTS, k=5)])[0]


def ask(folder: Path, raw: object, *targets: str) -> list[str]:
    with opened(read_platform(raw), folder, sandbox_platform) as adapter:
        return shown(adapter, *(targets or IDS[:3]))


def save(folder: Path, model: object) -> dict[str, object]:
    fitted(model).save(str(folder / "model.npz"))  # type: ignore[attr-defined]
    save_npz(folder / "follows.npz", csr_matrix(follows()))
    (folder / "ids.txt").write_text("\n".join(IDS) + "\n", encoding="utf-8")
    files = {"model": "model.npz", "ids": "ids.txt", "follows": "follows.npz"}
    return {"adapter": "implicit"} | files


def als() -> object:
    return AlternatingLeastSquares(factors=8, iterations=2, random_state=1, num_threads=1)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (None, "platform: Expected `object`, got `null`"),
        ([], "platform: Expected `object`, got `array`"),
        ({}, "platform.adapter: is missing"),
        ({"adapter": "telepathy"}, "platform.adapter: Invalid value 'telepathy'"),
        ({"adapter": "http"}, "platform.url: is missing"),
        ({"adapter": "http", "url": ""}, "platform.url: Expected `str` of length >= 1"),
        (
            {"adapter": "http", "url": "https://a", "colour": "red"},
            "platform.colour: is no field of this adapter",
        ),
        ({"adapter": "http", "url": "https://a", "timeout": 0}, "platform.timeout: Expected `float` > 0.0"),
        ({"adapter": "http", "url": "https://a", "tries": 0}, "platform.tries: Expected `int` >= 1"),
        (
            {"adapter": "http", "url": "https://a", "token_env": "a b"},
            "platform.token_env: Expected `str` matching",
        ),
        ({"adapter": "command", "command": "ls"}, "platform.command: Expected `array`, got `str`"),
        ({"adapter": "command", "command": []}, "platform.command: Expected `array` of length >= 1"),
        ({"adapter": "command", "command": ["a", ""]}, "platform.command[1]: Expected `str` of length >= 1"),
        ({"adapter": "sandbox", "accounts": 10}, "platform.accounts: Expected `int` >= 400"),
        ({"adapter": "lenskit", "python": "no function"}, "platform.python: Expected `str` matching"),
        ({"adapter": "implicit", "model": "m", "ids": "i"}, "platform.follows: is missing"),
    ],
)
def test_a_wrong_field_is_named(raw: object, message: str) -> None:
    with pytest.raises(BadInput) as found:
        read_platform(raw)
    assert found.value.message.startswith(message)


def test_a_token_does_not_belong_in_a_plan() -> None:
    with pytest.raises(BadInput, match=r"platform\.token: ") as found:
        read_platform({"adapter": "http", "url": "https://a", "token": "quiet-orchard"})
    assert found.value.hint is not None
    assert "token_env" in found.value.hint
    assert "quiet-orchard" not in str(found.value)


@settings(max_examples=50)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["adapter", "url", "command", "kind", ""]), inner)
        ),
    )
    | st.builds(
        lambda adapter, rest: {"adapter": adapter, **rest},
        st.sampled_from(["sandbox", "implicit", "lenskit", "rectools", "http", "command"]),
        st.dictionaries(
            st.sampled_from(["url", "python", "model", "seed", "command"]), st.text() | st.integers()
        ),
    )
)
def test_whatever_a_plan_says_it_is_read_or_refused(raw: object) -> None:
    try:
        read_platform(raw)
    except BadInput as problem:
        found = problem.field
    else:
        found = "platform"
    assert (found or "").startswith("platform")


def test_numbers_may_be_text() -> None:
    assert read_platform({"adapter": "sandbox", "accounts": "400"}) == SandboxSpec(accounts=400)


def test_a_sandbox_of_each_kind(tmp_path: Path) -> None:
    assert set(get_args(SandboxSpec.__annotations__["recommender"]) or RECOMMENDERS) == set(RECOMMENDERS)
    for name in RECOMMENDERS:
        raw = {"adapter": "sandbox", "recommender": name, "accounts": 400}
        assert len(ask(tmp_path, raw, "account:10000048", "account:10000099")) == 5


def test_a_saved_model_answers_like_the_one_in_memory(tmp_path: Path) -> None:
    model = als()
    raw = save(tmp_path, model)
    assert ask(tmp_path, raw) == shown(implicit_adapter(model, IDS, follows()), *IDS[:3])


def test_item_item_models_are_told_by_their_file(tmp_path: Path) -> None:
    for kind in (CosineRecommender, TFIDFRecommender, BM25Recommender):
        model = kind(K=20, num_threads=1)
        raw = save(tmp_path, model)
        assert ask(tmp_path, raw) == shown(implicit_adapter(model, IDS, follows()), *IDS[:3])


@pytest.mark.parametrize("kind", [BayesianPersonalizedRanking, LogisticMatrixFactorization])
def test_a_model_that_cannot_fold_in_says_so(tmp_path: Path, kind: type) -> None:
    raw = save(tmp_path, kind(factors=4, iterations=1, random_state=1, num_threads=1))
    with pytest.raises(BadInput, match=f"{kind.__name__} ranks only for people it was trained on") as found:
        ask(tmp_path, raw)
    assert found.value.hint


def test_files_that_do_not_fit_are_named(tmp_path: Path) -> None:
    raw = save(tmp_path, als())
    for field in ("model", "ids", "follows"):
        with pytest.raises(BadInput, match=f"platform.{field}: .*none cannot be read"):
            ask(tmp_path, raw | {field: "none"})
    with pytest.raises(BadInput, match=r"platform\.model: "):
        ask(tmp_path, raw | {"model": "ids.txt"})
    with pytest.raises(BadInput, match=r"platform\.model: "):
        ask(tmp_path, raw | {"model": "follows.npz"})
    (tmp_path / "ids.txt").write_text("\n".join(IDS[:-1]), encoding="utf-8")
    with pytest.raises(BadInput, match="ids: 199 ids, 200 columns"):
        ask(tmp_path, raw)
    (tmp_path / "ids.txt").write_text("\n".join([*IDS[:-1], IDS[0]]), encoding="utf-8")
    with pytest.raises(BadInput, match="ids: an id comes twice"):
        ask(tmp_path, raw)


def test_a_model_of_other_data_is_refused() -> None:
    with pytest.raises(BadInput, match="knows 200 accounts, there are 3 ids"):
        implicit_adapter(fitted(als()), IDS[:3], csr_array((5, 3)))
    with pytest.raises(BadInput, match="not fitted"):
        implicit_adapter(als(), IDS, follows())


def test_a_follow_weighs_what_it_weighed_in_training() -> None:
    heavy = follows() * np.float32(40)
    model = als()
    light = shown(implicit_adapter(fitted(model), IDS, follows()), *IDS[:30:10])
    assert light != shown(implicit_adapter(model, IDS, heavy), *IDS[:30:10])


def test_over_http(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIT_TOKEN", "quiet-orchard")
    with serving(friends(), token="quiet-orchard") as url:
        raw = {"adapter": "http", "url": url, "token_env": "AUDIT_TOKEN", "name": "staging"}
        assert ask(tmp_path, raw) == shown(friends(), *IDS[:3])


def test_over_a_command(tmp_path: Path) -> None:
    raw = {"adapter": "command", "command": example(tmp_path)}
    with opened(read_platform(raw), tmp_path, sandbox_platform) as adapter:
        assert len(shown(adapter, *IDS[:3])) == 5
    with pytest.raises(SourceFailed, match="has ended"):
        adapter.reset(1)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("def platform(): return 3", "platform.py:platform gave int"),
        ("def platform(): return 1, 2, 3", "gave tuple"),
        ("def platform(): raise ValueError('no data here')", "ValueError: no data here"),
        ("x = ", "SyntaxError"),
        ("", "AttributeError: .*platform"),
    ],
)
def test_a_function_that_fails_is_named(tmp_path: Path, code: str, message: str) -> None:
    (tmp_path / "platform.py").write_text(code, encoding="utf-8")
    for adapter in ("lenskit", "rectools"):
        with pytest.raises(BadInput, match=f"platform.python: .*{message}") as found:
            ask(tmp_path, {"adapter": adapter, "python": "platform.py:platform"})
        assert found.value.hint


def test_a_module_may_be_named_too(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no_such_module"):
        ask(tmp_path, {"adapter": "lenskit", "python": "no_such_module:platform"})
    with pytest.raises(BadInput, match="platform:python_version gave str"):
        ask(tmp_path, {"adapter": "lenskit", "python": "platform:python_version"})


@pytest.mark.parametrize("library", ["lenskit", "rectools"])
def test_a_missing_library_is_named(tmp_path: Path, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [library, *(name for name in sys.modules if name.startswith(f"{library}."))]:
        monkeypatch.setitem(sys.modules, name, None)
    (tmp_path / "made.py").write_text("def platform():\n    return object(), []\n", encoding="utf-8")
    # RecTools is asked for the ids first, LensKit for its own parts: both say what to install.
    with pytest.raises(HavenwallError, match="cannot be imported") as found:
        ask(tmp_path, {"adapter": library, "python": "made.py:platform"})
    assert found.value.hint is not None
    assert library in found.value.hint


@pytest.mark.parametrize("library", ["lenskit", "rectools"])
def test_the_documented_function_works(tmp_path: Path, library: str) -> None:
    pytest.importorskip(library, reason=f"{library} is not installed, nor on PYTHONPATH")
    for name in (f"{library}_platform.py", f"{library}.yaml"):
        fence = re.search(rf"^```\w+ {re.escape(name)}\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S)
        assert fence
        (tmp_path / name).write_text(fence[1], encoding="utf-8")
    import yaml

    raw = yaml.safe_load((tmp_path / f"{library}.yaml").read_text(encoding="utf-8"))["platform"]
    assert len(ask(tmp_path, raw)) == 5
