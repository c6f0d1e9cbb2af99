"""Attributes of millions of numbers, written from arrays: spox and protobuf would walk them one object at a time.

Protobuf parsers take a repeated number packed or unpacked, whatever its declaration says (Protocol Buffers encoding
guide, "Packed repeated fields"), so the packed bytes are made by NumPy and parsed once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from spox import Tensor, Var
from spox._attributes import Attr, AttrInt64, AttrString, AttrTensor
from spox._fields import BaseAttributes, BaseInputs, BaseOutputs
from spox._node import Node, OpType
from spox._var import _VarInfo

from modelport_onnx.nodes.create import node

_NAME, _FLOATS, _INTS, _STRINGS, _TYPE = 1, 7, 8, 9, 20
"""Field numbers of `AttributeProto` (onnx.proto)."""

_FEW = 500
"""Below so many numbers protobuf itself is quicker."""


def varints(values: NDArray[np.int64]) -> bytes:
    """Non-negative integers in protobuf's variable-length encoding, one after another."""
    rest = np.ascontiguousarray(values, np.int64).astype(np.uint64)
    groups = max(1, (int(rest.max(initial=0)).bit_length() + 6) // 7)
    digits = (rest[:, None] >> np.arange(0, 7 * groups, 7, dtype=np.uint64)) & np.uint64(0x7F)
    more = np.stack([(rest >> np.uint64(min(7 * (i + 1), 63))) > 0 for i in range(groups)], axis=1)
    used = np.concatenate([np.ones((len(rest), 1), np.bool_), more[:, :-1]], axis=1)
    encoded: bytes = (digits.astype(np.uint8) | (more.astype(np.uint8) << 7))[used].tobytes()
    return encoded


def _one(value: int) -> bytes:
    digits = []
    while value > 0x7F:
        digits.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*digits, value])


def _delimited(number: int, payload: bytes) -> bytes:
    return _one(number << 3 | 2) + _one(len(payload)) + payload


def _attribute(name: str, kind: int, payload: bytes) -> onnx.AttributeProto:
    raw = _delimited(_NAME, name.encode()) + payload + _one(_TYPE << 3) + _one(kind)
    return onnx.AttributeProto.FromString(raw)


def ints(name: str, values: NDArray[np.int64]) -> onnx.AttributeProto:
    """An INTS attribute; no value may be negative."""
    if len(values) < _FEW:
        return onnx.AttributeProto(name=name, type=onnx.AttributeProto.INTS, ints=values.tolist())
    return _attribute(name, onnx.AttributeProto.INTS, _delimited(_INTS, varints(values)))


def floats(name: str, values: NDArray[np.float32]) -> onnx.AttributeProto:
    """A FLOATS attribute."""
    return _attribute(name, onnx.AttributeProto.FLOATS, _delimited(_FLOATS, values.astype("<f4").tobytes()))


def strings(name: str, values: NDArray[np.int64], words: Mapping[int, str]) -> onnx.AttributeProto:
    """A STRINGS attribute, given as numbers of a few words."""
    encoded = {number: _delimited(_STRINGS, word.encode()) for number, word in words.items()}
    return _attribute(name, onnx.AttributeProto.STRINGS, b"".join([encoded[number] for number in values.tolist()]))


class _Ready(Attr[Any]):
    """An attribute that is a finished proto already."""

    def __init__(self, proto: onnx.AttributeProto, name: str) -> None:
        self._value, self._name, self._cached_onnx = None, name, proto

    @property
    def _attribute_proto_type(self) -> int:
        assert self._cached_onnx is not None
        return int(self._cached_onnx.type)


@dataclass
class _Attributes(BaseAttributes):
    fields: dict[str, Attr[Any]] = field(default_factory=dict)

    def get_fields(self) -> dict[str, Attr[Any] | None]:
        return dict(self.fields)


@dataclass
class _Inputs(BaseInputs):
    X: _VarInfo


@dataclass
class _Outputs(BaseOutputs):
    Y: _VarInfo


class _Packed(Node):
    """An operator [N, C] → [N, width] whose type we know, so that no inference has to read its attributes."""

    Attributes, Inputs, Outputs = _Attributes, _Inputs, _Outputs


Value = onnx.AttributeProto | NDArray[Any] | int | str


def _attr(name: str, value: Value) -> Attr[Any]:
    if isinstance(value, onnx.AttributeProto):
        return _Ready(value, name)
    if isinstance(value, np.ndarray):
        return AttrTensor(value, name)
    return AttrInt64(value, name) if isinstance(value, int) else AttrString(value, name)


def operator(
    name: str, domain: str, version: int, x: Var, attributes: Mapping[str, Value], width: int, dtype: type[np.generic]
) -> Var:
    """One node of an operator with one input [N, C] and one output [N, width].

    Args:
        attributes: finished protos; arrays become tensors.
    """
    kind: type[_Packed] = type(name, (_Packed,), {"op_type": OpType(name, domain, version)})
    fields = _Attributes({key: _attr(key, value) for key, value in attributes.items()})
    (out,) = node(kind, fields, {}, {"X": x}, ("Y",), types=[Tensor(dtype, (_rows(x), width))])
    return out


def _rows(x: Var) -> str | int | None:
    shape = x.unwrap_tensor().shape
    return shape[0] if shape else None
