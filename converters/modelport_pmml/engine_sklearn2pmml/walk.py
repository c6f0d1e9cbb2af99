"""Every estimator inside an estimator: steps, members, what a meta-estimator wraps."""

from collections.abc import Iterator
from typing import Any

_DEPTH = 12


def estimators(root: Any) -> Iterator[tuple[str, Any]]:
    """(path, estimator) for the estimator itself and everything it holds, outermost first."""
    seen: set[int] = set()
    yield from _walk(root, type(root).__name__, seen, _DEPTH)


def _walk(value: Any, path: str, seen: set[int], depth: int) -> Iterator[tuple[str, Any]]:
    if depth == 0 or id(value) in seen:
        return
    if isinstance(value, list | tuple):
        for i, item in enumerate(value[:1000]):
            yield from _walk(item, _named(path, value, i), seen, depth - 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _walk(item, f"{path} › {key}", seen, depth - 1)
    elif hasattr(value, "get_params") and not isinstance(value, type):
        seen.add(id(value))
        yield path, value
        for name, item in sorted(vars(value).items()):
            if isinstance(item, list | tuple | dict) or hasattr(item, "get_params"):
                yield from _walk(item, f"{path} › {name}", seen, depth - 1)


def _named(path: str, items: Any, i: int) -> str:
    """Steps of a pipeline are `(name, estimator)` pairs; they go by their names."""
    pair = isinstance(items, tuple) and i == 1 and isinstance(items[0], str)
    return f"{path} › {items[0]}" if pair else path
