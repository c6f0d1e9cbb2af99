"""TreeModel; its nodes are compact arrays. https://dmg.org/pmml/v4-4-1/TreeModel.html"""

from dataclasses import dataclass
from typing import Literal

from modelport_pmml.reader.element import compact
from modelport_pmml.reader.elements.model import Model
from modelport_pmml.reader.nodes import Nodes

MissingStrategy = Literal[
    "lastPrediction", "nullPrediction", "defaultChild", "weightedConfidence", "aggregateNodes", "none"
]


@dataclass(frozen=True, kw_only=True)
class TreeModel(Model):
    missing_value_strategy: MissingStrategy = "none"
    missing_value_penalty: float = 1.0
    no_true_child_strategy: Literal["returnNullPrediction", "returnLastPrediction"] = "returnNullPrediction"
    split_characteristic: Literal["binarySplit", "multiSplit"] = "multiSplit"
    nodes: Nodes | None = compact()  # noqa: RUF009  # a dataclass field, made by a function of ours
