"""Which classes a segment gives probabilities of: always the same, or those of the node or vote that answers."""

import itertools
from collections.abc import Iterable

from modelport_pmml.reader.elements.bayes import NaiveBayesModel
from modelport_pmml.reader.elements.general_regression import GeneralRegressionModel
from modelport_pmml.reader.elements.mining import MiningModel, Segmentation
from modelport_pmml.reader.elements.model import Model
from modelport_pmml.reader.elements.neural import NeuralNetwork
from modelport_pmml.reader.elements.regression import RegressionModel
from modelport_pmml.reader.elements.results import Target
from modelport_pmml.reader.elements.tree import TreeModel
from modelport_pmml.reader.nodes import Nodes

Classes = frozenset[str] | None
"""The classes; None where they depend on the row."""


def check(segmentation: Segmentation, classes: Iterable[tuple[str, ...]]) -> None:
    """Raises CannotConvert where segments that `max` or `median` combine list different classes.

    JPMML-Evaluator (1.7) gathers probabilities class by class and finds the segments they came from by their place
    among those, which is another segment's wherever one lists less.

    Args:
        classes: those of each segment that is compiled, where models of its kind list them all for every row.
    """
    every = {_of(item.model, own) for item, own in zip(segmentation.segments, classes, strict=True)}
    if len(every) > 1 or None in every:
        raise segmentation.refuse(
            f"the method {segmentation.multiple_model_method} over segments that do not all list the same classes",
            "list every class in each ScoreDistribution, or combine the segments by average",
        )


def _of(model: Model, classes: tuple[str, ...]) -> Classes:
    if any(value.prior_probability is not None for item in _targets(model) for value in item.values):
        return None
    match model:
        case TreeModel() if model.nodes is not None:
            return _only(_distributions(model.nodes))
        case RegressionModel():
            return frozenset(str(table.target_category) for table in model.tables)
        case MiningModel() if model.segmentation is not None:
            if model.segmentation.multiple_model_method in ("majorityVote", "weightedMajorityVote"):
                return None
            return _only({_of(item.model, ()) for item in model.segmentation.segments})
        case GeneralRegressionModel() | NaiveBayesModel() | NeuralNetwork():
            return frozenset(classes) or None
    return None


def _targets(model: Model) -> tuple[Target, ...]:
    return model.targets.targets if model.targets is not None else ()


def _only(found: set[Classes]) -> Classes:
    return next(iter(found)) if len(found) == 1 else None


def _distributions(nodes: Nodes) -> set[Classes]:
    """The classes of each node that has a distribution."""
    bounds = nodes.first.tolist()
    places = nodes.dist_value.tolist()
    listed = {tuple(sorted(places[a:b])) for a, b in itertools.pairwise(bounds) if b > a}
    return {frozenset(nodes.strings[i] for i in item) for item in listed}
