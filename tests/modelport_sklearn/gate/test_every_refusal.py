"""Every refusal of the gate is missed when it is taken out: by the corpus, or by a test that is named here.

Slow: `pytest -m slow tests/modelport_sklearn/gate/test_every_refusal.py`, about a minute.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ELSEWHERE = {
    "more than {MAX_OPCODES:,} opcodes": "test_limits.py",
    "which is not installed": "a hint: the import fails all the same",
    "not_a_model": "test_files.py",
    "points outside itself": "test_files.py",
    "asks for columns that there are not": "test_archive.py",
    "this file has {size:,} bytes": "test_files.py",
    "this file unpacks to more than": "test_limits.py",
    "it ends too early": "test_files.py",
    "it was saved by scikit-learn {others[0]}": "test_versions.py",
    "which is no version": "test_versions.py",
    "its parts were saved by": "test_versions.py",
    "refusal(found.refused, path.name)": "test_malicious.py",
    "has no member called": "test_archive.py",
    "members, some of the same name": "test_limits.py",
    "this archive of {packed:,} bytes": "test_limits.py",
    "the schema of this skops archive is malformed": "test_archive.py",
}
"""Part of a refusal → where it is tried, since no file of the corpus reaches it without reading a file or a limit."""


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_every_refusal_is_missed() -> None:
    program = (
        "import json, mutate_gate; told = mutate_gate.main([]); "
        "print(json.dumps([[label, bool(found)] for label, found in told.items()]))"
    )
    here = Path(__file__).parent
    done = subprocess.run([sys.executable, "-c", program], cwd=here, capture_output=True, text=True, check=True)
    told = dict(json.loads(done.stdout.splitlines()[-1]))
    assert len(told) > 60
    missed = [label for label, found in told.items() if not found]
    assert [label for label in missed if not any(part in label for part in ELSEWHERE)] == []
