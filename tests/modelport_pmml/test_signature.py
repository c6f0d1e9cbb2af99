import pyarrow as pa
import pytest

from modelport.errors import InputError
from modelport.signature import Column, Task
from modelport_pmml.document import PmmlDocument, document
from modelport_pmml.signature import signature


def test_a_classifier(tree: PmmlDocument) -> None:
    found = signature(tree)
    assert found.inputs == (
        Column("island", pa.string(), True, ("Biscoe", "Dream")),
        Column("age", pa.float64(), True),
    )
    assert [column.name for column in found.outputs] == ["label", "probability(yes)", "probability(no)"]
    assert (found.task, found.classes) == (Task.CLASSIFICATION, ("yes", "no"))


def test_a_regressor(regression: PmmlDocument) -> None:
    found = signature(regression)
    assert found.inputs == (Column("a", pa.float64(), True), Column("n", pa.int64(), True))
    assert (found.outputs, found.task) == ((Column("prediction", pa.float64()),), Task.REGRESSION)


def test_a_field_that_must_not_be_missing(regression: PmmlDocument) -> None:
    text = regression.data.replace(b'name="a"/>', b'name="a" missingValueTreatment="returnInvalid"/>')
    assert signature(document(text)).inputs[0].nullable is False


def test_a_field_that_the_dictionary_lacks(regression: PmmlDocument) -> None:
    with pytest.raises(InputError, match="'n'"):
        signature(document(regression.data.replace(b'<DataField name="n"', b'<DataField name="m"')))
