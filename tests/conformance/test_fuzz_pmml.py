"""Differential fuzzing: generated documents, scored by JPMML-Evaluator and by the compiler, must agree on every row.

Hypothesis decides here; `python -m tests.conformance.fuzz_pmml` runs thousands by seed.
"""

import os
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelport.errors import CannotConvert, InputError
from tests.conformance.fuzz_pmml.judge import disagreement
from tests.conformance.fuzz_pmml.listing import ELEMENTS, case
from tests.conformance.fuzz_pmml.oracle import Refused

pytestmark = [pytest.mark.java, pytest.mark.slow]
EXAMPLES = int(os.environ.get("MODELPORT_FUZZ", "100"))
"""Documents of each element."""


@pytest.mark.parametrize("element", ELEMENTS)
def test_every_row_agrees(element: str) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.randoms(use_true_random=False))
    def agree(random: Random) -> None:
        text, rows = case(random, element)
        try:
            found = disagreement(text, rows)
        except (CannotConvert, InputError, Refused):
            return
        assert found is None, text

    agree()
