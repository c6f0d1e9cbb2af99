"""Fixtures of the parity tests: a world of fake runtimes, and a short way to compare fake models in it."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from modelport.artifacts import Artifact
from modelport.data import data
from modelport.parity import ParityReport, Settings, compare
from modelport.runtimes import Runtime

sys.path.insert(0, str(Path(__file__).parent))
from parity_fakes import FAKE, FakeModel, fake_runtime


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> dict[str, Runtime]:
    """The runtimes that exist; a test may add to it."""
    known = {"faker": fake_runtime()}
    monkeypatch.setattr("modelport.parity.plan.runtimes", lambda: known)
    monkeypatch.setattr(
        "modelport.parity.plan.runtimes_for", lambda name: tuple(r for r in known.values() if name in r.formats)
    )
    return known


@pytest.fixture
def verify(world: dict[str, Runtime]) -> Callable[..., ParityReport]:
    """Compares fake models; rows may be anything `modelport.data.data` reads."""

    def run(*models: FakeModel, rows: Any = None, **settings: Any) -> ParityReport:
        artifacts = [Artifact(FAKE, None, _model=model) for model in models]
        signature = settings.pop("signature", None)
        source = None if rows is None else data(rows)
        return compare(artifacts, data=source, signature=signature, settings=Settings(**({"rows": 500} | settings)))

    return run
