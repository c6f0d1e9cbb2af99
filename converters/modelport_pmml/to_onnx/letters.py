"""Text of any kind taken apart into characters, and put together again, in the graph.

Texts are compared, cut and changed as Java does it, on which JPMML-Evaluator stands: positions count UTF-16 units.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import ints
from modelport_onnx.blocks.ragged import rows_by
from modelport_onnx.blocks.tokenizer_op import PADDING, characters, pieces
from modelport_onnx.ops import ml3, op
from modelport_pmml.to_onnx.value import Value, spelled

ASTRAL = "[\U00010000-\U0010ffff]"
"""Characters that are two units of UTF-16."""


def flat(value: Value) -> Var:
    """The text, [N]."""
    return op.reshape(spelled(value), ints(-1))


def split(texts: Var) -> Var:
    """Text [N] → characters [N, L], "" after the last."""
    return _matrix(texts, characters)


def tokens(texts: Var, separator: str) -> Var:
    """Text [N] → pieces between separators [N, T], "" after the last."""
    return _matrix(texts, lambda given: pieces(given, separator))


def _matrix(texts: Var, divide: Callable[[Var], Var]) -> Var:
    # onnxruntime's Tokenizer gives no matrix for no texts, and none of them may be without a piece.
    found = divide(op.concat([texts, op.const(np.array(["a"]))], axis=0))
    cut = op.slice(found, ints(0), op.shape(texts), ints(0))
    return op.where(op.equal(cut, op.const(np.array([[PADDING]]))), op.const(np.array([[""]])), cut)


def joined(cells: Var) -> Var:
    """Characters or pieces [N, L] → text [N]."""
    start = op.reshape(rows_by(cells, 1, np.array("")), ints(-1))

    def body(step: Var, _: Var, before: Var) -> list[Var]:
        own = op.reshape(op.gather(cells, op.reshape(step, ints(1)), axis=1), ints(-1))
        return [op.const(np.array([True])), op.string_concat(before, own)]

    (found,) = op.loop(op.shape(cells, start=1, end=2), op.const(np.array([True])), [start], body=body)
    return op.reshape(found, ints(-1))


def changed(cells: Var, become: Callable[[str], str]) -> Var:
    """Each character as a function of characters makes it."""
    table = _changes(become)
    place = ml3.label_encoder(
        cells, keys_strings=list(table), values_int64s=list(range(len(table))), default_int64=len(table)
    )
    made = op.gather(op.const(np.array([*table.values(), ""], np.str_)), place)
    return op.where(op.equal(place, ints(len(table))), cells, made)


@cache
def _changes(become: Callable[[str], str]) -> dict[str, str]:
    every = (chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    return {char: made for char in every if (made := become(char)) != char}


def holds(texts: Var, pattern: str) -> Var:
    """Whether an expression of one character is found in each text, [N, 1] boolean."""
    return op.reshape(op.regex_full_match(texts, pattern=f"(?s:.*){pattern}(?s:.*)"), ints(-1, 1))
