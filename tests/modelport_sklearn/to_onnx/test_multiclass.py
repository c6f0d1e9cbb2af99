"""Binary machines put together: one against the rest, one against one, output codes."""

import warnings

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression, Perceptron, RidgeClassifier
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier, OutputCodeClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import SVC

MEMBERS = [LogisticRegression(), GaussianNB(), Perceptron(), RidgeClassifier(), SVC()]


def data(classes=3):
    rng = np.random.default_rng(classes)
    y = rng.integers(0, classes, 150)
    return rng.normal(size=(150, 4)) + 0.9 * (y[:, None] == np.arange(4)), y


@pytest.mark.parametrize("member", MEMBERS, ids=lambda m: type(m).__name__)
@pytest.mark.parametrize("labels", [["a", "b", "c"], [4, 2, 9], [True, False, False]], ids=str)
@pytest.mark.parametrize("kind", [OneVsRestClassifier, OneVsOneClassifier, OutputCodeClassifier])
def test_members(kind, labels, member, agrees):
    x, y = data()
    extra = {"random_state": 0, "code_size": 2} if kind is OutputCodeClassifier else {}
    agrees(kind(member, **extra).fit(x, np.array(labels)[y]), np.r_[x, x * 9])


def test_regressors_as_members(agrees):
    x, y = data(4)
    agrees(OneVsRestClassifier(LinearRegression()).fit(x, y), x)


def test_equal_scores_give_the_first_class(agrees):
    x, y = data()
    model = OneVsRestClassifier(LogisticRegression()).fit(x, y)
    for member in model.estimators_:
        member.coef_[:], member.intercept_[:] = 0, 0
    assert not agrees(model, x)["label"].any()


@pytest.mark.parametrize("member", [LogisticRegression(), GaussianNB()], ids=lambda m: type(m).__name__)
def test_several_labels(member, agrees_on_file):
    x, y = data()
    model = OneVsRestClassifier(member).fit(x, np.c_[y == 0, y != 1, x[:, 0] > 0].astype(int))
    got = agrees_on_file(model, x)
    assert (np.stack([got[f"label_{i}"] for i in range(3)], axis=1) == model.predict(x)).all()
    for i in range(3):
        np.testing.assert_allclose(got[f"probability_{i}"][:, 1], model.predict_proba(x)[:, i], atol=1e-12)


def test_a_label_that_every_row_has(agrees_on_file):
    x, y = data()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = OneVsRestClassifier(LogisticRegression()).fit(x, np.c_[y == 0, y >= 0, y < 0].astype(int))
    got = agrees_on_file(model, x)
    assert (np.stack([got[f"label_{i}"] for i in range(3)], axis=1) == model.predict(x)).all()


def test_pairs_of_given_similarities(agrees):
    x, y = data()
    gram = x @ x.T
    agrees(OneVsOneClassifier(SVC(kernel="precomputed")).fit(gram, y), gram)
