"""Recipes: the models of `fixtures/`, trained when they are needed. They work from a clone and from a wheel."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from modelport.errors import Defect, MissingExtra, UsageError
from modelport.plugins import absent

DEMO = "penguins"
"""The recipe of `modelport demo`: string columns and missing values."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A model that trains in seconds, on real data that an installed package ships.

    Attributes:
        name: its folder in `fixtures/`.
        title: what it is, for people.
        folder: where it lies; `expected.json` beside it says what must come out.
        train: → the fitted estimator, seeded.
        data: → pandas.DataFrame of rows the model has not seen, with exactly the columns it takes.
        requires: top-level modules it needs besides scikit-learn.
    """

    name: str
    title: str
    folder: Path
    train: Callable[[], Any]
    data: Callable[[], Any]
    requires: tuple[str, ...] = ()

    def missing(self) -> str | None:
        """The command that installs what this recipe lacks, or None if it is ready."""
        lacking = absent(self.requires)
        return f"pip install {' '.join(lacking)}" if lacking else None


def folder() -> Path:
    """Where the recipes lie: inside the package in a wheel, beside it in a clone.

    Raises:
        Defect: in neither place.
    """
    here = Path(__file__).resolve().parent
    for place in (here / "_fixtures", here.parent / "fixtures"):
        if place.is_dir():
            return place
    raise Defect("the recipes of fixtures/ were not installed", where=str(here), hint="install modelport again")


def recipe_names() -> tuple[str, ...]:
    """Every recipe, in alphabetical order."""
    return tuple(sorted(path.parent.name for path in folder().glob("*/recipe.py")))


@cache
def load_recipe(name: str) -> Recipe:
    """The recipe called `name`; nothing is trained yet.

    Raises:
        UsageError: there is none of this name.
    """
    if name not in recipe_names():
        raise UsageError(f"there is no recipe called {name!r}", hint=f"there are {', '.join(recipe_names())}")
    module = _module(folder() / name / "recipe.py")
    return Recipe(name, module.TITLE, folder() / name, module.train, module.data, tuple(module.REQUIRES))


def ready_recipe(name: str) -> Recipe:
    """The recipe called `name`, with everything it needs installed.

    Raises:
        MissingExtra: a package that ships its data or trains it is not installed.
    """
    recipe = load_recipe(name)
    command = recipe.missing()
    if command:
        raise MissingExtra(f"the recipe {name} needs {', '.join(absent(recipe.requires))}", hint=command)
    return recipe


def _module(path: Path) -> ModuleType:
    spec = spec_from_file_location(f"_modelport_recipe_{path.parent.name}", path)
    assert spec is not None, "the file was found by its name"
    assert spec.loader is not None, "a .py file has a loader"
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
