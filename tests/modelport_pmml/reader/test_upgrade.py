"""Attributes of older versions, as JPMML-Model reads them."""

import pytest

from modelport_pmml.reader.elements.dictionary import MiningField
from modelport_pmml.reader.elements.mining import Segmentation
from modelport_pmml.reader.elements.results import TargetValue
from modelport_pmml.reader.elements.transformations import Apply
from modelport_pmml.reader.read import read

BODY = """<PMML xmlns="http://www.dmg.org/PMML-{space}" version="{version}"><Header/><DataDictionary>
<DataField name="x" optype="continuous" dataType="double"/></DataDictionary>
<MiningModel functionName="regression"><MiningSchema><MiningField name="x" {field}/></MiningSchema>
<Targets><Target field="y"><TargetValue value="1" {value}/></Target></Targets>
<LocalTransformations><DerivedField name="d" optype="continuous" dataType="double">
<Apply function="exp" mapMissingTo="5"><FieldRef field="x"/></Apply></DerivedField></LocalTransformations>
<Segmentation multipleModelMethod="sum" {segmentation}><Segment><True/><RegressionModel functionName="regression">
<MiningSchema><MiningField name="x"/></MiningSchema><RegressionTable intercept="1"/></RegressionModel></Segment>
</Segmentation></MiningModel></PMML>"""


def element(kind: type, version: str, **more: str):  # type: ignore[no-untyped-def]  # of the kind asked for
    parts = {"field": "", "value": "", "segmentation": ""} | more
    text = BODY.format(space=version[:3].replace(".", "_"), version=version, **parts)
    return next(item for item in read(text.encode()).walk() if isinstance(item, kind))


@pytest.mark.parametrize(("version", "expected"), [("4.0", ("5", None)), ("4.1", (None, "5")), ("4.2.1", ("5", None))])
def test_what_replaces_a_missing_result_in_4_1(version: str, expected: tuple[str | None, str | None]) -> None:
    found = element(Apply, version)
    assert (found.map_missing_to, found.default_value) == expected


@pytest.mark.parametrize(("version", "expected"), [("4.2", "skipSegment"), ("4.3", "skipSegment"), ("4.4", "continue")])
def test_treatments_of_missing_predictions_before_4_4(version: str, expected: str) -> None:
    old = 'x-missingPredictionTreatment="skipSegment" x-missingThreshold="0.25"'
    found = element(Segmentation, version, segmentation=old)
    assert found.missing_prediction_treatment == expected
    assert found.missing_threshold == (1.0 if version == "4.4" else 0.25)


def test_replacements_of_invalid_values_before_4_4() -> None:
    old = 'invalidValueTreatment="asIs" x-invalidValueReplacement="7"'
    assert element(MiningField, "4.3", field=old).invalid_value_replacement == "7"
    assert element(MiningField, "4.4", field=old).invalid_value_replacement is None


def test_display_values_before_3_2() -> None:
    assert element(TargetValue, "3.1", value='rawDataValue="one"').display_value == "one"
