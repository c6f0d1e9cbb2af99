"""Reports of real models and pictures of them, to be looked at: `python -m tests.modelport.reports.html.shots DIR`.

    passing    penguins as pickle, ONNX and PMML, in every runtime that is installed
    boundary   LightGBM, converted by onnxmltools: splits rounded to float32
    steps      a scaler before a forest, converted by skl2onnx to float32
    million    logistic regression behind a scaler, on a million rows

Each is written as DIR/NAME.html, with pictures of a wide page, a phone and a dark page, and as PDF. Names may follow
DIR. `--readme FILE` makes the picture of the README from `boundary`.
"""

import argparse
import contextlib
import pickle
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.modelport.reports.html.chromium import browser

ROWS = 1_000_000


def passing() -> list[str]:
    import modelport as mp
    from modelport.recipes import load_recipe

    recipe = load_recipe("penguins")
    model, rows = recipe.train(), recipe.data()
    rows.to_parquet("penguins.parquet")
    Path("penguins.pkl").write_bytes(pickle.dumps(model))
    for name in ("penguins.onnx", "penguins.pmml"):
        mp.convert("penguins.pkl", name, data=rows, force=True, verify=False)
    return ["penguins.pkl", "penguins.onnx", "penguins.pmml", "--data", "penguins.parquet"]


def boundary() -> list[str]:
    import onnxmltools
    from lightgbm import LGBMClassifier
    from onnxmltools.convert.common.data_types import FloatTensorType
    from sklearn.datasets import load_breast_cancer

    frame = load_breast_cancer(as_frame=True)
    names = ["mean radius", "mean texture", "mean smoothness", "worst area", "worst concavity"]
    rows = frame.data[names].rename(columns=lambda name: name.replace(" ", "_"))
    model = LGBMClassifier(n_estimators=20, num_leaves=8, verbosity=-1, n_jobs=1).fit(rows[:400], frame.target[:400])
    types = [("input", FloatTensorType([None, len(names)]))]
    proto = onnxmltools.convert_lightgbm(model, initial_types=types, zipmap=False, target_opset=15)
    return _saved("cancer", model, proto, rows[400:])


def steps() -> list[str]:
    import skl2onnx
    from sklearn.datasets import load_breast_cancer
    from sklearn.decomposition import PCA
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    x, y = load_breast_cancer(return_X_y=True)
    model = make_pipeline(StandardScaler(), PCA(6), RandomForestClassifier(10, max_depth=5, random_state=0))
    model.fit(x[:400], y[:400])
    proto = skl2onnx.to_onnx(model, x[:1].astype(np.float32), options={"zipmap": False})
    return [*_saved("scaled", model, proto, _frame(x[400:])), "--rows", "1000", "--boundary-rows", "2000"]


def million() -> list[str]:
    import pyarrow as pa
    import pyarrow.parquet as pq
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    import modelport as mp

    rng = np.random.default_rng(0)
    x = rng.normal(size=(2000, 8))
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(x, (x[:, 0] + x[:, 1] * x[:, 2] > 0).astype(int))
    Path("million.pkl").write_bytes(pickle.dumps(model))
    mp.convert("million.pkl", "million.onnx", data=_frame(x), force=True, verify=False)
    table = pa.table({f"x{i}": rng.normal(size=ROWS) for i in range(8)})
    pq.write_table(table, "million.parquet")
    return ["million.pkl", "million.onnx", "--data", "million.parquet", "--boundary-rows", "20000"]


def _frame(values: Any) -> Any:
    import pandas as pd

    return pd.DataFrame(values, columns=[f"x{i}" for i in range(values.shape[1])])


def _saved(name: str, model: Any, proto: Any, rows: Any) -> list[str]:
    Path(f"{name}.pkl").write_bytes(pickle.dumps(model))
    Path(f"{name}.onnx").write_bytes(proto.SerializeToString())
    rows.to_parquet(f"{name}.parquet")
    return [f"{name}.pkl", f"{name}.onnx", "--data", f"{name}.parquet"]


MODELS: dict[str, Callable[[], list[str]]] = {
    "passing": passing,
    "boundary": boundary,
    "steps": steps,
    "million": million,
}


def report(name: str, folder: Path) -> Path:
    """The report of one of the models, as a person would ask for it."""
    from modelport.cli import main

    with contextlib.chdir(folder):
        code = main.run(["verify", *MODELS[name](), "--report", f"{name}.html"])
    assert code in (0, 1), code
    return folder / f"{name}.html"


def pictures(page: Path) -> None:
    """A wide page, a phone, a dark page, and paper."""
    with browser() as chromium:
        for label, width, dark in (("light", 1280, False), ("dark", 1280, True), ("phone", 360, False)):
            tab = chromium.new_page(
                viewport={"width": width, "height": 900},
                color_scheme="dark" if dark else "light",
                device_scale_factor=2 if width < 500 else 1,
            )
            tab.goto(page.resolve().as_uri())
            tab.screenshot(path=page.with_name(f"{page.stem}-{label}.png"), full_page=True)
            if label == "light":
                tab.pdf(path=page.with_suffix(".pdf"), format="A4")
            tab.close()


def readme(page: Path, target: Path) -> None:
    """The parts of a page that say most, under each other, for the README."""
    from PIL import Image

    with browser() as chromium:
        tab = chromium.new_page(viewport={"width": 1080, "height": 1500}, color_scheme="light")
        tab.goto(page.resolve().as_uri())
        tab.add_style_tag(content="nav, #failures, #row, #boundary details, #matrix { display: none }")
        tab.screenshot(path=target)
    Image.open(target).convert("P", palette=Image.Palette.ADAPTIVE, colors=256).save(target, optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--readme", type=Path, metavar="FILE")
    wanted = parser.parse_args()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    warnings.simplefilter("ignore")
    for name in wanted.names or MODELS:
        page = report(name, wanted.folder)
        print(f"{page}: {page.stat().st_size:,} bytes")
        pictures(page)
    if wanted.readme:
        readme(wanted.folder / "boundary.html", wanted.readme)


if __name__ == "__main__":
    main()
