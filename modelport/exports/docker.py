"""A Dockerfile for the smallest thing that scores: Python, NumPy, ONNX Runtime and one script.

The script takes rows as JSON lines and needs neither modelport nor scikit-learn. The image is built only if it answers
the golden rows as they were recorded, so that what runs is what was tested.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

from modelport.bundle import lock
from modelport.errors import CannotConvert
from modelport.exports.source import RUNTIME, Content, Member, Source
from modelport.exports.texts import json_text
from modelport.signature import Column, type_name
from modelport.tensors import Tensor

_ROOTS = ("numpy", RUNTIME)

_DOCKERFILE = """\
FROM python:{python}-slim
WORKDIR /model
COPY requirements.txt ./
RUN pip install --no-cache-dir --no-deps -r requirements.txt
COPY model.onnx model.json golden.jsonl score.py ./
RUN python score.py --check golden.jsonl
USER 65532
ENTRYPOINT ["python", "score.py"]
"""


def files(source: Source) -> Mapping[str, Content]:
    """See `Target.files`."""
    return {
        "Dockerfile": _DOCKERFILE.format(python=_python(source)).encode(),
        ".dockerignore": b"*\n!requirements.txt\n!model.onnx\n!model.json\n!golden.jsonl\n!score.py\n",
        "requirements.txt": _requirements(source),
        "model.onnx": Member(source.onnx.entry.member),
        "model.json": json_text(_about(source)),
        "golden.jsonl": _golden(source),
        "score.py": resources.files("modelport.exports").joinpath("standalone.py").read_bytes(),
    }


def _python(source: Source) -> str:
    found = source.contents.manifest.made_with.get("python", "")
    if not re.fullmatch(r"3\.\d+\.\d+", found):
        raise CannotConvert(f"there is no image of Python {found or '(which the bundle does not name)'}")
    return found


def _requirements(source: Source) -> bytes:
    """ONNX Runtime and all that it needs, at the versions of the bundle's lock."""
    needed = [name for name in lock.closure(_ROOTS) if name in source.lock]
    absent = [name for name in _ROOTS if name not in needed]
    if absent:
        raise CannotConvert(f"the bundle's lock does not say which {absent[0]} to install")
    return "".join(f"{name}=={source.lock[name]}\n" for name in needed).encode()


def _about(source: Source) -> dict[str, Any]:
    """What the script must know of the model: tensors, the columns in them, and how near is near enough."""
    model = source.onnx
    columns, outputs = _columns(model.signature.inputs), _columns(model.signature.outputs)
    tolerances = {name: source.settings.tolerance(name) for name in outputs}
    return {
        "name": source.name,
        "bundle_sha256": source.sha256,
        "inputs": [_tensor(tensor, columns) for tensor in model.tensors.inputs],
        "outputs": [_tensor(tensor, outputs) for tensor in model.tensors.outputs],
        "tolerances": {name: {"atol": t.atol, "rtol": t.rtol} for name, t in tolerances.items()},
    }


def _columns(columns: Iterable[Column]) -> dict[str, Any]:
    return {c.name: {"name": c.name, "type": type_name(c.type), "nullable": c.nullable} for c in columns}


def _tensor(tensor: Tensor, columns: Mapping[str, Any]) -> dict[str, Any]:
    known = [columns[name] for name in tensor.columns]
    return {"name": tensor.name, "dtype": tensor.dtype, "rank": len(tensor.shape), "columns": known}


def _golden(source: Source) -> bytes:
    model = source.onnx
    pairs = zip(model.inputs.to_pylist(), model.outputs.to_pylist(), strict=True)
    lines = [json.dumps({"row": _said(row), "answer": _said(answer)}, ensure_ascii=False) for row, answer in pairs]
    return ("\n".join(lines) + "\n").encode()


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    """Cells as strict JSON: what is not finite is told by its name."""
    return {name: _name(v) if isinstance(v, float) and not math.isfinite(v) else v for name, v in values.items()}


def _name(value: float) -> str:
    return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
