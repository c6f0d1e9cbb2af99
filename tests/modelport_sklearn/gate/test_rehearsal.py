"""A pickle is tried as it will be loaded, in whichever process."""

import os
import pickle
from pathlib import Path
from typing import Any

import pytest
from sklearn.linear_model import LogisticRegression

from modelport import rehearsal
from modelport.errors import Unsafe
from modelport_sklearn.gate.allowlist import allowed
from modelport_sklearn.gate.rehearsal import rehearse


@pytest.mark.parametrize("way", ["linux", "elsewhere"])
def test_the_gate_holds_in_the_rehearsal(way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearsal.sys, "platform", way)
    rehearse(pickle.dumps(LogisticRegression().fit([[0.0], [1.0]], [0, 1])), allowed())

    class Touch:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.system, (f"touch {tmp_path / 'canary'}",)

    with pytest.raises(Unsafe, match=r"posix\.system"):
        rehearse(pickle.dumps(Touch()), allowed())
    assert not (tmp_path / "canary").exists()
