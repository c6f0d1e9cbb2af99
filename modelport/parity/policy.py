"""Policy files: the settings of a project, in `modelport.toml` or under `[tool.modelport]` of `pyproject.toml`.

[parity]                      # in pyproject.toml: [tool.modelport.parity]
rtol = 1e-6
strata = ["data", "boundary"]

[parity.outputs."probability(*)"]
atol = 1e-4
"""

from pathlib import Path
from typing import Any

from modelport import project
from modelport.errors import UsageError
from modelport.parity.settings import Settings

TABLE = "parity"


def settings_here(folder: Path | None = None, **overrides: Any) -> Settings:
    """Settings of the nearest policy file, in a folder or above it, with some of them overridden.

    Args:
        folder: where to begin; the current one by default.
        overrides: settings that win over the file.

    Raises:
        InputError: a policy file is no TOML.
        UsageError: it holds a setting that does not exist, or one out of its range; the file is named.
    """
    found = project.find(TABLE, folder)
    if found is None:
        return Settings(**overrides)
    path, table = found
    try:
        return Settings.from_json({**table, **{k: v for k, v in overrides.items() if k != "outputs"}}).with_(
            **({"outputs": overrides["outputs"]} if "outputs" in overrides else {})
        )
    except UsageError as error:
        raise UsageError(error.what, where=str(path), hint=error.hint) from error
    except TypeError as error:
        raise UsageError(f"a setting has a value of the wrong type: {error}", where=str(path)) from error
