"""Tensor types as plain tuples, and spox's objects for them, made once."""

from typing import Any

import numpy as np
from spox import Tensor

Dim = int | str | None
"""A length: known, named, or not known."""

Shape = tuple[Dim, ...] | None
Plain = tuple[type[np.generic], Shape]
"""Element type and shape; no shape where not even the rank is known."""


def plain(kind: Any) -> Plain | None:
    """A spox type as a tuple; None if it is no tensor."""
    if not isinstance(kind, Tensor):
        return None
    found: Plain | None = kind.__dict__.get("_modelport_plain")
    if found is None:
        found = (kind._elem_type, kind.shape)
        object.__setattr__(kind, "_modelport_plain", found)
    return found


_MOST = 8192
_made: dict[Plain, Tensor] = {}


def tensor(known: Plain) -> Tensor:
    """The spox type; equal ones are one object."""
    made = _made.get(known)
    if made is None:
        made = Tensor(*known)
        object.__setattr__(made, "_modelport_plain", known)
        if len(_made) >= _MOST:
            _made.clear()
        _made[known] = made
    return made
