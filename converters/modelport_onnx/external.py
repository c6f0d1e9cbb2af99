"""Tensors whose data lies in other files: found wherever a model may hold one, read only from the model's own folder.

The files are opened here, one step of the path at a time, without following links, and what was opened is what is
measured and read; nothing is left for onnx or onnxruntime to look up. Format: `TensorProto.external_data`, ONNX 1.19.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from itertools import chain
from math import prod
from pathlib import Path

import onnx
from onnx import TensorProto

from modelport.errors import InputError, Unsafe
from modelport.formats import Policy

_STEP = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_FOLDER = _STEP | getattr(os, "O_DIRECTORY", 0)
_SHARING = {"INT4": 2, "UINT4": 2, "FLOAT4E2M1": 2, "INT2": 4, "UINT2": 4}
"""Types of which several values share a byte."""


def external_tensors(model: onnx.ModelProto) -> Iterator[TensorProto]:
    """Every tensor that says its data lies in another file: initializers, attributes, subgraphs, functions."""
    graphs = (model.graph, *(graph for info in model.training_info for graph in (info.initialization, info.algorithm)))
    parts = chain(
        chain.from_iterable(_in_graph(graph) for graph in graphs),
        chain.from_iterable(_in_function(function) for function in model.functions),
    )
    yield from (tensor for tensor in parts if tensor.external_data or tensor.data_location == TensorProto.EXTERNAL)


def _in_graph(graph: onnx.GraphProto) -> Iterator[TensorProto]:
    yield from graph.initializer
    yield from _in_sparse(graph.sparse_initializer)
    yield from _in_attributes(chain.from_iterable(node.attribute for node in graph.node))


def _in_function(function: onnx.FunctionProto) -> Iterator[TensorProto]:
    yield from _in_attributes(chain(function.attribute_proto, *(node.attribute for node in function.node)))


def _in_attributes(attributes: Iterable[onnx.AttributeProto]) -> Iterator[TensorProto]:
    for attribute in attributes:
        if attribute.HasField("t"):
            yield attribute.t
        yield from attribute.tensors
        if attribute.HasField("sparse_tensor"):
            yield from _in_sparse((attribute.sparse_tensor,))
        yield from _in_sparse(attribute.sparse_tensors)
        for graph in (*((attribute.g,) if attribute.HasField("g") else ()), *attribute.graphs):
            yield from _in_graph(graph)


def _in_sparse(sparse: Iterable[onnx.SparseTensorProto]) -> Iterator[TensorProto]:
    for item in sparse:
        yield from (item.values, item.indices)


def refuse_external(model: onnx.ModelProto) -> None:
    """For a model that comes from no file, so that there is no folder of its own.

    Raises:
        Unsafe: a tensor refers to another file.
    """
    found = next(external_tensors(model), None)
    if found is not None:
        hint = "load the model from its file, so that its data is read beside it"
        raise Unsafe("a tensor of this graph lies in another file", where=f"tensor {found.name!r}", hint=hint)


def load_external(model: onnx.ModelProto, path: Path, policy: Policy) -> int:
    """Puts the data of every external tensor into the model; gives how many there were.

    Raises:
        Unsafe: outside the model's folder, behind a link, beyond the end of its file, or larger than the policy allows.
        InputError: a file is missing, or its size is not what the tensor's shape says.
    """
    tensors = list(external_tensors(model))
    extents = [_extent(tensor, path) for tensor in tensors]
    total = path.stat().st_size + sum(length for _, _, length in extents)
    if total > policy.max_bytes:
        raise Unsafe(f"with external data {total:,} bytes; the limit is {policy.max_bytes:,}", where=str(path))
    for tensor, (location, offset, length) in zip(tensors, extents, strict=True):
        tensor.raw_data = _read(path, location, offset, length, _place(path, tensor.name, location))
        tensor.data_location = TensorProto.DEFAULT
        del tensor.external_data[:]
    return len(tensors)


def _place(path: Path, tensor: object, location: object) -> str:
    return f"{path}: tensor {tensor!r} at {location!r}"


def _extent(tensor: TensorProto, path: Path) -> tuple[str, int, int]:
    """Location, offset and length, as far as the tensor itself can say whether they are sound."""
    entries = {entry.key: entry.value for entry in tensor.external_data}
    location = entries.get("location", "")
    place = _place(path, tensor.name, location)
    if not isinstance(location, str) or "\0" in location:
        raise Unsafe("the location of external data is no file name", where=place)
    parts = Path(location).parts
    if not parts or Path(location).is_absolute() or ".." in parts or "\\" in location or ":" in location:
        raise Unsafe("external data may lie only inside the model's own folder", where=place)
    length = _bytes_of(tensor, place)
    try:
        offset, said = int(entries.get("offset", 0)), int(entries.get("length", length))
    except ValueError as error:
        raise InputError("offset or length of external data is no number", where=place) from error
    if offset < 0 or said < 0:
        raise Unsafe("external data reaches beyond the end of its file", where=place)
    if said != length:
        raise InputError(f"{said:,} bytes of external data, where the shape needs {length:,}", where=place)
    return location, offset, length


def _bytes_of(tensor: TensorProto, place: str) -> int:
    """How many bytes a tensor of this type and shape has."""
    if tensor.data_type in (TensorProto.UNDEFINED, TensorProto.STRING) or any(size < 0 for size in tensor.dims):
        raise InputError("external data has no type or shape that can lie in a file", where=place)
    try:
        size = onnx.helper.tensor_dtype_to_np_dtype(tensor.data_type).itemsize
    except (KeyError, TypeError, ValueError) as error:
        raise InputError("external data has a type that ONNX does not know", where=place) from error
    count = prod(tensor.dims)
    share = _SHARING.get(TensorProto.DataType.Name(tensor.data_type), 1)
    return -(-count // share) if share > 1 else count * size


def _read(path: Path, location: str, offset: int, length: int, place: str) -> bytes:
    opened = _opened(path.parent, Path(location).parts, place)
    with open(opened, "rb") as file:  # noqa: PTH123  # a descriptor, not a path
        status = os.fstat(opened)
        if not stat.S_ISREG(status.st_mode):
            raise Unsafe("external data may lie only in a plain file", where=place)
        if status.st_nlink > 1:
            raise Unsafe("external data may not lie in a hard-linked file", where=place)
        if offset + length > status.st_size:
            raise Unsafe("external data reaches beyond the end of its file", where=place)
        file.seek(offset)
        return file.read(length)


def _opened(folder: Path, parts: tuple[str, ...], place: str) -> int:
    if os.open not in os.supports_dir_fd:  # Windows
        target = folder.joinpath(*parts)
        if target.resolve() != folder.resolve().joinpath(*parts):
            raise Unsafe("external data may not lie behind a link", where=place)
        return _descend_plainly(target, place)
    start = os.open(folder, os.O_RDONLY)
    try:
        return _descend(start, parts, place)
    finally:
        os.close(start)


def _descend_plainly(target: Path, place: str) -> int:
    try:
        return os.open(target, _STEP)
    except OSError as error:
        raise _unreadable(error, place) from error


def _descend(folder: int, parts: tuple[str, ...], place: str) -> int:
    """Opens a file below a folder, refusing a link at every step."""
    try:
        if len(parts) == 1:
            return os.open(parts[0], _STEP, dir_fd=folder)
        inner = os.open(parts[0], _FOLDER, dir_fd=folder)
    except OSError as error:
        if _is_link(folder, parts[0]):
            raise Unsafe("external data may not lie behind a link", where=place) from error
        raise _unreadable(error, place) from error
    try:
        return _descend(inner, parts[1:], place)
    finally:
        os.close(inner)


def _unreadable(error: OSError, place: str) -> InputError:
    if isinstance(error, FileNotFoundError):
        return InputError("the file with this tensor's data is missing", where=place, hint="keep it beside the model")
    return InputError(f"the file with this tensor's data cannot be read: {error.strerror}", where=place)


def _is_link(folder: int, name: str) -> bool:
    try:
        return stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    except OSError:
        return False
