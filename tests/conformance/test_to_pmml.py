"""docs/coverage.md's part about PMML against the code: a part of the catalogue in CI, the whole with `-m slow`."""

import pytest

from tests.conformance.catalogue.case import Case
from tests.conformance.catalogue.listing import all_cases
from tests.conformance.to_pmml import judge, read

pytestmark = pytest.mark.java
IN_CI = frozenset(
    ("AdditiveChi2Sampler", "BernoulliNB", "CountVectorizer", "DecisionTreeClassifier", "HashingVectorizer",
     "KBinsDiscretizer", "LabelPropagation", "LinearSVC", "LogisticRegression", "MLPRegressor", "PLSRegression",
     "QuadraticDiscriminantAnalysis", "RandomForestClassifier", "Ridge", "SVC.probability", "StandardScaler",
     "TunedThresholdClassifierCV", "XGBClassifier")
)  # fmt: skip
"""One of each way in which documents are written, and of each way of refusing."""

GOOD = {"agrees", "refused", "noted"}


def parameters() -> list[object]:
    return [
        pytest.param(case, id=case.name, marks=() if case.name in IN_CI else pytest.mark.slow) for case in all_cases()
    ]


@pytest.mark.parametrize("case", parameters())
def test_a_row_of_the_page_is_what_the_code_does(case: Case) -> None:
    verdict = judge(case)
    assert verdict.jpmml == read()[case.name], verdict
    assert "DEFECT" not in verdict.why


def test_every_case_of_ci_is_one() -> None:
    assert {case.name for case in all_cases()} >= IN_CI


def test_the_page_has_every_case_and_no_other() -> None:
    assert set(read()) == {case.name for case in all_cases()}


def test_no_document_is_silently_wrong() -> None:
    wrong = {name: word for name, word in read().items() if word not in GOOD}
    assert not wrong


def test_the_page_reaches_its_targets() -> None:
    page = read()
    core = [page[case.name] for case in all_cases() if case.core]
    assert len(core) == 198
    assert sum(word in {"agrees", "noted"} for word in core) >= 170
    assert sum(word == "agrees" for word in core) >= 160
