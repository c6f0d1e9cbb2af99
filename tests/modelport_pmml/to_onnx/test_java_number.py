"""Numbers as Java writes them: with the digits of Python's `repr`; and as Java itself does, where it is installed."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spox import Tensor

from modelport_onnx.assemble import DEFAULT_IR
from modelport_onnx.nodes.subgraphs import argument
from modelport_onnx.nodes.write import build
from modelport_onnx.ort import load
from modelport_pmml.to_onnx.java_number import written

NUMBERS = st.floats(1e-6, 9.9e16).map(lambda size: float(size)) | st.integers(1, 10**9).map(lambda whole: whole / 1000)


@pytest.fixture(scope="module")
def session() -> Any:
    given_ = argument(Tensor(np.float64, ("N", 1)))
    text, known = written(given_)
    proto = build({"x": given_}, {"text": text, "known": known})
    proto.ir_version = DEFAULT_IR
    return load(proto, 1)


def texts(session: Any, numbers: list[float]) -> list[str]:
    found, known = session.run(["text", "known"], {"x": np.array(numbers, np.float64)[:, None]})
    assert known.all()
    return [str(text) for text in found[:, 0]]


@settings(max_examples=200, deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=20))
def test_the_text_is_the_shortest_that_is_the_number(session: Any, numbers: list[float]) -> None:
    for number, text in zip(numbers, texts(session, numbers), strict=True):
        assert float(text) == number
        digits = [
            item.replace(".", "").lstrip("0").rstrip("0") for item in (text.split("E")[0], repr(number).split("e")[0])
        ]
        assert digits[0] == digits[1]


def test_a_tie_goes_to_the_even_digit(session: Any) -> None:
    assert texts(session, [906226776274539.25, -750835765973617.25]) == [
        "9.062267762745392E14",
        "-7.508357659736172E14",
    ]


def test_what_is_not_written(session: Any) -> None:
    numbers = np.array([[np.nan], [np.inf], [1e17], [9.9e-7], [5e-324]])
    assert not session.run(["known"], {"x": numbers})[0].any()


@pytest.mark.java
def test_java_writes_the_same(session: Any) -> None:
    from modelport_pmml.runtimes.jvm import java, start

    start()
    random = np.random.default_rng(4)
    numbers = [*(random.uniform(-1, 1, 2000) * 10 ** random.uniform(-5, 16.9, 2000)).tolist(), 1e7, 9999999.0, 1e-3]
    kept = [number for number in numbers if 1e-6 <= abs(number) < 1e17]
    assert texts(session, kept) == [str(java("java.lang.Double").toString(number)) for number in kept]
