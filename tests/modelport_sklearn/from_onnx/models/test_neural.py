"""Multi-layer perceptrons come back."""

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier, MLPRegressor

OPTIONS = {"max_iter": 20, "random_state": 0}


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("activation", ["relu", "tanh", "logistic", "identity"])
@pytest.mark.parametrize("hidden", [(5,), (6, 3)])
def test_layers(activation, hidden, numbers, back) -> None:
    model = MLPRegressor(hidden_layer_sizes=hidden, activation=activation, **OPTIONS)
    found = back(model, numbers, numbers[:, :2])
    assert found.hidden_layer_sizes == hidden
    assert found.activation == activation


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("classes", [2, 3])
def test_classifiers(classes, numbers, back) -> None:
    target = np.array(["a", "b", "c"])[np.digitize(numbers[:, 0], [0, 0.7][: classes - 1])]
    assert type(back(MLPClassifier((4,), **OPTIONS), numbers, target)).__name__ == "MLPClassifier"
