"""What this room offers the core: a literal table."""

from modelport.conversion import Converter
from modelport.formats import Format
from modelport.plugin import Plugin
from modelport.plugins import lazy
from modelport.provers import Prover
from modelport.runtimes import Runtime


def sniff(head: bytes) -> bool:
    """An ONNX file is a protobuf whose first field is `ir_version` (tag 0x08) with a small value."""
    return len(head) >= 2 and head[0] == 0x08 and 0 < head[1] < 0x40


def owns(model: object) -> bool:
    return type(model).__module__.startswith("onnx.") and type(model).__name__ == "ModelProto"


ONNX = Format(
    name="onnx",
    title="ONNX",
    suffixes=(".onnx",),
    sniff=sniff,
    read=lazy("modelport_onnx.file:read"),
    write=lazy("modelport_onnx.file:write"),
    inspect=lazy("modelport_onnx.inspect:inspect"),
    owns=owns,
    signature=lazy("modelport_onnx.file:signature"),
    record=lazy("modelport_onnx.record:record"),
    recorded=lazy("modelport_onnx.record:recorded"),
    tensors=lazy("modelport_onnx.tensors:tensors"),
)

PLUGIN = Plugin(
    "onnx",
    formats=(ONNX,),
    converters=(Converter("onnx", "onnx", "modelport", 1, lazy("modelport_onnx.rewrite:rewrite")),),
    runtimes=(
        Runtime(
            "onnxruntime",
            "ONNX Runtime",
            ("onnx",),
            lazy("modelport_onnx.ort:open_session"),
            ("onnxruntime",),
            missing_text="",
            script=lazy("modelport_onnx.scripts:onnxruntime"),
        ),
        Runtime(
            "onnx.reference",
            "ONNX reference evaluator",
            ("onnx",),
            lazy("modelport_onnx.reference:open_session"),
            ("onnx",),
            slow=True,
            missing_text="",
            script=lazy("modelport_onnx.scripts:reference"),
        ),
    ),
    provers=(
        Prover(
            "leafparity",
            ("pickle",),
            ("onnx",),
            lazy("modelport_onnx.leafparity:prove"),
            ("leafparity",),
            extra="proof",
        ),
    ),
)
