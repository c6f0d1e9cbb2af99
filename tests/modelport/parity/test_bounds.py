"""The exact binomial bound, against the definition: the rate at which so few would be seen with probability 1 - c."""

import pytest

from modelport.parity.bounds import upper_bound


@pytest.mark.parametrize(("found", "rows"), [(0, 1), (0, 100_000), (1, 10), (3, 1000), (99, 100), (50, 1_000_000)])
@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.999])
def test_at_the_bound_so_few_are_just_as_improbable_as_stated(found: int, rows: int, confidence: float) -> None:
    from scipy.stats import binom

    assert binom.cdf(found, rows, upper_bound(found, rows, confidence)) == pytest.approx(1 - confidence, rel=1e-6)


def test_zero_of_a_hundred_thousand_is_the_rule_of_three() -> None:
    assert upper_bound(0, 100_000, 0.95) == pytest.approx(2.9957e-5, rel=1e-4)


@pytest.mark.parametrize(("found", "rows"), [(0, 0), (5, 5), (1, 1)])
def test_nothing_or_everything_bounds_nothing(found: int, rows: int) -> None:
    assert upper_bound(found, rows) == 1.0
