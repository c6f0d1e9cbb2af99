"""`sign`, `check --key` and `export`, as a person meets them."""

import json
import pickle
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.tree import DecisionTreeRegressor

from modelport import api
from modelport.parity.settings import Settings

Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Models are scored here, not in a process each: that is tested elsewhere, and takes a second every time."""
    monkeypatch.setattr("modelport.isolation.separate", lambda *_: False)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    rows = pd.DataFrame(np.random.default_rng(1).normal(size=(40, 2)), columns=["a", "b"])
    model = DecisionTreeRegressor(max_depth=2).fit(rows, rows["a"])
    (folder / "model.pkl").write_bytes(pickle.dumps(model))
    api.convert(folder / "model.pkl", folder / "model.onnx", verify=False)
    settings = Settings(rows=60, strata=("data", "special"), runtimes=("scikit-learn", "onnxruntime"))
    models = folder / "model.pkl", folder / "model.onnx"
    return api.package(*models, output=folder / "My Model.mport", data=rows, settings=settings).path


@pytest.fixture
def bundle(run: Run, built: Path, tmp_path: Path) -> str:
    shutil.copy(built, tmp_path)
    for command in (
        "ecparam -name prime256v1 -genkey -noout -out key.pem",
        "ec -in key.pem -pubout -out public.pem",
    ):
        subprocess.run(["openssl", *command.split()], cwd=tmp_path, check=True, capture_output=True)
    return built.name


def test_sign_and_check(run: Run, bundle: str) -> None:
    missing = run("check", bundle, "--key", "public.pem")
    assert (missing.code, missing.error) == (5, "there is no signature (My Model.mport.sig)")
    assert "modelport sign" in missing.hint
    made = run("sign", bundle, "--key", "key.pem", "--json")
    assert made.code == 0
    assert made.document["path"] == "My Model.mport.sig"
    assert "✓ My Model.mport.sig" in made.err
    checked = run("check", bundle, "--key", "public.pem", "--json")
    assert checked.code == 0
    assert checked.document["signature"]["sha256"] == made.document["sha256"]
    assert "signed by the key" in checked.err


def test_a_signature_that_was_not_looked_at_is_said_to_be_so(run: Run, bundle: str) -> None:
    assert "signature" not in run("check", bundle).err
    run("sign", bundle, "--key", "key.pem")
    assert "its signature was not verified: pass --key or --root" in run("check", bundle).err


def test_a_changed_bundle_is_refused_in_one_line(run: Run, bundle: str, tmp_path: Path) -> None:
    run("sign", bundle, "--key", "key.pem")
    whole = (tmp_path / bundle).read_bytes()
    (tmp_path / bundle).write_bytes(whole[:100] + b"?" + whole[101:])
    ran = run("check", bundle, "--key", "public.pem", "--json")
    assert ran.code == 5
    assert ran.document["error"]["code"] == "bad-signature"
    assert "the bundle was changed since" in ran.error


def test_a_password_comes_from_a_file(run: Run, bundle: str, tmp_path: Path) -> None:
    command = "ec -in key.pem -aes256 -passout pass:sesame -out locked.pem"
    subprocess.run(["openssl", *command.split()], cwd=tmp_path, check=True, capture_output=True)
    (tmp_path / "password").write_text("sesame\n")
    assert run("sign", bundle, "--key", "locked.pem").code == 3
    assert run("sign", bundle, "--key", "locked.pem", "--password-file", "password").code == 0
    assert run("check", bundle, "--key", "public.pem").code == 0
    assert (
        "password cannot be read" in run("sign", bundle, "--key", "locked.pem", "--password-file", "gone", "-f").error
    )


@pytest.mark.parametrize("target", ["mlflow", "triton", "kserve", "oci", "docker", "folder"])
def test_export(target: str, run: Run, bundle: str, tmp_path: Path) -> None:
    ran = run("export", bundle, "--to", target, "-o", "out", "--json")
    assert ran.code == 0
    assert ran.document["name"] == "my-model"
    assert set(ran.document["files"]) == {
        path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()
    }
    assert "✓ out" in ran.err
    assert "next: " in ran.err
    again = run("export", bundle, "--to", target, "-o", "out")
    assert (again.code, again.error, again.hint) == (2, "the target exists (out)", "pass --force to replace it")
    assert run("export", bundle, "--to", target, "-o", "out", "--force").code == 0


def test_export_refuses_in_one_line(run: Run, bundle: str, tmp_path: Path) -> None:
    ran = run("export", bundle, "--to", "heroku", "-o", "out")
    assert (ran.code, ran.error) == (2, "there is no target called 'heroku'")
    assert ran.hint == "there are mlflow, triton, kserve, oci, docker, folder"
    assert run("export", bundle, "--to", "docker", "-o", "out", "--name", "No!").code == 2
    assert run("export", bundle, "--to", "docker", "-o", "out", "--key", "public.pem").code == 5
    assert run("export", "gone.mport", "--to", "docker", "-o", "out").code == 3
    assert not (tmp_path / "out").exists()


def test_the_manifest_tells_the_kinds_of_golden_rows(run: Run, bundle: str) -> None:
    document = run("check", bundle, "--json").document
    strata = document["manifest"]["golden"]["strata"]
    assert [item["name"] for item in strata] == ["data", "special"]
    assert sum(item["rows"] for item in strata) == document["manifest"]["golden"]["rows"]
    assert json.dumps(document)
