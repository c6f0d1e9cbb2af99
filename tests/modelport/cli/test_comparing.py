"""Options of a comparison: what is given wins over the policy file, which wins over the defaults."""

from pathlib import Path
from typing import Any

import pytest

from modelport.cli import comparing
from modelport.errors import UsageError
from modelport.parity.settings import Settings, Tolerance


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_nothing_given_is_the_default() -> None:
    assert comparing.settings(atol=None, rows=None, strata=None, ignore=None, runtimes=None) == Settings()


def test_options_win_over_the_policy_file(tmp_path: Path) -> None:
    (tmp_path / "modelport.toml").write_text("[parity]\nrows = 77\natol = 0.5\n")
    chosen = comparing.settings(atol=0.25, rows=None)
    assert (chosen.atol, chosen.rows) == (0.25, 77)
    assert comparing.settings(atol=0.0).atol == 0.0


@pytest.mark.parametrize("given", [["data,random"], ["data", "random"], ["data, random,"]])
def test_strata_may_be_repeated_or_joined(given: list[str]) -> None:
    assert comparing.settings(strata=given).strata == ("data", "random")


def test_a_tolerance_belongs_to_one_output() -> None:
    chosen = comparing.settings(tolerance=["probability(*)=1e-6", "score=0.1"])
    assert chosen.outputs == {"probability(*)": Tolerance(1e-6, 0.0), "score": Tolerance(0.1, 0.0)}
    assert chosen.tolerance("probability(yes)").atol == 1e-6
    assert chosen.tolerance("prediction") == Tolerance()


@pytest.mark.parametrize("text", ["probability(*)", "score=much", "=", "score=-1", "score=nan"])
def test_a_tolerance_that_says_no_number_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        comparing.settings(tolerance=[text])


def test_near_ties_may_be_refused() -> None:
    assert comparing.settings().near_ties is True
    assert comparing.settings(no_near_ties=True).near_ties is False


def test_a_policy_file_that_is_wrong_is_named(run: Any, model: Path, rows: Path, tmp_path: Path) -> None:
    (tmp_path / "modelport.toml").write_text("[parity]\nrowz = 1\n")
    ran = run("verify", model, model, "--data", rows)
    assert ran.code == 2
    assert "rowz" in ran.error
    assert "modelport.toml" in ran.error
