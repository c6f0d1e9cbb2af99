"""Regular trees written at once answer as those written node by node."""

from collections.abc import Callable

import numpy as np
import pytest

from modelport_onnx.blocks.trees import Trees
from modelport_pmml.to_onnx.trees import emit, regular

Make = Callable[..., str]
BELOW = '<SimplePredicate field="{}" operator="{}" value="{}"/>'
OPPOSITE = {"lessThan": "greaterOrEqual", "lessOrEqual": "greaterThan", "greaterThan": "lessOrEqual",
            "greaterOrEqual": "lessThan"}  # fmt: skip


def node(random: np.random.Generator, depth: int, names: list[int], holds: str = "<True/>") -> str:
    names[0] += 1
    own = names[0]
    score = f'score="{own}"' if not depth or random.random() < 0.6 else ""
    if not depth:
        return f'<Node id="{own}" {score}>{holds}</Node>'
    field, value = random.choice(["x", "i", "f"]), int(random.integers(-2, 3))
    first = random.choice(list(OPPOSITE))
    below = [names[0] + 1]
    left = node(random, depth - 1, names, BELOW.format(field, first, value))
    below.append(names[0] + 1)
    right = node(random, depth - int(random.integers(1, depth + 1)), names, BELOW.format(field, OPPOSITE[first], value))
    return f'<Node id="{own}" {score} defaultChild="{random.choice(below)}">{holds}{left}{right}</Node>'


@pytest.mark.parametrize("strategy", ["none", "nullPrediction", "lastPrediction", "defaultChild"])
@pytest.mark.parametrize("childless", ["returnNullPrediction", "returnLastPrediction"])
def test_both_ways_agree(score: Callable[..., object], make: Make, strategy: str, childless: str,
                         monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    random = np.random.default_rng(0)
    values = [None, -2, -1, 0, 1, 2]
    rows = [{"x": x if x is None else x + 0.5 * (k % 2), "i": i, "f": f} for k, x in enumerate(values)
            for i in values for f in values]  # fmt: skip
    fast: list[Trees | None] = []

    def spied(emitter: emit.Emitter) -> Trees | None:
        fast.append(original(emitter))
        return fast[-1]

    original = regular.regular
    for _ in range(4):
        body = node(random, 4, [0])
        head = f'<TreeModel functionName="regression" missingValueStrategy="{strategy}"'
        head += f' noTrueChildStrategy="{childless}">@'
        text = make(f"{head}{body}</TreeModel>")
        monkeypatch.setattr(regular, "regular", spied)
        found = score(text, rows)
        monkeypatch.setattr(regular, "regular", lambda _: None)
        assert found == score(text, rows)
    assert all(item is not None for item in fast)
