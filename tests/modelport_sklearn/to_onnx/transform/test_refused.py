"""What is refused is refused by name, with a reason and a way out; pre-flight says the same."""

import numpy as np
import pytest
from sklearn.feature_extraction import DictVectorizer, FeatureHasher
from sklearn.feature_extraction.image import PatchExtractor
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer
from sklearn.preprocessing import FunctionTransformer, MultiLabelBinarizer

from modelport.errors import CannotConvert
from modelport_onnx.lowering import find

REFUSED = [HashingVectorizer(), FeatureHasher(), DictVectorizer(), PatchExtractor(), MultiLabelBinarizer()]


@pytest.mark.parametrize("estimator", REFUSED, ids=repr)
def test_every_refusal(estimator, agrees):
    with pytest.raises(CannotConvert, match=type(estimator).__name__) as caught:
        agrees(estimator, np.array([["a"], ["b"]], object))
    assert caught.value.hint
    entry = find(estimator)
    assert entry is not None
    assert entry.check is not None
    assert entry.check(estimator)


@pytest.mark.parametrize(
    ("estimator", "part"),
    [
        (FunctionTransformer(print), "Python code"),
        (FunctionTransformer(np.log1p), None),
        (FunctionTransformer(), None),
        (CountVectorizer(tokenizer=str.split), "Python code"),
        (CountVectorizer(token_pattern=r"a|b"), "token_pattern"),
        (CountVectorizer(input="filename"), "reads files"),
        (CountVectorizer(analyzer="char", token_pattern=None), None),
    ],
    ids=repr,
)
def test_preflight_of_parameters(estimator, part):
    entry = find(estimator)
    assert entry is not None
    assert entry.check is not None
    reason = entry.check(estimator)
    assert reason is None if part is None else part in reason
