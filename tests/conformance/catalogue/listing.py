"""Every case of the catalogue, by name."""

from functools import cache

from tests.conformance.catalogue import booster_cases, pipeline_cases, sklearn_cases
from tests.conformance.catalogue.case import Case


@cache
def all_cases() -> tuple[Case, ...]:
    return (*sklearn_cases.cases(), *booster_cases.cases(), *pipeline_cases.cases())


def case_named(name: str) -> Case:
    return next(case for case in all_cases() if case.name == name)
