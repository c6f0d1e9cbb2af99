"""What `modelport_onnx.ops` offers: every function of spox's modules, and the few that are written by hand."""

import spox.opset.ai.onnx.ml.v3
import spox.opset.ai.onnx.ml.v5
import spox.opset.ai.onnx.v21

from modelport_onnx.nodes.constants import const, constant, split
from modelport_onnx.nodes.operators import functions
from modelport_onnx.nodes.subgraphs import if_, loop, scan

V21 = {
    **functions(spox.opset.ai.onnx.v21),
    "const": const,
    "constant": constant,
    "if_": if_,
    "loop": loop,
    "scan": scan,
    "split": split,
}
ML3 = functions(spox.opset.ai.onnx.ml.v3)
ML5 = functions(spox.opset.ai.onnx.ml.v5)
