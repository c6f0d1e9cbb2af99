"""The engine as a whole: it agrees where models agree, and each way to pass vacuously is a failure of its own."""

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from parity_fakes import (
    FAKE,
    FakeModel,
    classifier,
    columns,
    fake_runtime,
    logistic,
    plus,
    refuses,
    regression,
)

from modelport.artifacts import Artifact
from modelport.errors import CannotConvert, DataError, InputError, MissingExtra, RuntimeFailed, UsageError
from modelport.parity import Settings, compare
from modelport.parity.failures import FailureKind as Kind
from modelport.signature import Column, Signature, Task, classifier_outputs, matrix_inputs, regression_outputs


def kinds(report: Any) -> set[Kind]:
    return {failure.kind for failure in report.failures}


def rows(count: int = 100) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    return {"x0": rng.normal(size=count), "x1": rng.normal(size=count)}


def test_equal_models_agree_and_the_report_says_on_what(verify: Any) -> None:
    report = verify(regression(plus), regression(plus), rows=rows())
    assert report.passed
    assert report.exit_code == 0
    assert report.strata[0] == "data"
    assert "random" in report.strata
    assert report.columns == ("prediction",)
    assert report.official[0].strata[0].rows == 100
    assert report.failures == ()


@pytest.mark.parametrize(("away", "holds"), [(1e-6, True), (1e-3, False)])
def test_a_runtime_known_to_round_is_held_to_float32_and_a_note_says_so(
    verify: Any, world: Any, away: float, holds: bool
) -> None:
    world["rough"] = fake_runtime(
        "rough", lambda model: replace(model, score=lambda batch: [plus(batch)[0] + away]), rounds=lambda _: "it rounds"
    )
    report = verify(regression(plus), regression(plus), rows=rows(), strata=("data",))
    assert report.passed is holds
    assert [note for note in report.notes if "it rounds" in note and "1e-05" in note]
    if not holds:
        assert {failure.subject for failure in report.failures} == {
            subject.name for subject in report.subjects if subject.runtime == "rough"
        }
    del world["rough"]
    assert not any("it rounds" in note for note in verify(regression(plus), regression(plus), rows=rows()).notes)


def test_a_tolerance_that_was_asked_for_holds_for_a_rounding_runtime_too(verify: Any, world: Any) -> None:
    world["rough"] = fake_runtime(
        "rough", lambda model: replace(model, score=lambda batch: [plus(batch)[0] + 1e-6]), rounds=lambda _: "it rounds"
    )
    report = verify(regression(plus), regression(plus), rows=rows(), strata=("data",), atol=1e-8)
    assert not report.passed


def test_a_number_beyond_the_tolerance_fails_with_its_row(verify: Any) -> None:
    def off(batch: pa.RecordBatch) -> Any:
        (values,) = plus(batch)
        return [np.where(columns(batch)[0] == 7.0, values + 1e-6, values)]

    data = rows() | {"x0": np.arange(100.0)}
    report = verify(regression(plus), regression(off), rows=data, strata=("data",))
    (failure,) = report.failures
    assert (failure.kind, failure.column, failure.count) == (Kind.NUMBER, "prediction", 1)
    stratum = report.official[0].strata[0]
    assert stratum.different == 1
    assert stratum.witnesses[0].row == 7
    assert stratum.witnesses[0].inputs["x0"] == 7.0
    assert stratum.columns[0].max_abs == pytest.approx(1e-6)
    assert report.exit_code == 1


def test_a_distance_within_the_tolerance_passes_and_is_reported(verify: Any) -> None:
    report = verify(regression(plus), regression(lambda b: [plus(b)[0] + 1e-12]), rows=rows(), strata=("data",))
    assert report.passed
    assert report.official[0].strata[0].columns[0].max_abs == pytest.approx(1e-12, rel=0.01)


def test_another_label_fails(verify: Any) -> None:
    report = verify(classifier(logistic()), classifier(logistic(bias=0.5)), rows=rows())
    assert {Kind.LABEL, Kind.NUMBER} <= kinds(report)


def test_data_without_rows_fails(verify: Any) -> None:
    empty = {"x0": pa.array([], pa.float64()), "x1": pa.array([], pa.float64())}
    report = verify(regression(plus), regression(plus), rows=empty)
    assert kinds(report) == {Kind.NO_ROWS}
    assert not report.passed


def test_rows_that_the_reference_refuses_are_not_compared(verify: Any) -> None:
    fussy = refuses(lambda b: columns(b)[0] > 0, plus)
    report = verify(regression(fussy), regression(plus), rows=rows(), strata=("data",))
    stratum = report.official[0].strata[0]
    positive = int((rows()["x0"] > 0).sum())
    assert (stratum.rows, stratum.refused_by_reference) == (100 - positive, positive)
    assert report.passed
    assert any("refuses" in note for note in report.notes)


def test_a_reference_that_refuses_every_row_proves_nothing(verify: Any) -> None:
    report = verify(regression(refuses(lambda b: True, plus)), regression(plus), rows=rows())
    assert Kind.NO_ROWS in kinds(report)
    assert not report.passed


def test_a_candidate_that_refuses_rows_fails(verify: Any) -> None:
    fussy = refuses(lambda b: columns(b)[0] > 1.5, plus)
    report = verify(regression(plus), regression(fussy), rows=rows(), strata=("data",))
    (failure,) = report.failures
    assert failure.kind is Kind.REFUSED
    assert failure.count == int((rows()["x0"] > 1.5).sum())


def test_rows_that_both_refuse_agree(verify: Any) -> None:
    fussy = refuses(lambda b: columns(b)[0] > 0, plus)
    report = verify(regression(fussy), regression(fussy), rows=rows(), strata=("data",), strict=True)
    stratum = report.official[0].strata[0]
    positive = int((rows()["x0"] > 0).sum())
    assert (stratum.refused_by_reference, stratum.refused_by_both, stratum.different) == (positive, positive, 0)
    assert report.passed
    assert any("both refuse" in note for note in report.notes)


@pytest.mark.parametrize("strata", ["data", "special"])
def test_rows_that_only_the_reference_refuses_fail_if_it_is_strict(verify: Any, strata: str) -> None:
    fussy = refuses(lambda b: ~(columns(b)[0] <= 0), plus)
    chosen: dict[str, Any] = {"rows": rows(), "strata": (strata,)}
    lenient = verify(regression(fussy), regression(plus), **chosen)
    assert lenient.passed
    strict = verify(regression(fussy), regression(plus), strict=True, **chosen)
    (failure,) = strict.failures
    alone = lenient.official[0].strata[0].refused_by_reference
    assert (failure.kind, failure.count) == (Kind.REFUSED, alone)
    assert strict.official[0].strata[0].different == alone > 0


def test_a_plain_refusal_of_special_values_fails_if_it_is_strict(verify: Any) -> None:
    fussy = refuses(lambda b: ~np.isfinite(columns(b)[0]), plus)
    report = verify(regression(plus), regression(fussy), strata=("special",), strict=True)
    assert kinds(report) == {Kind.REFUSED}


def test_a_mixture_of_refusals_is_counted_each_for_itself(verify: Any) -> None:
    data = {"x0": np.array([-2.0, -1.0, 0.0, 1.0, 2.0]), "x1": np.zeros(5)}
    first, second = refuses(lambda b: columns(b)[0] > 0, plus), refuses(lambda b: np.abs(columns(b)[0]) > 1, plus)
    report = verify(regression(first), regression(second), rows=data, strata=("data",))
    stratum = report.official[0].strata[0]
    told = stratum.refused_by_reference, stratum.refused_by_candidate, stratum.refused_by_both
    assert told == (2, 1, 1)
    assert report.failures[0].count == 1


def test_a_plain_refusal_of_special_values_is_counted_and_let_through(verify: Any) -> None:
    fussy = refuses(lambda b: ~np.isfinite(columns(b)[0]), plus)
    report = verify(regression(plus), regression(fussy), strata=("special",))
    assert report.passed
    assert report.official[0].strata[0].refused_by_candidate > 0


def test_a_crash_on_special_values_is_not_let_through(verify: Any) -> None:
    crash = refuses(lambda b: ~np.isfinite(columns(b)[0]), plus, ZeroDivisionError("boom"))
    report = verify(regression(plus), regression(crash), strata=("special",))
    assert kinds(report) == {Kind.REFUSED}
    assert "boom" in report.failures[0].what


def test_a_row_too_few_fails(verify: Any) -> None:
    report = verify(regression(plus), regression(lambda b: [plus(b)[0][1:]]), rows=rows())
    assert Kind.ROW_COUNT in kinds(report)
    assert not report.passed


def test_a_reference_with_a_row_too_few_fails(verify: Any) -> None:
    report = verify(regression(lambda b: [plus(b)[0][1:]]), regression(plus), rows=rows())
    assert Kind.ROW_COUNT in kinds(report)
    assert not report.passed


@pytest.mark.parametrize("side", [0, 1])
def test_an_output_on_one_side_only_fails(verify: Any, side: int) -> None:
    wide = classifier(logistic())
    narrow = FakeModel(
        Signature(matrix_inputs(2), classifier_outputs(("no", "yes"), None), Task.CLASSIFICATION),
        lambda b: logistic()(b)[:1],
    )
    pair = (wide, narrow) if side else (narrow, wide)
    report = verify(*pair, rows=rows())
    absent = report.of_kind(Kind.OUTPUT_ABSENT)
    assert [failure.column for failure in absent] == ["probability(no)", "probability(yes)"]
    ignored = verify(*pair, rows=rows(), ignore_outputs=("probability(no)", "probability(yes)"))
    assert ignored.passed


def test_an_output_that_is_promised_and_not_given_fails(verify: Any) -> None:
    report = verify(classifier(logistic()), classifier(lambda b: logistic()(b)[:2]), rows=rows())
    assert [f.column for f in report.of_kind(Kind.OUTPUT_ABSENT)] == ["probability(yes)"]


def test_no_outputs_at_all_fail(verify: Any) -> None:
    mute = FakeModel(Signature(matrix_inputs(2)), lambda b: pa.RecordBatch.from_pylist([{}] * b.num_rows))
    report = verify(mute, mute, rows=rows())
    assert not report.passed
    assert Kind.NO_OUTPUTS in kinds(report)


def test_outputs_that_are_all_ignored_fail(verify: Any) -> None:
    report = verify(regression(plus), regression(plus), rows=rows(), ignore_outputs=("prediction",))
    assert not report.passed


@pytest.mark.parametrize(("first", "second", "fails"), [(0, 1, True), (1, 0, True), (1, 1, False)])
def test_nan_on_one_side_fails_and_on_both_agrees(verify: Any, first: int, second: int, fails: bool) -> None:
    def holey(batch: pa.RecordBatch) -> Any:
        return [np.where(columns(batch)[0] > 0, np.nan, plus(batch)[0])]

    models = [regression(holey if hole else plus) for hole in (first, second)]
    report = verify(*models, rows=rows(), strata=("data",))
    assert kinds(report) == ({Kind.NAN_ONE_SIDE} if fails else set())
    if fails:
        assert report.failures[0].count == int((rows()["x0"] > 0).sum())


@pytest.mark.parametrize(("first", "second", "fails"), [(0, 1, True), (1, 0, True), (1, 1, False)])
def test_a_missing_label_on_one_side_fails(verify: Any, first: int, second: int, fails: bool) -> None:
    def holey(batch: pa.RecordBatch) -> Any:
        label, *scores = logistic()(batch)
        return [pa.array(label, pa.string(), mask=columns(batch)[0] > 0), *scores]

    models = [classifier(holey if hole else logistic()) for hole in (first, second)]
    report = verify(*models, rows=rows(), strata=("data",))
    assert kinds(report) == ({Kind.NULL_ONE_SIDE} if fails else set())


def test_one_artifact_alone_proves_nothing(verify: Any) -> None:
    report = verify(regression(plus), rows=rows())
    assert kinds(report) == {Kind.NO_CANDIDATE}
    assert not report.passed


def test_one_artifact_in_two_runtimes_is_compared(verify: Any, world: Any) -> None:
    world["second"] = fake_runtime("second")
    report = verify(regression(plus), rows=rows())
    assert report.passed
    assert [subject.runtime for subject in report.subjects] == ["faker", "second"]


def test_an_artifact_that_no_installed_runtime_opens_fails(verify: Any, world: Any) -> None:
    world["faker"] = fake_runtime(requires=("a_module_that_is_not_there",), extra="some")
    report = verify(regression(plus), regression(plus), rows=rows())
    assert kinds(report) == {Kind.NO_RUNTIME}
    assert "modelport[some]" in (report.failures[0].hint or "")


def test_a_runtime_asked_for_and_absent_fails_with_its_own_exit_code(verify: Any, world: Any) -> None:
    world["absent"] = fake_runtime("absent", requires=("a_module_that_is_not_there",), extra="some")
    report = verify(regression(plus), regression(plus), rows=rows(), runtimes=("faker", "absent"))
    assert kinds(report) == {Kind.RUNTIME_ABSENT}
    assert report.exit_code == 6
    assert 'pip install "modelport[some]"' in (report.failures[0].hint or "")


def test_a_runtime_that_merely_is_not_installed_is_listed_and_does_not_fail(verify: Any, world: Any) -> None:
    world["absent"] = fake_runtime("absent", requires=("a_module_that_is_not_there",), extra="some")
    report = verify(regression(plus), regression(plus), rows=rows())
    assert report.passed
    assert [(m.runtime, m.command) for m in report.missing] == [("absent", 'pip install "modelport[some]"')]


def test_a_runtime_that_nobody_knows_or_that_opens_nothing_fails(verify: Any, world: Any) -> None:
    world["other"] = fake_runtime("other", formats=("something",))
    report = verify(regression(plus), regression(plus), rows=rows(), runtimes=("faker", "other", "nobody"))
    assert kinds(report) == {Kind.RUNTIME_ABSENT, Kind.RUNTIME_UNUSED}


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (RuntimeFailed("an operator is unknown"), Kind.RUNTIME_FAILED),
        (ValueError("broken"), Kind.RUNTIME_FAILED),
        (MissingExtra("no java"), Kind.RUNTIME_ABSENT),
    ],
)
def test_a_candidate_that_does_not_open_fails(verify: Any, error: Exception, kind: Kind) -> None:
    report = verify(regression(plus), regression(plus, open_error=error), rows=rows())
    assert kind in kinds(report)
    assert not report.passed


def declining(name: str, **more: Any) -> Any:
    error = CannotConvert("the element <TimeSeriesModel> has no exact form", hint="use another runtime")
    return fake_runtime(name, lambda model: replace(model, open_error=error), **more)


def test_a_runtime_that_does_not_do_a_file_is_listed_as_not_run_if_another_one_opens_it(
    verify: Any, world: Any
) -> None:
    world["modest"] = declining("modest")
    report = verify(regression(plus), regression(plus), rows=rows())
    assert report.passed
    assert {(m.runtime, m.command) for m in report.missing} == {("modest", "")}
    assert report.missing[0].why == "does not do FakeModel: the element <TimeSeriesModel> has no exact form"
    assert type(report).from_json(report.to_json()) == report


def test_a_home_runtime_that_does_not_do_the_reference_leaves_it_to_the_next(verify: Any, world: Any) -> None:
    known = dict(world)
    world.clear()
    world.update(modest=declining("modest"), **known)
    report = verify(regression(plus), regression(plus), rows=rows())
    assert report.passed
    assert report.reference.runtime == "faker"


def test_a_runtime_that_was_asked_for_and_does_not_do_a_file_fails(verify: Any, world: Any) -> None:
    world["modest"] = declining("modest")
    report = verify(regression(plus), regression(plus), rows=rows(), runtimes=("faker", "modest"))
    assert kinds(report) == {Kind.RUNTIME_FAILED}
    assert report.missing == ()


def test_a_file_that_no_runtime_does_fails(verify: Any, world: Any) -> None:
    error = CannotConvert("no exact form")
    report = verify(regression(plus), regression(plus, open_error=error), rows=rows())
    assert Kind.RUNTIME_FAILED in kinds(report)
    assert not report.passed


def test_a_reference_that_does_not_open_fails(verify: Any) -> None:
    report = verify(regression(plus, open_error=RuntimeFailed("no")), regression(plus), rows=rows())
    assert Kind.RUNTIME_FAILED in kinds(report)
    assert not report.passed


@pytest.mark.parametrize("error", [InputError("truncated"), UsageError("wrong")])
def test_a_bad_file_ends_the_comparison(verify: Any, error: Exception) -> None:
    with pytest.raises(type(error)):
        verify(regression(plus), regression(plus, open_error=error), rows=rows())


def test_data_that_does_not_fit_ends_the_comparison_naming_the_column(verify: Any) -> None:
    with pytest.raises(DataError, match="x1"):
        verify(regression(plus), regression(plus), rows={"x0": [1.0]})


def test_an_ignored_column_of_the_data_is_left_out(verify: Any) -> None:
    data = rows() | {"y": np.zeros(100)}
    assert verify(regression(plus), regression(plus), rows=data, ignore=("y",)).passed
    with pytest.raises(DataError, match="'y'"):
        verify(regression(plus), regression(plus), rows=data)


def test_inputs_are_matched_by_name_not_by_position(verify: Any) -> None:
    def swapped(batch: pa.RecordBatch) -> Any:
        b, a = columns(batch)
        return [2 * a + b]

    inputs = (Column("x1", pa.float64()), Column("x0", pa.float64()))
    other = FakeModel(Signature(inputs, regression_outputs(), Task.REGRESSION), swapped)
    assert verify(regression(plus), other, rows=rows(), strata=("data", "random")).passed


def test_an_input_that_the_reference_lacks_fails(verify: Any) -> None:
    report = verify(regression(plus), regression(lambda b: plus(b), width=3), rows=rows())
    assert [failure.column for failure in report.of_kind(Kind.INPUT_ABSENT)] == ["x2"]


def test_the_runtime_that_stands_apart_is_named(verify: Any, world: Any) -> None:
    wrong = lambda model: regression(lambda b: [plus(b)[0] + 1])  # noqa: E731
    world["odd"] = fake_runtime("odd", wrong)
    world["good"] = fake_runtime("good")
    report = verify(regression(plus), rows=rows())
    assert report.apart == "the runtime odd stands apart on FakeModel"


def test_a_reference_that_stands_apart_is_named(verify: Any, world: Any) -> None:
    world["second"] = fake_runtime("second", lambda model: regression(lambda b: [plus(b)[0] + 1]))
    world["third"] = fake_runtime("third", lambda model: regression(lambda b: [plus(b)[0] + 1]))
    assert "the reference" in (verify(regression(plus), rows=rows()).apart or "")


def test_a_file_that_differs_in_every_runtime_is_named(verify: Any, world: Any) -> None:
    class Wrong(FakeModel):
        pass

    world["second"] = fake_runtime("second")
    good, bad = regression(plus), regression(lambda b: [plus(b)[0] + 1])
    wrong = Wrong(bad.signature, bad.score)
    settings = Settings(rows=50, strata=("random",), runtimes=None)
    only = replace(FAKE, name="only")
    world["faker"] = fake_runtime("faker", formats=("fake", "only"))
    report = compare([Artifact(only, None, _model=good), Artifact(FAKE, None, _model=wrong)], settings=settings)
    assert report.apart == "Wrong differs from the reference in every runtime alike: it is the file, not an evaluator"


def test_slow_runtimes_get_their_own_budget(verify: Any, world: Any) -> None:
    world["slow"] = fake_runtime("slow", slow=True)
    report = verify(regression(plus), rows=rows(), slow_rows=30, strata=("data",))
    assert report.official[0].strata[0].rows == 30
    assert any("30" in note and "slow" in note for note in report.notes)


def counted(report: Any) -> Any:
    return [pair.to_json() for pair in report.pairs], [failure.to_json() for failure in report.failures]


@pytest.mark.parametrize("batch_rows", [1, 7, 100, 65_536])
def test_the_result_does_not_depend_on_the_size_of_a_batch(verify: Any, batch_rows: int) -> None:
    def odd(batch: pa.RecordBatch) -> Any:
        a, b = columns(batch)
        with np.errstate(all="ignore"):
            return [np.where(a > 1, np.nan, plus(batch)[0] + 1e-3 * b)]

    def run(size: int) -> Any:
        return counted(verify(regression(plus), regression(odd), rows=rows(300), batch_rows=size, slow_rows=50))

    assert run(batch_rows) == run(64)


def test_the_same_seed_gives_the_same_rows_and_another_seed_others(verify: Any) -> None:
    seen: list[Any] = []

    def spy(batch: pa.RecordBatch) -> Any:
        seen.append(columns(batch)[0].tolist())
        return plus(batch)

    def run(seed: int) -> Any:
        seen.clear()
        verify(regression(spy), regression(plus), seed=seed, strata=("random", "special"))
        return repr(seen)

    first = run(1)
    assert first == run(1)
    assert first != run(2)


def test_sessions_are_closed_whatever_happens(verify: Any) -> None:
    model = regression(plus)
    verify(model, regression(plus), rows=rows())
    with pytest.raises(DataError):
        verify(model, regression(plus), rows={"wrong": [1.0]})
    assert model.closed == 2
