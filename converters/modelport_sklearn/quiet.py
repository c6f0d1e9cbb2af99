"""Scoring without noise: warnings of the libraries are for those who train, not for those who compare."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet() -> Iterator[None]:
    """Silences warnings, and keeps joblib from starting processes or adding up in the order threads finish.

    A forest with `n_jobs=-1` sums its trees in the order their threads end, so its last digit would differ from run
    to run (`sklearn.ensemble._forest._accumulate_prediction`); one after another, they give the same bits each time.
    """
    import joblib
    import numpy as np

    with warnings.catch_warnings(), np.errstate(all="ignore"), joblib.parallel_config("sequential"):
        warnings.simplefilter("ignore")
        yield
