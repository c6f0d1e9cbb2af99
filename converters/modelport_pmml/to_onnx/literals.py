"""The texts a document compares its fields with: they become the words that open text fields are told apart by."""

from modelport_pmml.reader.document import Pmml
from modelport_pmml.reader.element import Element
from modelport_pmml.reader.elements.bayes import BayesInput
from modelport_pmml.reader.elements.bayesian_network import ParentValue
from modelport_pmml.reader.elements.dictionary import MiningField
from modelport_pmml.reader.elements.general_regression import GeneralRegressionModel, PPCell
from modelport_pmml.reader.elements.predicates import SimplePredicate, SimpleSetPredicate
from modelport_pmml.reader.elements.regression import CategoricalPredictor
from modelport_pmml.reader.elements.transformations import Apply, Constant, FieldRef, MapValues, NormDiscrete
from modelport_pmml.reader.nodes import SIMPLE, Nodes
from modelport_pmml.to_onnx.arrays import words

Found = dict[str, dict[str, None]]


def literals(document: Pmml) -> dict[str, tuple[str, ...]]:
    """Field → texts, as they first occur. What is not here is compared as text, which is slower and as exact."""
    found: Found = {}
    for element in document.walk():
        _of(element, found)
    return {name: tuple(items) for name, items in found.items()}


def _of(element: Element, found: Found) -> None:
    match element:
        case Nodes():
            _of_nodes(element, found)
        case SimplePredicate(field=field, value=str(value)):
            _add(found, field, value)
        case SimpleSetPredicate(field=field, array=array):
            _add(found, field, *words(array))
        case NormDiscrete(field=field, value=value):
            _add(found, field, value)
        case CategoricalPredictor(name=name, value=value):
            _add(found, name, value)
        case PPCell(predictor_name=name, value=value):
            _add(found, name, value)
        case GeneralRegressionModel(baseline_strata_variable=str(name), hazard=hazard) if hazard is not None:
            _add(found, name, *(item.value for item in hazard.strata))
        case MiningField(name=name, missing_value_replacement=missing, invalid_value_replacement=invalid):
            _add(found, name, *(word for word in (missing, invalid) if word is not None))
        case ParentValue(parent=name, value=value):
            _add(found, name, value)
        case BayesInput(field_name=name, pairs=pairs):
            _add(found, name, *(pair.value for pair in pairs))
        case MapValues(pairs=pairs, table=table) if table is not None:
            for pair in pairs:
                _add(found, pair.field, *(row[pair.cell] for row in table.rows if pair.cell in row))
        case Apply(arguments=arguments):
            fields = [item.field for item in arguments if isinstance(item, FieldRef)]
            constants = [item.value for item in arguments if isinstance(item, Constant)]
            for name in fields:
                _add(found, name, *constants)


def _of_nodes(nodes: Nodes, found: Found) -> None:
    pairs = {
        (int(field), int(value))
        for kind, field, value in zip(nodes.kind.tolist(), nodes.field.tolist(), nodes.value.tolist(), strict=True)
        if kind == SIMPLE and value >= 0
    }
    for field, value in sorted(pairs):
        _add(found, nodes.strings[field], nodes.strings[value])


def _add(found: Found, name: str, *texts: str) -> None:
    found.setdefault(name, {}).update(dict.fromkeys(text for text in texts if text))
