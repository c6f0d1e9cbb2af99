"""Support vector machines: every kernel, votes and their ties, decisions of both shapes, far and hard data."""

import warnings

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn import svm

from modelport.errors import CannotConvert

KERNELS = ["linear", "poly", "rbf", "sigmoid"]


def data(classes=3, features=4, offset=0.0):
    rng = np.random.default_rng(classes)
    y = rng.integers(0, classes, 140)
    return rng.normal(size=(140, features)) + 0.8 * (y[:, None] == np.arange(features)) + offset, y


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("kind", [svm.SVR, svm.NuSVR])
def test_regression(kind, kernel, agrees):
    x, y = data()
    agrees(kind(kernel=kernel, coef0=0.5, degree=3).fit(x[:100], y[:100] + x[:100, 1]), np.r_[x, x * 20])


@pytest.mark.parametrize("kernel", KERNELS)
def test_novelty(kernel, agrees):
    x, _ = data()
    agrees(svm.OneClassSVM(kernel=kernel, nu=0.3).fit(x[:100]), np.r_[x, x * 20])


def test_a_score_of_zero_is_an_outlier(agrees):
    x, _ = data()
    model = svm.OneClassSVM(kernel="linear").fit(x)
    model._intercept_ = np.zeros(1)
    model.offset_ = np.zeros(1)
    assert agrees(model, np.zeros((1, 4)))["label"].tolist() == [-1]


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("classes", [2, 3, 5])
@pytest.mark.parametrize("shape", ["ovr", "ovo"])
def test_classification(kernel, classes, shape, agrees):
    x, y = data(classes)
    model = svm.SVC(kernel=kernel, decision_function_shape=shape, coef0=0.2).fit(x[:110], y[:110])
    agrees(model, np.r_[x, x * 15])


@pytest.mark.parametrize("labels", [["b", "a", "ç"], [30, 20, 10], [True, False, False]], ids=str)
@pytest.mark.parametrize("kind", [svm.SVC, svm.NuSVC])
def test_labels(kind, labels, agrees):
    x, y = data(3)
    agrees(kind(**({"nu": 0.2} if kind is svm.NuSVC else {})).fit(x, np.array(labels)[y]), x)


def test_ties_of_votes_go_to_the_first_class_unless_broken(agrees):
    x, y = data(4)
    rows = np.random.default_rng(0).normal(size=(3000, 4)) * 2
    plain = svm.SVC(kernel="linear", C=0.01).fit(x, y)
    broken = svm.SVC(kernel="linear", C=0.01, break_ties=True).fit(x, y)
    assert (agrees(plain, rows)["label"] != agrees(broken, rows)["label"]).any()


def test_broken_ties_with_pairs_are_refused(agrees):
    x, y = data(3)
    with pytest.raises(CannotConvert, match="break_ties"):
        agrees(svm.SVC(break_ties=True, decision_function_shape="ovo").fit(x, y), x)


@pytest.mark.parametrize("classes", [2, 3, 6])
@pytest.mark.parametrize("kind", [svm.SVC, svm.NuSVC])
def test_probabilities_beside_decisions(kind, classes, agrees):
    """The decision stays the machine's own where there are probabilities, which need not agree with the label."""
    x, y = data(classes, features=6)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = kind(probability=True, random_state=0, **({"nu": 0.1} if kind is svm.NuSVC else {})).fit(x, y)
    agrees(model, np.r_[x, x * 0.1, x * 10])


def test_far_from_the_origin(agrees):
    x, y = data(2, offset=1e6)
    agrees(svm.SVC(gamma=0.5).fit(x, y), x)


@pytest.mark.parametrize("gamma", [1e3, 1e6])
def test_narrow_kernels(gamma, agrees):
    x, y = data(2)
    near = x + np.random.default_rng(1).normal(size=x.shape) / np.sqrt(gamma)
    agrees(svm.SVC(gamma=gamma).fit(x, y), np.r_[x, near])


def test_trained_on_sparse_rows(agrees):
    x, y = data(3)
    model = svm.SVC().fit(csr_matrix(np.where(x > 0, x, 0)), y)
    agrees(model, np.where(x > 0, x, 0))


def test_similarities_given(agrees):
    x, y = data(3)
    gram = x @ x.T
    agrees(svm.SVC(kernel="precomputed").fit(gram, y), gram)


def test_a_kernel_of_python_code_is_refused(agrees):
    x, y = data(2)
    with pytest.raises(CannotConvert, match="kernel"):
        agrees(svm.SVC(kernel=lambda a, b: a @ b.T).fit(x, y), x)
