"""pickle → PMML through sklearn2pmml: checks before, its program in between, tidying after."""

import contextlib
import copy
import io
import tempfile
from pathlib import Path
from typing import Any

from modelport.conversion import Context
from modelport.signature import Signature
from modelport_pmml.document import PmmlDocument
from modelport_pmml.engine_sklearn2pmml import gate, refusals
from modelport_pmml.engine_sklearn2pmml.messages import translate
from modelport_pmml.engine_sklearn2pmml.program import run
from modelport_pmml.engine_sklearn2pmml.tidy import tidy


def convert(model: Any, context: Context) -> PmmlDocument:
    """Converts a fitted estimator.

    Args:
        model: a scikit-learn estimator or pipeline; it is not changed.
        context: its signature names the inputs.

    Raises:
        NotFitted: it was never fitted.
        CannotConvert: sklearn2pmml does not know it, or is known to convert it wrongly.
        MissingExtra: the version of scikit-learn, or the age of sklearn2pmml, stands in the way.
    """
    refusals.check(model, context)
    gate.check()
    with tempfile.TemporaryDirectory(prefix="modelport-") as folder:
        source, target = Path(folder) / "model.pkl", Path(folder) / "model.pmml"
        jars = _dump(model, context.signature, source)
        finished = run(source, target, jars)
        if finished.code or not target.exists():
            raise translate(finished.log, finished.code)
        return tidy(target.read_bytes(), model, context)


def _dump(model: Any, signature: Signature, target: Path) -> list[str]:
    """Writes the pickle that the program reads; the jars to run it with.

    Escaping rewrites the steps of what it is given, so it works on a copy. Importing sklearn2pmml may print.
    """
    with contextlib.redirect_stdout(io.StringIO()):
        import joblib
        import sklearn2pmml

        escaped = sklearn2pmml._escape(copy.deepcopy(model), escape_func=sklearn2pmml._escape)
        names = [column.name for column in signature.inputs]
        pipeline = sklearn2pmml.make_pmml_pipeline(escaped, active_fields=names, target_fields=[target_name(names)])
        joblib.dump(pipeline, target)
        jars: list[str] = sklearn2pmml._classpath([])
    return jars


def target_name(inputs: list[str]) -> str:
    """A name for the target that no feature has: sklearn2pmml fails where they clash."""
    name = "y"
    while name in inputs:
        name += "_"
    return name
