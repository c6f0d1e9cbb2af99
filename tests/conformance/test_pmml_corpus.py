"""The outside corpus of PMML documents, scored by the compiler. Skipped, visibly, where it is absent."""

import sys
from pathlib import Path

import pytest

from modelport.errors import ModelportError

sys.path.insert(0, str(Path(__file__).parent))
from pmml_corpus import Case, cases, disagreements, folder

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(folder() is None, reason="the outside corpus is absent; name it in MODELPORT_CORPUS"),
]
REFUSED: frozenset[str] = frozenset()
"""Cases that are refused, each for the element its error names; they may be 5 % of all."""

INNER = frozenset({"drools/miningwithnestedrefers/MiningWithNestedRefers"})
"""Cases whose expected columns are output fields of an embedded model; they are no outputs of the document."""


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_answers_agree_or_the_document_is_refused(case: Case) -> None:
    if case.name in REFUSED:
        with pytest.raises(ModelportError):
            disagreements(case)
        return
    found, compared = disagreements(case)
    assert not found
    assert (compared > 0) == (case.name not in INNER), "whether there was anything to compare"


def test_few_are_refused() -> None:
    assert len(REFUSED) + len(INNER) <= 0.05 * len(cases())
