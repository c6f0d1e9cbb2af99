"""skops archives: a zip of arrays and a schema. The schema is checked against our own list before skops sees it.

Schema: each node has `__module__`, `__class__` and `__loader__`, the skops class that rebuilds it (protocol 0 to 2,
skops 0.16). skops trusts a list of its own besides ours, so what it would trust is checked here first.
"""

import io
import json
import lzma
import re
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from modelport.errors import CannotConvert, InputError, ModelportError, Unsafe
from modelport.formats import Policy
from modelport_sklearn.gate.allowlist import Allowed, Global, Grant, allowed
from modelport_sklearn.gate.content import RATIO, SMALL, content
from modelport_sklearn.gate.load import resolve
from modelport_sklearn.gate.reconstruct import RECONSTRUCTORS
from modelport_sklearn.gate.rehearsal import rehearse
from modelport_sklearn.gate.seals import check_all
from modelport_sklearn.gate.verdict import refusal
from modelport_sklearn.gate.versions import check_versions

MEMBER = re.compile(r"schema\.json|[\w-]+\.(?:npy|npz|bin)")
MAX_MEMBERS = 100_000

INERT = frozenset(
    (
        *("DictNode", "ListNode", "SetNode", "TupleNode", "BytesNode", "BytearrayNode", "SliceNode", "JsonNode"),
        *("CachedNode", "NdArrayNode", "MaskedArrayNode", "DTypeNode", "RandomStateNode", "RandomGeneratorNode"),
        "SparseMatrixNode",
    )
)
"""Loaders that make a container, an array or a number, of a class of their own choosing."""

INERT_MODULES = ("builtins", "numpy", "collections", "scipy.sparse")
NEEDS = {
    "ObjectNode": Grant.NEW,
    "TypeNode": Grant.VALUE,
    "FunctionNode": Grant.VALUE,
    "DefaultDictNode": Grant.VALUE,
    "TreeNode": Grant.CALL,
    "LossNode": Grant.CALL,
    "ConstructorFromReduceNode": Grant.CALL,
}
"""What each other loader does with the class it names. Loaders that are in neither table are refused."""


@dataclass(slots=True)
class Schema:
    """What a skops archive says.

    Attributes:
        tree: the parsed schema.
        globals: what it names → how often.
        refused: what is not on the list, or is used as it may not be.
        versions: versions of scikit-learn that saved its estimators.
        size: bytes of its members, unpacked.
    """

    tree: dict[str, Any]
    size: int
    globals: Counter[Global] = field(default_factory=Counter)
    refused: dict[Global, None] = field(default_factory=dict)
    versions: dict[str, None] = field(default_factory=dict)


def read(path: Path, policy: Policy) -> Any:
    """The estimator in a skops archive.

    Raises:
        Unsafe, VersionError, InputError: as for a pickle.
    """
    data = content(path, policy)
    grants = allowed(policy.trust)
    found = schema(data, grants, policy)
    if found.refused:
        raise refusal(found.refused, path.name)
    check_versions(found.versions, path.name)
    for key in found.globals:
        if grants.grant(*key) is not None:
            resolve(*key)
    rehearse(data, grants, loads)
    model = loads(data, grants)
    check_all(model)
    return model


def loads(data: bytes, grants: Allowed) -> Any:
    """What skops makes of an archive whose schema was checked.

    Raises:
        InputError: it is damaged; skops, zipfile and NumPy raise all sorts of errors then.
    """
    import skops.io

    trusted = [f"{module}.{name}" for module, name in schema(data, grants, Policy()).globals]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return skops.io.loads(data, trusted=trusted)
    except (ModelportError, MemoryError):
        raise
    except Exception as error:
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"this skops archive is damaged: {told}", hint="save it again with skops.io.dump") from error


def schema(data: bytes, grants: Allowed, policy: Policy) -> Schema:
    """Reads and checks the schema of an archive; nothing is imported.

    Raises:
        InputError: it is no skops archive, or damaged.
        Unsafe: its members are absurdly many or large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = _members(archive, policy)
            found = Schema(json.loads(archive.read("schema.json")), size)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, KeyError, ValueError, NotImplementedError, RuntimeError,
            EOFError, OSError) as error:  # fmt: skip
        raise InputError(f"this is no whole skops archive: {error}", hint="save it again with skops.io.dump") from error
    for node in _nodes(found.tree):
        _check(node, found, grants)
    return found


def _members(archive: zipfile.ZipFile, policy: Policy) -> int:
    infos = archive.infolist()
    strange = next((info.filename for info in infos if MEMBER.fullmatch(info.filename) is None), None)
    if strange is not None:
        raise InputError(f"a skops archive has no member called {strange!r}", hint="check where it comes from")
    size = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if len(infos) > MAX_MEMBERS or len({info.filename for info in infos}) < len(infos):
        raise Unsafe(f"this archive has {len(infos):,} members, some of the same name", hint="do not load it")
    if size > policy.max_bytes or size > max(SMALL, RATIO * packed):
        raise Unsafe(f"this archive of {packed:,} bytes unpacks to {size:,}", hint="do not load it")
    return size


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    waiting = [tree]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if "__loader__" in item:
                yield item
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item


def _check(node: dict[str, Any], found: Schema, grants: Allowed) -> None:
    key, loader = (node.get("__module__"), node.get("__class__")), node["__loader__"]
    if not all(isinstance(part, str) for part in (*key, loader)):
        raise InputError("the schema of this skops archive is malformed")
    module, name = str(key[0]), str(key[1])
    found.globals[module, name] += 1
    if loader in INERT:
        inside = f"{module}.".startswith(tuple(f"{known}." for known in INERT_MODULES))
        if not inside and grants.grant(module, name) is not Grant.NEW:
            found.refused[module, name] = None
    elif loader == "PartialNode" and _ties_keywords(node.get("content")):
        pass
    elif not _granted(grants.grant(module, name), NEEDS.get(loader), (module, name)):
        found.refused[module, name] = None
    _note_version(node.get("content"), found)


def _note_version(content: Any, found: Schema) -> None:
    """An estimator's state is a dictionary node; its version is a JSON node in it."""
    state = content.get("content") if isinstance(content, dict) else None
    version = state.get("_sklearn_version") if isinstance(state, dict) else None
    if isinstance(version, dict) and isinstance(version.get("content"), str):
        found.versions[version["content"].strip('"')] = None


def _ties_keywords(content: Any) -> bool:
    """Whether a partial is the one that HistGradientBoosting holds: `check_array` with keywords."""
    if not isinstance(content, dict) or not all(isinstance(part, dict) for part in content.values()):
        return False
    function, arguments = content.get("func", {}), content.get("args", {})
    key = function.get("__module__"), function.get("__class__")
    return key == ("sklearn.utils.validation", "check_array") and arguments.get("content") == []


def _granted(have: Grant | None, want: Grant | None, key: Global) -> bool:
    """Whether a loader may do what it does; functions that the pickle gate replaces are not called here at all."""
    order = (Grant.VALUE, Grant.NEW, Grant.CALL)
    if have is None or want is None or (want is Grant.CALL and key in RECONSTRUCTORS):
        return False
    return order.index(have) >= order.index(want)


# Writing ------------------------------------------------------------------------------------------


def written(model: Any) -> bytes:
    """An estimator as a skops archive; members are numbered instead of named by memory addresses, and undated.

    Raises:
        CannotConvert: skops cannot save part of it.
    """
    import skops.io
    from skops.io.exceptions import UnsupportedTypeException

    try:
        raw = skops.io.dumps(model)
    except (UnsupportedTypeException, TypeError, AttributeError) as error:
        raise CannotConvert(
            f"skops cannot save this model: {str(error).splitlines()[0]}",
            where=type(model).__name__,
            hint="write it as .joblib",
        ) from error
    return _canonical(raw)


def _canonical(raw: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        tree = json.loads(archive.read("schema.json"))
        numbers: dict[int, int] = {}
        files: dict[str, str] = {}
        for node in _nodes_in_order(tree):
            if "__id__" in node:
                node["__id__"] = numbers.setdefault(node["__id__"], len(numbers) + 1)
            if isinstance(node.get("file"), str):
                suffix = node["file"].rpartition(".")[2]
                node["file"] = files.setdefault(node["file"], f"{len(files) + 1}.{suffix}")
        members = {new: archive.read(old) for old, new in files.items()}
    members["schema.json"] = json.dumps(tree, indent=2).encode()
    return _zipped(members)


def _nodes_in_order(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from _nodes_in_order(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _nodes_in_order(value)


def _zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return buffer.getvalue()
