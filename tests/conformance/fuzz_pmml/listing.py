"""Every element that is generated, by name."""

from collections.abc import Callable, Mapping
from random import Random

from tests.conformance.fuzz_pmml.elements import (
    chains,
    clustering,
    dates,
    fields,
    functions,
    general_regression,
    mining,
    naive_bayes,
    nearest_neighbor,
    neural,
    outputs,
    regression,
    rule_set,
    scorecard,
    support_vector,
    transformations,
    tree,
)
from tests.conformance.fuzz_pmml.frame import LOCALS, SCHEMA, Model, Row, document, row, targets

ELEMENTS: Mapping[str, Callable[[Random], Model]] = {
    "Chains": chains.model,
    "ClusteringModel": clustering.model,
    "Dates": dates.model,
    "Fields": fields.model,
    "Functions": functions.model,
    "GeneralRegressionModel": general_regression.model,
    "MiningModel": mining.model,
    "NaiveBayesModel": naive_bayes.model,
    "NearestNeighborModel": nearest_neighbor.model,
    "NeuralNetwork": neural.model,
    "Outputs": outputs.model,
    "RegressionModel": regression.model,
    "RuleSetModel": rule_set.model,
    "Scorecard": scorecard.model,
    "SupportVectorMachineModel": support_vector.model,
    "Transformations": transformations.model,
    "TreeModel": tree.model,
}
ROWS = 25


def case(random: Random, element: str) -> tuple[str, list[Row]]:
    """A document and rows."""
    model = ELEMENTS[element](random)
    model.body = model.body.replace(SCHEMA, SCHEMA + targets(random, model), 1)
    if "</Output>" in model.body:
        model.body = _targets_after_output(model.body)
    return document(random, model), [_row(random, model) for _ in range(ROWS)]


def _row(random: Random, model: Model) -> Row:
    found = row(random)
    return found if model.rows is None else found | model.rows(random)


def _targets_after_output(body: str) -> str:
    """Output stands before Targets."""
    start, end = body.find("<Targets>"), body.find("</Targets>")
    out = body.find("<Output>")
    if not 0 <= start < out or body[end:out].replace("</Targets>", "").strip():
        return body
    held, close = body[start : end + 10], body.find("</Output>") + 9
    return body[:start] + body[end + 10 : close] + held + body[close:]


__all__ = ["ELEMENTS", "LOCALS", "case"]
