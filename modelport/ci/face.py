"""The functions that the rest of the world calls for `modelport ci`; importing this loads nothing."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from modelport.ci.result import ProjectReport


def run_ci(
    folder: str | Path | None = None,
    *,
    models: Sequence[str] = (),
    jobs: int | None = None,
    fresh: bool = False,
    cache: str | Path | None = None,
    baseline: str | Path | None = None,
    update_baseline: bool = False,
    told: Any = None,
) -> "ProjectReport":
    """Converts, compares and packages the models that a project declares; what has not changed is used again.

    Args:
        folder: where the nearest `modelport.toml` (or `pyproject.toml`) is looked for; the current one by default.
        models: only these; all of them by default.
        jobs: how many at once; by default the project's number, or one a processor.
        fresh: use nothing that an earlier run found.
        cache, baseline: instead of what the project names.
        update_baseline: accept what differs now.
        told: called with a model's name and what is being done with it.

    Returns:
        What came out, model by model; what goes wrong with one of them is told there and stops no other.

    Raises:
        UsageError: no file declares a model, or a key of it is wrong.
        InputError: a settings file or the baseline is damaged.
    """
    from modelport.ci.reading import read
    from modelport.ci.run import Wishes, run

    project = read(None if folder is None else Path(folder))
    wishes = Wishes(
        tuple(models),
        jobs,
        fresh,
        cache=None if cache is None else Path(cache),
        baseline=None if baseline is None else Path(baseline),
        update_baseline=update_baseline,
        told=told or (lambda model, stage: None),
    )
    return run(project, wishes)


def start_ci(folder: str | Path = ".", *, force: bool = False) -> Path:
    """Writes a `modelport.toml` that declares the models of a folder.

    Raises:
        UsageError: there is one (without `force`), or there are no models.
    """
    from modelport.ci.starting import start

    return start(Path(folder), force=force)
