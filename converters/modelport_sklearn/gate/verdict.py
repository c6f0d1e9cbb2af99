"""Verdict: what a scan means for whoever wanted to load the file."""

from collections.abc import Collection

from modelport.errors import InputError, Unsafe
from modelport_sklearn.gate.allowlist import Global
from modelport_sklearn.gate.dangers import danger
from modelport_sklearn.gate.scan import Made, Scan
from modelport_sklearn.gate.versions import check_versions

KNOWN = frozenset({"sklearn", "_loss", "numpy", "scipy", "pandas", "xgboost", "lightgbm", "catboost"})
"""Libraries whose classes move from version to version; an unknown name of theirs may be an old one. `_loss` is what
scikit-learn 1.5 calls its own `sklearn._loss._loss`."""


def judge(found: Scan, name: str) -> None:
    """Refuses a pickle that does more than hold a model, or that another version saved.

    Raises:
        Unsafe: it names what is not on the list, or misuses what is; each is named.
        VersionError: it was saved by another scikit-learn.
        InputError: something follows the pickle.
    """
    old = found.versions and all(module.split(".")[0] in KNOWN for module, _ in found.refused)
    if old and not found.misused:
        check_versions(found.versions, name)
    if found.refused:
        raise refusal(found.refused, name)
    if found.misused:
        raise Unsafe(f"this pickle was not loaded: {'; '.join(found.misused)}", where=name)
    check_versions(found.versions, name)
    if found.trailing:
        raise InputError(f"{found.trailing:,} bytes follow the end of the pickle", where=name, hint="save it again")
    if not isinstance(found.root, Made):
        raise not_a_model(found.root, name)


def refusal(refused: Collection[Global], name: str) -> Unsafe:
    """Names every global that is not on the list, and what it could do where that is known."""
    names = [f"{module}.{attribute}" for module, attribute in refused]
    told = [
        text + (f" ({reason})" if (reason := danger(*key)) else "") for key, text in zip(refused, names, strict=True)
    ]
    harmless = all(danger(*key) is None for key in refused)
    hint = f"if you trust it, and know what it does: --trust {' --trust '.join(names[:3])}" if harmless else None
    more = f" and {len(told) - 5} more" if len(told) > 5 else ""
    return Unsafe(
        f"this pickle was not loaded: it would import {', '.join(told[:5])}{more}",
        where=name,
        hint=hint or "do not load it; ask whoever made it what it is",
    )


def not_a_model(root: object, name: str) -> InputError:
    kind = type(root).__name__
    parts = [str(key) for key, value in root.items() if isinstance(value, Made)] if isinstance(root, dict) else []
    hint = f"save the model alone, not {', '.join(parts)} together" if parts else "save the fitted estimator itself"
    return InputError(f"this pickle holds a {kind}, not a model", where=name, hint=hint)
