"""Prints how many hostile pickles the gate refuses, and how many benign ones it loads without a flag.

python tests/modelport_sklearn/gate/counts.py
"""

import io
import pickle
import sys
import tempfile
import warnings
from pathlib import Path

import joblib

from modelport.errors import ModelportError
from modelport.formats import Policy
from modelport_sklearn.files import read
from modelport_sklearn.gate.allowlist import allowed
from modelport_sklearn.gate.load import load
from modelport_sklearn.gate.scan import scan


def hostile() -> tuple[int, int, int]:
    """How many there are, how many are refused, and how many of those are let run something."""
    from malicious import corpus

    with tempfile.TemporaryDirectory() as folder:
        canary, path, refused = Path(folder) / "canary", Path(folder) / "model.pkl", 0
        programs = corpus(str(canary))
        for data in programs.values():
            path.write_bytes(data)
            try:
                read(path, Policy())
            except ModelportError:
                refused += 1
        return len(programs), refused, int(canary.exists())


def benign() -> tuple[int, int]:
    """How many there are (each model in every protocol and as joblib), and how many load without a flag."""
    import catalogue

    count = clean = 0
    for _, model in catalogue.models():
        buffer = io.BytesIO()
        joblib.dump(model, buffer)
        for data in (*(pickle.dumps(model, protocol) for protocol in range(6)), buffer.getvalue()):
            found = scan(data, allowed())
            count += 1
            clean += not found.refused and not found.misused and type(load(data, allowed())) is type(model)
    return count, clean


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.path.insert(0, str(Path(__file__).parent))
    print("hostile: {} pickles, {} refused, {} that ran anything".format(*hostile()), flush=True)
    print("benign: {} pickles, {} loaded without a flag".format(*benign()))
