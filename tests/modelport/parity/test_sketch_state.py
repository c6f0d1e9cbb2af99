"""A sketch in a journal: what goes on is what would have been drawn in one go."""

import json
import math

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from modelport.parity import sketch_state
from modelport.parity.settings import Tolerance
from modelport.parity.sketch import Sketch, sketch_of
from modelport.parity.tally import Compared, Tally

COLUMNS = (Compared("p", True, Tolerance(1e-6, 0.0)), Compared("label", False, Tolerance()))
numbers = st.one_of(st.none(), st.floats(-2, 2), st.sampled_from([math.inf, -math.inf, math.nan, -0.0, 5e-324]))


def add(tally: Tally, pairs: list[tuple[float | None, float | None]], start: int) -> None:
    sides = [
        pa.RecordBatch.from_pydict({"p": pa.array(side, pa.float64()), "label": [str(v)[:2] for v in side]})
        for side in zip(*pairs, strict=True)
    ]
    inputs = pa.RecordBatch.from_pydict({"x": pa.array(range(start, start + len(pairs)), pa.int64())})
    tally.add(inputs, sides[0], sides[1], np.arange(start, start + len(pairs)))


def fresh() -> Tally:
    return Tally("data", COLUMNS, sketch=sketch_of(COLUMNS, 0))


def told(sketch: Sketch | None) -> str:
    assert sketch is not None
    return repr((sketch.summaries(), sketch.worst.witnesses([column.name for column in COLUMNS])))


@settings(max_examples=40)
@given(st.lists(st.tuples(numbers, numbers), min_size=2, max_size=50), st.data())
def test_it_goes_on_where_it_was(pairs: list[tuple[float | None, float | None]], data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, len(pairs) - 1))
    whole, first, second = fresh(), fresh(), fresh()
    add(whole, pairs, 0)
    add(first, pairs[:cut], 0)
    assert first.sketch is not None
    assert second.sketch is not None
    kept = json.loads(json.dumps(sketch_state.state(first.sketch), allow_nan=False))
    sketch_state.restore(second.sketch, kept)
    assert told(second.sketch) == told(first.sketch)
    add(second, pairs[cut:], cut)
    assert told(second.sketch) == told(whole.sketch)
