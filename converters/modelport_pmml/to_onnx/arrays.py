"""The content of `Array` elements. https://dmg.org/pmml/v4-4-1/GeneralStructure.html#xsdElement_Array"""

import numpy as np
from numpy.typing import NDArray

from modelport_pmml.reader.elements.arrays import Matrix, SparseArray
from modelport_pmml.reader.elements.predicates import Array
from modelport_pmml.reader.scalars import number


def words(array: Array) -> tuple[str, ...]:
    """The items: separated by white space; quoted where they hold some; `\\"` is a quote inside quotes.

    Raises:
        InputError: a quote is not closed, or there are not `n` items.
    """
    found = tuple(_split(array))
    if array.n is not None and array.n != len(found):
        raise array.bad(f"the array says n={array.n} and has {len(found)} items")
    return found


def _split(array: Array) -> list[str]:
    text, items, i = array.content, [], 0
    if '"' not in text:
        return text.split()
    while i < len(text):
        if text[i].isspace():
            i += 1
        elif text[i] == '"':
            item, i = _quoted(array, text, i + 1)
            items.append(item)
        else:
            end = next((k for k in range(i, len(text)) if text[k].isspace()), len(text))
            items.append(text[i:end])
            i = end
    return items


def _quoted(array: Array, text: str, i: int) -> tuple[str, int]:
    item: list[str] = []
    while i < len(text) and text[i] != '"':
        if text[i] == "\\" and i + 1 < len(text) and text[i + 1] in '"\\':
            i += 1
        item.append(text[i])
        i += 1
    if i >= len(text):
        raise array.bad("a quote in the array is not closed")
    return "".join(item), i + 1


def reals(array: Array) -> NDArray[np.float64]:
    """The items as numbers."""
    return np.array([number(item, "an item of the array", array.at) for item in words(array)], np.float64)


def sparse(array: SparseArray, width: int) -> NDArray[np.float64]:
    """A sparse array written out; its indices count from 1.

    Raises:
        InputError: an index is out of range, or indices and entries differ in number.
    """
    size = array.n if array.n is not None else width
    if size > max(width, 1) * 4 + 1024:
        raise array.bad(f"the array says n={size}, where {width} fields are known")
    dense = np.full(size, array.default_value)
    places = [
        int(number(item, "an index", array.at)) for item in (array.indices.content.split() if array.indices else ())
    ]
    entries = [number(item, "an entry", array.at) for item in (array.entries.content.split() if array.entries else ())]
    if len(places) != len(entries):
        raise array.bad(f"the array has {len(places)} indices and {len(entries)} entries")
    for place, entry in zip(places, entries, strict=True):
        if not 1 <= place <= size:
            raise array.bad(f"the index {place} is not between 1 and {size}")
        dense[place - 1] = entry
    return dense


def matrix(element: Matrix) -> NDArray[np.float64]:
    """A matrix written out.

    Raises:
        InputError: it is ragged, or a cell lies outside.
    """
    if element.arrays:
        rows = [reals(item) for item in element.arrays]
        if element.kind == "diagonal":
            return np.diag(rows[0])
        if element.kind == "symmetric":
            full = np.zeros((len(rows), len(rows)))
            for i, items in enumerate(rows):
                full[i, : len(items)] = full[: len(items), i] = items
            return full
        if len({len(items) for items in rows}) > 1:
            raise element.bad("the rows of the matrix differ in length")
        return np.stack(rows)
    size = [element.nb_rows or 0, element.nb_cols or 0]
    for cell in element.cells:
        size = [max(size[0], cell.row), max(size[1], cell.col)]
    if max(size) > 4096:
        raise element.bad("the matrix is larger than 4096 rows or columns")
    full = np.full(size, element.off_diag_default or 0.0)
    if element.diag_default is not None:
        np.fill_diagonal(full, element.diag_default)
    for cell in element.cells:
        full[cell.row - 1, cell.col - 1] = number(cell.content, "a cell", cell.at)
    return full
