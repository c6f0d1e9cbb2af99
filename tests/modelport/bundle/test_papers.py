"""What a bundle says of its models: provenance, lock, bill of materials, card; and that it says the same elsewhere."""

import json
import os
import pickle
import re
import subprocess
import sys
import zipfile
from hashlib import sha256
from html.parser import HTMLParser
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.tree import DecisionTreeClassifier

from modelport import api
from modelport.bundle import card
from modelport.bundle.card import Section, Table
from modelport.bundle.lock import closure, requirements
from modelport.parity.settings import Settings

SETTINGS = Settings(rows=120, runtimes=("scikit-learn", "onnxruntime", "modelport-onnx"))

SCRIPT = """
import sys
from pathlib import Path
from modelport import api
from modelport.parity.settings import Settings
folder, output = Path(sys.argv[1]), Path(sys.argv[2])
settings = Settings(rows=120, runtimes=("scikit-learn", "onnxruntime", "modelport-onnx"))
names = ("model.pkl", "model.onnx", "model.pmml")
api.package(*(folder / name for name in names), output=output, data=folder / "rows.parquet", settings=settings)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree as pickle, ONNX and PMML, its data, and a bundle of them."""
    folder = tmp_path_factory.mktemp("papers")
    rng = np.random.default_rng(5)
    rows = pd.DataFrame({"<b>age</b>": rng.uniform(18, 80, 90), "in|come": rng.normal(size=90)})
    tree = DecisionTreeClassifier(max_depth=3, random_state=0).fit(rows, np.where(rows["in|come"] > 0.1, "y&s", "no"))
    (folder / "model.pkl").write_bytes(pickle.dumps(tree))
    rows.to_parquet(folder / "rows.parquet")
    api.convert(folder / "model.pkl", folder / "model.onnx", verify=False)
    api.convert(folder / "model.pkl", folder / "model.pmml", verify=False)
    models = [folder / f"model.{kind}" for kind in ("pkl", "onnx", "pmml")]
    api.package(*models, output=folder / "model.mport", data=folder / "rows.parquet", settings=SETTINGS)
    return folder


def member(folder: Path, name: str) -> bytes:
    with zipfile.ZipFile(folder / "model.mport") as archive:
        return archive.read(name)


def test_another_process_elsewhere_builds_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    """Another folder, time zone, language, order of hashes, umask and number of threads."""
    environment = os.environ | {"TZ": "Asia/Kathmandu", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "4242"}
    environment |= {"OMP_NUM_THREADS": "2", "COLUMNS": "40", "HOME": str(tmp_path)}
    command = [sys.executable, "-c", SCRIPT, str(folder), str(tmp_path / "model.mport")]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, timeout=250, umask=0o077)
    assert (tmp_path / "model.mport").read_bytes() == (folder / "model.mport").read_bytes()


def test_provenance_leads_back_to_the_source(folder: Path) -> None:
    document = json.loads(member(folder, "provenance.json"))
    pickled, onnx, pmml = document["models"]
    digest = sha256((folder / "model.pkl").read_bytes()).hexdigest()
    assert (pickled["sha256"], pickled["converted"], pickled["source"]) == (digest, None, None)
    assert pickled["producer"] == f"scikit-learn {version('scikit-learn')}"
    assert onnx["source"] == pmml["source"] == "models/model.pkl"
    assert onnx["converted"]["source"] == {"name": "model.pkl", "format": "pickle", "sha256": digest}
    assert onnx["converted"]["route"] == [{"source": "pickle", "target": "onnx", "engine": "modelport"}]
    assert [step["target"] for step in pmml["converted"]["route"]] == ["onnx", "pmml"]
    assert onnx["converted"]["versions"]["scikit-learn"] == version("scikit-learn")
    assert onnx["converted"]["options"] == {"precision": "exact"}


def test_the_lock_is_exact_and_names_no_place(folder: Path) -> None:
    lines = member(folder, "environment/requirements.txt").decode().splitlines()
    pinned = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9-]+==[^\s;@]+", line) for line in pinned)
    assert f"scikit-learn=={version('scikit-learn')}" in pinned
    assert f"onnxruntime=={version('onnxruntime')}" in pinned
    assert f"scipy=={version('scipy')}" in pinned, "what they need in turn is there too"
    assert not [line for line in lines if "://" in line or line.startswith("-")]


def test_the_lock_leaves_out_extras_and_what_is_not_there() -> None:
    found = closure(["scikit-learn", "no-such-distribution"])
    assert {"scikit-learn", "numpy", "scipy", "joblib", "threadpoolctl"} <= set(found)
    assert not {"pytest", "matplotlib", "no-such-distribution"} & set(found)
    assert requirements({"b": "2", "a": "1"}).endswith(b"a==1\nb==2\n")


def test_the_bill_is_valid_cyclonedx(folder: Path) -> None:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    errors = JsonStrictValidator(SchemaVersion.V1_6).validate_str(member(folder, "sbom.cdx.json").decode())
    assert errors is None


def test_the_bill_names_models_by_digest_and_libraries_by_version(folder: Path) -> None:
    bill = json.loads(member(folder, "sbom.cdx.json"))
    models = {c["name"]: c for c in bill["components"] if c["type"] == "machine-learning-model"}
    assert set(models) == {"model.pkl", "model.onnx", "model.pmml"}
    for name, model in models.items():
        assert model["hashes"] == [{"alg": "SHA-256", "content": sha256((folder / name).read_bytes()).hexdigest()}]
        assert model["modelCard"]["modelParameters"]["task"] == "classification"
    metrics = models["model.onnx"]["modelCard"]["quantitativeAnalysis"]["performanceMetrics"]
    assert {metric["slice"].partition(" ")[0] for metric in metrics} == {"data", "random", "boundary", "special"}
    assert all(metric["value"] == "0.0" for metric in metrics)
    libraries = {c["purl"] for c in bill["components"] if c["type"] == "library"}
    assert f"pkg:pypi/numpy@{version('numpy')}" in libraries
    edges = {edge["ref"]: edge.get("dependsOn", []) for edge in bill["dependencies"]}
    assert edges["models/model.onnx"] == ["models/model.pkl"]
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", bill["serialNumber"])
    assert "timestamp" not in bill["metadata"]


class Page(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_says_what_is_known_and_loads_nothing(folder: Path) -> None:
    page = Page(member(folder, "card/model.html").decode())
    for text in ("<b>age</b>", "in|come", "y&s", "boundary", "at most, with 95 % confidence", "model.pmml"):
        assert text in page.text
    assert not {"b", "script", "link", "img", "iframe", "a", "object"} & set(page.tags)
    assert not [value for name, value in page.attributes if name in ("src", "href") or (value or "").startswith("http")]
    assert not [name for name, _ in page.attributes if name.startswith("on")]


def test_the_card_in_markdown_says_the_same(folder: Path) -> None:
    text = member(folder, "card/model.md").decode()
    assert text.startswith("# Model card: model\n")
    for title in ("Summary", "Inputs", "Outputs", "Models", "Where they came from", "Evidence", "Limits", "Versions"):
        assert f"\n## {title}\n" in text
    assert "| \\<b\\>age\\</b\\> | float64 |" in text
    assert "in\\|come" in text
    assert sha256((folder / "model.onnx").read_bytes()).hexdigest() in text


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "a|b", "`x`", "[a](javascript:x)", "*x*\n# y", "![x](y)"]
)
def test_text_of_the_models_choosing_stays_text(text: str) -> None:
    sections = [Section("Title", (text,), (Table(("h",), ((text,),)),), (text,))]
    plain = " ".join(text.split())
    shown = Page(card.page(text, sections).decode())
    assert shown.tags.count("script") == 0
    assert shown.text.count(text) == 5
    marked = card.markdown(text, sections).decode()
    for line in marked.splitlines():
        bare = re.sub(r"\\(.)", "", line.removeprefix("# ").removeprefix("## ").removeprefix("- "))
        assert not re.search(r"[<>`\[\]*#!]", bare.replace("|", ""))
    assert plain.replace("\\", "") in re.sub(r"\\(.)", r"\1", marked)


def test_notes_of_a_conversion_are_told_as_limits(folder: Path, tmp_path: Path) -> None:
    made = api.convert(folder / "model.pkl", tmp_path / "portable.onnx", precision="portable", verify=False)
    assert made.notes, "a portable conversion has notes"
    wanted = Settings(rows=60, atol=1e-4, rtol=1e-4, strata=("random",), runtimes=("scikit-learn", "onnxruntime"))
    api.package(folder / "model.pkl", tmp_path / "portable.onnx", output=tmp_path / "p.mport", settings=wanted)
    with zipfile.ZipFile(tmp_path / "p.mport") as archive:
        bill: dict[str, Any] = json.loads(archive.read("sbom.cdx.json"))
        told = archive.read("card/model.html").decode()
    (model,) = [c for c in bill["components"] if c["name"] == "portable.onnx"]
    limits = model["modelCard"]["considerations"]["technicalLimitations"]
    assert any(made.notes[0].what in limit for limit in limits)
    assert "portable.onnx: " in told
