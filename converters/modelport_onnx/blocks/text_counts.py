"""From codes to counts: tokens or windows found, numbered as columns, and added up."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import integer, ints
from modelport_onnx.blocks.ragged import (
    WHOLE,
    columns_of,
    largest,
    packed,
    positions_in,
    rows_by,
    running,
    shifted,
    whole,
)
from modelport_onnx.blocks.text_codes import END, OUTSIDE
from modelport_onnx.blocks.text_names import Word, spans, windows
from modelport_onnx.ops import op


def tokens(codes: Var, shortest: int, known: Sequence[Word], stopped: Sequence[int] = ()) -> Var:
    """Runs of characters of the class, at least `shortest` long, as numbers [N, T] in the order of `known`, from 1.

    A run that is not known has number 0 and stays where it is; runs that are too short, and the tokens whose numbers
    are `stopped`, are taken out, so that their neighbours become neighbours.
    """
    inside = op.and_(op.not_(op.equal(codes, integer(OUTSIDE))), op.not_(op.equal(codes, integer(END))))
    flags = whole(inside)
    begins = op.greater(flags, shifted(flags, -1))
    number = running(whole(begins))
    count = op.reshape(largest(number), ints(1))
    wide = op.add(count, ints(1))
    lengths = op.scatter_elements(
        rows_by(codes, wide, WHOLE(0)), op.where(inside, number, integer(0)), flags, axis=1, reduction="add"
    )
    lengths = op.slice(lengths, ints(1), wide, ints(1))
    starts = packed(positions_in(codes), begins, count)
    found = spans(codes, starts, lengths, known)
    keep = op.greater_or_equal(lengths, integer(max(shortest, 1)))
    for stop in _stops(found, stopped):
        keep = op.and_(keep, stop)
    return packed(found, keep, count)


def _stops(found: Var, stopped: Sequence[int]) -> list[Var]:
    if not stopped:
        return []
    table = np.ones(max(stopped) + 1, np.bool_)
    table[list(stopped)] = False
    inside = op.min([found, integer(len(table) - 1)])
    last = op.greater_or_equal(found, integer(len(table)))
    return [op.or_(last, op.gather(op.const(table), inside))]


def grams(numbers: Var, columns: Mapping[Word, int], sizes: range, width: int) -> list[Var]:
    """Columns of the n-grams of each size that begin at each cell; `width` where one is in no vocabulary.

    Args:
        columns: known sequences of numbers and their columns; numbers from 1.
    """
    found, names = windows(numbers, list(columns), sizes.stop - 1)
    return [_columns(found[size - 1], names[size - 1], columns, width) for size in sizes]


def _columns(found: Var, names: Mapping[Word, int], columns: Mapping[Word, int], width: int) -> Var:
    table = np.full(len(names) + 1, width, WHOLE)
    for word, name in names.items():
        table[name] = columns.get(word, width)
    return op.gather(op.const(table), found)


def counts(places: Sequence[Var], width: int, dtype: Any, weights: Sequence[Var] | None = None) -> Var:
    """How often each column was met: [N, width]. Places of column `width` count for nothing."""
    met = op.concat(places, axis=1) if len(places) > 1 else places[0]
    zero = rows_by(met, width + 1, np.array(0, dtype))
    if weights is None:
        added = op.expand(op.const(np.array(1, dtype)), op.shape(met))
    else:
        added = op.cast(op.concat(weights, axis=1) if len(weights) > 1 else weights[0], to=np.dtype(dtype).type)
    total = op.scatter_elements(zero, met, added, axis=1, reduction="add")
    return op.slice(total, ints(0), ints(width), ints(1))


def single_spaces(codes: Var, blank: Sequence[bool], space: int, *, every: bool) -> Var:
    """White space of two characters and more becomes one space; with `every`, so does a single white character.

    Args:
        blank: whether each code is white space.
        space: the code of " ".
    """
    white = op.gather(op.const(np.array(blank, np.bool_)), codes)
    flags = whole(white)
    first = op.greater(flags, shifted(flags, -1))
    doubled = op.greater(op.mul(flags, shifted(flags, 1)), integer(0))
    becomes = first if every else op.and_(first, doubled)
    keep = op.or_(first, op.not_(white))
    return packed(op.where(becomes, integer(space), codes), keep, columns_of(codes), fill=END)
