"""PMML documents: reading, inspecting, compiling to ONNX."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from modelport.conversion import Context
from modelport.formats import Policy
from tests.fuzz import mutate
from tests.fuzz.harness import OPENS, Harness
from tests.fuzz.models import graphs

HEAD = '<?xml version="1.0"?><PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>'
BYHAND = (
    """<DataDictionary><DataField name="a" optype="continuous" dataType="double"/>
    <DataField name="c" optype="categorical" dataType="string"><Value value="u"/><Value value="v"/></DataField>
    <DataField name="y" optype="continuous" dataType="double"/></DataDictionary>
    <TransformationDictionary><DefineFunction name="f" optype="continuous"><ParameterField name="p"/>
    <Apply function="ln"><FieldRef field="p"/></Apply></DefineFunction>
    <DerivedField name="d" optype="continuous" dataType="double"><Apply function="+"><FieldRef field="a"/>
    <Constant dataType="double">1.5</Constant></Apply></DerivedField>
    <DerivedField name="e" optype="continuous" dataType="double"><NormContinuous field="a">
    <LinearNorm orig="0" norm="0"/><LinearNorm orig="2" norm="1"/></NormContinuous></DerivedField>
    </TransformationDictionary>
    <RegressionModel functionName="regression"><MiningSchema><MiningField name="y" usageType="target"/>
    <MiningField name="a" missingValueReplacement="1"/><MiningField name="c"/></MiningSchema>
    <RegressionTable intercept="0.5"><NumericPredictor name="d" coefficient="2"/>
    <CategoricalPredictor name="c" value="u" coefficient="1"/></RegressionTable></RegressionModel></PMML>""",
    """<DataDictionary><DataField name="a" optype="continuous" dataType="double"/>
    <DataField name="y" optype="categorical" dataType="string"><Value value="u"/><Value value="v"/></DataField>
    </DataDictionary><Scorecard functionName="regression" initialScore="3" useReasonCodes="false"><MiningSchema>
    <MiningField name="a"/></MiningSchema><Output><OutputField name="s" feature="predictedValue"/></Output>
    <Characteristics><Characteristic name="x"><Attribute partialScore="4"><SimplePredicate field="a"
    operator="lessThan" value="2"/></Attribute><Attribute partialScore="1"><True/></Attribute></Characteristic>
    </Characteristics></Scorecard></PMML>""",
)

WORDS = tuple(
    word.encode()
    for word in (
        *("<True/>", "<False/>", "&amp;", "&#0;", "&x;", "<!DOCTYPE PMML [", "]>", "<![CDATA[", "<!--", "-->"),
        *('"surrogate"', '"and"', '"xor"', '"NaN"', '"1e999"', '"-1"', '"Infinity"', '""', '"a"', '"y"', '"d"'),
        *("<FieldRef field='d'/>", "<Constant>1</Constant>", "<Apply function='f'>", "</Apply>", "<Array n='3'"),
        *(" type='real'>", "</Array>", "<Segmentation multipleModelMethod='sum'>", "TreeModel", "MiningModel"),
        *("NeuralNetwork", "ClusteringModel", "SupportVectorMachineModel", "NaiveBayesModel", "RuleSetModel"),
        *("dataType='integer'", "dataType='dateTime'", "optype='ordinal'", "isMultipleResponse='1'", "functionName="),
        *("missingValueStrategy='weightedConfidence'", "defaultChild='1'", "normalizationMethod='softmax'"),
        *("invalidValueTreatment='asIs'", "outliers='asExtremeValues'", "function='dateDaysSinceYear'", "'if'"),
    )
)  # fmt: skip


def read(path: Path) -> None:
    """A look, then the compilation."""
    from modelport_pmml.document import read as load
    from modelport_pmml.inspect import inspect
    from modelport_pmml.signature import signature
    from modelport_pmml.to_onnx.convert import convert

    inspect(path)
    document = load(path, Policy())
    convert(document, Context(signature(document)))


@cache
def seeds() -> Sequence[bytes]:
    from modelport.signature import Signature
    from modelport_onnx.file import signature
    from modelport_pmml.from_columnar.convert import convert

    made: list[bytes] = [(HEAD + body).encode() for body in BYHAND]
    for graph in graphs().values():
        own: Signature = signature(graph)
        made.append(convert(graph, Context(own)).data)
    return made


PMML = Harness(seeds, read, ".pmml", mutate.of_bytes(WORDS), OPENS)
