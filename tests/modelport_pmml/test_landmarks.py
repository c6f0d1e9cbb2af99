from modelport_pmml.document import PmmlDocument, document
from modelport_pmml.landmarks import array_values, landmarks


def test_splits_and_categories(tree: PmmlDocument) -> None:
    found = landmarks(tree)
    assert found["age"] == (2.5,)
    assert "Biscoe" in found["island"]


def test_a_renamed_field_counts_as_its_source(regression: PmmlDocument) -> None:
    derived = (
        b'<LocalTransformations><DerivedField name="d" optype="continuous" dataType="float"><FieldRef field="a"/>'
        b'</DerivedField><DerivedField name="e" optype="continuous" dataType="double"><NormContinuous field="d">'
        b'<LinearNorm orig="1.25" norm="0"/><LinearNorm orig="3" norm="1"/></NormContinuous></DerivedField>'
        b"</LocalTransformations><RegressionTable"
    )
    found = landmarks(document(regression.data.replace(b"<RegressionTable", derived, 1)))
    assert found["a"] == (1.25, 3.0)


def test_arrays() -> None:
    array = document(rb'<PMML version="4.4"><Array>a "b c" "d\"e" "" 1.5</Array></PMML>').root[0]
    assert array_values(array) == ["a", "b c", 'd"e', "", "1.5"]
