import pytest

from modelport.errors import CannotConvert, MissingExtra, ModelportError, NotFitted
from modelport_pmml.engine_sklearn2pmml.messages import translate

LOG = """Nov 23, 2026 3:55:49 AM [com.sklearn2pmml.Main]  main
SEVERE: Failed to convert PKL to PMML

===============================================================================
                                   EXCEPTION
===============================================================================
org.jpmml.sklearn.SkLearnException: {}
Solution:
	{}
Stack trace:
	at sklearn.StepCastFunction.apply(StepCastFunction.java:60)

-------------------------------------------------------------------------------
                                   Caused by
-------------------------------------------------------------------------------
java.lang.ClassCastException: Cannot cast a to b
"""


@pytest.mark.parametrize(
    ("text", "kind", "what"),
    [
        (
            "The object (Python class sklearn.a._b.Thing) is not a supported Estimator",
            CannotConvert,
            "sklearn2pmml: Thing is not a supported Estimator",
        ),
        ("The object (Python class sklearn.a.Thing) is not fitted", NotFitted, "Thing was never fitted"),
        ("Please downgrade to SkLearn 1.9.0", MissingExtra, "sklearn2pmml: Please downgrade to SkLearn 1.9.0"),
        (
            "Field 'a' is already defined",
            CannotConvert,
            "sklearn2pmml: Field 'a' is already defined (SkLearnException)",
        ),
    ],
)
def test_one_sentence_and_a_way_out(text: str, kind: type[ModelportError], what: str) -> None:
    error = translate(LOG.format(text, "Do something"), 255)
    assert (type(error), error.what) == (kind, what)
    assert error.hint
    assert "\n" not in error.what


@pytest.mark.parametrize("log", ["", "\n\n", "Killed\n"])
def test_a_program_that_says_nothing_useful(log: str) -> None:
    assert "code 137" in translate(log, 137).what
