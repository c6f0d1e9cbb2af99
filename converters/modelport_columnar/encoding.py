"""Encoding: a map from values to values with a default, as `LabelEncoder` and the like define it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Encoding:
    """A map.

    Attributes:
        keys, values: in the order of the file; where a key occurs twice, the first counts.
        default: the value of everything else; NaN among the keys matches NaN.
    """

    keys: tuple[Any, ...]
    values: tuple[Any, ...]
    default: Any

    def __call__(self, key: Any) -> Any:
        for known, value in zip(self.keys, self.values, strict=True):
            if known == key or (known != known and key != key):
                return value
        return self.default
