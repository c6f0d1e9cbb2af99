"""Which scikit-learn saved a model, and what to do where it is not the one installed here.

scikit-learn promises nothing about pickles of another version: attributes come, go and change their meaning. A model
loaded so may predict, and predict something else.
"""

import re
import shlex
from collections.abc import Iterable
from importlib.metadata import version

from modelport.errors import Unsafe, VersionError

OLDEST = (1, 6)
"""The oldest scikit-learn that modelport runs beside."""

PYTHONS = (((1, 0), "3.9"), ((1, 1), "3.10"), ((1, 3), "3.11"), ((1, 6), "3.12"))
"""From which version on each Python is taken: one that has wheels of that scikit-learn."""


RELEASE = re.compile(r"\d{1,4}(\.\d{1,4}){1,3}((a|b|rc|\.dev|\.post)\d{1,8})?(\+[a-z0-9.]{1,40})?")
"""A version as scikit-learn writes its own (PEP 440). What a file says goes into a command that people copy."""


def check_versions(saved: Iterable[str], name: str) -> None:
    """Refuses estimators saved by another version than the installed one.

    Args:
        saved: versions that the file's estimators say they were saved by.
        name: of the file, for the command.

    Raises:
        VersionError: names both versions and the command that converts the file beside the right one.
        Unsafe: what stands where a version should is none.
    """
    here, saved = version("scikit-learn"), list(saved)
    strange = next((text for text in saved if RELEASE.fullmatch(text) is None), None)
    if strange is not None:
        raise Unsafe(f"it says that it was saved by scikit-learn {strange[:80]!r}, which is no version", where=name)
    others = sorted(set(saved) - {here})
    if not others:
        return
    if len(others) > 1 or len(set(saved)) > 1:
        raise VersionError(
            f"its parts were saved by scikit-learn {', '.join(sorted(set(saved)))}; {here} is installed",
            where=name,
            hint="load it where it was last saved, and save it whole with one version",
        )
    raise VersionError(
        f"it was saved by scikit-learn {others[0]}; {here} is installed, and it might predict something else here",
        where=name,
        hint=f"convert it beside its own version: {command(others[0], name)}",
    )


def command(saved: str, name: str) -> str:
    """The one command that converts a pickle to ONNX beside the scikit-learn that saved it."""
    libraries = " ".join(f"--with {shlex.quote(library)}" for library in libraries_for(saved))
    python = python_for(saved)
    if _numbers(saved) >= OLDEST:
        paths = f"{_argument(name)} {_argument(_target(name))}"
        return f"uvx --python {python} {libraries} modelport convert {paths}"
    return f"uv run --no-project --python {python} {libraries} python -c {shlex.quote(script(name))}"


def _argument(name: str) -> str:
    """A file name as one word of a command, and never an option."""
    return shlex.quote(f"./{name}" if name.startswith("-") else name)


def libraries_for(saved: str) -> tuple[str, ...]:
    """What stands beside a scikit-learn version for the conversion; before 1.6 that is skl2onnx, not modelport."""
    if _numbers(saved) >= OLDEST:
        return (f"scikit-learn=={saved}",)
    return (f"scikit-learn=={saved}", "numpy<2", "onnx<1.17", "skl2onnx<1.18", "joblib")


def script(name: str) -> str:
    """What is run where modelport itself cannot be: skl2onnx in float32, on the model's own number of columns."""
    return (
        "import joblib, numpy, skl2onnx; "
        f"m = joblib.load({name!r}); "
        "x = numpy.zeros((1, m.n_features_in_), numpy.float32); "
        f"open({_target(name)!r}, 'wb').write(skl2onnx.to_onnx(m, x).SerializeToString())"
    )


def _target(name: str) -> str:
    return name.split(".")[0] + ".onnx"


def python_for(saved: str) -> str:
    """The newest Python that every build of a scikit-learn version is sure to have wheels for."""
    return next((python for since, python in reversed(PYTHONS) if _numbers(saved) >= since), PYTHONS[0][1])


def _numbers(saved: str) -> tuple[int, ...]:
    parts = saved.split(".")[:2]
    return tuple(int(part) for part in parts if part.isdigit())
