"""How to ask an ONNX runtime about one row with nothing but the runtime, for reproductions."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np

from modelport.artifacts import Artifact
from modelport.data import row_batch
from modelport.runtimes import Script
from modelport.signature import Signature
from modelport_onnx.convention import feeds, narrow_inputs
from modelport_onnx.file import signature as signature_of
from modelport_onnx.foreign import without_zipmap
from modelport_onnx.ort import resolve
from modelport_onnx.reference import width_of


def onnxruntime(artifact: Artifact, row: Mapping[str, Any], hint: Signature | None, file: str) -> Script:
    """See `modelport.runtimes.Runtime.script`."""
    kept, content = _kept(artifact.model, row, file)
    answer = f'onnxruntime.InferenceSession("{file}").run(None, dict(np.load("{kept}")))'
    return Script(("import numpy as np", "import onnxruntime"), answer, {kept: content})


def reference(artifact: Artifact, row: Mapping[str, Any], hint: Signature | None, file: str) -> Script:
    """See `modelport.runtimes.Runtime.script`."""
    kept, content = _kept(artifact.model, row, file)
    answer = f'onnx.reference.ReferenceEvaluator("{file}").run(None, dict(np.load("{kept}")))'
    return Script(("import numpy as np", "import onnx.reference"), answer, {kept: content})


def _kept(model: Any, row: Mapping[str, Any], file: str) -> tuple[str, bytes]:
    """The graph's inputs for a row, as NumPy's archive of arrays: its name, and its bytes."""
    signature, plain = signature_of(model), without_zipmap(model)
    inputs = resolve([(value.name, width_of(value)) for value in plain.graph.input], signature)
    fed = feeds(row_batch(row, signature), signature, inputs, narrow_inputs(plain))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, array in fed.items():
            plain_array = array.astype(str) if array.dtype == object else array
            content = io.BytesIO()
            np.lib.format.write_array(content, plain_array, allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), content.getvalue())
    return f"{file.partition('.')[0]}.npz", target.getvalue()
