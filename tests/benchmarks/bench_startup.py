"""What the command itself costs: `python -m tests.benchmarks.bench_startup`.

Prints ratios: `modelport --version` against importing typer; `modelport convert --no-verify` against a bare script
that calls skl2onnx, process start included.
"""

import pickle
import shutil
import tempfile
from pathlib import Path

from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tests.benchmarks.whole_process import python, race

BARE = """
import pickle, sys, numpy as np
from skl2onnx import to_onnx
model = pickle.load(open(sys.argv[1], "rb"))
proto = to_onnx(model, np.zeros((1, 30), np.float32), options={"zipmap": False}, target_opset=21)
open(sys.argv[2], "wb").write(proto.SerializeToString())
"""

MODELS = {
    "scaler + logistic regression": make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)),
    "forest of 100 trees": RandomForestClassifier(100, random_state=0),
}


def main() -> None:
    command = shutil.which("modelport") or "modelport"
    print(race("modelport --version / import typer", [command, "--version"], python("-c", "import typer"), "≤ 2"))
    rows, target = load_breast_cancer(return_X_y=True)
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "bare.py")
        script.write_text(BARE)
        for name, model in MODELS.items():
            source = Path(folder, "model.pkl")
            source.write_bytes(pickle.dumps(model.fit(rows, target)))
            ours = [command, "convert", "--no-verify", "--force", str(source), str(Path(folder, "ours.onnx"))]
            theirs = python(str(script), str(source), str(Path(folder, "theirs.onnx")))
            print(race(f"convert --no-verify / bare skl2onnx: {name}", ours, theirs, "≤ 1.15"))


if __name__ == "__main__":
    main()
