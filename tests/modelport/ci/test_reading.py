"""The settings file: what is declared arrives, and every mistake is named with a way out."""

from collections.abc import Callable
from pathlib import Path

import pytest

from modelport.ci.reading import read
from modelport.ci.spec import ModelSpec
from modelport.conversion import Precision
from modelport.errors import InputError, UsageError

Declare = Callable[..., Path]

FULL = """
[ci]
output = "out"
cache = "kept"
baseline = "known.json"
jobs = 3
timeout = 60

[models.price]
source = "models/price.pkl"
data = "rows.csv"
targets = ["onnx", "price-for-scorers.pmml"]
candidates = ["deployed.onnx"]
package = true
ignore = ["target"]
trust = ["shop.steps.Capped"]
engine = "modelport"
via = "onnx"
precision = "portable"
opset = 17
ml_opset = 3
ir_version = 8

[models.price.parity]
atol = 1e-6
[models.price.parity.outputs."probability(*)"]
rtol = 1e-3
"""


def test_everything_that_is_declared_arrives(declare: Declare, folder: Path) -> None:
    file = declare(FULL)
    found = read(folder)
    (spec,) = found.models
    assert (found.file, found.folder) == (file, folder)
    assert (found.output, found.cache, found.baseline, found.jobs, found.timeout) == (
        "out",
        "kept",
        "known.json",
        3,
        60,
    )
    assert spec.targets == ("price.onnx", "price-for-scorers.pmml")
    assert (spec.package, spec.candidates, spec.trust) == ("price.mport", ("deployed.onnx",), ("shop.steps.Capped",))
    assert (spec.engine, spec.via) == ("modelport", "onnx")
    assert (spec.options.precision, spec.options.opset, spec.options.ml_opset, spec.options.ir_version) == (
        Precision.PORTABLE,
        17,
        3,
        8,
    )
    assert (spec.settings.atol, spec.settings.rows, spec.settings.ignore) == (1e-6, 50, ("target",))
    assert spec.settings.tolerance("probability(a)").rtol == 1e-3


def test_a_declaration_survives_json(declare: Declare, folder: Path) -> None:
    import json

    declare(FULL)
    (spec,) = read(folder).models
    assert ModelSpec.from_json(json.loads(json.dumps(spec.to_json()))) == spec


def test_pyproject_does_as_well(folder: Path) -> None:
    tables = '[tool.modelport.models.price]\nsource = "price.onnx"\ntargets = ["pmml"]\n[tool.modelport.ci]\njobs = 1\n'
    (folder / "pyproject.toml").write_text(tables)
    found = read(folder)
    assert found.file == folder / "pyproject.toml"
    assert found.jobs == 1


def test_models_are_found_from_below(declare: Declare, folder: Path) -> None:
    declare('[models.price]\nsource = "price.onnx"\ntargets = ["pmml"]')
    (folder / "deep" / "er").mkdir(parents=True)
    assert read(folder / "deep" / "er").folder == folder


PRICE = '[models.price]\nsource = "price.onnx"\n'
WRONG = {
    "an unknown key": (PRICE + 'tragets = ["pmml"]', "no key 'tragets'", "did you mean 'targets'?"),
    "nothing like a key": (PRICE + "zzz = 1", "no key 'zzz'", "there are candidates, data"),
    "an unknown key of ci": (
        PRICE + 'targets = ["pmml"]\n[ci]\njob = 2',
        "[ci] has no key 'job'",
        "mean 'jobs'",
    ),
    "an unknown setting": (PRICE + 'targets = ["pmml"]\nparity = {rtoll = 1}', "'rtoll'", "did you mean 'rtol'?"),
    "no source": ("[models.price]\ntargets = []", "names no source", "source ="),
    "nothing to compare with": (PRICE, "neither targets nor candidates", 'targets = ["onnx"]'),
    "an unknown format": (PRICE + 'targets = ["pmnl"]', "no format called 'pmnl'", "did you mean 'pmml'?"),
    "an unknown suffix": (PRICE + 'targets = ["price.doc"]', "'price.doc' names no format", ""),
    "a target elsewhere": (PRICE + 'targets = ["../price.pmml"]', "leads elsewhere", "output folder"),
    "a target at the root": (PRICE + 'targets = ["/tmp/price.pmml"]', "leads elsewhere", "output folder"),
    "a bundle's name": (PRICE + 'targets = ["pmml"]\npackage = "price.zip"', "does not end in .mport", ""),
    "a text for a list": (PRICE + 'targets = "pmml"', "targets must be a list of texts", ""),
    "a truth for a number": (PRICE + 'targets = ["pmml"]\nopset = true', "opset must be a whole number", ""),
    "another precision": (PRICE + 'targets = ["pmml"]\nprecision = "half"', "precision is exact or portable", ""),
    "no jobs": (PRICE + 'targets = ["pmml"]\n[ci]\njobs = 0', "jobs must be greater than 0", ""),
    "a setting out of range": (PRICE + 'targets = ["pmml"]\nparity = {rows = 0}', "rows must be at least 1", ""),
    "a setting of another type": (PRICE + 'targets = ["pmml"]\nparity = {rows = "1"}', "wrong type", ""),
    "a model that is no table": ("[models]\nprice = 1", "must be a table", ""),
    "a name that is a path": ('[models."a/b"]\nsource = "a.pkl"\ntargets = ["onnx"]', "no name for a model", "letters"),
    "two results of one name": (
        PRICE + 'targets = ["x.pmml"]\n[models.other]\nsource = "other.onnx"\ntargets = ["X.pmml"]',
        "both write X.pmml",
        "",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_mistakes_are_named(case: str, declare: Declare, folder: Path) -> None:
    text, told, hint = WRONG[case]
    file = declare(text)
    with pytest.raises(UsageError) as caught:
        read(folder)
    assert told in caught.value.what
    assert hint in (caught.value.hint or "")
    assert caught.value.where == str(file)


def test_no_declaration_at_all(folder: Path) -> None:
    with pytest.raises(UsageError, match="declares a model") as caught:
        read(folder)
    assert "modelport ci --init" in (caught.value.hint or "")


def test_no_toml(folder: Path) -> None:
    (folder / "modelport.toml").write_text("[models\n")
    with pytest.raises(InputError, match="no TOML"):
        read(folder)
