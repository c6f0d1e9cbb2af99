"""Support vector machines come back, with every kernel."""

import numpy as np
import pytest
from sklearn.svm import SVC, SVR, NuSVC, OneClassSVM

KERNELS = [
    {"kernel": "rbf"},
    {"kernel": "linear"},
    {"kernel": "poly", "degree": 3, "coef0": 0.5},
    {"kernel": "poly", "degree": 5},
    {"kernel": "sigmoid", "gamma": 0.05},
]


def options(found, wanted) -> bool:
    return found.kernel == wanted["kernel"] and (found.kernel != "poly" or found.degree == wanted["degree"])


@pytest.mark.parametrize("kernel", KERNELS, ids=str)
def test_regressors(kernel, numbers, back) -> None:
    rows = numbers / [1, 30, 0.1, 2]
    found = back(SVR(**kernel), rows, np.sin(rows[:, 0]))
    linear = kernel["kernel"] == "linear"
    assert type(found).__name__ == "LinearRegression" if linear else options(found, kernel)


@pytest.mark.parametrize("kernel", KERNELS, ids=str)
@pytest.mark.parametrize("classes", [2, 4])
def test_classifiers(kernel, classes, numbers, back) -> None:
    rows = numbers / [1, 30, 0.1, 2]
    bounds = [0.0] if classes == 2 else [-0.6, 0.0, 0.6]
    target = np.array(["a", "b", "c", "d"])[np.digitize(rows[:, 0], bounds)]
    assert options(back(SVC(**kernel), rows, target), kernel)


def test_pairs_of_classes(numbers, back) -> None:
    rows = numbers / [1, 30, 0.1, 2]
    found = back(NuSVC(decision_function_shape="ovo", nu=0.2), rows, np.digitize(rows[:, 0], [-0.5, 0.5]))
    assert found.decision_function_shape == "ovo"


@pytest.mark.parametrize("kernel", KERNELS[:2], ids=str)
def test_one_class(kernel, numbers, back) -> None:
    rows = numbers / [1, 30, 0.1, 2]
    assert type(back(OneClassSVM(nu=0.1, **kernel), rows)).__name__ == "OneClassSVM"
