"""Output features; expected values are JPMML-Evaluator's (1.7.7)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from modelport.conversion import Context
from modelport.signature import Signature
from modelport_pmml.reader.read import read
from modelport_pmml.to_onnx.convert import compile_document

Score = Callable[[str, Sequence[Mapping[str, Any]]], list[dict[str, Any]]]
Make = Callable[..., str]
CLASSES = 'optype="categorical" dataType="string"'
TABLE = '<RegressionTable intercept="0"><NumericPredictor name="x" coefficient="1"/></RegressionTable>'


def field(name: str, feature: str, inside: str = "", **more: str) -> str:
    attributes = "".join(f' {key}="{value}"' for key, value in more.items())
    return f'<OutputField name="{name}" feature="{feature}"{attributes}>{inside}</OutputField>'


def regression(outputs: str) -> str:
    return f'<RegressionModel functionName="regression">@<Output>{outputs}</Output>{TABLE}</RegressionModel>'


def test_a_transformation_of_an_input_is_there_without_a_prediction(score: Score, make: Make) -> None:
    seen = field("seen", "transformedValue", '<FieldRef field="i"/>', dataType="integer", optype="continuous")
    told = '<Decisions><Decision value="1"/></Decisions><FieldRef field="i"/>'
    chosen = field("chosen", "decision", told, dataType="integer", optype="continuous")
    rows = score(make(regression(seen + chosen)), [{"i": 4}, {"x": 1.0}])
    assert rows == [
        {"prediction": None, "seen": 4, "chosen": 4},
        {"prediction": 1.0, "seen": None, "chosen": None},
    ]


def test_an_invalid_row_has_no_transformations(score: Score, make: Make) -> None:
    seen = field("seen", "transformedValue", '<FieldRef field="i"/>', dataType="integer", optype="continuous")
    fields = '<DataField name="x" optype="continuous" dataType="double"><Interval closure="closedOpen" leftMargin="0"/>'
    fields += '</DataField><DataField name="i" optype="continuous" dataType="integer"/>'
    fields += "".join(f'<DataField name="{name}" optype="continuous" dataType="double"/>' for name in "fso")
    assert score(make(regression(seen), fields=fields), [{"x": -1.0, "i": 4}]) == [{"prediction": None, "seen": None}]


def test_an_output_called_like_an_input_is_set_apart(score: Score, make: Make) -> None:
    rows = score(make(regression(field("i", "predictedValue", dataType="double", optype="continuous"))), [{"x": 2.0}])
    assert rows == [{"prediction": 2.0, "output(i)": 2.0}]


def test_a_float_as_text_is_left_out_with_a_note(make: Make) -> None:
    shown = field("shown", "transformedValue", '<FieldRef field="f"/>', dataType="string", optype="categorical")
    context = Context(Signature(()))
    proto = compile_document(read(make(regression(shown)).encode()), context)
    assert [item.name for item in proto.graph.output] == ["prediction"]
    assert any("shown" in note.what for note in context.notes)


def test_numbers_are_written_as_java_writes_them(score: Score, make: Make) -> None:
    shown = field("shown", "predictedDisplayValue", dataType="string", optype="categorical")
    numbers = [0.0, 1.0, 1 / 3, 1e7, 0.00099, 123456.789, 1e16, 2.0**53, 906226776274539.25, 1e-6]
    wanted = ["0.0", "1.0", "0.3333333333333333", "1.0E7", "9.9E-4", "123456.789", "1.0E16",
              "9.007199254740992E15", "9.062267762745392E14", "1.0E-6"]  # fmt: skip
    rows = score(make(regression(shown)), [{"x": number} for number in [*numbers, None, 1e-7, 1e17]])
    assert [row["shown"] for row in rows] == [*wanted, None, None, None]


def test_whole_numbers_and_truths_are_written(score: Score, make: Make) -> None:
    whole = field("whole", "transformedValue", '<FieldRef field="i"/>', dataType="string", optype="categorical")
    holds = '<Apply function="greaterThan"><FieldRef field="i"/><Constant>3</Constant></Apply>'
    truth = field("truth", "transformedValue", holds, dataType="string", optype="categorical")
    rows = score(make(regression(whole + truth)), [{"x": 0.0, "i": -12}, {"x": 0.0, "i": 4}])
    assert [(row["whole"], row["truth"]) for row in rows] == [("-12", "false"), ("4", "true")]


def classifier(outputs: str) -> str:
    tables = TABLE.replace("<RegressionTable", '<RegressionTable targetCategory="a"')
    tables += '<RegressionTable targetCategory="b" intercept="0"/>'
    return (
        f'<RegressionModel functionName="classification" normalizationMethod="softmax">@<Output>{outputs}</Output>'
        f"{tables}</RegressionModel>"
    )


def test_probabilities_stand_for_confidences(score: Score, make: Make) -> None:
    outputs = field("sure", "confidence") + field("first", "confidence", value="a")
    rows = score(make(classifier(outputs), target=CLASSES), [{"x": 0.0}, {"x": -1.0}])
    assert [row["sure"] for row in rows] == [0.5, 0.7310585786300049]
    assert [row["first"] for row in rows] == [0.5, 0.2689414213699951]


def test_dates_are_written_as_they_came(score: Score, make: Make) -> None:
    fields = '<DataField name="i" optype="ordinal" dataType="date"/><DataField name="o" optype="ordinal" '
    fields += 'dataType="dateTime"/><DataField name="s" optype="ordinal" dataType="time"/>'
    fields += "".join(f'<DataField name="{name}" optype="continuous" dataType="double"/>' for name in "xf")
    outputs = "".join(
        field(kind, "transformedValue", f'<FieldRef field="{name}"/>', dataType=kind, optype="ordinal")
        for name, kind in (("i", "date"), ("o", "dateTime"), ("s", "time"))
    )
    days = ["2020-02-29", "1969-12-31", "1900-03-01", "2000-12-31", "0001-01-01", "9999-12-31"]
    rows = [{"x": 0.0, "i": day, "o": f"{day}T23:05:09", "s": "00:59:30"} for day in days]
    got = score(make(regression(outputs), fields=fields), [*rows, {"x": 0.0}])
    assert [(row["date"], row["dateTime"], row["time"]) for row in got] == [
        *((row["i"], row["o"], row["s"]) for row in rows),
        (None, None, None),
    ]
