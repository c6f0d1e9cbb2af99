"""Sparse arrays and matrices. https://dmg.org/pmml/v4-4-1/GeneralStructure.html#xsdElement_Matrix"""

from dataclasses import dataclass
from typing import ClassVar

from modelport_pmml.reader.element import Element, attribute, text
from modelport_pmml.reader.elements.predicates import Array


@dataclass(frozen=True, kw_only=True)
class Indices(Element):
    content: str = text()


@dataclass(frozen=True, kw_only=True)
class Entries(Element):
    content: str = text()


@dataclass(frozen=True, kw_only=True)
class RealEntries(Entries):
    TAG: ClassVar[str] = "REAL-Entries"


@dataclass(frozen=True, kw_only=True)
class IntEntries(Entries):
    TAG: ClassVar[str] = "INT-Entries"


@dataclass(frozen=True, kw_only=True)
class SparseArray(Element):
    n: int | None = None
    default_value: float = attribute("defaultValue", 0.0)
    indices: Indices | None = None
    entries: Entries | None = None


@dataclass(frozen=True, kw_only=True)
class RealSparseArray(SparseArray):
    TAG: ClassVar[str] = "REAL-SparseArray"


@dataclass(frozen=True, kw_only=True)
class IntSparseArray(SparseArray):
    TAG: ClassVar[str] = "INT-SparseArray"


@dataclass(frozen=True, kw_only=True)
class MatCell(Element):
    row: int
    col: int
    content: str = text()


@dataclass(frozen=True, kw_only=True)
class Matrix(Element):
    kind: str = "any"
    nb_rows: int | None = None
    nb_cols: int | None = None
    diag_default: float | None = None
    off_diag_default: float | None = None
    arrays: tuple[Array, ...] = ()
    cells: tuple[MatCell, ...] = ()
