"""Text to code numbers: each character looked up, those that become several or none spread out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import integer, ints
from modelport_onnx.blocks.ragged import (
    WHOLE,
    at,
    columns_of,
    largest,
    packed,
    positions_in,
    rows_by,
    running,
    whole,
)
from modelport_onnx.blocks.tokenizer_op import PADDING, characters
from modelport_onnx.ops import ml3, op

INSIDE, OUTSIDE, END = 0, 1, 2
"""Codes of characters that are in no known text: one of the class that matters, another, and past the end."""
FIRST = 3
"""Codes of known characters begin here."""


@dataclass(frozen=True, slots=True)
class Sigma:
    """The rule for a capital sigma: character classes, and the rows it becomes within and at the end of a word."""

    capital: int
    inner: int
    final: int
    cased: str
    ignorable: str


@dataclass(frozen=True, slots=True)
class Codes:
    """How characters become codes.

    Attributes:
        rows: row → the codes a character of that row becomes. Rows INSIDE and OUTSIDE are those of any other
            character; row END is the padding.
        row_of: character → row, for those that are known.
        inside: regular expression of one character: whether an unknown one is INSIDE.
        sigma: where a capital sigma needs its context.
        other: the row of every unknown character, where all are alike; then `inside` is not asked.
    """

    rows: Sequence[tuple[int, ...]]
    row_of: dict[str, int]
    inside: str
    sigma: Sigma | None = None
    other: int | None = None


def codes(texts: Var, table: Codes) -> Var:
    """Text [N] → codes [N, M]; every row ends with at least one END."""
    # onnxruntime's Tokenizer gives no matrix for no texts, so it is always given one more.
    split = characters(op.concat([texts, op.const(np.array([""]))], axis=0))
    made = _codes(split, table)
    return op.slice(made, ints(0), op.shape(texts), ints(0))


def _codes(split: Var, table: Codes) -> Var:
    """Characters [N, L] → codes [N, M]."""
    chars = op.concat([split, rows_by(split, 1, np.array(PADDING))], axis=1)
    keys = {**table.row_of, PADDING: END}
    default = -1 if table.other is None else table.other
    found = ml3.label_encoder(chars, keys_strings=list(keys), values_int64s=list(keys.values()), default_int64=default)
    row = found if table.other is not None else _unknown(chars, found, table.inside)
    if table.sigma is not None:
        row = _sigma(chars, row, table.sigma)
    if all(len(made) == 1 for made in table.rows):
        return op.gather(op.const(np.array([made[0] for made in table.rows], WHOLE)), row)
    return _spread(row, table.rows)


def _unknown(chars: Var, row: Var, inside: str) -> Var:
    """Rows for the characters without one. The regular expression runs only where there are some."""
    unknown = op.less(row, integer(0))
    some = op.greater(op.reduce_sum(whole(unknown), keepdims=False), integer(0))

    def asked() -> list[Var]:
        matches = op.regex_full_match(chars, pattern=inside)
        return [op.where(unknown, op.where(matches, integer(INSIDE), integer(OUTSIDE)), row)]

    (result,) = op.if_(some, then_branch=asked, else_branch=lambda: [op.identity(row)])
    return result


def _sigma(chars: Var, row: Var, rule: Sigma) -> Var:
    """Σ becomes "ς" where a cased character stands before it and none after it, ignorable ones looked through."""
    capital = op.equal(row, integer(rule.capital))
    some = op.greater(op.reduce_sum(whole(capital), keepdims=False), integer(0))

    def asked() -> list[Var]:
        seen = op.not_(op.regex_full_match(chars, pattern=rule.ignorable))
        is_cased = whole(op.regex_full_match(chars, pattern=rule.cased))
        rank = running(whole(seen))
        width = op.add(columns_of(chars), ints(1))
        # Cell r of `line` is the r-th character that counts; cell 0 and those past the end are none.
        line = op.concat([rows_by(chars, 1, WHOLE(0)), packed(is_cased, seen, width)], axis=1)
        before = op.greater(at(line, op.sub(rank, integer(1))), integer(0))
        after = op.greater(at(line, op.add(rank, integer(1))), integer(0))
        last = op.and_(before, op.not_(after))
        return [op.where(capital, op.where(last, integer(rule.final), integer(rule.inner)), row)]

    (result,) = op.if_(some, then_branch=asked, else_branch=lambda: [op.identity(row)])
    return result


def _spread(row: Var, rows: Sequence[tuple[int, ...]]) -> Var:
    """Rows of codes laid end to end: a character may become several, or vanish."""
    most = max(len(made) for made in rows)
    plain = np.array([[*made, *[END] * (most - len(made))] for made in rows], WHOLE)
    lengths = op.gather(op.const(np.array([len(made) for made in rows], WHOLE)), row)
    stops = running(lengths)
    width = op.reshape(largest(stops), ints(1))
    first = op.sub(stops, lengths)
    marks = op.scatter_elements(
        rows_by(row, op.add(width, ints(1)), WHOLE(0)),
        first,
        whole(op.greater_or_equal(first, integer(0))),
        axis=1,
        reduction="add",
    )
    source = op.sub(running(op.slice(marks, ints(0), width, ints(1))), integer(1))
    within = op.sub(positions_in(source), at(first, source))
    flat = op.add(op.mul(at(row, source), integer(most)), op.min([within, integer(most - 1)]))
    made = op.gather(op.const(plain.reshape(-1)), flat)
    over = op.greater_or_equal(within, at(lengths, source))
    return op.where(over, integer(END), made)
