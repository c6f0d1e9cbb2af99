"""Case: one estimator on one sample, under the public class name its row of the table bears."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.conformance.catalogue.data import Sample


@dataclass(frozen=True)
class Case:
    """A row of the catalogue.

    Attributes:
        name: `Class` or `Class.variant`.
        make: gives the unfitted estimator.
        sample: gives the data.
        family: `classifier`, `regressor`, `transformer`, `cluster`, `outlier`, `mixture`, `pipeline`.
        core: whether it counts among the 198 classes (its class's main variant).
        float32: the original computes in float32, so it is judged in its own ulps.
    """

    name: str
    make: Callable[[], Any]
    sample: Callable[[], Sample]
    family: str
    core: bool = False
    float32: bool = False

    @property
    def kind(self) -> str:
        return self.name.partition(".")[0]

    def fitted(self) -> Any:
        """The estimator, fitted on the sample's training rows."""
        data = self.sample()
        estimator = self.make()
        return estimator.fit(data.train) if data.target is None else estimator.fit(data.train, data.target)
