"""Universal Binary JSON: what the library writes, and bytes that nobody wrote."""

import json
import struct
from contextlib import suppress

import numpy as np
import pytest
import xgboost as xgb
from hypothesis import given
from hypothesis import strategies as st

from modelport.errors import CannotConvert, InputError, ModelportError
from modelport_boosters.xgb import ubjson
from modelport_boosters.xgb.model import parse
from modelport_boosters.xgb.trees import forest


def plain(value):
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | np.ndarray) else value


@pytest.fixture(scope="module")
def booster():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(80, 3))
    return xgb.XGBClassifier(n_estimators=3, max_depth=3).fit(x, (x[:, 0] > 0).astype(int)).get_booster()


def test_both_files_of_a_model_say_the_same(booster):
    binary = plain(ubjson.loads(bytes(booster.save_raw("ubj"))))
    text = json.loads(bytes(booster.save_raw("json")))

    def same(left, right):
        if isinstance(left, dict):
            assert left.keys() == right.keys()
            for key in left:
                same(left[key], right[key])
        elif isinstance(left, list):
            assert len(left) == len(right)
            for one, other in zip(left, right, strict=True):
                same(one, other)
        elif isinstance(right, float) or isinstance(left, np.floating):
            assert np.float32(left) == np.float32(right)
        else:
            assert left == right

    same(binary, text)


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"{U\x01aTU\x01bFU\x01cZ}", {"a": True, "b": False, "c": None}),
        (b"[i\xffI\xff\x00l\x00\x01\x00\x00]", [-1, -256, 65536]),
        (b"[#U\x02SU\x02hiSU\x00", ["hi", ""]),
        (b"{#U\x01U\x01aCx", {"a": "x"}),
        (b"D" + struct.pack(">d", 0.1), 0.1),
        (b"[$U#U\x03\x01\x02\x03", [1, 2, 3]),
    ],
)
def test_values(data, value):
    assert plain(ubjson.loads(data)) == value


@given(st.binary(max_size=200))
def test_any_bytes_end_in_a_value_or_a_refusal(data):
    with suppress(InputError):
        ubjson.loads(data)


@given(st.integers(0, 5000), st.binary(min_size=1, max_size=4))
def test_a_damaged_model_is_read_or_refused(booster, at, noise):
    raw = bytearray(booster.save_raw("ubj"))
    at = at % (len(raw) - len(noise))
    raw[at : at + len(noise)] = noise
    with suppress(InputError, CannotConvert):
        forest(parse(bytes(raw)), False)


def test_nesting_without_end_is_refused():
    with pytest.raises(ModelportError, match="nested"):
        ubjson.loads(b"[" * 10_000)


def test_a_length_of_petabytes_is_refused():
    with pytest.raises(ModelportError):
        ubjson.loads(b"[$d#L" + struct.pack(">q", 1 << 50))
