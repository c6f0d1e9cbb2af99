"""OneHotEncoder and OrdinalEncoder, fitted with the categories as parameters.

Built on scikit-learn 1.9 with public parameters alone. Categories that share a column are infrequent ones: the encoder
is fitted on rows that show them less often than `min_frequency`, and all others as often.
"""

from typing import Any

import numpy as np

from modelport_sklearn.from_onnx.graph import Array, Graph, NoMatch, expect
from modelport_sklearn.from_onnx.steps.categories import Looked, looked_up, rows_of
from modelport_sklearn.from_onnx.steps.scale import Step

NOWHERE = -1


def one_hot(graph: Graph, name: str) -> Step:
    """OneHotEncoder: the chosen column of each feature, compared with the columns there are."""
    node = graph.node(graph.uncast(name), "Equal")
    gathered = graph.node(node.input[0], "Gather")
    feature, local = graph.constant(gathered.input[1]).ravel(), graph.constant(node.input[1]).ravel()
    columns = [looked_up(graph, item) for item in _parts(graph, gathered.input[0])]
    widths = [int((feature == i).sum()) for i in range(len(columns))]
    expect(feature.tolist() == np.repeat(np.arange(len(widths)), widths).tolist())
    expect(local.tolist() == [i for width in widths for i in range(width)])
    return [item.column for item in columns], _one_hot(columns, widths)


def _parts(graph: Graph, name: str) -> list[str]:
    return list(graph.node(name, "Concat").input) if graph.op(name) == "Concat" else [name]


def _one_hot(columns: list[Looked], widths: list[int]) -> Any:
    from sklearn.preprocessing import OneHotEncoder

    categories = [item.categories for item in columns]
    options: dict[str, Any] = {"categories": categories, "sparse_output": False, "drop": _dropped(columns)}
    shared = [_infrequent(item, width) for item, width in zip(columns, widths, strict=True)]
    unknown = [item.unknown for item in columns]
    expect(all(item is None for item in unknown) or None not in unknown, "unknown values here and there")
    if unknown[0] is not None:
        joins = [item is not None and given == width - 1 and item.size for item, given, width in
                 zip(shared, unknown, widths, strict=True)]  # fmt: skip
        expect(all(given == NOWHERE or join for given, join in zip(unknown, joins, strict=True)))
        options["handle_unknown"] = "infrequent_if_exist" if any(joins) else "ignore"
    if any(item.size for item in shared):
        expect(options["drop"] is None, "infrequent and dropped categories at once")
        rows, least = _shown(categories, shared)
        return OneHotEncoder(**options, min_frequency=least).fit(rows)
    return OneHotEncoder(**options).fit(rows_of(categories))


def _infrequent(item: Looked, width: int) -> Array:
    """Positions of the categories that share the last column; those before it have one each."""
    codes = item.known[item.known != NOWHERE]
    counts = np.bincount(codes.astype(np.int64), minlength=width)
    expect(len(counts) == width and (counts > 0).all(), "columns without a category")
    if (counts == 1).all():
        expect((np.diff(codes) > 0).all(), "columns in another order")
        return np.empty(0, np.int64)
    expect((counts[:-1] == 1).all(), "several shared columns")
    return np.flatnonzero(item.known == width - 1)


def _shown(categories: list[Array], shared: list[Array]) -> tuple[Array, int]:
    """Rows that show infrequent categories less often than a number and the others as often, and that number."""
    rare = [set(places.tolist()) for places in shared]
    often = [[i for i in range(len(values)) if i not in own] for values, own in zip(categories, rare, strict=True)]
    for least in (2, 3, 5, 10, 50):
        count = max(least * len(most) + len(own) for most, own in zip(often, rare, strict=True))
        if all(most or -(-count // len(own)) < least for most, own in zip(often, rare, strict=True)):
            break
    else:
        raise NoMatch("categories that are all infrequent")
    mixed = any(values.dtype == object for values in categories)
    columns = []
    for values, most, own in zip(categories, often, rare, strict=True):
        shown = [*sorted(own), *most * (count // len(most) + 1)] if most else sorted(own) * count
        columns.append([values[i] for i in shown[:count]])
    return np.array(columns, object if mixed else None).T, least


def _dropped(columns: list[Looked]) -> Any:
    """The parameter `drop`."""
    places = [np.flatnonzero(item.known == NOWHERE) for item in columns]
    if not any(len(place) for place in places):
        return None
    expect(all(len(place) <= 1 for place in places), "several dropped categories")
    if all(len(place) for place in places):
        first = all(place[0] == 0 for place in places)
        chosen = [item.categories[place[0]] for item, place in zip(columns, places, strict=True)]
        return "first" if first else np.array(chosen, object)
    pairs = zip(columns, places, strict=True)
    expect(all((len(item.categories) == 2) == bool(len(place)) and not place.any() for item, place in pairs))
    return "if_binary"


def ordinal(graph: Graph, name: str) -> Step:
    """OrdinalEncoder: codes looked up, side by side."""
    columns = [looked_up(graph, item) for item in _parts(graph, graph.uncast(name))]
    categories = [item.categories for item in columns]
    from sklearn.preprocessing import OrdinalEncoder

    options: dict[str, Any] = {"categories": categories, "dtype": columns[0].table.dtype}
    unknown, missing = [item.unknown for item in columns], []
    for item in columns:
        codes = np.arange(float(len(item.categories)))
        if item.missing is not None:
            missing.append(float(item.known[item.missing]))
            codes[item.missing] = missing[-1]
        expect(np.array_equal(codes, item.known.astype(np.float64), equal_nan=True), "codes in another order")
    expect(all(item is None for item in unknown) or len({repr(float(str(item))) for item in unknown}) == 1)
    if unknown[0] is not None:
        options |= {"handle_unknown": "use_encoded_value", "unknown_value": _whole(unknown[0])}
    if missing:
        expect(len({repr(item) for item in missing}) == 1)
        options["encoded_missing_value"] = _whole(missing[0])
    return [item.column for item in columns], OrdinalEncoder(**options).fit(rows_of(categories))


def _whole(value: Any) -> Any:
    number = float(value)
    return int(number) if number.is_integer() else number
