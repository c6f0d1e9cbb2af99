"""Compares a model with its copy that has a fault, each once: the verdict, and the seconds it took."""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from time import perf_counter
from typing import Any

from documents import DOCUMENT_FAULTS, SILENT, changed, written
from faults import FAULTS
from models import fitted

from modelport.artifacts import artifact
from modelport.conversion import Context
from modelport.data import data
from modelport.parity import ParityReport, Settings, compare

Verdict = tuple[ParityReport, float]


@cache
def verdict(model: str, fault: int | None) -> Verdict:
    """A fitted model against its conversion to ONNX, with a fault or without."""
    from modelport_onnx.build import to_onnx

    original, features = fitted(model)
    copy = deepcopy(original)
    if fault is not None:
        FAULTS[fault].change(copy)
    reference, rows = artifact(original), data(features)
    signature = reference.format.signature(original, rows.head())
    candidate = artifact(to_onnx(copy, Context(signature)))
    began = perf_counter()
    report = compare([reference, candidate], data=rows, settings=Settings(runtimes=("scikit-learn", "onnxruntime")))
    return report, perf_counter() - began


@cache
def document_verdict(model: str, fault: int | None) -> Verdict:
    """A PMML document against itself, with a fault or without; silent faults are counted after the others."""
    original = written(model)
    copy = original if fault is None else changed(original, (*DOCUMENT_FAULTS, *SILENT)[fault].change)
    began = perf_counter()
    settings = Settings(runtimes=("modelport-onnx",))
    pair = [artifact(original), artifact(copy)]
    report = compare(pair, data=data(rows_of(model)), settings=settings)
    return report, perf_counter() - began


def rows_of(model: str) -> Any:
    """Rows of a document: those of the model it was written from."""
    if model == "by hand":
        return fitted("penguin forest")[1][["bill_length_mm", "body_mass_g", "island"]]
    return fitted(model)[1]


@dataclass(frozen=True, slots=True)
class Case:
    """One fault and how it was judged."""

    name: str
    step: str
    report: ParityReport
    seconds: float

    @property
    def detected(self) -> bool:
        return not self.report.passed and any(pair.different for pair in self.report.official)

    @property
    def named(self) -> str | None:
        """The step that the report names."""
        return self.report.blame[0].step if self.report.blame else None

    @property
    def right(self) -> bool:
        return self.named is not None and self.named.endswith(self.step)


Judge = Callable[[str, int | None], Verdict]


def cases(faults: Sequence[Any], judge: Judge, words: Sequence[str] = ()) -> Iterator[Case]:
    """Every fault of a list, judged; with words, those that have one of them in their names."""
    for index, fault in enumerate(faults):
        name = f"{fault.model}: {fault.name}"
        if not words or any(word in name for word in words):
            yield Case(name, fault.step, *judge(fault.model, index))
