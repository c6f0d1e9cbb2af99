"""Every check of the engine is broken once, on purpose: a scenario that fails because of it must then pass.

So each check is what makes its scenario fail, and nothing else would have noticed. A new kind of failure without a
scenario here fails the last test.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from parity_fakes import classifier, columns, fake_runtime, logistic, plus, refuses, regression

from modelport.errors import RuntimeFailed
from modelport.parity import cells, lanes, opening, outcome, plan, race, report, tally
from modelport.parity.cells import NO_DIFFERENCE
from modelport.parity.failures import Failure
from modelport.parity.failures import FailureKind as Kind

ROWS = {"x0": np.linspace(-2, 2, 50), "x1": np.linspace(1, 3, 50)}
Patch = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Mutation:
    """A scenario, the kind of failure it shows, and how the check that finds it is broken."""

    kind: Kind
    scenario: Callable[[Any, Any], Any]
    breaks: Patch


def without(kind: Kind) -> Patch:
    """No failure of a kind is ever reported."""

    def patch(monkey: pytest.MonkeyPatch) -> None:
        real = outcome.failures_of
        monkey.setattr("modelport.parity.engine.failures_of", lambda *a: [f for f in real(*a) if f.kind is not kind])

    return patch


def holey(batch: Any) -> Any:
    return [np.where(columns(batch)[0] > 0, np.nan, plus(batch)[0])]


def no_label(batch: Any) -> Any:
    label, *scores = logistic()(batch)
    return [pa.array(label, pa.string(), mask=columns(batch)[0] > 0), *scores]


def data(**more: Any) -> dict[str, Any]:
    return {"rows": ROWS, "strata": ("data",)} | more


def number(verify: Any, world: Any) -> Any:
    return verify(regression(plus), regression(lambda b: [plus(b)[0] + 1e-6]), **data())


def label(verify: Any, world: Any) -> Any:
    return verify(
        classifier(logistic()), classifier(lambda b: [np.full(b.num_rows, "yes"), *logistic()(b)[1:]]), **data()
    )


def nan(verify: Any, world: Any) -> Any:
    return verify(regression(plus), regression(holey), **data())


def null(verify: Any, world: Any) -> Any:
    return verify(classifier(logistic()), classifier(no_label), **data())


def short(verify: Any, world: Any) -> Any:
    return verify(regression(plus), regression(lambda b: [np.append(plus(b)[0], 0.0)]), **data())


def absent_output(verify: Any, world: Any) -> Any:
    narrow = classifier(lambda b: logistic()(b)[:1])
    narrow = replace(narrow, signature=replace(narrow.signature, outputs=narrow.signature.outputs[:1]))
    return verify(classifier(logistic()), narrow, **data())


def refused(verify: Any, world: Any) -> Any:
    return verify(regression(plus), regression(refuses(lambda b: columns(b)[0] > 1, plus)), **data())


def no_rows(verify: Any, world: Any) -> Any:
    empty = {name: pa.array([], pa.float64()) for name in ROWS}
    return verify(regression(plus), regression(plus), rows=empty)


def does_not_open(verify: Any, world: Any) -> Any:
    world["second"] = fake_runtime("second")
    broken = fake_runtime("broken", lambda model: replace(model, open_error=RuntimeFailed("no")))
    world["broken"] = broken
    return verify(regression(plus), **data())


def asked_and_absent(verify: Any, world: Any) -> Any:
    world["absent"] = fake_runtime("absent", requires=("a_module_that_is_not_there",), extra="some")
    return verify(regression(plus), regression(plus), runtimes=("faker", "absent"), **data())


def asked_and_useless(verify: Any, world: Any) -> Any:
    world["other"] = fake_runtime("other", formats=("something",))
    return verify(regression(plus), regression(plus), runtimes=("faker", "other"), **data())


def near_tie(verify: Any, world: Any) -> Any:
    rows = {"x0": np.array([2.0, 1.0]), "x1": np.array([1.0, 3.0])}
    flipped = lambda b: [np.where(logistic()(b)[2] >= 0.5, "yes", "no"), *logistic()(b)[1:]]  # noqa: E731
    return verify(classifier(logistic()), classifier(flipped), rows=rows, strata=("data",), near_ties=False)


def absent_input(verify: Any, world: Any) -> Any:
    return verify(regression(plus), regression(plus), regression(plus, width=3), **data())


def patch_cells(name: str) -> Patch:
    return lambda monkey: monkey.setattr(cells, name, lambda *a, **k: NO_DIFFERENCE)


def same_count(monkey: pytest.MonkeyPatch) -> None:
    """A lane takes any number of rows, and what is too many is cut off."""
    monkey.setattr(
        lanes.Lane, "score", lambda self, batch: self.session.score(self.fit.adapt(batch)).slice(0, batch.num_rows)
    )


def nothing_unavailable(monkey: pytest.MonkeyPatch) -> None:
    monkey.setattr(plan, "_unavailable", lambda *a: [])


def failed_opening_is_silent(monkey: pytest.MonkeyPatch) -> None:
    real = opening.open_lanes
    monkey.setattr("modelport.parity.engine.open_lanes", lambda *a: (real(*a)[0], []))


def missing_equals_anything(monkey: pytest.MonkeyPatch) -> None:
    monkey.setattr(cells, "_with_missing", lambda found, *a: found)


def null_labels_equal_anything(monkey: pytest.MonkeyPatch) -> None:
    monkey.setattr(cells, "_labels_with_nulls", lambda a, b: NO_DIFFERENCE)


def refusals_are_forgotten(monkey: pytest.MonkeyPatch) -> None:
    monkey.setattr(tally.Tally, "refuse", lambda *a: None)


def no_one_sided_outputs(monkey: pytest.MonkeyPatch) -> None:
    monkey.setattr(outcome, "_one_sided", lambda race: iter(()))


def emptiness_is_fine(monkey: pytest.MonkeyPatch) -> None:
    without(Kind.NO_ROWS)(monkey)


def third_is_never_counted(monkey: pytest.MonkeyPatch) -> None:
    no_one_sided_outputs(monkey)
    monkey.setattr(report.ParityReport, "candidates", property(lambda self: self.subjects[1:2]))


MUTATIONS = (
    Mutation(Kind.NUMBER, number, patch_cells("_distances")),
    Mutation(Kind.LABEL, label, patch_cells("labels")),
    Mutation(Kind.NAN_ONE_SIDE, nan, missing_equals_anything),
    Mutation(Kind.NULL_ONE_SIDE, null, null_labels_equal_anything),
    Mutation(Kind.ROW_COUNT, short, same_count),
    Mutation(Kind.OUTPUT_ABSENT, absent_output, no_one_sided_outputs),
    Mutation(Kind.REFUSED, refused, refusals_are_forgotten),
    Mutation(Kind.NO_ROWS, no_rows, emptiness_is_fine),
    Mutation(Kind.RUNTIME_FAILED, does_not_open, failed_opening_is_silent),
    Mutation(Kind.RUNTIME_ABSENT, asked_and_absent, nothing_unavailable),
    Mutation(Kind.RUNTIME_UNUSED, asked_and_useless, nothing_unavailable),
    Mutation(Kind.NEAR_TIE, near_tie, without(Kind.NEAR_TIE)),
    Mutation(Kind.INPUT_ABSENT, absent_input, third_is_never_counted),
)

TWICE_GUARDED = {
    Kind.NO_CANDIDATE: "a report without a pair never passes",
    Kind.NO_RUNTIME: "a report without a pair never passes",
    Kind.NO_OUTPUTS: "a pair without columns never passes",
}
"""Kinds that a second check stands behind: the report itself does not pass without rows, columns and pairs."""

ELSEWHERE = {Kind.RUNTIME_KILLED: "test_isolate.py", Kind.RANK: "test_rank.py"}
"""Kinds whose scenario needs more than fakes."""


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.kind.value)
def test_a_scenario_fails_for_its_check_and_for_nothing_else(
    mutation: Mutation, verify: Any, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = mutation.scenario(verify, world)
    assert mutation.kind in {failure.kind for failure in before.failures}
    assert not before.passed
    mutation.breaks(monkeypatch)
    assert mutation.kind not in {failure.kind for failure in mutation.scenario(verify, world).failures}


GUARDED_BY_THE_REPORT = {Kind.INPUT_ABSENT, Kind.NO_ROWS}
"""A second check stands behind these: the report counts rows and pairs itself."""


@pytest.mark.parametrize(
    "mutation", [m for m in MUTATIONS if m.kind not in GUARDED_BY_THE_REPORT], ids=lambda m: m.kind.value
)
def test_a_broken_check_would_let_its_scenario_pass(
    mutation: Mutation, verify: Any, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutation.breaks(monkeypatch)
    assert mutation.scenario(verify, world).passed


@pytest.mark.parametrize(
    "hollow",
    [
        lambda r: replace(r, pairs=()),
        lambda r: replace(r, subjects=r.subjects[:1], pairs=()),
        lambda r: replace(r, pairs=tuple(replace(p, strata=()) for p in r.pairs)),
        lambda r: replace(
            r, pairs=tuple(replace(p, strata=tuple(replace(s, rows=0) for s in p.strata)) for p in r.pairs)
        ),
        lambda r: replace(
            r, pairs=tuple(replace(p, strata=tuple(replace(s, columns=()) for s in p.strata)) for p in r.pairs)
        ),
        lambda r: replace(r, failures=(Failure(Kind.NUMBER, "off"),)),
        lambda r: replace(r, subjects=(*r.subjects, r.subjects[1])),
    ],
    ids=["no pairs", "no candidate", "no strata", "no rows", "no columns", "a failure", "a candidate without a pair"],
)
def test_a_hollow_report_never_passes(verify: Any, hollow: Any) -> None:
    full = verify(regression(plus), regression(plus), **data())
    assert full.passed
    assert not hollow(full).passed


def test_every_kind_of_failure_has_its_scenario() -> None:
    known = {mutation.kind for mutation in MUTATIONS} | set(TWICE_GUARDED) | set(ELSEWHERE)
    assert known == set(Kind)


def test_a_race_without_its_comparison_is_noticed(verify: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(race, "compare_answers", lambda *a: np.zeros(0, np.int64))
    report_ = verify(regression(plus), regression(plus), **data())
    assert not report_.passed
    assert {failure.kind for failure in report_.failures} == {Kind.NO_ROWS}
