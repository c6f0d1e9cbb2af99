"""Segments that each give a result of their own: selectAll, and chains of models of several targets.

https://dmg.org/pmml/v4-4-1/MultipleModels.html#xsdType_MULTIPLE-MODEL-METHOD; chains as JPMML-Evaluator (1.7) reads
`x-multiModelChain`: a segment's output fields are known to later ones, and every target has one segment.
"""

from dataclasses import replace

from spox import Var

from modelport_pmml.reader.elements.mining import Segmentation
from modelport_pmml.to_onnx.mining.member import Member, answers, final, invalid_of
from modelport_pmml.to_onnx.prediction import Answer, Prediction
from modelport_pmml.to_onnx.value import Value


def lower(segmentation: Segmentation, members: list[Member]) -> Prediction:
    """The first segment's prediction, and all of them by their targets, or by segments for selectAll."""
    every = segmentation.multiple_model_method == "selectAll"
    if every and segmentation.missing_prediction_treatment == "skipSegment":
        raise segmentation.refuse("skipSegment of selectAll, which evaluators refuse")
    found = answers(members)
    targets: dict[str, Prediction] = {}
    nested: dict[str, Value] = {}
    for item in members:
        answer = found[item.name]
        own = {item.name: answer.prediction} if every else _by_target(answer, item)
        for name in own:
            if name in targets:
                raise item.segment.bad(f"a second segment predicts the target {name!r}")
        targets |= own
        if not every:
            nested |= {name: answer.outputs.get(name) or answer.prediction.nested[name] for name in final(item)}
    invalid = invalid_of(members)
    targets = {name: _valid(prediction, invalid) for name, prediction in targets.items()}
    return replace(next(iter(targets.values())), segments=found, nested=nested, targets=targets)


def _by_target(answer: Answer, item: Member) -> dict[str, Prediction]:
    own = answer.prediction
    if own.targets:
        return dict(own.targets)
    if answer.target is None:
        raise item.segment.bad(f"the segment {item.name!r} predicts no target")
    return {answer.target: own}


def _valid(prediction: Prediction, invalid: Var | None) -> Prediction:
    """An invalid segment leaves no result at all."""
    return replace(prediction, value=prediction.value.with_invalid(invalid))
