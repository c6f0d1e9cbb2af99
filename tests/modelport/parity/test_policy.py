"""Policy files: found from below, checked, overridden."""

from pathlib import Path

import pytest

from modelport.errors import InputError, UsageError
from modelport.parity.policy import settings_here
from modelport.parity.settings import Settings, Tolerance

POLICY = """
[parity]
rtol = 1e-6
strata = ["data", "boundary"]
[parity.outputs."probability(*)"]
atol = 1e-4
"""


def test_without_a_file_everything_is_as_it_always_is(tmp_path: Path) -> None:
    assert settings_here(tmp_path) == Settings()


def test_a_file_is_found_from_a_folder_below(tmp_path: Path) -> None:
    (tmp_path / "modelport.toml").write_text(POLICY)
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    found = settings_here(below)
    assert found.rtol == 1e-6
    assert found.strata == ("data", "boundary")
    assert found.tolerance("probability(yes)") == Tolerance(atol=1e-4)
    assert found.tolerance("prediction") == Tolerance(rtol=1e-6)


def test_a_table_of_pyproject_is_as_good(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.modelport.parity]\nulps = 4\n")
    assert settings_here(tmp_path).ulps == 4
    (tmp_path / "modelport.toml").write_text("[parity]\nulps = 5\n")
    assert settings_here(tmp_path).ulps == 5


def test_what_is_asked_for_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "modelport.toml").write_text(POLICY)
    found = settings_here(tmp_path, rtol=1e-3, outputs={"label": Tolerance()})
    assert found.rtol == 1e-3
    assert dict(found.outputs) == {"label": Tolerance()}
    assert found.strata == ("data", "boundary")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[parity]\nrtoll = 1", "rtoll"),
        ("[parity]\nrtol = -1", "rtol"),
        ('[parity]\nrtol = "much"', "type"),
        ('[parity]\nstrata = ["dat"]', "dat"),
        ("[parity.outputs.label]\nfoo = 1", "foo"),
        ("parity = 3", "table"),
    ],
)
def test_a_setting_that_does_not_exist_or_fit_is_refused_naming_the_file(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "modelport.toml").write_text(text)
    with pytest.raises(UsageError, match=says) as caught:
        settings_here(tmp_path)
    assert "modelport.toml" in str(caught.value)


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "modelport.toml").write_text("[parity\n")
    with pytest.raises(InputError, match="TOML"):
        settings_here(tmp_path)
