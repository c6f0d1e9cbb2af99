"""What lowering a predictor gives: the values of the one output vocabulary, still as graph variables."""

from dataclasses import dataclass

from spox import Var

from modelport.signature import Category


@dataclass(frozen=True, slots=True)
class Classified:
    """A classifier's outputs.

    Attributes:
        classes: labels in the model's own order (`classes_`).
        index: [N] int64, the position of the predicted label in `classes`.
        probability: [N, K] float64, or None where the model has no `predict_proba`.
        decision: what `decision_function` gives, always two-dimensional: [N, K], or [N, 1] for two classes, or
            None. Meta-estimators read it; the file's own outputs name it only where there is no probability.
        decision_names: what each column of `decision` is about; empty for the classes themselves (K columns) or
            the positive class (one column).
    """

    classes: tuple[Category, ...]
    index: Var
    probability: Var | None = None
    decision: Var | None = None
    decision_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MultiClassified:
    """A multi-output classifier: one `Classified` for each target."""

    targets: tuple[Classified, ...]


@dataclass(frozen=True, slots=True)
class Regressed:
    """A regressor's output: `value` [N, T] float64, T targets; `names` of the targets where the model knows them."""

    value: Var
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clustered:
    """`cluster` [N] int64."""

    cluster: Var


@dataclass(frozen=True, slots=True)
class Outliers:
    """`label` [N] int64 (1 inlier, -1 outlier); `score` [N] float64, scikit-learn's `decision_function`."""

    label: Var
    score: Var | None = None


Outcome = Classified | MultiClassified | Regressed | Clustered | Outliers
