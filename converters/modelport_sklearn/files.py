"""Reading and writing pickles, joblib files and skops archives; reading goes through the gate."""

import bz2
import gzip
import lzma
import pickle
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from modelport.errors import CannotConvert, InputError, VersionError
from modelport.formats import Policy, first_bytes
from modelport_sklearn.sniff import ZIP, owns

PROTOCOL = 4
"""Written: readable by every Python since 3.4, and what joblib writes by default."""


def read(path: Path, policy: Policy) -> Any:
    """The estimator in a pickle, joblib file or skops archive. Nothing of the file's choosing is run.

    Raises:
        Unsafe: it would do more than hold a model; what is not allowed is named.
        VersionError: another version of scikit-learn saved it.
        InputError: it is truncated, damaged, or holds no model.
        MissingExtra: a library that it needs is not installed.
    """
    if first_bytes(path).startswith(ZIP):
        from modelport_sklearn import archive

        model = archive.read(path, policy)
    else:
        model = _read_pickle(path, policy)
    if not owns(model):
        raise InputError(f"this file holds a {type(model).__name__}, not a model", where=path.name)
    return model


def _read_pickle(path: Path, policy: Policy) -> Any:
    from modelport_sklearn.gate.allowlist import allowed
    from modelport_sklearn.gate.content import content
    from modelport_sklearn.gate.load import load, resolve
    from modelport_sklearn.gate.reconstruct import HEADERS
    from modelport_sklearn.gate.rehearsal import rehearse
    from modelport_sklearn.gate.scan import scan
    from modelport_sklearn.gate.seals import check_all
    from modelport_sklearn.gate.verdict import judge
    from modelport_sklearn.quiet import quiet

    data, grants = content(path, policy), allowed(policy.trust)
    found = scan(data, grants)
    judge(found, path.name)
    for key in found.globals:
        if key not in HEADERS:
            resolve(*key)
    found.root = None  # the stand-ins take as much memory as the model will
    with quiet(), one_version(path.name):
        rehearse(data, grants)
        model = load(data, grants)
    check_all(model)
    return model


@contextmanager
def one_version(name: str) -> Iterator[None]:
    """What the scan could not see of another version (an estimator without any), scikit-learn itself notices.

    Raises:
        VersionError: an estimator was saved by another scikit-learn, or by none that says so.
    """
    from sklearn.exceptions import InconsistentVersionWarning

    warnings.simplefilter("error", InconsistentVersionWarning)
    try:
        yield
    except InconsistentVersionWarning as error:
        raise VersionError(
            f"{error.estimator_name} was saved by scikit-learn {error.original_sklearn_version}; "
            f"{error.current_sklearn_version} is installed",
            where=name,
            hint="load it with the version that saved it",
        ) from error


def write(model: Any, path: Path) -> None:
    """Writes an estimator as its suffix says: pickle, joblib or skops, compressed or not. Same model, same bytes.

    Raises:
        CannotConvert: part of it cannot be pickled (a lambda, an open file).
    """
    name = path.name.lower()
    if name.endswith(".skops"):
        from modelport_sklearn import archive

        path.write_bytes(archive.written(model))
        return
    dump = _joblib if ".joblib" in name else _pickle
    try:
        data = dump(model)
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        raise CannotConvert(
            f"this model cannot be pickled: {str(error).splitlines()[0]}",
            where=type(model).__name__,
            hint="replace lambdas and local functions by functions of a module",
        ) from error
    path.write_bytes(_PACK.get(path.suffix.lower(), bytes)(data))


def _pickle(model: Any) -> bytes:
    return pickle.dumps(model, PROTOCOL)


def _joblib(model: Any) -> bytes:
    import joblib

    buffer = BytesIO()
    joblib.dump(model, buffer, protocol=PROTOCOL)
    return buffer.getvalue()


_PACK: dict[str, Callable[[bytes], bytes]] = {
    ".gz": lambda data: gzip.compress(data, 6, mtime=0),
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE),
    ".z": zlib.compress,
}
