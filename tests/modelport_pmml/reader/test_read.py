import numpy as np
import pytest

from modelport.errors import InputError, ModelportError, Unsafe
from modelport_pmml.reader.elements.regression import RegressionModel
from modelport_pmml.reader.elements.tree import TreeModel
from modelport_pmml.reader.nodes import OTHER, SIMPLE, TRUE
from modelport_pmml.reader.read import read

HEAD = '<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4">\n<Header/>\n'
FIELDS = """<DataDictionary>
<DataField name="x" optype="continuous" dataType="double"/>
<DataField name="y" optype="continuous" dataType="double"/>
</DataDictionary>
"""
SCHEMA = '<MiningSchema><MiningField name="x"/><MiningField name="y" usageType="target"/></MiningSchema>\n'
TABLE = '<RegressionTable intercept="{}"><NumericPredictor name="x" coefficient="2"/></RegressionTable>\n'


def regression(intercept: str = "1", inside: str = "", fields: str = FIELDS, schema: str = SCHEMA) -> bytes:
    body = f'<RegressionModel functionName="regression">\n{schema}{inside}{TABLE.format(intercept)}</RegressionModel>\n'
    return f"{HEAD}{fields}{body}</PMML>".encode()


def tree(nodes: str) -> bytes:
    return f'{HEAD}{FIELDS}<TreeModel functionName="regression">{SCHEMA}{nodes}</TreeModel></PMML>'.encode()


def test_elements_are_typed() -> None:
    document = read(regression("-1.5"))
    model = document.model
    assert isinstance(model, RegressionModel)
    assert model.tables[0].intercept == -1.5
    assert model.tables[0].numeric[0].exponent == 1
    assert [item.name for item in model.mining_schema.fields] == ["x", "y"]
    assert str(model.tables[0].at) == "line 9, PMML/RegressionModel/RegressionTable"


def test_nodes_are_arrays_in_document_order() -> None:
    inner = '<Node id="b" score="2"><SimplePredicate field="x" operator="lessThan" value="1"/>'
    inner += '<ScoreDistribution value="u" recordCount="3" confidence="0.5"/></Node>'
    array = '<Array type="string" n="1">a</Array>'
    other = f'<Node score="3"><SimpleSetPredicate field="x" booleanOperator="isIn">{array}</SimpleSetPredicate></Node>'
    model = read(tree(f'<Node id="a" recordCount="4"><True/>{inner}{other}</Node>')).model
    assert isinstance(model, TreeModel)
    nodes = model.nodes
    assert nodes is not None
    assert nodes.parent.tolist() == [-1, 0, 0]
    assert nodes.kind.tolist() == [TRUE, SIMPLE, OTHER]
    assert [nodes.strings[i] if i >= 0 else None for i in nodes.score] == [None, "2", "3"]
    assert nodes.record_count[0] == 4
    assert np.isnan(nodes.record_count[1])
    assert nodes.first.tolist() == [0, 0, 1, 1]
    assert nodes.dist_confidence.tolist() == [0.5]


def test_unknown_elements_are_kept_with_line_and_path() -> None:
    found = read(regression(inside="<Novelty><Deep/></Novelty>\n")).model.unknown
    assert [(item.name, item.at.line, item.at.path) for item in found] == [
        ("Novelty", 9, "PMML/RegressionModel/Novelty")
    ]


def test_extensions_are_ignored() -> None:
    assert read(regression(inside='<Extension name="a"><Novelty/></Extension>')).model.unknown == ()


@pytest.mark.parametrize("version", ["3.0", "3.2", "4.2.1", "4.3Ext", "4.4.1"])
def test_versions(version: str) -> None:
    assert read(regression().replace(b'version="4.4"', f'version="{version}"'.encode())).version == version


ENTITIES = '<!DOCTYPE PMML [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE PMML [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


REMOTE = '<!DOCTYPE PMML SYSTEM "http://localhost/x.dtd">'


@pytest.mark.parametrize("prolog", [ENTITIES, OUTSIDE, REMOTE, "<!DOCTYPE PMML>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_doctype_is_refused(prolog: str, encoding: str) -> None:
    with pytest.raises(Unsafe, match="DOCTYPE") as caught:
        read((prolog + regression("1").decode()).encode(encoding))
    assert "line 1" in str(caught.value)


def test_nothing_is_read_past_a_doctype() -> None:
    bomb = '<!DOCTYPE PMML [<!ENTITY a "' + "a" * 1000 + '">' + "".join(
        f'<!ENTITY a{i} "{("&a" + str(i - 1) + ";") * 100 if i else "&a;" * 100}">' for i in range(9)
    ) + ']><PMML version="&a8;"/>'  # fmt: skip
    with pytest.raises(Unsafe):
        read(bomb.encode())


def nested_segments(depth: int) -> bytes:
    start = f'<MiningModel functionName="regression">{SCHEMA}<Segmentation multipleModelMethod="sum"><Segment><True/>'
    return f"{HEAD}{FIELDS}{start * depth}{'</Segment></Segmentation></MiningModel>' * depth}</PMML>".encode()


def test_nested_segments_are_refused() -> None:
    with pytest.raises(ModelportError, match="nested") as caught:
        read(nested_segments(10_000))
    assert "line" in str(caught.value)


def test_elements_are_read_as_deep_as_libxml2_follows() -> None:
    around = '<CompoundPredicate booleanOperator="and">'
    holds = around * 1000 + "<True/>" + "</CompoundPredicate>" * 1000
    found = read(tree(f'<Node score="1">{holds}</Node>'))
    assert sum(item.tag() == "CompoundPredicate" for item in found.walk()) == 1000


def test_deep_trees_are_read() -> None:
    node = '<Node score="1"><SimplePredicate field="x" operator="lessThan" value="1"/>'
    model = read(tree(f"<Node><True/>{node * 1000}{'</Node>' * 1000}</Node>")).model
    assert isinstance(model, TreeModel)
    assert model.nodes is not None
    assert len(model.nodes) == 1001


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        (b"", "not well-formed", ""),
        (b"hello", "not well-formed", "line 1"),
        (regression()[:-20], "not well-formed", "line"),
        (b"<html/>", "not PMML", "line 1"),
        (regression().replace(b'version="4.4"', b'version="9.9"'), "version '9.9'", "line 1"),
        (regression().replace(b' version="4.4"', b""), "no version", "line 1"),
        (regression("1,5"), "not a number", "line 9"),
        (regression("one"), "not a number", "line 9"),
        (regression("1" * 100), "not a number", "line 9"),
        (regression(fields=FIELDS.replace('"y"', '"x"')), "'x' is declared twice", "line 5"),
        (regression(schema=SCHEMA.replace('"y"', '"x"')), "'x' is declared twice", "line 8"),
        (regression(schema=""), "needs a <MiningSchema>", "line 7"),
        (regression().replace(b' coefficient="2"', b""), "needs the attribute coefficient", "line 9"),
        (regression().replace(b"continuous", b"steady"), "the attribute optype is 'steady'", "line 4"),
        (f"{HEAD}{FIELDS}</PMML>".encode(), "no model", "line 1"),
        (tree("<Node score='1'/>"), "no predicate", "line 8"),
        (tree("<Node score='1'><SimplePredicate field='x' operator='near' value='1'/></Node>"), "operator", "line 8"),
    ],
)
def test_bad_documents_are_one_line_errors_with_the_line(text: bytes, message: str, line: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        assert read(text).model
    assert line in str(caught.value.where or caught.value)
    assert "\n" not in caught.value.what
