"""What the shell offers for an option's value, when TAB is pressed."""

from collections.abc import Iterable


def _fitting(names: Iterable[str], begun: str) -> list[str]:
    return sorted({name for name in names if name.startswith(begun)})


def runtimes(incomplete: str) -> list[str]:
    """Names of runtimes, installed or not."""
    from modelport import api

    return _fitting((item.name for item in api.runtimes()), incomplete)


def engines(incomplete: str) -> list[str]:
    """Names of converter engines."""
    from modelport import api

    return _fitting((item.engine for item in api.converters()), incomplete)


def formats(incomplete: str) -> list[str]:
    """Names of formats, and those that exist only between two others."""
    from modelport import api

    between = {name for item in api.converters() for name in (item.source, item.target)}
    return _fitting(between | {item.name for item in api.formats()}, incomplete)


def fixtures(incomplete: str) -> list[str]:
    """Names of the models of the demo."""
    from modelport import recipes

    return _fitting(("list", *recipes.recipe_names()), incomplete)


def strata(incomplete: str) -> list[str]:
    """Kinds of rows; after a comma, the next one."""
    from modelport.parity.settings import STRATA

    before, comma, begun = incomplete.rpartition(",")
    return [f"{before}{comma}{name}" for name in _fitting(STRATA, begun)]
