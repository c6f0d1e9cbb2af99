"""ONNX files: read with external data kept inside the model's own folder, written deterministically."""

import os
from collections.abc import Iterator
from pathlib import Path

import onnx
import pyarrow as pa
from google.protobuf.message import DecodeError

from modelport.errors import InputError, Unsafe
from modelport.formats import Policy
from modelport.signature import Signature
from modelport_onnx.assemble import SIGNATURE_KEY
from modelport_onnx.foreign import foreign_signature


def read(path: Path, policy: Policy) -> onnx.ModelProto:
    """An ONNX model; tensors kept in other files are read only from the model's own folder.

    Raises:
        InputError: truncated, damaged, or not a valid model.
        Unsafe: larger than the policy allows, or external data outside the folder or behind a link.
    """
    size = path.stat().st_size
    if size > policy.max_bytes:
        raise Unsafe(f"this file has {size:,} bytes; the limit is {policy.max_bytes:,}", where=str(path))
    try:
        model = onnx.load_model(path, load_external_data=False)
    except (DecodeError, ValueError, RuntimeError) as error:
        raise InputError("this ONNX file is damaged or truncated", where=str(path), hint="write it again") from error
    for tensor in external_tensors(model):
        check_external(path, tensor, policy)
    try:
        onnx.load_external_data_for_model(model, str(path.parent))
        if model.ByteSize() < 1 << 30:  # the checker serialises the whole model, and protobuf ends at 2 GiB
            onnx.checker.check_model(model)
    except (onnx.checker.ValidationError, ValueError, OSError) as error:
        reason = next((line for line in str(error).splitlines() if line.strip()), "no reason given")
        raise InputError(f"this is no valid ONNX model: {reason}", where=str(path)) from error
    return model


def external_tensors(model: onnx.ModelProto) -> Iterator[onnx.TensorProto]:
    """Every tensor whose data lies in another file, in attributes and subgraphs too."""
    yield from (t for t in onnx.external_data_helper._get_all_tensors(model) if t.external_data)


def check_external(path: Path, tensor: onnx.TensorProto, policy: Policy) -> None:
    """Refuses external data outside the model's folder, behind links, or of a size the file does not have.

    Raises:
        Unsafe: the tensor and its location are named.
    """
    entries = {entry.key: entry.value for entry in tensor.external_data}
    location = entries.get("location", "")
    place = f"{path}: tensor {tensor.name!r} at {location!r}"
    parts = Path(location).parts
    if not location or Path(location).is_absolute() or ".." in parts or "\\" in location or ":" in location:
        raise Unsafe("external data may lie only inside the model's own folder", where=place)
    target = path.parent
    for part in parts:
        target = target / part
        if target.is_symlink():
            raise Unsafe("external data may not lie behind a link", where=place)
    if not target.is_file():
        raise InputError("the file with this tensor's data is missing", where=place, hint="keep it beside the model")
    status = target.stat()
    if status.st_nlink > 1:
        raise Unsafe("external data may not lie in a hard-linked file", where=place)
    _check_extent(entries, status, place, policy)


def _check_extent(entries: dict[str, str], status: os.stat_result, place: str, policy: Policy) -> None:
    try:
        offset, length = int(entries.get("offset", 0)), int(entries.get("length", 0))
    except ValueError as error:
        raise InputError("offset or length of external data is no number", where=place) from error
    if offset < 0 or length < 0 or offset + length > status.st_size:
        raise Unsafe("external data reaches beyond the end of its file", where=place)
    if status.st_size > policy.max_bytes:
        raise Unsafe(f"external data of {status.st_size:,} bytes; the limit is {policy.max_bytes:,}", where=place)


def write(model: onnx.ModelProto, path: Path) -> None:
    """Writes a model; same model, same bytes.

    Raises:
        InputError: over protobuf's limit of 2 GiB.
    """
    try:
        path.write_bytes(model.SerializeToString(deterministic=True))
    except ValueError as error:
        raise InputError("a model over 2 GiB does not fit into one ONNX file", where=str(path)) from error


def signature(model: onnx.ModelProto, sample: pa.RecordBatch | None = None) -> Signature:
    """The signature in the metadata; for a model that modelport did not write, what its graph says."""
    for entry in model.metadata_props:
        if entry.key == SIGNATURE_KEY:
            return Signature.loads(entry.value)
    return foreign_signature(model, sample)
