"""A model element: its scope, its prediction, its output fields."""

from modelport.errors import CannotConvert
from modelport_pmml.reader.elements.model import Model
from modelport_pmml.to_onnx.output import outputs
from modelport_pmml.to_onnx.prediction import Answer
from modelport_pmml.to_onnx.scope import Graph, Scope


def compile_model(model: Model, graph: Graph, parent: Scope | None = None) -> Answer:
    """What a model answers, as graph variables.

    Raises:
        CannotConvert: the model, or an element in it, has no exact form; it is named with its line.
    """
    from modelport_pmml.to_onnx.table import MODELS, REFUSED

    name = type(model).__name__
    if name in REFUSED:
        raise model.refuse(f"<{name}> is not converted: {REFUSED[name]}")
    if parent is None:  # it looks at the models inside too
        refuse_unknown(model)
    scope = Scope(graph, model, parent)
    prediction = MODELS[name](model, scope)
    target = scope.target()
    return Answer(prediction, outputs(model, prediction, scope), target.name if target else None, scope)


def refuse_unknown(model: Model) -> None:
    """An element that nobody understands inside a model may change its answers."""
    for element in model.walk():
        for item in element.unknown:
            raise CannotConvert(f"<{item.name}> is not known here", where=str(item.at))
