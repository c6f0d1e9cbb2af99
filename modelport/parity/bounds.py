"""What counts prove: an exact upper bound on a rate."""


def upper_bound(found: int, rows: int, confidence: float = 0.95) -> float:
    """The largest disagreement rate that is still credible after seeing `found` of `rows`, at `confidence`.

    One-sided Clopper-Pearson: the quantile of Beta(found + 1, rows - found). It holds for rows drawn independently
    from the same source. No rows prove nothing: 1.0.

    Source: Clopper and Pearson, Biometrika 26 (1934) 404-413.
    """
    if rows <= 0 or found >= rows:
        return 1.0
    if found == 0:
        return float(-_expm1_log(1.0 - confidence, rows))
    from scipy.special import betaincinv

    return float(betaincinv(found + 1, rows - found, confidence))


def _expm1_log(tail: float, rows: int) -> float:
    """tail^(1/rows) - 1, without cancellation for many rows."""
    import math

    return math.expm1(math.log(tail) / rows)
