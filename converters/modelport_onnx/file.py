"""ONNX files: read with external data kept inside the model's own folder, written deterministically."""

from pathlib import Path

import onnx
import pyarrow as pa
from google.protobuf.message import DecodeError

from modelport.errors import InputError, Unsafe
from modelport.formats import Policy
from modelport.signature import Signature
from modelport_onnx.assemble import SIGNATURE_KEY
from modelport_onnx.external import load_external
from modelport_onnx.foreign import foreign_signature
from modelport_onnx.texts import check_texts


def read(path: Path, policy: Policy) -> onnx.ModelProto:
    """An ONNX model; tensors kept in other files are read only from the model's own folder.

    Raises:
        InputError: truncated, damaged, or not a valid model.
        Unsafe: larger than the policy allows, or external data outside the folder or behind a link.
    """
    return read_with_count(path, policy)[0]


def read_with_count(path: Path, policy: Policy) -> tuple[onnx.ModelProto, int]:
    """As `read`; also how many tensors lay in other files."""
    size = path.stat().st_size
    if size > policy.max_bytes:
        raise Unsafe(f"this file has {size:,} bytes; the limit is {policy.max_bytes:,}", where=str(path))
    try:
        model = onnx.load_model(path, load_external_data=False)
    except (DecodeError, ValueError, RuntimeError) as error:
        raise InputError("this ONNX file is damaged or truncated", where=str(path), hint="write it again") from error
    check_texts(model, str(path))
    outside = load_external(model, path, policy)
    try:
        if model.ByteSize() < 1 << 30:  # the checker serialises the whole model, and protobuf ends at 2 GiB
            onnx.checker.check_model(model)
    except (onnx.checker.ValidationError, ValueError, OSError) as error:
        raise InputError(f"this is no valid ONNX model: {_reason(error)}", where=str(path)) from error
    return model, outside


def _reason(error: Exception) -> str:
    """The checker's first line; the next one, too, where that is the node it speaks of."""
    lines = [" ".join(line.split()) for line in str(error).splitlines() if line.strip()] or ["no reason given"]
    return f"{lines[0]} {lines[1]}"[:300] if lines[0].endswith(":") and len(lines) > 1 else lines[0]


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
