"""A Triton model repository: `<name>/config.pbtxt` and `<name>/1/model.onnx`.

Source: model_config.proto of triton-inference-server/common, and Triton's documents on model repositories and
configurations. `max_batch_size` is 0: the first dimension is the number of rows, as the model itself has it, which
every rank can say. Text is TYPE_STRING, which travels as BYTES. Missing numbers travel as NaN and missing text as "".
"""

from collections.abc import Iterator, Mapping

from modelport.exports.source import Content, Member, Source
from modelport.exports.texts import proto_list, proto_string
from modelport.tensors import Tensor

TYPES = {
    "float64": "TYPE_FP64",
    "float32": "TYPE_FP32",
    "int64": "TYPE_INT64",
    "int32": "TYPE_INT32",
    "bool": "TYPE_BOOL",
    "string": "TYPE_STRING",
}


def files(source: Source) -> Mapping[str, Content]:
    """See `Target.files`."""
    return repository(source, "")


def repository(source: Source, under: str) -> dict[str, Content]:
    """The repository, in a folder of the export."""
    model = source.onnx
    return {
        f"{under}{source.name}/config.pbtxt": config(source).encode(),
        f"{under}{source.name}/1/model.onnx": Member(model.entry.member),
    }


def config(source: Source) -> str:
    """The configuration of the model, in the text form of protocol buffers."""
    tensors = source.onnx.tensors
    head = [f"name: {proto_string(source.name)}", 'backend: "onnxruntime"', 'default_model_filename: "model.onnx"']
    inputs = (line for tensor in tensors.inputs for line in _tensor("input", tensor))
    outputs = (line for tensor in tensors.outputs for line in _tensor("output", tensor))
    return "\n".join([*head, "max_batch_size: 0", *inputs, *outputs]) + "\n"


def _tensor(field: str, tensor: Tensor) -> Iterator[str]:
    yield f"{field} {{"
    yield f"  name: {proto_string(tensor.name)}"
    yield f"  data_type: {TYPES[tensor.dtype]}"
    yield f"  dims: {proto_list([-1 if size is None else size for size in tensor.shape])}"
    yield "}"
