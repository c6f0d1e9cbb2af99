"""The targets there are: a literal table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from modelport.exports.source import Content, Source
from modelport.plugins import lazy


@dataclass(frozen=True, slots=True)
class Target:
    """A place that models go to.

    Attributes:
        title: for people.
        files: bundle → path in the exported folder → content.
        next: a command that takes it from there; `{folder}` and `{name}` are filled in.
    """

    title: str
    files: Callable[[Source], Mapping[str, Content]]
    next: str


TARGETS: dict[str, Target] = {
    "mlflow": Target(
        "MLflow model, ONNX flavour",
        lazy("modelport.exports.mlflow:files"),
        "mlflow models predict -m {folder} -i {folder}/serving_input_example.json --env-manager local",
    ),
    "triton": Target(
        "Triton model repository",
        lazy("modelport.exports.triton:files"),
        "tritonserver --model-repository={folder}",
    ),
    "kserve": Target(
        "KServe InferenceService over the Open Inference Protocol",
        lazy("modelport.exports.kserve:files"),
        "kubectl apply -f {folder}/inference-service.yaml",
    ),
    "oci": Target(
        "OCI image layout with CNCF ModelPack media types",
        lazy("modelport.exports.oci:files"),
        "oras copy --from-oci-layout {folder}:latest REGISTRY/{name}:latest",
    ),
    "docker": Target(
        "Dockerfile with ONNX Runtime and nothing else",
        lazy("modelport.exports.docker:files"),
        "docker build -t {name} {folder} && docker run --rm -i {name} < rows.jsonl",
    ),
    "folder": Target(
        "plain files with their digests",
        lazy("modelport.exports.folder:files"),
        "cd {folder} && sha256sum -c SHA256SUMS",
    ),
}
