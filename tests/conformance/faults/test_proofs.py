"""Our findings against leafparity's proofs: where it proves two models equal we find nothing, where not we find it."""

import warnings
from typing import Any

import numpy as np
import pytest

from modelport.artifacts import artifact
from modelport.parity import Settings, compare
from modelport.parity.proof import Verdict, proofs_of
from modelport.signature import Signature, matrix_inputs

pytest.importorskip("leafparity")

KINDS = {"tree": 5, "forest": 5, "extra trees": 5, "xgboost classifier": 8, "xgboost regressor": 8}
CASES = [(kind, seed) for kind, seeds in KINDS.items() for seed in range(seeds)]


def model(kind: str, seed: int) -> Any:
    from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
    from sklearn.tree import DecisionTreeClassifier
    from xgboost import XGBClassifier, XGBRegressor

    made = {
        "tree": lambda: DecisionTreeClassifier(max_depth=4, random_state=seed),
        "forest": lambda: RandomForestClassifier(5, max_depth=4, random_state=seed),
        "extra trees": lambda: ExtraTreesClassifier(5, max_depth=4, random_state=seed),
        "xgboost classifier": lambda: XGBClassifier(n_estimators=5, max_depth=3, n_jobs=1),
        "xgboost regressor": lambda: XGBRegressor(n_estimators=5, max_depth=3, n_jobs=1),
    }[kind]()
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(200, 4))
    return made.fit(x, x[:, 0] * x[:, 1] if "regressor" in kind else (x[:, 0] > x[:, 1]).astype(int))


def converted(kind: str, fitted: Any) -> Any:
    """The usual converter's float32 graph: it rounds the thresholds of scikit-learn, XGBoost's are float32 already."""
    from onnxmltools import convert_xgboost
    from onnxmltools.convert.common.data_types import FloatTensorType
    from skl2onnx import to_onnx

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if kind.startswith("xgboost"):
            return convert_xgboost(fitted, initial_types=[("X", FloatTensorType([None, 4]))], target_opset=15)
        return to_onnx(fitted, np.zeros((1, 4), np.float32), options={"zipmap": False})


@pytest.mark.parametrize(("kind", "seed"), CASES)
def test_we_agree_with_the_proof(kind: str, seed: int) -> None:
    fitted = model(kind, seed)
    pair = artifact(fitted), artifact(converted(kind, fitted))
    settings = Settings(
        rows=2000,
        runtimes=("scikit-learn", "onnxruntime"),
        atol=1e-5,
        rtol=1e-5,
        proof=False,
        shrink=False,
        strata=("random", "boundary"),
    )
    signature = Signature(matrix_inputs(4, nullable=True))
    report = compare(pair, signature=signature, settings=settings)
    (proof,) = proofs_of(pair, signature)
    assert proof.verdict is (Verdict.EQUIVALENT if kind.startswith("xgboost") else Verdict.DIFFERENT), proof.what
    assert report.passed is (proof.verdict is Verdict.EQUIVALENT), f"{proof}\n{report}"


def test_there_are_pairs_of_both_kinds() -> None:
    assert len(CASES) >= 30


def test_the_report_carries_the_proof_and_its_witness_decides() -> None:
    fitted = model("tree", 0)
    pair = artifact(fitted), artifact(converted("tree", fitted))
    signature = Signature(matrix_inputs(4, nullable=True))
    settings = Settings(rows=100, runtimes=("scikit-learn", "onnxruntime"), strata=("boundary",), boundary_rows=1)
    report = compare(pair, signature=signature, settings=settings)
    assert [proof.verdict for proof in report.proofs] == [Verdict.DIFFERENT]
    assert report.official[0].strata[0].different > 0
    assert type(report).from_json(report.to_json()) == report
