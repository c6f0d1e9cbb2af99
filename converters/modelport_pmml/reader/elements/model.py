"""Model: what every model element has. https://dmg.org/pmml/v4-4-1/GeneralStructure.html"""

from dataclasses import dataclass
from typing import Literal

from modelport_pmml.reader.element import Element, attribute
from modelport_pmml.reader.elements.dictionary import MiningSchema
from modelport_pmml.reader.elements.results import ModelVerification, Output, Targets
from modelport_pmml.reader.elements.transformations import LocalTransformations

Function = Literal["associationRules", "sequences", "classification", "regression", "clustering", "timeSeries", "mixed"]


@dataclass(frozen=True, kw_only=True)
class Model(Element):
    """Attributes: math: `x-mathContext`, JPMML's extension: "float" computes in float32."""

    model_name: str | None = None
    function_name: Function
    algorithm_name: str | None = None
    is_scorable: bool = True
    math: Literal["float", "double"] = attribute("x-mathContext", "double")
    mining_schema: MiningSchema
    output: Output | None = None
    targets: Targets | None = None
    local_transformations: LocalTransformations | None = None
    verification: ModelVerification | None = None
