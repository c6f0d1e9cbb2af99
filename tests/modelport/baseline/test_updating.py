"""Updating replaces what was looked at, and keeps what was not, and every reason."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from modelport.baseline import About, Baseline, judged, update_with
from modelport.baseline.entries import load
from modelport.parity import ParityReport

Pair = Callable[..., ParityReport]


def test_reasons_stay_and_figures_change(pair: Pair, about: About) -> None:
    first = update_with(Baseline(), pair(), about)
    reasoned = Baseline(tuple(replace(entry, reason="looked at") for entry in first.entries))
    (entry,) = update_with(reasoned, pair(beyond=13.0, step=0.5), about).entries
    assert (entry.reason, entry.rows, entry.max_abs, entry.places) == ("looked at", 6, 0.5, "14-19")
    assert entry.candidate_sha256 != first.entries[0].candidate_sha256


def test_entries_of_others_stay_and_gone_ones_go(pair: Pair, about: About) -> None:
    (entry,) = update_with(Baseline(), pair(), about).entries
    others = (
        replace(entry, model="churn"),
        replace(entry, reference="other.onnx in onnxruntime"),
        replace(entry, candidate="candidate.onnx in onnx.reference"),
    )
    kept = update_with(Baseline((entry, *others)), pair(step=0.0), about)
    assert set(kept.entries) == set(others)


def test_a_file_is_written_and_judged_by(pair: Pair, tmp_path: Path, rows: dict[str, list[float]]) -> None:
    path = tmp_path / "baseline.json"
    assert judged(pair(), path, rows, update=True).passed
    assert len(load(path).entries) == 1
    assert judged(pair(), path, rows, update=False).passed
    assert not judged(pair(step=0.5), path, rows, update=False).passed
    stale = judged(pair(step=0.0), path, rows, update=False)
    assert stale.passed
    assert any("stale in baseline.json" in note for note in stale.notes)
