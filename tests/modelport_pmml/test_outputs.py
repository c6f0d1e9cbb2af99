import pytest

from modelport.signature import Task
from modelport_pmml.document import PmmlDocument, document
from modelport_pmml.outputs import augmented, plan

PROBABILITY = '<OutputField name="{}" optype="continuous" dataType="double" feature="probability" value="{}"/>'


def with_output(found: PmmlDocument, fields: str) -> PmmlDocument:
    return document(found.data.replace(b"</MiningSchema>", f"</MiningSchema><Output>{fields}</Output>".encode()))


def names(found: PmmlDocument) -> dict[str, str]:
    return {result.column.name: result.field for result in plan(found).results}


def test_output_fields_are_found_by_their_feature(tree: PmmlDocument) -> None:
    fields = '<OutputField name="winner" feature="predictedValue"/>' + PROBABILITY.format("p", "no")
    found = names(with_output(tree, fields))
    assert found == {"label": "winner", "probability(no)": "p", "winner": "winner", "p": "p"}


def test_what_is_missing_is_added_once(tree: PmmlDocument) -> None:
    wanted = plan(tree)
    told = document(augmented(tree, wanted.results))
    assert names(told) == {
        "label": "label",
        "probability(yes)": "probability(yes)",
        "probability(no)": "probability(no)",
    }
    assert augmented(told, plan(told).results) == told.data


def test_an_added_field_clashes_with_no_other(tree: PmmlDocument) -> None:
    other = document(tree.data.replace(b'name="age"', b'name="label"').replace(b'field="age"', b'field="label"'))
    assert names(other)["label"] == "label_"


def test_a_label_alone_means_that_there_are_no_probabilities(tree: PmmlDocument) -> None:
    assert names(with_output(tree, '<OutputField name="label" feature="predictedValue"/>')) == {"label": "label"}


def test_fields_that_are_not_final_are_left_out(regression: PmmlDocument) -> None:
    fields = '<OutputField name="prediction" feature="predictedValue" isFinalResult="false"/>'
    assert plan(with_output(regression, fields)).results[0].field == "prediction_"


def test_outliers_by_their_names(regression: PmmlDocument) -> None:
    fields = (
        '<OutputField name="label" feature="transformedValue"/><OutputField name="score" feature="predictedValue"/>'
    )
    found = plan(with_output(regression, fields))
    assert found.task is Task.OUTLIERS
    assert [column.name for column in found.columns] == ["label", "score"]


def test_a_transformer_by_its_names(regression: PmmlDocument) -> None:
    fields = (
        '<OutputField name="out(a)" dataType="double" feature="transformedValue"><FieldRef field="a"/></OutputField>'
    )
    assert plan(with_output(regression, fields)).task is Task.TRANSFORM


@pytest.mark.parametrize(
    ("data_type", "classes"), [("integer", (0, 1)), ("boolean", (False, True)), ("double", (0.0, 1.0))]
)
def test_classes_have_the_type_of_the_target(tree: PmmlDocument, data_type: str, classes: tuple[object, ...]) -> None:
    text = tree.data.replace(
        b'name="kind" optype="categorical" dataType="string"', f'name="kind" dataType="{data_type}"'.encode()
    )
    for old, new in ((b"no", b"0"), (b"yes", b"1")):
        text = text.replace(b'value="' + old + b'"', b'value="' + new + b'"').replace(
            b'score="' + old, b'score="' + new
        )
    assert sorted(plan(document(text)).classes) == sorted(classes)
    assert {type(label) for label in plan(document(text)).classes} == {type(classes[0])}


def test_a_score_alone_is_no_name_of_the_vocabulary(regression: PmmlDocument) -> None:
    field = '<OutputField name="score" optype="continuous" dataType="double" feature="predictedValue"/>'
    assert plan(with_output(regression, field)).results[0].column.name == "prediction"
