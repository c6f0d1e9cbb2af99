"""Splitting text into its characters: onnxruntime's `com.microsoft.Tokenizer`.

Standard ONNX has no operator that looks inside a string by position. `StringNormalizer` needs a locale that minimal
machines lack, and lower-cases otherwise than Python; `StringSplit` knows fixed delimiters only. onnxruntime's own
Tokenizer with one empty separator gives the code points, on every machine, and everything after that is arithmetic.

Source: onnxruntime's `docs/ContribOperators.md`, com.microsoft.Tokenizer; measured with 1.32: rows are padded on the
right with `pad_value`, the empty string gives padding only, NUL and characters beyond the BMP are kept.
"""

from dataclasses import dataclass

import numpy as np
from spox import Tensor, Var
from spox._attributes import AttrInt64, AttrString, AttrStrings
from spox._fields import BaseAttributes, BaseInputs, BaseOutputs
from spox._node import Node, OpType
from spox._var import _VarInfo

from modelport_onnx.nodes.create import node

PADDING = "<pad>"
"""Stands after the last character of the shorter texts; no single character is equal to it."""


class _Tokenizer(Node):
    @dataclass
    class Attributes(BaseAttributes):
        mark: AttrInt64
        mincharnum: AttrInt64
        pad_value: AttrString
        separators: AttrStrings

    @dataclass
    class Inputs(BaseInputs):
        X: _VarInfo

    @dataclass
    class Outputs(BaseOutputs):
        Y: _VarInfo

    op_type = OpType("Tokenizer", "com.microsoft", 1)

    attrs: Attributes
    inputs: Inputs
    outputs: Outputs


def characters(texts: Var) -> Var:
    """Text [N] → its characters [N, L], shorter texts padded with `PADDING`; L is 0 where all are empty."""
    return pieces(texts, "")


def pieces(texts: Var, separator: str) -> Var:
    """Text [N] → what stands between the matches of a regular expression, [N, T], padded with `PADDING`.

    Empty pieces are left out. The expression is one that RE2 and Python read alike; "" gives the characters.
    """
    attributes = _Tokenizer.Attributes(
        mark=AttrInt64(0, name="mark"),
        mincharnum=AttrInt64(1, name="mincharnum"),
        pad_value=AttrString(PADDING, name="pad_value"),
        separators=AttrStrings([separator], name="separators"),
    )
    (found,) = node(_Tokenizer, attributes, {}, {"X": texts}, ("Y",), types=[Tensor(np.str_, (None, None))])
    return found
