"""The model element for a draft: the most idiomatic one that computes exactly what the graph computes.

trees whose leaves hold shares of the classes  → TreeModel, or a MiningModel that averages them
one sum of trees, and functions of it          → TreeModel or MiningModel, with output fields computed from it
anything else with trees                       → a chain: one segment a sum of trees, then a RegressionModel
weighted sums of activations of weighted sums  → a NeuralNetwork
one kernel machine, and functions of it        → a SupportVectorMachineModel
no trees                                       → a RegressionModel over derived fields; one with a logarithmic
                                                 link has the normalisation `exp`
"""

from collections.abc import Sequence

from modelport.errors import CannotConvert
from modelport.signature import Column, Task, label_type
from modelport_columnar.expression import Expr, reachable
from modelport_pmml.from_columnar.draft import Draft, has_target
from modelport_pmml.from_columnar.elements import (
    Target,
    inner_schema,
    local_fields,
    output_field,
    value_text,
)
from modelport_pmml.from_columnar.forest import TreeWriter, features, mining_model, segment, targets
from modelport_pmml.from_columnar.machines import with_machine
from modelport_pmml.from_columnar.mapping import DATA_TYPES
from modelport_pmml.from_columnar.markup import Piece, tag
from modelport_pmml.from_columnar.neural import network_model
from modelport_pmml.from_columnar.regression import (
    Sum,
    is_linked,
    predictors,
    regression_model,
    sum_of,
    table,
)
from modelport_pmml.from_columnar.scores import Scores, scores_of
from modelport_pmml.from_columnar.shares import shares_model
from modelport_pmml.types import pmml_type


def model(made: Draft) -> list[Piece]:
    """The model element, in pieces.

    Raises:
        CannotConvert: no element expresses it exactly.
    """
    shares = shares_model(made)
    if shares is not None:
        return shares
    network = network_model(made)
    if network is not None:
        return [network]
    found = forests(made.outputs)
    if not found and made.signature.task is not Task.CLASSIFICATION:
        made.outputs = with_machine(made.simplifier, made.outputs)
        found = forests(made.outputs)
    if not found:
        return [_plain(made)]
    if len(found) == 1 and made.signature.task is not Task.CLASSIFICATION:
        return _single(made, found[0])
    return _chain(made, found)


def target_of(made: Draft) -> Target | None:
    """The target field: what is predicted by a classifier or a regressor of one target."""
    if not has_target(made.signature):
        return None
    if made.signature.task is Task.CLASSIFICATION:
        return made.target, pmml_type(label_type(made.signature.classes)), made.signature.classes
    return made.target, "double", ()


def forests(roots: Sequence[Expr]) -> list[Expr]:
    """Trees, sums of trees and kernel machines that the roots use as such, those that others ask about first."""
    nodes = list(reachable(roots))
    inside = {arg.number for node in nodes if node.op == "forest" for arg in node.args}
    direct = {arg.number for node in nodes if node.op != "forest" for arg in node.args} | {r.number for r in roots}
    return [
        node
        for node in nodes
        if node.op in ("forest", "machine")
        or (node.op == "tree" and (node.number not in inside or node.number in direct))
    ]


# No trees ----------------------------------------------------------------------------------------


def _plain(made: Draft) -> str:
    if target_of(made) and made.signature.task is Task.CLASSIFICATION:
        return _classifier(made)
    roots = made.simplifier.expanded(made.outputs)
    linked = target_of(made) is not None and is_linked(roots[0])
    whole = roots[0].args[0] if linked else roots[0]
    sums = [sum_of(whole)] if target_of(made) else [Sum(0.0, ())]
    local = made.fields([] if target_of(made) else roots, predictors(sums))
    head = made.schema() + _outputs(made, roots, native=bool(target_of(made))) + _common(made, local)
    return regression_model("regression", head, [table(made, sums[0])], "exp" if linked else None)


def _classifier(made: Draft, chained: bool = False) -> str:
    """The RegressionModel of a classifier; in a chain, its output fields are those the whole chain hands on."""
    scores = scores_of(made)
    roots = made.simplifier.expanded(made.outputs)
    sums = [_expanded(made, item) for item in scores.sums]
    written = [root for (column, root) in _pairs(made, roots) if not _is_native(column, scores, chained)]
    local = made.fields(written, predictors(sums))
    output = _class_outputs(made, roots, scores, chained)
    names = [value_text(value) for value in made.signature.classes]
    order = list(range(len(names)))
    if scores.normalization == "logit":
        order = [1, 0]  # the table without terms is the last, as PMML's binary logit has it
    tables = [table(made, sums[i], names[i]) for i in order]
    if chained:
        head = inner_schema(made.used([*predictors(sums), *written]), made.target) + output + local_fields([local])
    else:
        head = made.schema() + output + _common(made, local)
    return regression_model("classification", head, tables, scores.normalization)


def _expanded(made: Draft, item: Sum) -> Sum:
    terms = made.simplifier.expanded([expr for _, expr in item.terms])
    return Sum(item.intercept, tuple(zip([weight for weight, _ in item.terms], terms, strict=True)))


def _pairs(made: Draft, roots: Sequence[Expr]) -> list[tuple[Column, Expr]]:
    return list(zip(made.signature.outputs, roots, strict=True))


def _is_native(column: Column, scores: Scores, chained: bool) -> bool:
    if column.name == "label":
        return scores.labels
    return scores.native and column.name.startswith("probability(")


def _class_outputs(made: Draft, roots: Sequence[Expr], scores: Scores, chained: bool) -> str:
    classes = list(made.signature.classes)
    fields = []
    for column, root in _pairs(made, roots):
        kind = pmml_type(column.type)
        if not _is_native(column, scores, chained):
            fields.append(output_field(column.name, kind, "transformedValue", written=made.write(root)))
        elif column.name == "label":
            fields.append(output_field(column.name, kind, "predictedValue"))
        else:
            value = value_text(classes[len([f for f in fields if 'feature="probability"' in f])])
            fields.append(output_field(column.name, kind, "probability", value=value))
    if chained and not (scores.native and scores.labels):
        fields += _hidden(made)
    return tag("Output", (), fields)


def _hidden(made: Draft) -> list[str]:
    """The model's own results, too: without them PMML4S (1.5.8) gives a chain none."""
    kind = pmml_type(label_type(made.signature.classes))
    names = [value_text(value) for value in made.signature.classes]
    shares = [output_field(made.names.unused(f"share({n})"), "double", "probability", value=n) for n in names]
    return [output_field(made.names.unused("best"), kind, "predictedValue"), *shares]


def _common(made: Draft, local: str = "") -> str:
    """Derived fields at the top of the model: those of the inputs, and more."""
    return local_fields([*made.dictionary, local])


def _outputs(made: Draft, roots: Sequence[Expr], native: bool) -> str:
    """Output fields: the prediction of the model itself, or expressions."""
    fields = []
    for column, root in _pairs(made, roots):
        kind = pmml_type(column.type)
        if native:
            fields.append(output_field(column.name, kind, "predictedValue"))
        else:
            fields.append(output_field(column.name, kind, "transformedValue", written=made.write(root)))
    return tag("Output", (), fields)


# One sum of trees --------------------------------------------------------------------------------


def _single(made: Draft, forest: Expr) -> list[Piece]:
    """Its value is an output field that the other output fields are computed from."""
    writer = TreeWriter(made)
    made.fields([], features(forest))
    method, offset = _combined(made, forest)
    if method:
        output = tag("Output", (), [output_field("prediction", "double", "predictedValue")])
        more = targets(made.target, offset) if offset else ""
        return writer.total(forest, made.schema(), output + more + _common(made), method)
    output = tag("Output", (), _from_forest(made, forest))
    return writer.total(forest, made.schema(), output + _common(made))


def _combined(made: Draft, forest: Expr) -> tuple[str, float]:
    """The method of the ensemble and what is added, where that is the whole prediction."""
    if not target_of(made):
        return "", 0.0
    root = made.outputs[0]
    trees = len(forest.args) if forest.op == "forest" else 1
    if root is forest:
        return "sum", 0.0
    first, *rest = root.args
    if first is not forest or len(rest) != 1 or rest[0].op != "constant":
        return "", 0.0
    if root.op == "add" and root.kind.value == "float64":
        return "sum", float(rest[0].data)
    if root.op == "div" and trees > 1 and rest[0].data == trees and root.kind.value == "float64":
        return "average", 0.0
    return "", 0.0


def _from_forest(made: Draft, forest: Expr) -> list[str]:
    roots = made.simplifier.expanded(made.outputs)
    name = made.names.unused("trees")
    fields = [output_field(name, "double", "predictedValue", final=False)]
    made.write.names[forest.number] = name
    for expr in made.waiting(roots):
        field = made.names.unused(made.stem(expr))
        written = made.write.written(expr)
        fields.append(output_field(field, DATA_TYPES[expr.kind], "transformedValue", written=written, final=False))
        made.write.names[expr.number] = field
    for column, root in _pairs(made, roots):
        fields.append(output_field(column.name, pmml_type(column.type), "transformedValue", written=made.write(root)))
    return fields


# A chain -----------------------------------------------------------------------------------------


def _chain(made: Draft, found: Sequence[Expr]) -> list[Piece]:
    writer = TreeWriter(made)
    segments = []
    for i, forest in enumerate(found, 1):
        local = made.fields([], features(forest))
        name = made.names.unused(f"trees {i}")
        output = tag("Output", (), [output_field(name, "double", "predictedValue", final=False)])
        segments.append(segment(i, writer.total(forest, writer.schema(forest), output + local_fields([local]))))
        made.leave()
        made.write.names[forest.number] = name
    classifies = made.signature.task is Task.CLASSIFICATION and target_of(made) is not None
    last = _classifier(made, chained=True) if classifies else _last_regression(made)
    segments.append(segment(len(found) + 1, [last]))
    function = "classification" if classifies else "regression"
    return mining_model(function, made.schema() + _common(made), "modelChain", segments)


def _last_regression(made: Draft) -> str:
    roots = made.simplifier.expanded(made.outputs)
    found = target_of(made)
    sums = [sum_of(roots[0])] if found else [Sum(0.0, ())]
    local = made.fields([] if found else roots, predictors(sums))
    used = made.used([*predictors(sums), *([] if found else roots)])
    schema = inner_schema(used, found[0] if found else None)
    output = _outputs(made, roots, native=bool(found))
    return regression_model("regression", schema + output + local_fields([local]), [table(made, sums[0])])


def refuse_empty(made: Draft) -> None:
    """A model needs an input and an output.

    Raises:
        CannotConvert: it has none.
    """
    if not made.signature.inputs or not made.signature.outputs:
        raise CannotConvert("a PMML model needs at least one input and one output")
