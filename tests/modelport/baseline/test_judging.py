"""A known difference passes; whatever is new about it fails: more rows, further, another output, place or file."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from modelport.baseline import About, Baseline, Entry, judge, update_with
from modelport.baseline.judging import digest_of
from modelport.errors import UsageError
from modelport.parity import ParityReport
from modelport.parity.failures import Failure, FailureKind
from modelport.parity.settings import Settings

Pair = Callable[..., ParityReport]


@pytest.fixture
def report(pair: Pair) -> ParityReport:
    return pair()


@pytest.fixture
def entry(report: ParityReport, about: About) -> Entry:
    (found,) = update_with(Baseline(), report, about).entries
    return found


def test_an_entry_says_what_differs_where_and_how_much(entry: Entry) -> None:
    assert entry.name == (
        "",
        "reference.onnx in onnxruntime",
        "candidate.onnx in onnxruntime",
        "prediction",
        "data",
        "number",
    )
    assert (entry.rows, entry.max_abs, entry.places) == (4, 0.25, "16-19")


def test_what_is_known_and_no_larger_is_accepted(report: ParityReport, entry: Entry, about: About) -> None:
    judged, stale = judge(report, Baseline((entry,)), about)
    assert judged.passed
    assert judged.exit_code == 0
    assert [failure.kind for failure in judged.accepted] == [FailureKind.NUMBER]
    assert stale == ()
    assert "Nothing new" in judged.sentence()
    assert "baseline accepts" in judged.sentence()


GROWN = {
    "fewer rows were accepted": ({"rows": 3}, "accepts 3 rows"),
    "nearer ones were accepted": ({"max_abs": 0.2}, "accepts 0.2"),
    "relatively nearer ones were accepted": ({"max_rel": 1e-3}, "accepts 0.001 relative"),
    "other rows were accepted": ({"places": "0-3"}, "on other rows"),
    "a part of the rows was accepted": ({"places": "16-18,2"}, "on other rows"),
    "another reference was accepted": ({"reference_sha256": "0" * 64}, "another reference file"),
    "another candidate was accepted": ({"candidate_sha256": "0" * 64}, "another candidate file"),
    "other data were accepted": ({"data_sha256": None}, "other data"),
    "other settings were accepted": ({"settings": "0" * 16}, "other settings"),
}


@pytest.mark.parametrize("case", GROWN)
def test_what_is_more_than_was_accepted_fails(case: str, report: ParityReport, entry: Entry, about: About) -> None:
    changes, told = GROWN[case]
    judged, _ = judge(report, Baseline((replace(entry, **changes),)), about)  # type: ignore[arg-type]
    assert not judged.passed
    assert judged.exit_code == 1
    assert judged.accepted == ()
    (failure,) = judged.failures
    assert told in failure.what
    assert "--update-baseline" in (failure.hint or "")


ELSEWHERE: dict[str, dict[str, Any]] = {
    "another output": {"output": "probability(a)"},
    "another kind of rows": {"stratum": "boundary"},
    "another kind of difference": {"kind": "nan-one-side"},
    "another candidate": {"candidate": "candidate.pmml in jpmml"},
    "another reference": {"reference": "other.onnx in onnxruntime"},
    "another model of the project": {"model": "churn"},
}


@pytest.mark.parametrize("case", ELSEWHERE)
def test_what_was_accepted_elsewhere_is_new_here(case: str, report: ParityReport, entry: Entry, about: About) -> None:
    judged, _ = judge(report, Baseline((replace(entry, **ELSEWHERE[case]),)), about)
    assert judged.failures == report.failures
    assert judged.accepted == ()


def test_a_smaller_difference_in_the_same_place_is_accepted(report: ParityReport, entry: Entry, about: About) -> None:
    larger = replace(entry, rows=10, max_abs=1.0, max_rel=1.0, places="10-19")
    assert judge(report, Baseline((larger,)), about)[0].passed


def test_a_new_difference_does_not_hide_behind_a_known_one(report: ParityReport, entry: Entry, about: About) -> None:
    new = Failure(FailureKind.OUTPUT_ABSENT, "the output is gone", entry.candidate, column="prediction")
    judged, _ = judge(replace(report, failures=(*report.failures, new)), Baseline((entry,)), about)
    assert judged.failures == (new,)
    assert len(judged.accepted) == 1
    assert judged.exit_code == 1


@pytest.mark.parametrize("kind", sorted(set(FailureKind) - {"label", "near-tie", "number", "rank"}))
def test_what_makes_a_comparison_vacuous_cannot_be_accepted(kind: FailureKind, pair: Pair, about: About) -> None:
    failure = Failure(kind, "said", "candidate.onnx in onnxruntime", "data", "prediction", 1)
    report = replace(pair(), failures=(failure,))
    entries = update_with(Baseline(), report, about).entries
    assert bool(entries) == (kind in {FailureKind.NAN_ONE_SIDE, FailureKind.NULL_ONE_SIDE})


def test_an_entry_that_nothing_answers_to_is_stale(pair: Pair, entry: Entry, about: About) -> None:
    judged, stale = judge(pair(step=0.0), Baseline((entry,)), about)
    assert judged.passed
    assert judged.accepted == ()
    assert stale == ("prediction of candidate.onnx in onnxruntime on data rows (number) no longer differs",)


def test_what_was_not_looked_at_is_not_stale(pair: Pair, entry: Entry) -> None:
    report = pair(step=0.0, rows=None, strata=("random",))
    assert judge(report, Baseline((entry,)), About())[1] == ()


def test_a_candidate_that_a_project_no_longer_has_is_stale(pair: Pair, entry: Entry, about: About) -> None:
    gone = replace(entry, model="churn", candidate="churn.pmml in jpmml")
    _, stale = judge(pair(step=0.0), Baseline((gone,)), About("churn", about.data_sha256))
    assert stale == ("prediction of churn.pmml in jpmml on data rows (number) is no longer compared",)


def test_only_settings_that_matter_are_part_of_what_was_accepted() -> None:
    assert digest_of(Settings(timeout=5.0, shrink=False, batch_rows=7)) == digest_of(Settings())
    for change in ({"rows": 9}, {"seed": 1}, {"atol": 1e-6}, {"strata": ("data",)}, {"near_ties": False}):
        assert digest_of(Settings(**change)) != digest_of(Settings())  # type: ignore[arg-type]


def test_live_models_have_no_baseline(pair: Pair, about: About) -> None:
    report = pair()
    live = replace(report, subjects=tuple(replace(subject, sha256=None) for subject in report.subjects))
    with pytest.raises(UsageError, match="this model has none"):
        judge(live, Baseline(), about)
